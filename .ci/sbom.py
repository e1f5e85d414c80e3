# ruff: noqa: INP001 - a script
"""The list of parts (CycloneDX 1.6) of what ``requirements/run.txt`` pins, and of our own distributions.

Names, versions and hashes are those of the pinned file; licences and who needs whom are read from what is installed.
A licence that would forbid use, or that is not known, ends with status 1 and its name.

    python .ci/sbom.py OUT.json
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = re.compile(
    r"AGPL|Affero|SSPL|Server Side Public|BUSL|Business Source|Commons.Clause|Proprietary|NonCommercial"
)
"""Licences under which a municipality could not run or change what it runs, as any service of ours does."""

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_CLASSIFIED: Mapping[str, str] = {
    "Apache Software License": "Apache-2.0", "MIT License": "MIT", "BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "ISC License (ISCL)": "ISC",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "Python Software Foundation License": "PSF-2.0", "The Unlicense (Unlicense)": "Unlicense",
}  # fmt: skip
_LICENCES = LicenseFactory()


def pinned(text: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """Name, version, marker and SHA-256 hashes of each part of a pinned file."""
    part: tuple[str, str, str, list[str]] | None = None
    for line in text.splitlines():
        found = _PINNED.match(line)
        if found is not None:
            if part is not None:
                yield part
            part = (found[1].lower().replace("_", "-"), found[2], found[3] or "", [])
        if part is not None:
            part[3].extend(_HASH.findall(line))
    if part is not None:
        yield part


def licence_of(found: Distribution) -> str:
    """What a distribution says of its licence; empty where it says nothing."""
    told = found.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [
        one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License :: ")
    ]
    named = [_CLASSIFIED.get(one, one) for one in classified if one != "OSI Approved"]
    if named:
        return " OR ".join(sorted(set(named)))
    short = str(told.get("License") or "").strip().splitlines()
    return short[0][:80] if short else ""


def needed_by(found: Distribution) -> set[str]:
    """The names that a distribution needs, without those of its extras."""
    told = [one for one in found.requires or () if "extra ==" not in one]
    return {re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0].lower().replace("_", "-") for one in told}


def parts() -> Iterator[tuple[Component, Distribution | None]]:
    """Each pinned part, and what is installed of it; a part for another platform is not."""
    for name, version, marker, hashes in pinned((ROOT / "requirements" / "run.txt").read_text("utf-8")):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            found = None
        purl = PackageURL("pypi", None, name, version)
        reference = ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION, url=XsUri(purl.to_string()),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in hashes],
        )  # fmt: skip
        yield made(name, version, found, purl=purl, external=[reference], marker=marker), found


def ours() -> Iterator[tuple[Component, Distribution | None]]:
    """Our own distributions beside the gateway."""
    for file in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        name = tomllib.loads(file.read_text("utf-8"))["project"]["name"]
        found = distribution(name)
        yield made(name, found.version, found, licence="Apache-2.0"), found


def made(
    name: str, version: str, found: Distribution | None, *, purl: PackageURL | None = None,
    external: list[ExternalReference] | None = None, marker: str = "", licence: str = "",
) -> Component:  # fmt: skip
    """One part of the list."""
    told = licence or (licence_of(found) if found is not None else "")
    return Component(
        type=ComponentType.LIBRARY, name=name, version=version, bom_ref=f"{name}@{version}", purl=purl,
        external_references=external or (), licenses=[_LICENCES.make_from_string(told)] if told else (),
        properties=[Property(name="bti:marker", value=marker)] if marker else (),
    )  # fmt: skip


def bill() -> tuple[Bom, list[str]]:
    """The list, and what is wrong with the licences in it."""
    bom = Bom()
    bom.metadata.tools.components.add(this_component())
    gateway = distribution("bti-gateway")
    root = Component(
        type=ComponentType.APPLICATION, name="bti-gateway", version=gateway.version, bom_ref="bti-gateway",
        licenses=[_LICENCES.make_from_string("Apache-2.0")],
    )  # fmt: skip
    bom.metadata.component = root
    found = [*parts(), *ours()]
    known = {component.name: component for component, _ in found} | {"bti-gateway": root}
    wrong = []
    for component, installed in found:
        bom.components.add(component)
        wanted = needed_by(installed) if installed is not None else set()
        bom.register_dependency(
            component, [known[name] for name in sorted(wanted & known.keys()) if name != component.name]
        )
        told = licence_of(installed) if installed is not None and component.purl is not None else "Apache-2.0"
        if not told or FORBIDDEN.search(told):
            wrong.append(f"{component.name}: {told or 'no licence told'}")
    plugins = [component for component, _ in found if component.purl is None]
    direct = [known[name] for name in sorted(needed_by(gateway) & known.keys())]
    bom.register_dependency(root, [*direct, *plugins])
    return bom, wrong


def main(place: Path) -> int:
    """Write the list; the exit status."""
    bom, wrong = bill()
    text = make_outputter(bom=bom, output_format=OutputFormat.JSON, schema_version=SchemaVersion.V1_6).output_as_string(
        indent=1
    )
    invalid = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if invalid is not None:
        wrong.append("the list is no CycloneDX 1.6")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text + "\n", encoding="utf-8")
    for one in wrong:
        sys.stderr.write(one + "\n")
    sys.stdout.write(f"{place}: {len(bom.components)} parts\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
