"""What the codes of the store, of acts and of adapters mean and what to do about them."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "store.full": (
        "Disken er full. Lag plass; neste kjøring går videre.",
        "Disken er full. Lag plass; neste køyring går vidare.",
        "The disk is full. Make room; the next run goes on.",
    ),
    "store.locked": (
        "Databasen er opptatt av en annen. Neste kjøring går videre.",
        "Databasen er oppteken av ein annan. Neste køyring går vidare.",
        "The database is held by another. The next run goes on.",
    ),
    "store.busy": (
        "Et annet program arbeider med dette systemet nå.",
        "Eit anna program arbeider med dette systemet no.",
        "Another process works on this system now.",
    ),
    "store.stale": (
        "Noen endret det samme i mellomtiden. Prøv igjen.",
        "Nokon endra det same i mellomtida. Prøv igjen.",
        "Somebody changed the same meanwhile. Try again.",
    ),
    "store.readonly": (
        "Databasen kan ikke skrives. Se etter rettighetene til filen og mappen.",
        "Databasen kan ikkje skrivast. Sjå etter rettane til fila og mappa.",
        "The database cannot be written. See to the rights of the file and its folder.",
    ),
    "store.corrupt": (
        "Databasen er skadet. Hent den tilbake fra en sikkerhetskopi.",
        "Databasen er skadd. Hent han tilbake frå ein tryggingskopi.",
        "The database is damaged. Restore it from a backup.",
    ),
    "store.unreachable": (
        "Databasen kan ikke nås.",
        "Databasen kan ikkje nåast.",
        "The database cannot be reached.",
    ),
    "store.io": (
        "Disken svarte med en feil.",
        "Disken svara med ein feil.",
        "The disk answered with an error.",
    ),
    "store.failed": (
        "Databasen svarte med en feil.",
        "Databasen svara med ein feil.",
        "The database answered with an error.",
    ),
    "store.newer": (
        "Databasen er laget av en nyere utgave. Oppgrader programmet.",
        "Databasen er laga av ei nyare utgåve. Oppgrader programmet.",
        "The database was made by a newer version. Upgrade the program.",
    ),
    "store.unsafe": (
        "Databasen ville ikke ha beholdt det den sier ja til. Se etter innstillingene til den.",
        "Databasen ville ikkje ha teke vare på det han seier ja til. Sjå etter innstillingane til han.",
        "The database would not keep what it acknowledges. See to its settings.",
    ),
    "store.tenant": (
        "Databasen tilhører en annen kommune.",
        "Databasen høyrer til ein annan kommune.",
        "The database belongs to another tenant.",
    ),
    "store.url": (
        "Adressen til databasen kan ikke brukes.",
        "Adressa til databasen kan ikkje brukast.",
        "The database's address cannot be used.",
    ),
    "store.vault": (
        "Hvelvet hører til en annen database, eller er eldre enn den.",
        "Kvelvet høyrer til ein annan database, eller er eldre enn han.",
        "The vault belongs to another database, or is older than this one.",
    ),
    "store.key": (
        "Nøkkelfilen mangler, er skadet, eller er ikke den databasen ble laget med.",
        "Nøkkelfila manglar, er skadd, eller er ikkje den databasen vart laga med.",
        "The key file is missing, damaged, or not the one that the database was made with.",
    ),
    "store.key_open": (
        "Nøkkelfilen kan leses av alle. Gi den modus 0600.",
        "Nøkkelfila kan lesast av alle. Gje ho modus 0600.",
        "The key file can be read by all. Give it mode 0600.",
    ),
    "store.key_exists": (
        "Nøkkelfilen finnes alt, og blir aldri skrevet over.",
        "Nøkkelfila finst alt, og blir aldri skriven over.",
        "The key file is there already, and is never written over.",
    ),
    "store.key_missing": (
        "En saks nøkkel finnes ikke i hvelvet.",
        "Nøkkelen til ei sak finst ikkje i kvelvet.",
        "A case's key is not in the vault.",
    ),
    "store.key_unwritable": (
        "Nøkkelfilen kan ikke skrives.",
        "Nøkkelfila kan ikkje skrivast.",
        "The key file cannot be written.",
    ),
    "store.key_version": (
        "Nøkkelfilen mangler en utgave som noe er låst med.",
        "Nøkkelfila manglar ei utgåve som noko er låst med.",
        "The key file lacks a version that something is sealed with.",
    ),
    "store.erased": (
        "Saken er slettet.",
        "Saka er sletta.",
        "The case is erased.",
    ),
    "store.no_person": (
        "Dette må et navngitt menneske gjøre.",
        "Dette må eit namngitt menneske gjera.",
        "This takes a named person.",
    ),
    "store.tampered": (
        "Noe er endret utenom programmet, og blir ikke lest.",
        "Noko er endra utanom programmet, og blir ikkje lese.",
        "Something was changed from outside, and is not read.",
    ),
    "store.unknown": (
        "Det finnes ikke.",
        "Det finst ikkje.",
        "There is no such thing.",
    ),
    "audit.behind": (
        "Loggen er kortere enn det siste merket sier: databasen er rullet tilbake.",
        "Loggen er kortare enn det siste merket seier: databasen er rulla tilbake.",
        "The log is shorter than its last checkpoint says: the database was rolled back.",
    ),
    "audit.folder": (
        "Mappen må være ny eller tom, og kunne skrives.",
        "Mappa må vera ny eller tom, og kunna skrivast.",
        "The folder must be new or empty, and writable.",
    ),
    "audit.origin": (
        "Merket er fra en annen logg.",
        "Merket er frå ein annan logg.",
        "The checkpoint is from another log.",
    ),
    "audit.unwritable": (
        "Merket kan ikke skrives der det skal.",
        "Merket kan ikkje skrivast der det skal.",
        "The checkpoint cannot be written where it should.",
    ),
    "audit.float": (
        "En linje i loggen har et desimaltall.",
        "Ei linje i loggen har eit desimaltal.",
        "An entry of the log holds a decimal number.",
    ),
    "audit.key": (
        "En linje i loggen har en nøkkel den ikke kan ha.",
        "Ei linje i loggen har ein nøkkel ho ikkje kan ha.",
        "An entry of the log has a key that it cannot have.",
    ),
    "audit.number": (
        "En linje i loggen har et for stort tall.",
        "Ei linje i loggen har eit for stort tal.",
        "An entry of the log holds too large a number.",
    ),
    "audit.value": (
        "En linje i loggen har en verdi den ikke kan ha.",
        "Ei linje i loggen har ein verdi ho ikkje kan ha.",
        "An entry of the log holds a value that it cannot have.",
    ),
    "act.answer": (
        "Svaret er ikke blant dem oppgaven tar.",
        "Svaret er ikkje blant dei oppgåva tek.",
        "The answer is not among those that the task takes.",
    ),
    "act.naive_time": (
        "Tiden mangler tidssone.",
        "Tida manglar tidssone.",
        "The time has no offset.",
    ),
    "act.no_consent": (
        "Det finnes ikke noe slikt samtykke.",
        "Det finst ikkje noko slikt samtykke.",
        "There is no such consent.",
    ),
    "act.no_reason": (
        "Det må sies hvorfor.",
        "Det må seiast kvifor.",
        "A reason must be given.",
    ),
    "act.not_lifted": (
        "Dette oppheves ikke. Et nytt samtykke kan registreres i stedet.",
        "Dette blir ikkje oppheva. Eit nytt samtykke kan registrerast i staden.",
        "This is not lifted. A new consent can be recorded instead.",
    ),
    "act.register_says": (
        "Et register som er trodd i innstillingene, sier det fortsatt. Registeret må rettes først.",
        "Eit register som er trudd i innstillingane, seier det framleis. Registeret må rettast fyrst.",
        "A register that the settings believe still says so. It must be corrected first.",
    ),
    "act.restricted": (
        "Noe strengere gjelder. Det må oppheves først: bti restriction lift.",
        "Noko strengare gjeld. Det må opphevast fyrst: bti restriction lift.",
        "Something stricter stands. It must be lifted first: bti restriction lift.",
    ),
    "act.unknown_restriction": (
        "Det finnes ingen slik begrensning i saken.",
        "Det finst inga slik avgrensing i saka.",
        "The case has no such restriction.",
    ),
    "act.resolved": (
        "Oppgaven er alt løst.",
        "Oppgåva er alt løyst.",
        "The task is resolved already.",
    ),
    "act.unknown_block": (
        "Det finnes ikke noen slik sperre i saken.",
        "Det finst ikkje noka slik sperre i saka.",
        "The case has no such block.",
    ),
    "act.unknown_case": (
        "Det finnes ikke noen slik sak.",
        "Det finst ikkje noka slik sak.",
        "There is no such case.",
    ),
    "act.unknown_person": (
        "Saken har ikke noen slik person.",
        "Saka har ikkje nokon slik person.",
        "The case has no such person.",
    ),
    "act.unknown_record": (
        "Saken har ikke noen slik opplysning.",
        "Saka har ikkje noka slik opplysning.",
        "The case has no such record.",
    ),
    "act.unknown_system": (
        "Det finnes ikke noe slikt system som tar imot.",
        "Det finst ikkje noko slikt system som tek imot.",
        "There is no such system that receives.",
    ),
    "act.unknown_task": (
        "Det finnes ikke noen slik oppgave.",
        "Det finst ikkje noka slik oppgåve.",
        "There is no such task.",
    ),
    "act.value": (
        "Verdien passer ikke her.",
        "Verdien passar ikkje her.",
        "The value does not fit here.",
    ),
    "match.case_ambiguous": (
        "Mer enn én sak kan være ment; et menneske må si hvilken.",
        "Meir enn éi sak kan vera meint; eit menneske må seia kva for ei.",
        "More than one case may be meant; a person must say which.",
    ),
    "match.case_unknown": (
        "Saken det gjelder, er ikke kjent ennå.",
        "Saka det gjeld, er ikkje kjend enno.",
        "The case that it belongs to is not known yet.",
    ),
    "match.person_ambiguous": (
        "En person oppgis med nummeret til en annen som vi kjenner; et menneske må si hvem det er.",
        "Ein person er oppgjeven med nummeret til ein annan som vi kjenner; eit menneske må seia kven det er.",
        "A person is told to have the number of somebody else whom we know; a person must say who it is.",
    ),
    "match.person_unknown": (
        "Personen det gjelder, er ikke kjent ennå.",
        "Personen det gjeld, er ikkje kjend enno.",
        "The person that it is about is not known yet.",
    ),
    "guard.emptied": (
        "Kilden er plutselig tom; runden stanset, og ingenting ble slettet.",
        "Kjelda er brått tom; runden stansa, og ingenting vart sletta.",
        "The source is suddenly empty; the round stopped, and nothing was deleted.",
    ),
    "guard.mass_change": (
        "Kilden endret mer enn grensen i én runde; runden stanset, og et menneske må se på det.",
        "Kjelda endra meir enn grensa i éin runde; runden stansa, og eit menneske må sjå på det.",
        "The source changed more than the limit in one round; the round stopped, and a person must look.",
    ),
    "adapter.cannot_write": (
        "Systemet kan ikke skrives til.",
        "Systemet kan ikkje skrivast til.",
        "The system cannot be written to.",
    ),
    "archive.kept": (
        "Arkivet beholder det som er arkivert. Det sier arkivloven.",
        "Arkivet held på det som er arkivert. Det seier arkivlova.",
        "The archive keeps what is archived. The Archives Act says so.",
    ),
    "adapter.cannot_retract": (
        "Systemet kan ikke ta noe tilbake.",
        "Systemet kan ikkje ta noko tilbake.",
        "The system cannot take anything back.",
    ),
    "retraction.unanswered": (
        "Systemet har ikke svart på at noe skal tas tilbake.",
        "Systemet har ikkje svart på at noko skal takast tilbake.",
        "The system has not answered that something is to be taken back.",
    ),
    "retraction.not_done": (
        "Noe som en person skulle fjerne, er ikke meldt fjernet.",
        "Noko som ein person skulle fjerna, er ikkje meldt fjerna.",
        "Something that a person was to remove has not been told as removed.",
    ),
    "adapter.cannot_read_back": (
        "Systemet kan ikke spørres om hva som kom fram.",
        "Systemet kan ikkje spørjast om kva som kom fram.",
        "The system cannot be asked what arrived.",
    ),
    "adapter.no_inventory": (
        "Systemet kan ikke telle opp det det har.",
        "Systemet kan ikkje telja opp det det har.",
        "The system cannot list what it holds.",
    ),
    "adapter.no_lookup": (
        "Systemet svarer ikke om enkeltpersoner.",
        "Systemet svarar ikkje om einskildpersonar.",
        "The system does not answer about single persons.",
    ),
    "adapter.no_webhook": (
        "Adapteret tar ikke imot varsler.",
        "Adapteret tek ikkje imot varsel.",
        "The adapter takes no webhooks.",
    ),
    "adapter.fetch_failed": (
        "Adapteret feilet da det skulle hente.",
        "Adapteret feila då det skulle henta.",
        "The adapter failed when it was to fetch.",
    ),
    "adapter.answer": (
        "Adapteret svarte med noe annet enn grensesnittet sier.",
        "Adapteret svarte med noko anna enn grensesnittet seier.",
        "The adapter answered with something else than the interface says.",
    ),
    "adapter.unnamed": (
        "Adapteret ga en kode som ikke har en kodes form. Den vises ikke, for den kan holde noe.",
        "Adapteret gav ein kode som ikkje har forma til ein kode. Han blir ikkje vist, for han kan halda noko.",
        "The adapter gave a code that has not the form of one. It is not shown, since it could hold a value.",
    ),
    "adapter.read_failed": (
        "Adapteret feilet da det skulle lese opplysningen.",
        "Adapteret feila då det skulle lesa opplysninga.",
        "The adapter failed when it was to read the record.",
    ),
    "adapter.deliver_failed": (
        "Adapteret feilet da det skulle levere.",
        "Adapteret feila då det skulle levera.",
        "The adapter failed when it was to deliver.",
    ),
    "adapter.retract_failed": (
        "Adapteret feilet da det skulle trekke tilbake.",
        "Adapteret feila då det skulle trekkja tilbake.",
        "The adapter failed when it was to retract.",
    ),
    "delivery.not_tried": (
        "Leveringen ble ikke forsøkt; neste runde prøver igjen.",
        "Leveringa vart ikkje prøvd; neste runde prøver igjen.",
        "The delivery was not tried; the next round tries again.",
    ),
    "secret.none": (
        "Systemet har ingen hemmelighet i innstillingene.",
        "Systemet har ingen løyndom i innstillingane.",
        "The system has no secret in the settings.",
    ),
    "secret.unreadable": (
        "Hemmeligheten kan ikke leses der den skal ligge.",
        "Løyndomen kan ikkje lesast der han skal liggja.",
        "The secret cannot be read where it should lie.",
    ),
    "terms.missing": (
        "Kommunens modell finnes ikke.",
        "Modellen til kommunen finst ikkje.",
        "The municipality's model is not there.",
    ),
    "plugin.missing": (
        "Tillegget er ikke installert.",
        "Tillegget er ikkje installert.",
        "The plugin is not installed.",
    ),
    "certify.unknown": (
        "Det finnes ikke noe slikt adapter, noen fil eller mappe.",
        "Det finst ikkje noko slikt adapter, noka fil eller mappe.",
        "There is no such adapter, file or folder.",
    ),
    "certify.broken": (
        "Adapteret kan ikke lastes.",
        "Adapteret kan ikkje lastast.",
        "The adapter cannot be loaded.",
    ),
    "certify.no_bench": (
        "Det finnes ingenting å prøve adapteret mot.",
        "Det finst ingenting å prøva adapteret mot.",
        "There is nothing to try the adapter against.",
    ),
    "certify.several": (
        "Det er flere adaptere der; si hvilket.",
        "Det er fleire adapterar der; sei kva for eit.",
        "There are several adapters there; say which.",
    ),
}
