"""What is wrong about a report to child welfare, in words."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "report.document": (
        "Dokumentet kan ikke leses som en melding.",
        "Dokumentet kan ikkje lesast som ei melding.",
        "The document cannot be read as a report.",
    ),
    "report.given": (
        "Dette fyller porten ut selv.",
        "Dette fyller porten ut sjølv.",
        "The gateway fills this in itself.",
    ),
    "report.required": (
        "Dette må stå i en melding.",
        "Dette må stå i ei melding.",
        "A report must say this.",
    ),
    "report.protection": (
        "Si hva du vet om sperret adresse for noen i meldingen.",
        "Sei kva du veit om sperra adresse for nokon i meldinga.",
        "Say what you know of a protected address of anybody in the report.",
    ),
    "report.duty": (
        "Denne plikten gjelder ikke for tjenesten din.",
        "Denne plikta gjeld ikkje for tenesta di.",
        "This duty does not bind your service.",
    ),
    "report.ground": (
        "Loven som er nevnt, har ikke denne grunnen.",
        "Lova som er nemnd, har ikkje denne grunnen.",
        "The act that is named does not have this ground.",
    ),
    "report.no_unit": (
        "Den som melder, hører ikke til en enhet i innstillingene.",
        "Den som melder, høyrer ikkje til ei eining i innstillingane.",
        "Whoever files works in no unit of the settings.",
    ),
    "report.no_way": (
        "Ingen systemer her bærer meldinger. Meld på papir eller telefon nå.",
        "Ingen system her ber meldingar. Meld på papir eller telefon no.",
        "No system here carries reports. Report on paper or by telephone now.",
    ),
    "report.none": (
        "Saken har ingen melding.",
        "Saka har inga melding.",
        "The case has no report.",
    ),
    "report.several": (
        "Saken har flere meldinger.",
        "Saka har fleire meldingar.",
        "The case has several reports.",
    ),
    "report.gone": (
        "Meldingen har alt gått.",
        "Meldinga har alt gått.",
        "The report has gone already.",
    ),
    "report.held": (
        "Noen i meldingen kan ha sperret adresse. En leder må sende den først.",
        "Nokon i meldinga kan ha sperra adresse. Ein leiar må senda ho først.",
        "Somebody in the report may have a protected address. A leader must send it first.",
    ),
    "adapter.no_paper": (
        "Adapteret lager ikke papir.",
        "Adapteret lagar ikkje papir.",
        "The adapter makes no paper.",
    ),
}
