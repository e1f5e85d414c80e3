"""Health records that speak FHIR R4: people, care teams, plans, goals, measures, consents and flags, both ways."""

from gateway.sdk import Adapter, hookimpl
from gateway_fhir_r4.adapter import FhirR4

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The adapter that this plugin brings."""
    return [FhirR4]


__all__ = ["GATEWAY_API", "FhirR4", "gateway_adapters"]
