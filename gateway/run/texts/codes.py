"""What each fault's code means and what to do about it. ``docs/reference/errors.md`` is made from here."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "cli.unforeseen": (
        "Noe uforutsett gikk galt. Ingenting er tapt; neste kjøring går videre. Meld gjerne fra om stedet.",
        "Noko uføresett gjekk gale. Ingenting er tapt; neste køyring går vidare. Meld gjerne frå om staden.",
        "Something unforeseen went wrong. Nothing is lost; the next run goes on. Please report the place.",
    ),
    "cli.interrupted": (
        "Stanset. Neste kjøring går videre.",
        "Stansa. Neste køyring går vidare.",
        "Stopped. The next run goes on.",
    ),
    "cli.not_built": (
        "Denne kommandoen er ikke bygget ennå.",
        "Denne kommandoen er ikkje bygd enno.",
        "This command is not built yet.",
    ),
    "cli.person_unknown": (
        "Den som handler, står ikke i [people]. Legg til personen, eller bruk --as.",
        "Den som handlar, står ikkje i [people]. Legg til personen, eller bruk --as.",
        "Who acts is not in [people]. Add the person, or use --as.",
    ),
    "cli.person_rights": (
        "Personens rolle har ikke rett til dette.",
        "Rolla til personen har ikkje rett til dette.",
        "The person's role has no right to do this.",
    ),
    "cli.person_unit": (
        "Bare en leder hos avsenderen kan godkjenne at den sender.",
        "Berre ein leiar hos avsendaren kan godkjenna at han sender.",
        "Only a leader of the sending unit can approve that it sends.",
    ),
    "cli.argument_text": (
        "Det som ble skrevet, er ikke tekst i UTF-8.",
        "Det som vart skrive, er ikkje tekst i UTF-8.",
        "What was typed is no text in UTF-8.",
    ),
    "cli.task_unit": (
        "Oppgaven hører til en annen enhet.",
        "Oppgåva høyrer til ei anna eining.",
        "The task is another unit's.",
    ),
    "cli.person_no_unit": (
        "Personen har ingen enhet i innstillingene.",
        "Personen har inga eining i innstillingane.",
        "The person has no unit in the settings.",
    ),
    "cli.preview_nothing": (
        "Si hva som skal være annerledes.",
        "Sei kva som skal vera annleis.",
        "Say what is to be different.",
    ),
    "act.unknown_language": (
        "Det språket finnes ikke. Se bti language list.",
        "Det språket finst ikkje. Sjå bti language list.",
        "There is no such language. See bti language list.",
    ),
    "act.unknown_ground": (
        "Det grunnlaget finnes ikke i loven om innsyn.",
        "Det grunnlaget finst ikkje i lova om innsyn.",
        "There is no such ground in the law of access.",
    ),
    "act.access_protected": (
        "Dette kan ikke gis herfra. En person må svare for hånd.",
        "Dette kan ikkje gis herifrå. Ein person må svara for hand.",
        "This cannot be given from here. A person must answer by hand.",
    ),
    "pack.form": (
        "Språkpakken har ikke riktig form her.",
        "Språkpakka har ikkje rett form her.",
        "The language pack has not the right form here.",
    ),
    "pack.language": (
        "Språkkoden må være en annen enn de tre.",
        "Språkkoden må vera ein annan enn dei tre.",
        "The language's code must be another than the three.",
    ),
    "pack.missing": ("En setning mangler.", "Ei setning manglar.", "A sentence is missing."),
    "pack.unknown": ("Denne nøkkelen finnes ikke.", "Denne nøkkelen finst ikkje.", "There is no such key."),
    "pack.empty": ("Setningen er tom.", "Setninga er tom.", "The sentence is empty."),
    "pack.placeholder": (
        "Setningen må ha de samme ordene i klammer.",
        "Setninga må ha dei same orda i klammer.",
        "The sentence must have the same words in braces.",
    ),
    "pack.unreadable": (
        "Språkpakken kan ikke leses.",
        "Språkpakka kan ikkje lesast.",
        "The language pack cannot be read.",
    ),
    "cli.consent_how": (
        "Si enten hvilket skjema det står på, eller at det ble sagt muntlig.",
        "Sei anten kva skjema det står på, eller at det vart sagt munnleg.",
        "Say either which form it stands on, or that it was spoken.",
    ),
    "cli.confirm": ("Dette må bekreftes.", "Dette må stadfestast.", "This must be confirmed."),
    "settings.web_listen": ("Skriv vert og port.", "Skriv vert og port.", "Write host and port."),
    "settings.web_url": (
        "Skriv en adresse uten sti.",
        "Skriv ei adresse utan sti.",
        "Write an address without a path.",
    ),
    "settings.web_trial": (
        "Prøvemodus er bare for oppdiktede personer, på denne maskinen alene.",
        "Prøvemodus er berre for oppdikta personar, på denne maskina aleine.",
        "The trial mode is for invented people only, on this machine alone.",
    ),
    "web.address": (
        "Adressen er opptatt, eller kan ikke brukes.",
        "Adressa er oppteken, eller kan ikkje brukast.",
        "The address is taken, or cannot be used.",
    ),
    "cli.flow_which": ("Si hvilken strøm.", "Sei kva straum.", "Say which flow."),
    "cli.not_approved": (
        "Strømmen er ikke godkjent, og sender ingenting.",
        "Straumen er ikkje godkjend, og sender ingenting.",
        "The flow is not approved, and sends nothing.",
    ),
    "cli.not_paused": ("Strømmen er ikke stanset.", "Straumen er ikkje stansa.", "The flow is not paused."),
    "cli.system_unknown": ("Intet system heter det.", "Inkje system heiter det.", "No system has that name."),
    "cli.time": (
        "Tiden må ha dato, klokkeslett og tidssone.",
        "Tida må ha dato, klokkeslett og tidssone.",
        "The time must have a date, a clock time and an offset.",
    ),
    "cli.folder_taken": (
        "Mappen finnes og er ikke tom.",
        "Mappa finst og er ikkje tom.",
        "The folder exists and is not empty.",
    ),
    "cli.file_missing": ("Filen kan ikke leses.", "Fila kan ikkje lesast.", "The file cannot be read."),
    "cli.file_unwritable": ("Filen kan ikke skrives.", "Fila kan ikkje skrivast.", "The file cannot be written."),
    "cli.name": (
        "Navnet må være små bokstaver, tall og bindestrek.",
        "Namnet må vera små bokstavar, tal og bindestrek.",
        "The name must be lower-case letters, digits and hyphens.",
    ),
    "cli.adapter_unknown": (
        "Intet adapter heter det, og ingen fil ligger der.",
        "Inkje adapter heiter det, og inga fil ligg der.",
        "No adapter has that name, and no file is there.",
    ),
    "cli.model_unknown": (
        "Ingen modell heter det.",
        "Ingen modell heiter det.",
        "No municipality model has that name.",
    ),
    "settings.missing": (
        "Filen med innstillinger finnes ikke. Lag en med bti init, eller pek på den med --config.",
        "Fila med innstillingar finst ikkje. Lag ei med bti init, eller peik på ho med --config.",
        "The settings file is not there. Make one with bti init, or point to it with --config.",
    ),
    "settings.unreadable": (
        "Filen kan ikke leses som UTF-8-tekst.",
        "Fila kan ikkje lesast som UTF-8-tekst.",
        "The file cannot be read as UTF-8 text.",
    ),
    "settings.toml": (
        "Filen er ikke gyldig TOML her.",
        "Fila er ikkje gyldig TOML her.",
        "The file is not valid TOML here.",
    ),
    "settings.required": ("Nøkkelen mangler.", "Nøkkelen manglar.", "The key is missing."),
    "settings.unknown_key": ("Nøkkelen er ukjent.", "Nøkkelen er ukjend.", "The key is unknown."),
    "settings.type": ("Verdien har feil type.", "Verdien har feil type.", "The value has the wrong type."),
    "settings.choice": (
        "Verdien er ikke blant de tillatte.",
        "Verdien er ikkje blant dei tillatne.",
        "The value is not among those allowed.",
    ),
    "settings.range": ("Tallet er utenfor grensene.", "Talet er utanfor grensene.", "The number is out of bounds."),
    "settings.name": (
        "Navnet har tegn det ikke kan ha.",
        "Namnet har teikn det ikkje kan ha.",
        "The name has characters it cannot have.",
    ),
    "settings.municipality": (
        "Kommunenummeret må være fire sifre i hermetegn.",
        "Kommunenummeret må vera fire siffer i hermeteikn.",
        "The municipality number must be four digits, in quotes.",
    ),
    "settings.store_url": (
        "Adressen til databasen er ikke av en kjent form.",
        "Adressa til databasen er ikkje av ei kjend form.",
        "The database's address has no known form.",
    ),
    "settings.vault_shared": (
        "Hvelvet må ligge utenfor databasen, så en gammel sikkerhetskopi ikke tar det med.",
        "Kvelvet må liggja utanfor databasen, så ein gammal tryggingskopi ikkje tek det med.",
        "The vault must lie outside the database, so that an old backup does not bring it back.",
    ),
    "settings.unit_unknown": ("Enheten finnes ikke.", "Eininga finst ikkje.", "There is no such unit."),
    "settings.unit_circle": (
        "Enheten er en del av seg selv.",
        "Eininga er ein del av seg sjølv.",
        "The unit is a part of itself.",
    ),
    "settings.secret_inline": (
        "Hemmeligheten skal ikke stå i filen; si hvor den ligger.",
        "Løyndomen skal ikkje stå i fila; sei kvar han ligg.",
        "The secret must not stand in the file; say where it lies.",
    ),
    "settings.url": (
        "Adressen er ikke av rett form.",
        "Adressa er ikkje av rett form.",
        "The address is not of the right form.",
    ),
    "settings.schedule": (
        "Planen er ikke et cron-uttrykk.",
        "Planen er ikkje eit cron-uttrykk.",
        "The schedule is not a cron expression.",
    ),
    "settings.owns_unknown": (
        "Det finnes ikke et slikt slag eller felt.",
        "Det finst ikkje eit slikt slag eller felt.",
        "There is no such kind or field.",
    ),
    "settings.owns_twice": (
        "Et annet system eier det alt; bare ett ord kan stå.",
        "Eit anna system eig det alt; berre eitt ord kan stå.",
        "Another system owns it already; only one word can stand.",
    ),
    "settings.adapter_unknown": (
        "Adapteret er ikke installert, eller det virker ikke.",
        "Adapteret er ikkje installert, eller det verkar ikkje.",
        "The adapter is not installed, or is broken.",
    ),
    "settings.flow_system": ("Systemet finnes ikke.", "Systemet finst ikkje.", "There is no such system."),
    "plugin.import": ("Kan ikke importeres.", "Kan ikkje importerast.", "Cannot be imported."),
    "plugin.api": (
        "Skrevet for en annen utgave av grensesnittet, eller sier ikke hvilken (GATEWAY_API).",
        "Skrive for ei anna utgåve av grensesnittet, eller seier ikkje kva for ei (GATEWAY_API).",
        "Written for another version of the interface, or does not say which (GATEWAY_API).",
    ),
    "plugin.hook": (
        "Har en krok eller et argument som ikke finnes.",
        "Har ein krok eller eit argument som ikkje finst.",
        "Has a hook or an argument that does not exist.",
    ),
    "plugin.raises": ("Feiler når det blir spurt.", "Feilar når det blir spurt.", "Fails when asked."),
    "plugin.adapter": (
        "Det som kom, er ikke et adapter.",
        "Det som kom, er ikkje eit adapter.",
        "What it brought is no adapter.",
    ),
    "plugin.name": (
        "Ikke noe adapter heter det samme som inngangen.",
        "Ikkje noko adapter heiter det same som inngangen.",
        "No adapter bears the entry point's name.",
    ),
    "plugin.twice": (
        "En annen pakke har alt det navnet.",
        "Ein annan pakke har alt det namnet.",
        "Another distribution has that name already.",
    ),
    "check.key_beside": (
        "Nøkkelfilen ligger i samme mappe som databasen: en kopi av mappen tar begge.",
        "Nøkkelfila ligg i same mappe som databasen: ein kopi av mappa tek begge.",
        "The key file lies in the database's folder: one copy takes both.",
    ),
    "check.vault_beside": (
        "Hvelvet ligger i samme mappe som databasen: en gjenoppretting tar begge tilbake.",
        "Kvelvet ligg i same mappe som databasen: ei gjenoppretting tek begge tilbake.",
        "The vault lies in the database's folder: a restore takes both back.",
    ),
    "check.secret_missing": (
        "Hemmeligheten finnes ikke der den skal.",
        "Løyndomen finst ikkje der han skal.",
        "The secret is not where it should be.",
    ),
    "check.secret_open": (
        "Andre brukere kan lese hemmeligheten.",
        "Andre brukarar kan lesa løyndomen.",
        "Other users can read the secret.",
    ),
    "check.metrics_short": (
        "Tegnet for tallene er for kort: det skal ha 16 tegn eller mer.",
        "Teiknet for tala er for kort: det skal ha 16 teikn eller meir.",
        "The token for figures is too short: it has 16 characters or more.",
    ),
    "check.hook_same": (
        "Den gamle hemmeligheten er den samme som den nye.",
        "Den gamle løyndomen er den same som den nye.",
        "The old secret is the same as the new one.",
    ),
    "check.nobody_logs_in": (
        "Ingen i [people] har login: innloggingen kjenner ingen.",
        "Ingen i [people] har login: innlogginga kjenner ingen.",
        "Nobody in [people] has a login: whoever logs in is not known.",
    ),
    "check.plain_http": (
        "Adressen er ukryptert (http) til en annen maskin.",
        "Adressa er ukryptert (http) til ei anna maskin.",
        "The address is unencrypted (http) to another machine.",
    ),
    "check.unreachable": ("Systemet svarer ikke.", "Systemet svarar ikkje.", "The system does not answer."),
    "check.unhealthy": (
        "Systemet svarer, men sier at noe er galt.",
        "Systemet svarar, men seier at noko er gale.",
        "The system answers, but says that something is wrong.",
    ),
    "check.placeholder": (
        "Noe her er ikke fylt ut ennå.",
        "Noko her er ikkje fylt ut enno.",
        "Something here is not filled in yet.",
    ),
}
