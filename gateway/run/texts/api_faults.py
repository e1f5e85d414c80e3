"""What the codes of the API mean."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "api.token": (
        "Kallet har ikke et token som gjelder her.",
        "Kallet har ikkje eit token som gjeld her.",
        "The call has no token that is good here.",
    ),
    "api.away": (
        "Nøklene til den som utsteder token, kan ikke hentes. Prøv igjen om litt.",
        "Nøklane til den som skriv ut token, kan ikkje hentast. Prøv igjen om litt.",
        "The keys of whoever issues tokens cannot be had. Try again in a while.",
    ),
    "api.rights": (
        "Tokenet gir ikke rett til dette.",
        "Tokenet gir ikkje rett til dette.",
        "The token gives no right to this.",
    ),
    "api.person": (
        "Dette avgjør et menneske. Et program må kalle i navnet til en som står i [people].",
        "Dette avgjer eit menneske. Eit program må kalle i namnet til ein som står i [people].",
        "This is for a person to decide. A program must call in the name of somebody in [people].",
    ),
    "api.absent": (
        "Det er ikke noe her, eller den som kaller, har ikke noe med det å gjøre.",
        "Det er ikkje noko her, eller den som kallar, har ikkje noko med det å gjere.",
        "There is nothing here, or it is none of the caller's business.",
    ),
    "api.method": (
        "Adressen tar ikke imot denne metoden.",
        "Adressa tek ikkje imot denne metoden.",
        "The address does not take this method.",
    ),
    "api.often": (
        "Programmet kaller for ofte. Vent litt og prøv igjen.",
        "Programmet kallar for ofte. Vent litt og prøv igjen.",
        "The program calls too often. Wait a little and try again.",
    ),
    "api.large": (
        "Det som ble sendt, er for stort.",
        "Det som vart sendt, er for stort.",
        "What was sent is too large.",
    ),
    "api.type": (
        "Det som sendes, må være application/json.",
        "Det som blir sendt, må vere application/json.",
        "What is sent must be application/json.",
    ),
    "api.query": (
        "En parameter i adressen er ukjent, gjentatt eller feil.",
        "Ein parameter i adressa er ukjend, gjenteken eller feil.",
        "A parameter of the address is unknown, given twice or wrong.",
    ),
    "api.body": (
        "Det som ble sendt, har ikke den formen som er beskrevet.",
        "Det som vart sendt, har ikkje den forma som er skildra.",
        "What was sent has not the form that is described.",
    ),
    "api.scenario": (
        "Scenarioet er feil. Alle feilene står i errors.",
        "Scenarioet er feil. Alle feila står i errors.",
        "The scenario is wrong. All that is wrong stands in errors.",
    ),
    "api.answer": (
        "Oppgaven kan ikke besvares slik.",
        "Oppgåva kan ikkje svarast på slik.",
        "The task cannot be answered so.",
    ),
    "api.match_missing": (
        "Si hva du så: send If-Match med ETag-en du fikk.",
        "Sei kva du såg: send If-Match med ETag-en du fekk.",
        "Say what you saw: send If-Match with the ETag that you got.",
    ),
    "api.changed": (
        "Det du så, er endret siden. Hent det på nytt.",
        "Det du såg, er endra sidan. Hent det på nytt.",
        "What you saw has changed since. Get it again.",
    ),
    "api.number": (
        "Dette er ikke et gyldig nummer.",
        "Dette er ikkje eit gyldig nummer.",
        "This is not a valid number.",
    ),
    "api.keys_none": (
        "Utstederens nøkler kan ikke leses, eller ingen av dem kan bekrefte noe.",
        "Nøklane til utferdaren kan ikkje lesast, eller ingen av dei kan stadfeste noko.",
        "The issuer's keys cannot be read, or none of them can verify anything.",
    ),
    "api.keys_private": (
        "Blant de offentlige nøklene ligger en privat: den som leser den, kan utstede tegn. Bytt den.",
        "Mellom dei offentlege nøklane ligg ein privat: den som les han, kan utferde teikn. Byt han.",
        "Among the public keys lies a private one: whoever reads it can issue tokens. Change it.",
    ),
    "webhook.secret": (
        "Hemmeligheten til webhooken skal være whsec_ og 24 til 64 byte i base64.",
        "Løyndomen til webhooken skal vere whsec_ og 24 til 64 byte i base64.",
        "A webhook's secret is whsec_ and 24 to 64 bytes in base64.",
    ),
    "settings.api_actor": (
        "Et program handler enten i eget navn (role) eller i andres (people).",
        "Eit program handlar anten i eige namn (role) eller i namnet til andre (people).",
        "A program acts either in its own name (role) or in others' (people).",
    ),
    "settings.api_twice": (
        "To programmer har samme client_id.",
        "To program har same client_id.",
        "Two programs have the same client_id.",
    ),
    "settings.consumer": (
        "Et organisasjonsnummer har ni siffer.",
        "Eit organisasjonsnummer har ni siffer.",
        "An organisation number has nine digits.",
    ),
}
