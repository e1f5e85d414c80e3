"""The official schemas and samples, read where they lie."""

from functools import cache
from pathlib import Path

import pytest

from gateway.sdk.xmlio import Schema

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "nhn"
XSD = DATA / "xsd"

JOINED = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.kith.no/xmlstds/msghead/2006-05-24" schemaLocation="MsgHead-v1_2.xsd"/>
<xs:import namespace="http://www.kith.no/xmlstds/dialog/2006-10-11" schemaLocation="dialogmelding-v1.0.xsd"/>
<xs:import namespace="http://www.kith.no/xmlstds/dialog/2013-01-23" schemaLocation="dialogmelding-v1.1.xsd"/>
<xs:import namespace="http://www.kith.no/xmlstds/base64container" schemaLocation="kith-base64.xsd"/>
</xs:schema>"""
"""MsgHead's content is checked strictly and imports no message, so the two are joined."""


def needed():
    if not XSD.is_dir():
        pytest.skip("the official schemas lie in ../shared/data, which this machine lacks")


@cache
def schema(name):
    """``dialogue``, ``apprec-v1.0`` or ``apprec-v1.1``."""
    needed()
    files = {path.name: path.read_bytes() for path in XSD.iterdir()}
    if name == "dialogue":
        return Schema(main="joined.xsd", files={**files, "joined.xsd": JOINED})
    return Schema(main=f"{name}.xsd", files=files)
