"""The security measures as the record of processing tells them, from the settings."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "privacy.measure.bodies": (
        "Innhold er kryptert med en nøkkel for hver sak (AES-256-GCM). Fødselsnummer lagres bare som nøklet kode.",
        "Innhald er kryptert med ein nøkkel for kvar sak (AES-256-GCM). Fødselsnummer blir lagra berre som nøkla kode.",
        "Content is encrypted with a key for each case (AES-256-GCM). National numbers are kept as keyed codes only.",
    ),
    "privacy.measure.apart": (
        "Nøkkelen, hvelvet og databasen ligger hver for seg.",
        "Nøkkelen, kvelven og databasen ligg kvar for seg.",
        "The key, the vault and the database lie apart.",
    ),
    "privacy.measure.beside": (
        "Nøkkelen eller hvelvet ligger sammen med databasen: flytt det (bti check).",
        "Nøkkelen eller kvelven ligg saman med databasen: flytt det (bti check).",
        "The key or the vault lies beside the database: move it (bti check).",
    ),
    "privacy.measure.gate": (
        "Ingenting sendes uten at porten har avgjort det der og da. Det den ikke vet, sier den nei til.",
        "Ingenting blir sendt utan at porten har avgjort det der og då. Det han ikkje veit, seier han nei til.",
        "Nothing is sent unless the gate decided so at that moment. To what it does not know it says no.",
    ),
    "privacy.measure.shadow": (
        "En ny flyt sender ingenting før en leder i tjenesten som gir, har godkjent den.",
        "Ein ny flyt sender ingenting før ein leiar i tenesta som gjev, har godkjent han.",
        "A new flow sends nothing until a leader of the giving service has approved it.",
    ),
    "privacy.measure.protection": (
        "Gradert adresse stanser alt som ikke en person med fullmakt har sett på. Svaret røper ikke hvorfor.",
        "Gradert adresse stansar alt som ikkje ein person med fullmakt har sett på. Svaret røper ikkje kvifor.",
        "A protected address stops all that no authorised person has looked at. The answer does not tell why.",
    ),
    "privacy.measure.audit": (
        "Alt som er hentet, sendt, holdt igjen og avgjort står i en logg som ikke kan endres usett (bti audit verify).",
        "Alt som er henta, sendt, halde att og avgjort står i ein logg som ikkje kan endrast usett (bti audit verify).",
        "What was fetched, sent, withheld and decided is in a log that cannot be changed unseen (bti audit verify).",
    ),
    "privacy.measure.looks": (
        "Hvert innsyn i en sak skrives ned, og de uvanlige vises personvernombudet.",
        "Kvart innsyn i ei sak blir skrive ned, og dei uvanlege blir viste personvernombodet.",
        "Every look at a case is written down, and the unusual ones are shown the privacy officer.",
    ),
    "privacy.measure.egress": (
        "Et system kan bare nås på adressene som står i innstillingene.",
        "Eit system kan berre bli nådd på adressene som står i innstillingane.",
        "A system can be reached only at the addresses in the settings.",
    ),
    "privacy.measure.login_oidc": (
        "Folk logger inn hos {issuer} ({level}). Etter {idle} minutter uten bruk og etter {hours} timer er de ute.",
        "Folk loggar inn hos {issuer} ({level}). Etter {idle} minutt utan bruk og etter {hours} timar er dei ute.",
        "People log in at {issuer} ({level}). After {idle} minutes of rest and after {hours} hours they are out.",
    ),
    "privacy.measure.login_local": (
        "Sidene står i prøvemodus: alle på maskinen kommer inn som hvem som helst. Ikke for ekte barn.",
        "Sidene står i prøvemodus: alle på maskina kjem inn som kven som helst. Ikkje for ekte barn.",
        "The pages are in trial mode: anyone on the machine gets in as anybody. Not for real children.",
    ),
    "privacy.measure.login_none": (
        "Ingen sider er satt opp. Kommandoene styres av tilgangen til maskinen.",
        "Ingen sider er sette opp. Kommandoane blir styrte av tilgangen til maskina.",
        "No pages are set up. The commands are ruled by access to the machine.",
    ),
    "privacy.measure.system": (
        "{system}: {how}{tls}.",
        "{system}: {how}{tls}.",
        "{system}: {how}{tls}.",
    ),
    "privacy.how.maskinporten": ("Maskinporten", "Maskinporten", "Maskinporten"),
    "privacy.how.helseid": ("HelseID", "HelseID", "HelseID"),
    "privacy.how.client_credentials": ("OAuth 2", "OAuth 2", "OAuth 2"),
    "privacy.how.basic": ("brukernavn og passord", "brukarnamn og passord", "user and password"),
    "privacy.how.bearer": ("utlevert nøkkel", "utlevert nøkkel", "a token handed out"),
    "privacy.how.secret": (
        "hemmelighet utenfor innstillingene",
        "løyndom utanfor innstillingane",
        "a secret kept apart",
    ),
    "privacy.how.none": ("ingen innlogging", "ingen innlogging", "no login"),
    "privacy.how.tls": (", eget sertifikat", ", eige sertifikat", ", a certificate of our own"),
    "privacy.how.plain": (", UKRYPTERT", ", UKRYPTERT", ", UNENCRYPTED"),
    "privacy.measure.rules": (
        "Egne regler som bare kan stramme inn: {rules}.",
        "Eigne reglar som berre kan stramme inn: {rules}.",
        "Rules of its own, which can only narrow: {rules}.",
    ),
}
