"""The texts of faults with how a system is reached: tokens, keys, certificates, proxies, SOAP."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "settings.auth_unused": (
        "Nøkkelen betyr ingenting for denne måten å slippe inn på.",
        "Nøkkelen tyder ingenting for denne måten å sleppa inn på.",
        "The key means nothing for this kind.",
    ),
    "settings.auth_plain": (
        "Adressen må være kryptert (https) når tilgang skal vises fram der.",
        "Adressa må vera kryptert (https) når tilgang skal visast fram der.",
        "The address must be encrypted (https) where credentials are shown.",
    ),
    "settings.auth_issuer": (
        "Maskinportens navn på seg selv slutter med en skråstrek.",
        "Namnet som Maskinporten har på seg sjølv, sluttar med ein skråstrek.",
        "Maskinporten's name for itself ends with a slash.",
    ),
    "settings.organisation": (
        "Et organisasjonsnummer har ni sifre.",
        "Eit organisasjonsnummer har ni siffer.",
        "An organisation number has nine digits.",
    ),
    "settings.tls_plain": (
        "Et sertifikat kan bare vises over https.",
        "Eit sertifikat kan berre visast over https.",
        "A certificate can only be shown over https.",
    ),
    "http.proxy": (
        "Mellomtjeneren (proxy) slapp oss ikke fram.",
        "Mellomtenaren (proxy) sleppte oss ikkje fram.",
        "The proxy did not let us through.",
    ),
    "http.proxy_auth": (
        "Mellomtjeneren (proxy) vil ha brukernavn og passord, eller tar ikke imot dem som står i secrets.proxy.",
        "Mellomtenaren (proxy) vil ha brukarnamn og passord, eller tek ikkje imot dei som står i secrets.proxy.",
        "The proxy wants a user and password, or does not take those in secrets.proxy.",
    ),
    "http.proxy_refused": (
        "Mellomtjeneren (proxy) tillater ikke adressen; be den som drifter den om å åpne for den.",
        "Mellomtenaren (proxy) tillèt ikkje adressa; be den som driftar han om å opna for ho.",
        "The proxy does not permit the address; ask those who run it to open for it.",
    ),
    "http.proxy_url": (
        "Adressen til mellomtjeneren (proxy) er ikke av rett form.",
        "Adressa til mellomtenaren (proxy) er ikkje av rett form.",
        "The proxy's address is not of the right form.",
    ),
    "tls.certificate": (
        "Klientsertifikatet kan ikke leses, eller nøkkelen hører ikke til det.",
        "Klientsertifikatet kan ikkje lesast, eller nøkkelen høyrer ikkje til det.",
        "The client certificate cannot be read, or the key is not its own.",
    ),
    "tls.expired": (
        "Klientsertifikatet gjelder ikke i dag.",
        "Klientsertifikatet gjeld ikkje i dag.",
        "The client certificate is not valid today.",
    ),
    "auth.unreachable": (
        "Utstederen av tilgang kan ikke nås.",
        "Utferdaren av tilgang kan ikkje nåast.",
        "The issuer of tokens cannot be reached.",
    ),
    "auth.endpoint": (
        "Adressen der en ber om tilgang, er feil: token_url eller issuer.",
        "Adressa der ein bed om tilgang, er feil: token_url eller issuer.",
        "The address where tokens are asked for is wrong: token_url or issuer.",
    ),
    "auth.answer": (
        "Utstederen svarte med noe annet enn et tilgangsbevis.",
        "Utferdaren svara med noko anna enn eit tilgangsbevis.",
        "The issuer answered with something else than a token.",
    ),
    "auth.token_type": (
        "Utstederen ga et annet slags tilgangsbevis enn det vi ba om (dpop).",
        "Utferdaren gav eit anna slag tilgangsbevis enn det vi bad om (dpop).",
        "The issuer gave another kind of token than we asked for (dpop).",
    ),
    "auth.scope": (
        "Utstederen ga ikke alle tilgangene (scope) som trengs.",
        "Utferdaren gav ikkje alle tilgangane (scope) som trengst.",
        "The issuer did not give every scope that is needed.",
    ),
    "auth.clock": (
        "Utstederen sa nei, og klokken her går annerledes enn der. Still klokken (NTP).",
        "Utferdaren sa nei, og klokka her går annleis enn der. Still klokka (NTP).",
        "The issuer refused, and the clock here differs from theirs. Set the clock (NTP).",
    ),
    "auth.refused": (
        "Utstederen sa nei uten å si hvorfor.",
        "Utferdaren sa nei utan å seia kvifor.",
        "The issuer refused without saying why.",
    ),
    "auth.invalid_client": (
        "Utstederen kjenner oss ikke igjen: client_id, nøkkelen, kid eller hemmeligheten er feil.",
        "Utferdaren kjenner oss ikkje att: client_id, nøkkelen, kid eller løyndomen er feil.",
        "The issuer does not recognise us: client_id, the key, kid or the secret is wrong.",
    ),
    "auth.invalid_grant": (
        "Utstederen tar ikke imot signaturen: client_id, issuer, kid, nøkkel eller sertifikat er feil eller utløpt.",
        "Utferdaren tek ikkje imot signaturen: client_id, issuer, kid, nøkkel eller sertifikat er feil eller utgått.",
        "The issuer does not take the signature: client_id, issuer, kid, key or certificate is wrong or has expired.",
    ),
    "auth.invalid_request": (
        "Utstederen skjønner ikke forespørselen; se etter feil i auth.",
        "Utferdaren skjønar ikkje førespurnaden; sjå etter feil i auth.",
        "The issuer does not understand the request; look for a fault in auth.",
    ),
    "auth.invalid_scope": (
        "Tilgangen (scope) finnes ikke, eller er ikke gitt til oss.",
        "Tilgangen (scope) finst ikkje, eller er ikkje gjeven til oss.",
        "The scope does not exist, or was not given to us.",
    ),
    "auth.invalid_target": (
        "Utstederen kjenner ikke tjenesten i resource.",
        "Utferdaren kjenner ikkje tenesta i resource.",
        "The issuer does not know the API in resource.",
    ),
    "auth.unauthorized_client": (
        "Klienten har ikke lov til å be om tilgang på denne måten.",
        "Klienten har ikkje lov til å be om tilgang på denne måten.",
        "The client may not ask for tokens in this way.",
    ),
    "auth.unsupported_grant_type": (
        "Utstederen gir ikke tilgang på denne måten; se kind og token_url.",
        "Utferdaren gjev ikkje tilgang på denne måten; sjå kind og token_url.",
        "The issuer does not give tokens in this way; see kind and token_url.",
    ),
    "auth.invalid_dpop_proof": (
        "Utstederen tar ikke imot beviset på at vi har nøkkelen (DPoP).",
        "Utferdaren tek ikkje imot provet på at vi har nøkkelen (DPoP).",
        "The issuer does not take the proof that we have the key (DPoP).",
    ),
    "auth.invalid_authorization_details": (
        "Utstederen tar ikke imot authorization_details.",
        "Utferdaren tek ikkje imot authorization_details.",
        "The issuer does not take authorization_details.",
    ),
    "auth.access_denied": (
        "Utstederen gir oss ikke tilgang; er avtalen eller delegeringen på plass?",
        "Utferdaren gjev oss ikkje tilgang; er avtalen eller delegeringa på plass?",
        "The issuer denies us access; is the agreement or the delegation in place?",
    ),
    "auth.key": (
        "Den private nøkkelen kan ikke brukes: den må være RSA eller EC, i PEM eller JWK, uten passord.",
        "Den private nøkkelen kan ikkje brukast: han må vera RSA eller EC, i PEM eller JWK, utan passord.",
        "The private key cannot be used: it must be RSA or EC, in PEM or JWK, without a password.",
    ),
    "auth.key_weak": (
        "Den private nøkkelen er for kort: RSA trenger minst 2048 biter.",
        "Den private nøkkelen er for kort: RSA treng minst 2048 bitar.",
        "The private key is too short: RSA needs at least 2048 bits.",
    ),
    "auth.key_kind": (
        "Nøkkelen kan ikke signere med den algoritmen.",
        "Nøkkelen kan ikkje signera med den algoritmen.",
        "The key cannot sign by that algorithm.",
    ),
    "auth.certificate": (
        "Sertifikatet kan ikke leses, eller nøkkelen hører ikke til det.",
        "Sertifikatet kan ikkje lesast, eller nøkkelen høyrer ikkje til det.",
        "The certificate cannot be read, or the key is not its own.",
    ),
    "auth.certificate_expired": (
        "Sertifikatet gjelder ikke i dag.",
        "Sertifikatet gjeld ikkje i dag.",
        "The certificate is not valid today.",
    ),
    "auth.user": (
        "Brukernavnet kan ikke ha kolon i seg.",
        "Brukarnamnet kan ikkje ha kolon i seg.",
        "The user cannot have a colon in it.",
    ),
    "soap.fault": (
        "Tjenesten sa nei (SOAP-feil).",
        "Tenesta sa nei (SOAP-feil).",
        "The service said no (a SOAP fault).",
    ),
    "soap.server": (
        "Tjenesten har en feil hos seg selv (SOAP-feil); det prøves igjen.",
        "Tenesta har ein feil hos seg sjølv (SOAP-feil); det vert prøvd att.",
        "The service has a fault of its own (a SOAP fault); it is tried again.",
    ),
    "soap.answer": (
        "Tjenesten svarte med noe annet enn beskrivelsen (WSDL) sier.",
        "Tenesta svara med noko anna enn skildringa (WSDL) seier.",
        "The service answered with something else than its description (WSDL) says.",
    ),
    "soap.request": (
        "Det som skulle sendes, passer ikke til tjenestens beskrivelse (WSDL).",
        "Det som skulle sendast, passar ikkje til skildringa (WSDL) av tenesta.",
        "What was to be sent does not fit the service's description (WSDL).",
    ),
    "soap.description": (
        "Tjenestens beskrivelse (WSDL) kan ikke brukes, eller viser til noe som ikke følger med.",
        "Skildringa (WSDL) av tenesta kan ikkje brukast, eller viser til noko som ikkje følgjer med.",
        "The service's description (WSDL) cannot be used, or refers to what does not come with it.",
    ),
    "http.rate": (
        "Systemet tar ikke imot flere forespørsler nå; det prøves igjen.",
        "Systemet tek ikkje imot fleire førespurnader no; det vert prøvd att.",
        "The system takes no more requests now; it is tried again.",
    ),
    "http.resting": (
        "Systemet har feilet flere ganger på rad og får være i fred en stund; det prøves igjen.",
        "Systemet har feila fleire gonger på rad og får vera i fred ei stund; det vert prøvd att.",
        "The system has failed several times in a row and is left alone for a while; it is tried again.",
    ),
    "vendor.paging_endless": (
        "Systemet svarer med flere sider enn det kan ha.",
        "Systemet svarar med fleire sider enn det kan ha.",
        "The system answers with more pages than it can have.",
    ),
}
