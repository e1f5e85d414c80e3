"""Schools over OneRoster: where a child goes to school, in which group, and who to ask there."""

from gateway.sdk import Adapter, hookimpl
from gateway_oneroster.adapter import OneRoster
from gateway_oneroster.files import OneRosterFiles
from gateway_oneroster.options import FileOptions, Options

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The adapters that this plugin brings: one for the REST services, one for bundles of CSV files."""
    return [OneRoster, OneRosterFiles]


__all__ = ["GATEWAY_API", "FileOptions", "OneRoster", "OneRosterFiles", "Options", "gateway_adapters"]
