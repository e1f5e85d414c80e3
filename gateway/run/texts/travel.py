"""Why something did not travel by Fiks, into a plan's product, to an archive or into a file, in words for its task.

The codes are the plugins' own, and their READMEs tell more.
"""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "fiks.message.size": (
        "Meldingen er større enn Fiks tar imot (5 MB). Send den på papir eller last den opp for hånd.",
        "Meldinga er større enn Fiks tek imot (5 MB). Send henne på papir eller last henne opp for hand.",
        "The message is larger than Fiks takes (5 MB). Send it on paper, or upload it by hand.",
    ),
    "fiks.no_account": (
        "Mottakeren har ingen konto eller nøkkel hos Fiks. Spør mottakeren.",
        "Mottakaren har ingen konto eller nøkkel hos Fiks. Spør mottakaren.",
        "The receiver has no account or key at Fiks. Ask the receiver.",
    ),
    "fiks.certificate.pinned": (
        "Mottakeren har et annet sertifikat enn det som er avtalt. Spør mottakeren på en annen måte enn over Fiks.",
        "Mottakaren har eit anna sertifikat enn det som er avtalt. Spør mottakaren på ein annan måte enn over Fiks.",
        "The receiver has another certificate than was agreed on. Ask the receiver by another way than Fiks.",
    ),
    "bekymringsmelding.size": (
        "Meldingen er større enn tjenesten tar imot (5 MB). Send den på papir og ring barnevernet.",
        "Meldinga er større enn tenesta tek imot (5 MB). Send henne på papir og ring barnevernet.",
        "The report is larger than the service takes (5 MB). Send it on paper and call child welfare.",
    ),
    "bekymringsmelding.not_connected": (
        "Kommunen tar ikke imot bekymringsmeldinger på denne måten. Send den på papir og ring barnevernet.",
        "Kommunen tek ikkje imot uromeldingar på denne måten. Send henne på papir og ring barnevernet.",
        "The municipality does not take reports in this way. Send it on paper and call child welfare.",
    ),
    "bekymringsmelding.district": (
        "Det er ikke klart hvilken bydel meldingen skal til. Velg bydel.",
        "Det er ikkje klart kva bydel meldinga skal til. Vel bydel.",
        "It is not clear which district the report is for. Choose one.",
    ),
    "arkiv.invalid": (
        "Arkivet sier at meldingen ikke er gyldig. Spør leverandøren av arkivet.",
        "Arkivet seier at meldinga ikkje er gyldig. Spør leverandøren av arkivet.",
        "The archive says that the message is not valid. Ask the archive's vendor.",
    ),
    "arkiv.failed": (
        "Arkivet feilet. Spør leverandøren av arkivet, og send på nytt.",
        "Arkivet feila. Spør leverandøren av arkivet, og send på nytt.",
        "The archive failed. Ask the archive's vendor, and send again.",
    ),
    "arkiv.partly": (
        "Arkivet har bare en del av loggen. Se i arkivet.",
        "Arkivet har berre ein del av loggen. Sjå i arkivet.",
        "The archive has only a part of the log. Look in the archive.",
    ),
    "arkiv.not_fetched": (
        "Ingen hentet meldingen ut av arkivets kø. Spør leverandøren av arkivet.",
        "Ingen henta meldinga ut av køen til arkivet. Spør leverandøren av arkivet.",
        "Nobody took the message out of the archive's queue. Ask the archive's vendor.",
    ),
    "samspill.main_person": (
        "Navn eller nummer på barnet kunne ikke sendes, så ingen plan ble opprettet.",
        "Namn eller nummer på barnet kunne ikkje sendast, så ingen plan vart oppretta.",
        "The child's name or number could not be sent, so no plan was begun.",
    ),
    "samspill.lead": (
        "Nummeret til koordinatoren er ikke kjent. Legg personen til i fila over ansatte.",
        "Nummeret til koordinatoren er ikkje kjent. Legg personen til i fila over tilsette.",
        "The coordinator's number is not known. Add the person to the file of staff.",
    ),
    "samspill.auth": (
        "Systemet har ingen innlogging i innstillingene. Legg til [systems.<navn>.auth].",
        "Systemet har inga innlogging i innstillingane. Legg til [systems.<namn>.auth].",
        "The system has no sign-in in the settings. Add [systems.<name>.auth].",
    ),
    "file_drop.nested": (
        "En fil har ingen plass til en liste. La mappingfilen sette den sammen (split), eller skriv inn for hånd.",
        "Ei fil har ingen plass til ei liste. La mappingfila setja henne saman (split), eller skriv inn for hand.",
        "A file has no place for a list. Let the mapping join it (split), or enter it by hand.",
    ),
    "file_drop.encoding": (
        "Teksten har tegn som filas tegnsett mangler. Bruk utf-8-sig.",
        "Teksten har teikn som teiknsettet til fila manglar. Bruk utf-8-sig.",
        "The text has signs that the file's encoding lacks. Use utf-8-sig.",
    ),
    "file_drop.no_deleted": (
        "Ingen kolonne sier at noe er slettet. Slett det i systemet for hånd.",
        "Inga kolonne seier at noko er sletta. Slett det i systemet for hand.",
        "No column says that something is deleted. Delete it in the system by hand.",
    ),
    "folder.cannot_write": (
        "Det kan ikke skrives i mappen. Se etter rettigheter og plass.",
        "Det kan ikkje skrivast i mappa. Sjå etter rettar og plass.",
        "The folder cannot be written in. See to rights and space.",
    ),
}
