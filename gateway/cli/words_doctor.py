"""What the doctor says to do, its help, and that of the web's sessions. What is found stands in the faults' texts."""

from gateway.cli.words import Texts

TEXTS: Texts = {
    "doctor": (
        "Undersøk alt som må holde for at porten skal gjøre jobben sin; endrer ingenting.",
        "Undersøk alt som må halde for at porten skal gjere jobben sin; endrar ingenting.",
        "Look at everything that has to hold for the gateway to do its work; changes nothing.",
    ),
    "metrics": (
        "Tall om porten selv for Prometheus, for den som kjører runder med cron; ikke noe om noen.",
        "Tal om porten sjølv for Prometheus, for den som køyrer rundar med cron; ikkje noko om nokon.",
        "Figures of the gateway itself for Prometheus, for who runs rounds by cron; nothing about anybody.",
    ),
    "metrics.out": (
        "Filen de skrives til i ett steg, med navn på .prom; ellers til skjermen.",
        "Fila dei blir skrivne til i eitt steg, med namn på .prom; elles til skjermen.",
        "The file they are put into in one step, with a name in .prom; else to the screen.",
    ),
    "metrics.written": ("Tallene står i {file}.", "Tala står i {file}.", "The figures stand in {file}."),
    "doctor.offline": ("Spør ingen over nettet.", "Spør ingen over nettet.", "Ask nobody over the network."),
    "doctor.quick": (
        "Les ikke hele revisjonsloggen.",
        "Les ikkje heile revisjonsloggen.",
        "Do not read the whole audit log.",
    ),
    "doctor.progress": ("Undersøker", "Undersøkjer", "Looking"),
    "doctor.all_good": ("Alt er i orden.", "Alt er i orden.", "All is well."),
    "doctor.sums": (
        "I orden: {good}. Å se på: {look}. Feil: {fault}. Svarer ikke: {unreachable}. Ikke undersøkt: {not_asked}.",
        "I orden: {good}. Å sjå på: {look}. Feil: {fault}. Svarar ikkje: {unreachable}. Ikkje undersøkt: {not_asked}.",
        "Well: {good}. To look at: {look}. Faults: {fault}. Do not answer: {unreachable}. Not looked at: {not_asked}.",
    ),
    "state.good": ("i orden", "i orden", "well"),
    "state.look": ("se på", "sjå på", "look"),
    "state.fault": ("feil", "feil", "fault"),
    "state.unreachable": ("svarer ikke", "svarar ikkje", "no answer"),
    "state.not_asked": ("ikke undersøkt", "ikkje undersøkt", "not looked at"),
    "unit.n": ("{n}", "{n}", "{n}"),
    "unit.mb": ("{n} MB", "{n} MB", "{n} MB"),
    "unit.hours": ("{n} t", "{n} t", "{n} h"),
    "unit.days": ("{n} dager", "{n} dagar", "{n} days"),
    "unit.seconds": ("{n} s", "{n} s", "{n} s"),
    "head.do": ("Gjør", "Gjer", "Do"),
    "session": ("Økter på nettsidene.", "Økter på nettsidene.", "Sessions of the web."),
    "session list": (
        "Vis hvem som er logget inn på nettsidene.",
        "Vis kven som er logga inn på nettsidene.",
        "Show who is logged in to the web.",
    ),
    "session revoke": (
        "Logg en person ut av nettsidene overalt.",
        "Logg ein person ut av nettsidene overalt.",
        "Log a person out of the web everywhere.",
    ),
    "session.all": ("Alle.", "Alle.", "Everybody."),
    "session.revoked": ("Økter som er avsluttet: {n}", "Økter som er avslutta: {n}", "Sessions ended: {n}"),
    "session.nobody": ("Ingen er logget inn.", "Ingen er logga inn.", "Nobody is logged in."),
    "head.since": ("Siden", "Sidan", "Since"),
    "head.seen": ("Sist i bruk", "Sist i bruk", "Last used"),
    "head.until": ("Til", "Til", "Until"),
    "head.level": ("Nivå", "Nivå", "Level"),
}

DO: Texts = {
    "settings": ("Rett det i gateway.toml.", "Rett det i gateway.toml.", "Mend it in gateway.toml."),
    "plugins": (
        "Installer tillegget på nytt, eller spør den som lagde det.",
        "Installer tillegget på nytt, eller spør den som laga det.",
        "Install the plugin anew, or ask who made it.",
    ),
    "mappings": (
        "Rett filen på stedet som er nevnt; prøv med bti map test.",
        "Rett fila på staden som er nemnd; prøv med bti map test.",
        "Mend the file at the place that is named; try it with bti map test.",
    ),
    "keys": (
        "Legg nøkkelfilen for seg, lesbar bare for programmets bruker.",
        "Legg nøkkelfila for seg, lesbar berre for brukaren til programmet.",
        "Put the key file apart, readable by the program's user alone.",
    ),
    "secrets": (
        "Legg hemmeligheten dit innstillingene sier, med rettighet 0600; be om en ny i tide.",
        "Legg løyndomen dit innstillingane seier, med rett 0600; be om ein ny i tide.",
        "Put the secret where the settings say, with mode 0600; ask for a new one in time.",
    ),
    "permissions": (
        "Ta rettigheten fra andre (chmod go-w, chmod o-rwx), og kjør som en egen bruker.",
        "Ta retten frå andre (chmod go-w, chmod o-rwx), og køyr som ein eigen brukar.",
        "Take the right from others (chmod go-w, chmod o-rwx), and run as a user of its own.",
    ),
    "store": (
        "Se etter at databasen er oppe og at adressen er rett; ta en kopi før neste start.",
        "Sjå etter at databasen er oppe og at adressa er rett; ta ein kopi før neste start.",
        "See that the database is up and its address right; take a copy before the next start.",
    ),
    "audit": (
        "Kjør bti audit verify og bti audit checkpoint; holder den ikke, si fra til personvernombudet.",
        "Køyr bti audit verify og bti audit checkpoint; held han ikkje, sei frå til personvernombodet.",
        "Run bti audit verify and bti audit checkpoint; if it does not hold, tell the privacy officer.",
    ),
    "backup": (
        "Ta en sikkerhetskopi, og la [store] backups si hvor de ligger.",
        "Ta ein tryggingskopi, og la [store] backups seie kvar dei ligg.",
        "Take a backup, and let [store] backups say where they lie.",
    ),
    "disk": ("Rydd, eller gi mer plass.", "Rydd, eller gi meir plass.", "Clear up, or give more room."),
    "clock": (
        "La maskinen følge en tidstjener (timedatectl); går systemet feil, si fra til dem.",
        "La maskina følgje ein tidstenar (timedatectl); går systemet feil, sei frå til dei.",
        "Let the machine follow a time server (timedatectl); if the system is wrong, tell them.",
    ),
    "time_zone": (
        "Oppdater tidssonedata (pakken tzdata).",
        "Oppdater tidssonedata (pakken tzdata).",
        "Bring the time zone data up to date (package tzdata).",
    ),
    "law": (
        "La kommunens jurist lese hjemlene: bti law show.",
        "La juristen til kommunen lese heimlane: bti law show.",
        "Let the municipality's lawyer read the bases: bti law show.",
    ),
    "systems": (
        "Spør den som drifter systemet; det som venter, blir prøvd igjen.",
        "Spør den som driftar systemet; det som ventar, blir prøvd igjen.",
        "Ask who runs the system; what waits is tried again.",
    ),
    "certificates": (
        "Bytt sertifikatet før det går ut, eller be systemets eier om det.",
        "Byt sertifikatet før det går ut, eller be eigaren av systemet om det.",
        "Change the certificate before it ends, or ask the system's owner to.",
    ),
    "lanes": (
        "Se bti status; ligger noe lenge, kjør bti sync og les hva den sier.",
        "Sjå bti status; ligg noko lenge, køyr bti sync og les kva ho seier.",
        "See bti status; if something lies long, run bti sync and read what it says.",
    ),
    "tasks": (
        "Se bti tasks, og si fra til lederne.",
        "Sjå bti tasks, og sei frå til leiarane.",
        "See bti tasks, and tell the leaders.",
    ),
    "notices": (
        "La [notices] si hvordan folk får beskjed, og se at e-posten går ut.",
        "La [notices] seie korleis folk får melding, og sjå at e-posten går ut.",
        "Let [notices] say how people are told, and see that mail gets out.",
    ),
    "web": (
        "Se at mellomtjeneren er oppe, snakker TLS og gir videre Host.",
        "Sjå at mellomtenaren er oppe, snakkar TLS og gir vidare Host.",
        "See that the proxy is up, speaks TLS and hands on Host.",
    ),
    "webhook.secret": (
        "Lag en ny: whsec_ og 24 til 64 tilfeldige byte i base64; gi mottakeren den samme.",
        "Lag ein ny: whsec_ og 24 til 64 tilfeldige byte i base64; gje mottakaren den same.",
        "Make a new one: whsec_ and 24 to 64 random bytes in base64; give the receiver the same.",
    ),
    "check.nobody_logs_in": (
        "Sett login på hver av [people].",
        "Set login på kvar av [people].",
        "Set login for each of [people].",
    ),
    "doctor.issuer_away": (
        "Se etter adressen og allow; spør utstederen.",
        "Sjå etter adressa og allow; spør utferdaren.",
        "See to the address and allow; ask the issuer.",
    ),
    "doctor.issuer_other": (
        "Skriv issuer nøyaktig som utstederen selv.",
        "Skriv issuer nøyaktig som utferdaren sjølv.",
        "Write issuer exactly as the issuer does.",
    ),
    "api.keys_none": (
        "Hent utstederens nøkler på nytt.",
        "Hent nøklane til utferdaren på nytt.",
        "Fetch the issuer's keys anew.",
    ),
    "api.keys_private": (
        "Be utstederen bytte nøkkelen, og hent bare de offentlige.",
        "Be utferdaren byte nøkkelen, og hent berre dei offentlege.",
        "Ask the issuer to change the key, and fetch the public ones alone.",
    ),
    "doctor.store_none": ("Kjør bti sync.", "Køyr bti sync.", "Run bti sync."),
    "doctor.store_older": (
        "Ta en sikkerhetskopi, og start porten.",
        "Ta ein tryggingskopi, og start porten.",
        "Take a backup, and start the gateway.",
    ),
    "doctor.web_trial": (
        'Sett login = "oidc" før ekte bruk.',
        'Set login = "oidc" før verkeleg bruk.',
        'Set login = "oidc" before real use.',
    ),
    "doctor.paused": (
        "En leder eller personvernombudet tar den opp igjen: bti flow resume --all.",
        "Ein leiar eller personvernombodet tek ho opp igjen: bti flow resume --all.",
        "A leader or the privacy officer takes it up again: bti flow resume --all.",
    ),
    "doctor.unsure": (
        "Se bti tasks: en person ser etter i systemet.",
        "Sjå bti tasks: ein person ser etter i systemet.",
        "See bti tasks: a person looks in the system.",
    ),
    "doctor.broke": (
        "Meld fra til dem som lager programmet, med versjonen.",
        "Meld frå til dei som lagar programmet, med versjonen.",
        "Tell those who make the program, with its version.",
    ),
}
"""What to do, by the code where it has a word of its own, else by the check."""
