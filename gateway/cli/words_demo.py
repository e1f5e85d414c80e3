"""The story of ``bti demo`` in bokmål, nynorsk and English, by code."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str, str]] = {
    "demo.intro": (
        "Lillevik finnes ikke, og ingen av menneskene heller. Motoren, adapterne og lageret er de ekte.",
        "Lillevik finst ikkje, og ingen av menneska heller. Motoren, adapterane og lageret er dei ekte.",
        (
            "Lillevik does not exist, and neither do its people. The engine, the adapters and the store are the "
            "real ones."
        ),
    ),
    "demo.town": (
        (
            "Lillevik har {systems} systemer: loggene Nordlogg på skolen og Fjordlogg på helsestasjonen, fra to "
            "leverandører, plansystemet Planverk, skolens administrasjon, en helsejournal og "
            "personregisteret. Alle {flows} veier mellom"
            " dem står i skygge: ingenting sendes."
        ),
        (
            "Lillevik har {systems} system: loggane Nordlogg på skulen og Fjordlogg på helsestasjonen, frå to "
            "leverandørar, plansystemet Planverk, administrasjonen til skulen, ein helsejournal og "
            "personregisteret. Alle {flows} vegar "
            "mellom dei står i skugge: ingenting blir sendt."
        ),
        (
            "Lillevik has {systems} systems: the logs Nordlogg at the school and Fjordlogg at the health station,"
            " of two vendors, the plans' product Planverk, the school's administration, a health record and "
            "the person register. All {flows} "
            "ways between them are in shadow: nothing is sent."
        ),
    ),
    "demo.school": (
        (
            "Første runde. Skolens fil har {pupils} elever: {kept} har en logg og tas vare på, av de andre "
            "{others} blir ingenting igjen. Registeret blir spurt om dem som er i en logg, og sier hvem som har "
            "foreldreansvar."
        ),
        (
            "Første runde. Fila til skulen har {pupils} elevar: {kept} har ein logg og blir tekne vare på, av dei"
            " andre {others} blir ingenting att. Registeret blir spurt om dei som er i ein logg, og seier kven "
            "som har foreldreansvar."
        ),
        (
            "First round. The school's file has {pupils} pupils: {kept} have a log and are kept, of the other "
            "{others} nothing stays. The register is asked about those in a log, and says who has parental "
            "responsibility."
        ),
    ),
    "demo.shadow": (
        (
            "Hva ville gått fra skolen til helsestasjonen? Fra Jonas' logg {jonas} felt: begge foreldrene har "
            "sagt ja. Fra Noras logg blir {nora} felt igjen, fra Saras {sara}."
        ),
        (
            "Kva ville gått frå skulen til helsestasjonen? Frå loggen til Jonas {jonas} felt: begge foreldra har "
            "sagt ja. Frå loggen til Nora blir {nora} felt att, frå loggen til Sara {sara}."
        ),
        (
            "What would go from the school to the health station? Of Jonas's log {jonas} fields: both parents "
            "have said yes. Of Nora's {nora} fields stay, of Sara's {sara}."
        ),
    ),
    "demo.consent": (
        (
            "Noras mor har sagt ja i Nordlogg. Faren, som bare registeret og skolen kjenner, sier ja på papir, og"
            " Kari fører det inn. Nå kan {nora} felt om Nora gå, men veiene står ennå i skygge: {shadowed} felt "
            "ble bestemt, ingen sendt."
        ),
        (
            "Mor til Nora har sagt ja i Nordlogg. Faren, som berre registeret og skulen kjenner, seier ja på "
            "papir, og Kari fører det inn. No kan {nora} felt om Nora gå, men vegane står enno i skugge: "
            "{shadowed} felt vart avgjorde, ingen sende."
        ),
        (
            "Nora's mother has said yes in Nordlogg. Her father, whom only the register and the school know, says"
            " yes on paper, and Kari records it. Now {nora} fields about Nora may go, but the ways are still in "
            "shadow: {shadowed} fields were decided, none sent."
        ),
    ),
    "demo.approval": (
        (
            "Rektor Torunn og Hilde, som leder helsestasjonen, godkjenner {flows} veier ut av sine egne systemer."
            " Det registeret sier, blir i skygge: det brukes til å avgjøre, ikke til å spre. Neste runde sender."
        ),
        (
            "Rektor Torunn og Hilde, som leier helsestasjonen, godkjenner {flows} vegar ut av sine eigne system. "
            "Det registeret seier, blir i skugge: det blir brukt til å avgjere, ikkje til å spreie. Neste runde "
            "sender."
        ),
        (
            "Torunn, who leads the school, and Hilde, who leads the health station, approve {flows} ways out of "
            "their own systems. What the register says stays in shadow: it is for deciding, not for spreading. "
            "The next round sends."
        ),
    ),
    "demo.concern": (
        (
            "En lærer skriver i Nordlogg: «{words}» Etter neste runde står det i Fjordlogg, én gang, i Fjordloggs"
            " egen form."
        ),
        (
            "Ein lærar skriv i Nordlogg: «{words}» Etter neste runde står det i Fjordlogg, éin gong, i Fjordlogg "
            "si eiga form."
        ),
        (
            "A teacher writes in Nordlogg: “{words}” After the next round it stands in Fjordlogg, once, in its "
            "own shape."
        ),
    ),
    "demo.merge": (
        (
            "Et tiltak endres på begge sider: skolen setter {responsible} som ansvarlig, helsestasjonen setter "
            "evaluering til {evaluated}. Begge endringene står begge steder."
        ),
        (
            "Eit tiltak blir endra på begge sider: skulen set {responsible} som ansvarleg, helsestasjonen set "
            "evaluering til {evaluated}. Begge endringane står begge stader."
        ),
        (
            "A measure is edited on both sides: the school makes {responsible} responsible, the health station "
            "sets its evaluation to {evaluated}. Both edits stand in both places."
        ),
    ),
    "demo.conflict": (
        ("Samme felt på begge sider: «{one}» og «{other}» Ingen blir overskrevet; Kari ser begge, og velger skolens."),
        "Same felt på begge sider: «{one}» og «{other}» Ingen blir overskrivne; Kari ser begge, og vel skulen si.",
        (
            "The same field on both sides: “{one}” and “{other}” Neither is overwritten; Kari sees both, and "
            "takes the school's."
        ),
    ),
    "demo.claim": (
        (
            "Nordlogg sier at stafettholderen er {after}, ikke {before}. Det er en påstand: den går ikke videre "
            "før Kari har bekreftet den."
        ),
        (
            "Nordlogg seier at stafetthaldaren er {after}, ikkje {before}. Det er ein påstand: han går ikkje "
            "vidare før Kari har stadfesta han."
        ),
        (
            "Nordlogg says that the relay holder is {after}, not {before}. That is a claim: it goes no further "
            "until Kari has confirmed it."
        ),
    ),
    "demo.withdrawal": (
        (
            "Noras far trekker sitt ja. Ingenting mer går ut; av {disclosed} utleveringer om Nora er "
            "{acknowledged} trukket tilbake og bekreftet. Det hver tjeneste selv har skrevet, blir hos den."
        ),
        (
            "Far til Nora trekkjer sitt ja. Ingenting meir går ut; av {disclosed} utleveringar om Nora er "
            "{acknowledged} trekte tilbake og stadfesta. Det kvar teneste sjølv har skrive, blir hos ho."
        ),
        (
            "Nora's father takes his yes back. Nothing more goes out; of {disclosed} disclosures about Nora "
            "{acknowledged} are taken back and acknowledged. What each service wrote itself stays with it."
        ),
    ),
    "demo.failure": (
        (
            "Fjordlogg svarer ikke når Jonas får en ny bekymring: {due} logg venter. Etter {minutes} min og "
            "{rounds} runder er den framme. Så går et svar tapt etter at Fjordlogg har skrevet: det leses "
            "tilbake, og skrives ikke på nytt."
        ),
        (
            "Fjordlogg svarar ikkje når Jonas får ei ny uro: {due} logg ventar. Etter {minutes} min og "
            "{rounds} rundar er ho framme. Så går eit svar tapt etter at Fjordlogg har skrive: det blir lese "
            "tilbake, og ikkje skrive på nytt."
        ),
        (
            "Fjordlogg does not answer when Jonas gets a new concern: {due} log waits. After {minutes} min "
            "and {rounds} rounds it has arrived. Then an answer is lost after Fjordlogg has written: it is read "
            "back, and not written again."
        ),
    ),
    "demo.crossing": (
        (
            "Jonas har rett til individuell plan, og begge foreldrene vil ha den. Før de sa ja, ble overgangen "
            "avvist. Nå begynner planen i Planverk: {carried} opplysninger følger med, bekymringene blir igjen. "
            "Koordinatoren er på plass før stafettholderen slutter, og et menneske lukker loggen."
        ),
        (
            "Jonas har rett til individuell plan, og begge foreldra vil ha han. Før dei sa ja, vart overgangen "
            "avvist. No byrjar planen i Planverk: {carried} opplysningar følgjer med, uroa blir att. "
            "Koordinatoren er på plass før stafetthaldaren sluttar, og eit menneske lukkar loggen."
        ),
        (
            "Jonas has a right to an individual plan, and both parents want it. Before they said yes, the crossing "
            "was refused. Now the plan begins in Planverk: {carried} records go along, the concerns stay. The "
            "coordinator is in place before the holder of the log ends, and a person closes the log."
        ),
    ),
    "demo.evidence": (
        (
            "Revisjonsloggen med {leaves} innslag skrives ut og kontrolleres uten lageret: hvert blad, sjekkpunkt"
            " og signatur holder. En kopi der ett ord er endret, blir avslørt."
        ),
        (
            "Revisjonsloggen med {leaves} innslag blir skriven ut og kontrollert utan lageret: kvart blad, "
            "sjekkpunkt og signatur held. Ein kopi der eitt ord er endra, blir avslørt."
        ),
        (
            "The audit log with {leaves} entries is exported and verified without the store: every leaf, "
            "checkpoint and signature holds. A copy in which one word is changed is found out."
        ),
    ),
    "demo.sent": ("sendt", "sendt", "sent"),
    "demo.stayed": ("holdt tilbake", "halde tilbake", "withheld"),
    "demo.taken_back": ("trukket tilbake", "trekt tilbake", "taken back"),
    "demo.broke": ("slik skulle det ikke gå", "slik skulle det ikkje gå", "this is not how it should go"),
    "demo.fields": ("{n} felt", "{n} felt", "{n} fields"),
    "demo.records": ("{n} oppføringer", "{n} oppføringar", "{n} records"),
    "demo.title.got": ("Hvem fikk hva", "Kven fekk kva", "Who got what"),
    "demo.head.child": ("Barn", "Barn", "Child"),
    "demo.head.got": ("Fikk", "Fekk", "Got"),
    "demo.head.back": ("Trukket tilbake", "Trekt tilbake", "Taken back"),
    "demo.nobody": ("{child}: ingen fikk noe.", "{child}: ingen fekk noko.", "{child}: nobody got anything."),
    "demo.end": (
        "Slik skulle det gå: {n} steg, {seconds} sekunder, alt sett etter hos leverandørene selv.",
        "Slik skulle det gå: {n} steg, {seconds} sekund, alt sett etter hos leverandørane sjølve.",
        "It came out as it should: {n} steps, {seconds} seconds, everything looked up with the vendors themselves.",
    ),
    "demo.end_broke": (
        "Fortellingen stanset ved steget «{step}».",
        "Forteljinga stansa ved steget «{step}».",
        "The story stopped at the step “{step}”.",
    ),
    "demo.kept": (
        "Kommunens mappe er {folder}. Prøv for eksempel: bti status --config {file}",
        "Mappa til kommunen er {folder}. Prøv til dømes: bti status --config {file}",
        "The municipality's folder is {folder}. Try for instance: bti status --config {file}",
    ),
    "demo.opened": (
        "Velg Kari ved innloggingen. En oppgave venter; fra den går veien til saken, og til hvorfor et felt ble igjen.",
        "Vel Kari ved innlogginga. Ei oppgåve ventar; frå ho går vegen til saka, og til kvifor eit felt blei att.",
        "Choose Kari at the login. A task waits; from it you come to the case, and to why a field was withheld.",
    ),
    "demo.how_to_call": (
        "Eller bruk API mens sidene er åpne. Tegnet gjelder til {until}, bare her, og bare for å lese:",
        "Eller bruk API medan sidene er opne. Teiknet gjeld til {until}, berre her, og berre for å lese:",
        "Or call the API while the pages are open. The token is good until {until}, here alone, and to read alone:",
    ),
    "demo.how_to_open": (
        "Se det i nettleseren: {command}",
        "Sjå det i nettlesaren: {command}",
        "See it in the browser: {command}",
    ),
}
