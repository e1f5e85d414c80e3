"""What is said about reports to child welfare, and the help of those commands."""

from gateway.cli.words import Texts

TEXTS: Texts = {
    "report": (
        "Meldinger til barnevernet: en ansatt melder, porten bærer.",
        "Meldingar til barnevernet: ein tilsett melder, porten ber.",
        "Reports to child welfare: an employee files, the gateway carries.",
    ),
    "report file": (
        "Meld til barnevernet fra et JSON- eller TOML-dokument; meldingen går med en gang.",
        "Meld til barnevernet frå eit JSON- eller TOML-dokument; meldinga går med ein gong.",
        "File a report from a JSON or TOML document; it goes at once.",
    ),
    "report list": (
        "Vis hvor enhetens meldinger står, uten det som står i dem.",
        "Vis kvar meldingane til eininga står, utan det som står i dei.",
        "Show where the unit's reports stand, without what they say.",
    ),
    "report send": (
        "Send en melding som en sperret adresse holder tilbake; den går uten steder.",
        "Send ei melding som ei sperra adresse held tilbake; ho går utan stader.",
        "Send a report that a protected address holds; it goes without places.",
    ),
    "report confirm": (
        "Noter at barnevernet har bekreftet meldingen.",
        "Noter at barnevernet har stadfesta meldinga.",
        "Note that child welfare has confirmed the report.",
    ),
    "report print": (
        "Skriv meldingen som PDF, når den må gå på papir.",
        "Skriv meldinga som PDF, når ho må gå på papir.",
        "Write the report as a PDF, when it must go on paper.",
    ),
    "report count": (
        "Tell: hvilke meldinger mangler i barnevernets egen liste?",
        "Tel: kva meldingar manglar i lista til barnevernet?",
        "Count: which reports does child welfare's own list lack?",
    ),
    "report.reason": (
        "Hvorfor meldingen sendes likevel.",
        "Kvifor meldinga blir send likevel.",
        "Why the report is sent all the same.",
    ),
    "report.until": (
        "Når listen ble laget; det som er sendt senere, savnes ikke.",
        "Når lista vart laga; det som er sendt seinare, er ikkje sakna.",
        "When the list was made; what was sent later is not missed.",
    ),
    "report.now.sent": (
        "Meldingen {report} er sendt. Den følges til den er framme.",
        "Meldinga {report} er send. Ho blir følgd til ho er framme.",
        "The report {report} is sent. It is followed until it has arrived.",
    ),
    "report.now.delivered": (
        "Meldingen {report} er levert.",
        "Meldinga {report} er levert.",
        "The report {report} is delivered.",
    ),
    "report.now.confirmed": (
        "Barnevernet har bekreftet meldingen {report}.",
        "Barnevernet har stadfesta meldinga {report}.",
        "Child welfare has confirmed the report {report}.",
    ),
    "report.now.held": (
        "Meldingen {report} er tatt vare på, men er ikke sendt. En oppgave sier hvorfor. Haster det, ring barnevernet.",
        "Meldinga {report} er teken vare på, men er ikkje send. Ei oppgåve seier kvifor. Hastar det, ring barnevernet.",
        "The report {report} is kept, and not sent. A task says why. If it is urgent, call child welfare.",
    ),
    "report.now.waits": (
        "Meldingen {report} er tatt vare på. Tjenesten svarer ikke nå, det prøves igjen. Haster det, ring.",
        "Meldinga {report} er teken vare på. Tenesta svarar ikkje no, det blir prøvd att. Hastar det, ring.",
        "The report {report} is kept. The service does not answer now; it is tried again. If it is urgent, call.",
    ),
    "report.confirmed": (
        "Notert: barnevernet har bekreftet meldingen {report}.",
        "Notert: barnevernet har stadfesta meldinga {report}.",
        "Noted: child welfare has confirmed the report {report}.",
    ),
    "report.printed": (
        "Meldingen står i {file}. Send den i dag. Når barnevernet har den, noter det med bti report confirm.",
        "Meldinga står i {file}. Send ho i dag. Når barnevernet har ho, noter det med bti report confirm.",
        "The report stands in {file}. Send it today. When child welfare has it, note that with bti report confirm.",
    ),
    "report.counted": (
        "{there} i barnevernets liste. {missing} som er levert, står ikke der.",
        "{there} i lista til barnevernet. {missing} som er leverte, står ikkje der.",
        "{there} in child welfare's list. {missing} that were delivered are not there.",
    ),
}
