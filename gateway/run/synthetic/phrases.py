"""Sentences for synthetic records, in bokmål and nynorsk. Everyday and mild: nothing here is a case history.

``{name}`` is the child's given name, ``{arena}`` where it was seen. Every list is written by us.
"""

from collections.abc import Mapping

from msgspec import Struct


class Phrases(Struct, frozen=True, kw_only=True):
    """The sentences of one written form."""

    observed: tuple[str, ...]
    since: tuple[str, ...]
    family: tuple[str, ...]
    next_step: tuple[str, ...]
    conclusions: tuple[str, ...]
    goals: tuple[str, ...]
    goal_details: tuple[str, ...]
    measures: tuple[tuple[str, str], ...]
    effects: tuple[str, ...]
    voices: tuple[str, ...]
    bright: tuple[str, ...]
    agendas: tuple[str, ...]
    minutes: tuple[str, ...]
    decisions: tuple[str, ...]
    wishes: tuple[str, ...]
    arenas: Mapping[str, str]


BOKMAL = Phrases(
    observed=(
        "{name} har blitt stillere {arena} den siste tiden og holder seg mye for seg selv.",
        "{name} strever med å komme i gang med oppgaver og trenger mange påminnelser.",
        "{name} blir fort sliten {arena} og sier at hodet er fullt.",
        "{name} har hatt flere dager borte enn før, særlig etter helger.",
        "{name} søker mye voksenkontakt {arena} og leker mindre med jevnaldrende.",
        "{name} blir lett uenig med andre barn i lek uten voksne i nærheten.",
        "{name} har vansker med å bli forstått når det er mange rundt bordet.",
        "{name} virker urolig {arena} og har vondt for å finne ro i overganger.",
        "{name} sier ofte at ting er for vanskelig før det er prøvd.",
        "{name} forteller at det er vanskelig å sovne om kvelden.",
    ),
    since=(
        "Dette har vi lagt merke til siden høstferien.",
        "Det har vart i omtrent to måneder.",
        "Vi ser det et par ganger i uken.",
        "Det er tydeligst om morgenen og ved bytte av aktivitet.",
        "Det er mest synlig i store grupper og sjelden når {name} er sammen med én voksen.",
        "Før sommeren så vi lite av dette.",
    ),
    family=(
        "Foreldrene kjenner seg igjen i beskrivelsen og har tenkt på det samme hjemme.",
        "Familien forteller at det er roligere hjemme, men at leggingen tar lang tid.",
        "Mor og far ønsker at vi ser på dette sammen.",
        "De hjemme ser mindre av det, men vil gjerne følge med.",
        "Familien har flyttet nylig, og alle bruker tid på å finne seg til rette.",
    ),
    next_step=(
        "Vi er enige om å prøve tiltakene i seks uker og snakkes igjen.",
        "Kontaktlærer følger med og noterer hva som går bra.",
        "Vi inviterer helsesykepleier til neste samtale dersom familien ønsker det.",
        "Pedagogisk leder prøver mindre grupper i overgangene.",
        "Vi tar en prat med {name} først og hører hva som er viktigst.",
    ),
    conclusions=(
        "Det er grunn til å følge med sammen med familien.",
        "Vi går videre med tiltak i egen tjeneste.",
        "Bekymringen er mindre enn den var, og vi følger med litt til.",
        "Flere tjenester bør tenke sammen om dette.",
    ),
    goals=(
        "{name} har minst én god lek med en jevnaldrende hver dag",
        "{name} kommer i gang med arbeidet etter én påminnelse",
        "{name} er på plass ved skolestart fire av fem dager",
        "{name} sier fra når det blir for mye",
        "Leggetiden hjemme går roligere",
        "{name} deltar i en fritidsaktivitet gjennom vinteren",
        "{name} blir forstått av de andre barna i gruppen",
    ),
    goal_details=(
        "Vi ser etter små steg og feirer dem sammen.",
        "Målet er laget sammen med {name} og familien.",
        "Vi måler det ved å spørre {name} hver fredag.",
        "De voksne gjør det samme hjemme og her.",
    ),
    measures=(
        ("Lekegruppe tre ganger i uken", "En voksen er med fra start og trekker seg ut når leken går av seg selv."),
        ("Dagsplan med bilder", "{name} krysser av selv, og planen går igjen hjemme."),
        ("Fast voksen om morgenen", "Den samme voksne tar imot {name} og har fem minutter til en prat."),
        ("Samtaler med helsesykepleier", "Fire samtaler om søvn og ro, og en oppsummering med familien."),
        ("Liten gruppe i matematikk", "To økter i uken med konkreter og god tid."),
        ("Veiledning til de voksne i gruppen", "PPT kommer to ganger og ser på overgangene."),
        ("Foreldreveiledning", "Åtte kvelder sammen med andre familier."),
        ("Støtte til fritidsaktivitet", "Kulturskolen holder av en plass, og en venn går sammen med {name}."),
        ("Pauser med avtalt tegn", "{name} viser et kort og får gå til det rolige rommet i fem minutter."),
        ("Språkgruppe", "Ord fra ukens tema øves i lek to ganger i uken."),
    ),
    effects=(
        "Det går bedre de fleste dagene.",
        "Vi ser framgang, men overgangene er fortsatt vanskelige.",
        "Lite endring så langt, vi justerer tidspunktet.",
        "{name} forteller selv at det hjelper.",
    ),
    voices=(
        "Jeg liker best når vi er få. Da tør jeg å si noe.",
        "Det er bråkete i garderoben. Jeg vil helst gå inn litt før de andre.",
        "Jeg vil ha en venn i friminuttet.",
        "Det er greit at dere snakker med mamma, men jeg vil være med.",
        "Matte er best når jeg får vise det på tavla.",
        "Jeg blir trøtt fordi jeg tenker så mye om kvelden.",
        "Jeg vil at Ola på SFO skal være med på møtet.",
    ),
    bright=(
        "{name} inviterte en ny gutt med i leken i dag.",
        "{name} leste høyt for gruppen og smilte etterpå.",
        "{name} hjalp en yngre elev med å finne vottene.",
        "{name} sa fra om en pause helt selv.",
        "{name} lo så alle rundt bordet lo med.",
        "{name} bygde en lang bro sammen med to andre.",
    ),
    agendas=(
        "Hvordan har det gått siden sist, hva sier {name}, hva gjør vi videre.",
        "Oppsummering av tiltak, barnets stemme, ny dato.",
        "Bli kjent med hverandre og bli enige om ett mål.",
    ),
    minutes=(
        "Vi gikk gjennom tiltakene ett for ett. Familien syns lekegruppen har vært nyttig.",
        "{name} var med den første halvtimen og fortalte hva som er bra og hva som er strevsomt.",
        "Alle la fram hva de ser. Vi ble enige om å fortsette, med færre ting på en gang.",
        "Skolen og familien ser mye av det samme. Det er laget en enkel plan for ettermiddagene.",
    ),
    decisions=(
        "Tiltakene fortsetter i seks uker.",
        "Stafettholder innkaller til nytt møte.",
        "Helsesykepleier tilbyr to samtaler til.",
        "Skolen prøver ny plass i klasserommet.",
    ),
    wishes=(
        "Familien vil helst at kontaktlærer koordinerer.",
        "Familien har ikke noe ønske om hvem det er.",
        "{name} vil at det skal være noen som er på skolen hver dag.",
    ),
    arenas={"classroom": "i klasserommet", "yard": "i friminuttene", "group": "i gruppen", "home": "hjemme"},
)

NYNORSK = Phrases(
    observed=(
        "{name} har vorte stillare {arena} den siste tida og held seg mykje for seg sjølv.",
        "{name} strevar med å kome i gang med oppgåver og treng mange påminningar.",
        "{name} vert fort sliten {arena} og seier at hovudet er fullt.",
        "{name} har hatt fleire dagar borte enn før, særleg etter helger.",
        "{name} søkjer mykje vaksenkontakt {arena} og leikar mindre med jamaldringar.",
        "{name} vert lett usamd med andre barn i leik utan vaksne i nærleiken.",
        "{name} har vanskar med å verte forstått når det er mange kring bordet.",
        "{name} verkar uroleg {arena} og har vondt for å finne ro i overgangar.",
        "{name} seier ofte at ting er for vanskeleg før det er prøvd.",
        "{name} fortel at det er vanskeleg å sovne om kvelden.",
    ),
    since=(
        "Dette har vi lagt merke til sidan haustferien.",
        "Det har vart i om lag to månader.",
        "Vi ser det eit par gonger i veka.",
        "Det er tydelegast om morgonen og ved byte av aktivitet.",
        "Det syner mest i store grupper og sjeldan når {name} er saman med éin vaksen.",
        "Før sommaren såg vi lite av dette.",
    ),
    family=(
        "Foreldra kjenner seg att i skildringa og har tenkt på det same heime.",
        "Familien fortel at det er rolegare heime, men at legginga tek lang tid.",
        "Mor og far ønskjer at vi ser på dette saman.",
        "Dei heime ser mindre av det, men vil gjerne følgje med.",
        "Familien har flytta nyleg, og alle brukar tid på å finne seg til rette.",
    ),
    next_step=(
        "Vi er samde om å prøve tiltaka i seks veker og snakkast att.",
        "Kontaktlærar følgjer med og noterer kva som går bra.",
        "Vi inviterer helsesjukepleiar til neste samtale dersom familien ønskjer det.",
        "Pedagogisk leiar prøver mindre grupper i overgangane.",
        "Vi tek ein prat med {name} fyrst og høyrer kva som er viktigast.",
    ),
    conclusions=(
        "Det er grunn til å følgje med saman med familien.",
        "Vi går vidare med tiltak i eiga teneste.",
        "Uroa er mindre enn ho var, og vi følgjer med litt til.",
        "Fleire tenester bør tenkje saman om dette.",
    ),
    goals=(
        "{name} har minst éin god leik med ein jamaldring kvar dag",
        "{name} kjem i gang med arbeidet etter éi påminning",
        "{name} er på plass ved skulestart fire av fem dagar",
        "{name} seier frå når det vert for mykje",
        "Leggetida heime går rolegare",
        "{name} er med på ein fritidsaktivitet gjennom vinteren",
        "{name} vert forstått av dei andre barna i gruppa",
    ),
    goal_details=(
        "Vi ser etter små steg og feirar dei saman.",
        "Målet er laga saman med {name} og familien.",
        "Vi måler det ved å spørje {name} kvar fredag.",
        "Dei vaksne gjer det same heime og her.",
    ),
    measures=(
        (
            "Leikegruppe tre gonger i veka",
            "Ein vaksen er med frå start og går når leiken går av seg sjølv.",
        ),
        ("Dagsplan med bilete", "{name} kryssar av sjølv, og planen går att heime."),
        ("Fast vaksen om morgonen", "Den same vaksne tek imot {name} og har fem minutt til ein prat."),
        ("Samtalar med helsesjukepleiar", "Fire samtalar om søvn og ro, og ei oppsummering med familien."),
        ("Lita gruppe i matematikk", "To økter i veka med konkretar og god tid."),
        ("Rettleiing til dei vaksne i gruppa", "PPT kjem to gonger og ser på overgangane."),
        ("Foreldrerettleiing", "Åtte kveldar saman med andre familiar."),
        ("Støtte til fritidsaktivitet", "Kulturskulen held av ein plass, og ein ven går saman med {name}."),
        ("Pausar med avtalt teikn", "{name} syner eit kort og får gå til det rolege rommet i fem minutt."),
        ("Språkgruppe", "Ord frå vekas tema vert øvde i leik to gonger i veka."),
    ),
    effects=(
        "Det går betre dei fleste dagane.",
        "Vi ser framgang, men overgangane er framleis vanskelege.",
        "Lita endring så langt, vi justerer tidspunktet.",
        "{name} fortel sjølv at det hjelper.",
    ),
    voices=(
        "Eg likar best når vi er få. Då tør eg å seie noko.",
        "Det er bråkete i garderoben. Eg vil helst gå inn litt før dei andre.",
        "Eg vil ha ein ven i friminuttet.",
        "Det er greitt at de snakkar med mamma, men eg vil vere med.",
        "Matte er best når eg får vise det på tavla.",
        "Eg vert trøytt fordi eg tenkjer så mykje om kvelden.",
        "Eg vil at Ola på SFO skal vere med på møtet.",
    ),
    bright=(
        "{name} inviterte ein ny gut med i leiken i dag.",
        "{name} las høgt for gruppa og smilte etterpå.",
        "{name} hjelpte ein yngre elev med å finne vottane.",
        "{name} sa frå om ein pause heilt sjølv.",
        "{name} lo så alle kring bordet lo med.",
        "{name} bygde ei lang bru saman med to andre.",
    ),
    agendas=(
        "Korleis har det gått sidan sist, kva seier {name}, kva gjer vi vidare.",
        "Oppsummering av tiltak, stemma til barnet, ny dato.",
        "Verte kjende med kvarandre og verte samde om eitt mål.",
    ),
    minutes=(
        "Vi gjekk gjennom tiltaka eitt for eitt. Familien tykkjer leikegruppa har vore nyttig.",
        "{name} var med den fyrste halvtimen og fortalde kva som er bra og kva som er strevsamt.",
        "Alle la fram kva dei ser. Vi vart samde om å halde fram, med færre ting på ein gong.",
        "Skulen og familien ser mykje av det same. Det er laga ein enkel plan for ettermiddagane.",
    ),
    decisions=(
        "Tiltaka held fram i seks veker.",
        "Stafetthaldar kallar inn til nytt møte.",
        "Helsesjukepleiar tilbyr to samtalar til.",
        "Skulen prøver ny plass i klasserommet.",
    ),
    wishes=(
        "Familien vil helst at kontaktlærar koordinerer.",
        "Familien har ikkje noko ønske om kven det er.",
        "{name} vil at det skal vere nokon som er på skulen kvar dag.",
    ),
    arenas={"classroom": "i klasserommet", "yard": "i friminutta", "group": "i gruppa", "home": "heime"},
)
