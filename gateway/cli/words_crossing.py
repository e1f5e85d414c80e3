"""What is said about a log that goes over into something else, and on paper; and the help of those commands."""

from gateway.cli.words import Texts

TEXTS: Texts = {
    "crossing": (
        "Når en logg går over i noe annet: en plan, en ny skole, en annen kommune.",
        "Når ein logg går over i noko anna: ein plan, ein ny skule, ein annan kommune.",
        "When a log goes over into something else: a plan, a new school, another municipality.",
    ),
    "crossing show": (
        "Vis hvor en sak står, og hva som ville gått hvor nå.",
        "Vis kvar ei sak står, og kva som ville gått kvar no.",
        "Show where a case stands, and what would go where now.",
    ),
    "crossing begin": (
        "Begynn en overgang når de som bestemmer, har sagt ja til nettopp den.",
        "Byrj ein overgang når dei som bestemmer, har sagt ja til nettopp han.",
        "Begin a crossing when those who decide have said yes to that very one.",
    ),
    "crossing decline": (
        "Noter at familien ikke vil ha individuell plan; loggen går videre.",
        "Noter at familien ikkje vil ha individuell plan; loggen går vidare.",
        "Record that the family does not want an individual plan; the log goes on.",
    ),
    "crossing move": (
        "Familien har flyttet til en annen kommune: loggen låses, og ingen samtykker følger med.",
        "Familien har flytta til ein annan kommune: loggen blir låst, og ingen samtykke følgjer med.",
        "The family has moved to another municipality: the log is locked, and no consent follows.",
    ),
    "crossing.to": (
        "Systemet det går til; formålet med det sier hva slags overgang det er.",
        "Systemet det går til; føremålet med det seier kva slags overgang det er.",
        "The system it goes to; that system's purpose says what sort of crossing it is.",
    ),
    "crossing.coordinator": (
        "Navnet på den som skal koordinere planen.",
        "Namnet på den som skal koordinera planen.",
        "The name of the one who will coordinate the plan.",
    ),
    "crossing.service": (
        "Tjenesten koordinatoren arbeider i.",
        "Tenesta koordinatoren arbeider i.",
        "The service that the coordinator works in.",
    ),
    "crossing.with": (
        "Et slag opplysninger som også skal følge med; kan gjentas.",
        "Eit slag opplysningar som òg skal følgja med; kan takast opp att.",
        "A kind of record that goes along as well; can be repeated.",
    ),
    "crossing.on": ("Dagen de flyttet.", "Dagen dei flytta.", "The day on which they moved."),
    "crossing.hint.two_health_services": (
        "To eller flere helsetjenester er med. Det kan tyde på rett til individuell plan; et menneske vurderer det.",
        "To eller fleire helsetenester er med. Det kan tyda på rett til individuell plan; eit menneske vurderer det.",
        "Two or more health services take part. That may point to a right to an individual plan; a person judges it.",
    ),
    "crossing.hint.none": (
        "Ingen hint om rett til individuell plan. Det er ikke en vurdering.",
        "Ingen hint om rett til individuell plan. Det er ikkje ei vurdering.",
        "No hint of a right to an individual plan. That is not a judgement.",
    ),
    "crossing.would": (
        "{system}: {carried} opplysninger følger med, {stays} blir igjen. {words}",
        "{system}: {carried} opplysningar følgjer med, {stays} blir att. {words}",
        "{system}: {carried} records go along, {stays} stay. {words}",
    ),
    "crossing.begun": (
        "Begynt: {carried} opplysninger følger med til {system} i neste runde.",
        "Byrja: {carried} opplysningar følgjer med til {system} i neste runde.",
        "Begun: {carried} records go along to {system} in the next round.",
    ),
    "crossing.declined": (
        "Notert. Loggen går videre som før.",
        "Notert. Loggen går vidare som før.",
        "Recorded. The log goes on as before.",
    ),
    "crossing.moved": (
        "Loggen er låst. {n} oppgaver er laget: lås den i hvert system, og gi familien en kopi.",
        "Loggen er låst. {n} oppgåver er laga: lås han i kvart system, og gi familien ein kopi.",
        "The log is locked. {n} tasks are made: lock it in each system, and give the family a copy.",
    ),
    "crossing.own_notice": (
        "Barnevernets egen melding til ny kommune er en annen plikt, og er ikke gitt her.",
        "Barnevernet si eiga melding til ny kommune er ei anna plikt, og er ikkje gitt her.",
        "Child welfare's own notice to the new municipality is another duty, and is not given here.",
    ),
    "log": ("Loggen på papir.", "Loggen på papir.", "The log on paper."),
    "log print": (
        "Skriv ut loggen for en i familien: det loven og samtykkene lar den personen se.",
        "Skriv ut loggen for ein i familien: det lova og samtykka lèt den personen sjå.",
        "Print the log for somebody of the family: what law and consents let that person see.",
    ),
    "log.for": (
        "Hvem utskriften er til: en person i saken (bti consent show).",
        "Kven utskrifta er til: ein person i saka (bti consent show).",
        "Whom the printout is for: a person of the case (bti consent show).",
    ),
    "log.language": ("Språket på arket.", "Språket på arket.", "The language of the page."),
    "log.format": (
        "Hva som blir skrevet; pdf er til å skrive ut på A4.",
        "Kva som blir skrive; pdf er til å skrive ut på A4.",
        "What is written; pdf is for printing on A4.",
    ),
    "log.out": ("Filen det skrives til.", "Fila det blir skrive til.", "The file to write to."),
    "log.written": ("Skrevet: {file}", "Skrive: {file}", "Written: {file}"),
    "head.begun": ("Begynt", "Byrja", "Begun"),
}
