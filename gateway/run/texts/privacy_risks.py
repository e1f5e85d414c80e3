"""The words of the impact assessment: what is asked, what may go wrong, what stands open."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "privacy.dpia.title": (
        "Vurdering av personvernkonsekvenser: utkast",
        "Vurdering av personvernkonsekvensar: utkast",
        "Data protection impact assessment: a beginning",
    ),
    "privacy.dpia.not_whole": (
        "Dette er en begynnelse. Sannsynlighet, alvor og konklusjon er kommunens egen vurdering.",
        "Dette er ei byrjing. Sannsyn, alvor og konklusjon er kommunen si eiga vurdering.",
        "This is a beginning. Likelihood, severity and conclusion are for the municipality to judge.",
    ),
    "privacy.dpia.why": ("Hvorfor den trengs", "Kvifor ho trengst", "Why it is needed"),
    "privacy.dpia.why.children": (
        "Opplysningene gjelder barn, som er særlig sårbare.",
        "Opplysningane gjeld barn, som er særleg sårbare.",
        "The data is about children, who are vulnerable.",
    ),
    "privacy.dpia.why.secrecy": (
        "De er underlagt taushetsplikt, som her løftes etter lov eller samtykke.",
        "Dei er underlagde teieplikt, som her blir løfta etter lov eller samtykke.",
        "It is under a duty of secrecy, which law or consent lifts here.",
    ),
    "privacy.dpia.why.combined": (
        "Opplysninger fra flere tjenester settes sammen: {services}.",
        "Opplysningar frå fleire tenester blir sette saman: {services}.",
        "Data from several services is combined: {services}.",
    ),
    "privacy.dpia.why.special": (
        "Noe av det er særlige kategorier (helse, barnevern, sosiale forhold).",
        "Noko av det er særlege kategoriar (helse, barnevern, sosiale forhold).",
        "Some of it is of special categories (health, child welfare, social matters).",
    ),
    "privacy.dpia.described": ("Beskrivelse", "Skildring", "Description"),
    "privacy.dpia.counts": (
        "{systems} systemer i {units} enheter. Flyter som sender: {live}, i skygge: {shadow}, på pause: {paused}.",
        "{systems} system i {units} einingar. Flytar som sender: {live}, i skugge: {shadow}, på pause: {paused}.",
        "{systems} systems in {units} units. Flows that send: {live}, in shadow: {shadow}, paused: {paused}.",
    ),
    "privacy.dpia.see_record": (
        "Resten av beskrivelsen er protokollen (bti privacy record).",
        "Resten av skildringa er protokollen (bti privacy record).",
        "The rest of the description is the record of processing (bti privacy record).",
    ),
    "privacy.dpia.flow": (
        "{source} → {target}: {kinds} ({state}).",
        "{source} → {target}: {kinds} ({state}).",
        "{source} → {target}: {kinds} ({state}).",
    ),
    "privacy.dpia.necessity": (
        "Nødvendig og forholdsmessig",
        "Naudsynt og i rett forhold",
        "Necessity and proportionality",
    ),
    "privacy.head.demand": ("Krav", "Krav", "Demand"),
    "privacy.head.gateway": ("Hva gatewayen gjør", "Kva gatewayen gjer", "What the gateway does"),
    "privacy.head.yours": ("Hva kommunen må vurdere", "Kva kommunen må vurdere", "What you must judge"),
    "privacy.need.purpose": ("Bestemt formål (art. 5 b)", "Bestemt føremål (art. 5 b)", "A set purpose (art. 5(b))"),
    "privacy.need.purpose.how": (
        "Hvert system får noe til ett formål, og porten spør etter det.",
        "Kvart system får noko til eitt føremål, og porten spør etter det.",
        "Each system gets records for one purpose, and the gate asks for it.",
    ),
    "privacy.need.purpose.you": (
        "Om formålene dekker det tjenestene gjør.",
        "Om føremåla dekkjer det tenestene gjer.",
        "Whether the purposes cover what the services do.",
    ),
    "privacy.need.minimal": ("Ikke mer enn nødvendig (c)", "Ikkje meir enn naudsynt (c)", "No more than needed (c)"),
    "privacy.need.minimal.how": (
        "Det avgjøres felt for felt. Av dem uten sak blir ingenting igjen.",
        "Det blir avgjort felt for felt. Av dei utan sak blir ingenting att.",
        "It is decided field by field. Of those without a case nothing stays.",
    ),
    "privacy.need.minimal.you": (
        "Om hver flyt trengs: det er det lederen godkjenner.",
        "Om kvar flyt trengst: det er det leiaren godkjenner.",
        "Whether each flow is needed: that is what the leader approves.",
    ),
    "privacy.need.correct": ("Riktig (d)", "Rett (d)", "Accurate (d)"),
    "privacy.need.correct.how": (
        "To ulike svar overskriver aldri hverandre usett; en person velger.",
        "To ulike svar skriv aldri over kvarandre usett; ein person vel.",
        "Two values never overwrite each other unseen; a person chooses.",
    ),
    "privacy.need.correct.you": (
        "Hvem som eier hvilke opplysninger (owns).",
        "Kven som eig kva opplysningar (owns).",
        "Who owns which data (owns).",
    ),
    "privacy.need.time": ("Ikke lenger enn nødvendig (e)", "Ikkje lenger enn naudsynt (e)", "Not too long (e)"),
    "privacy.need.time.how": (
        "En sak slettes med nøkkelen sin, også i sikkerhetskopier.",
        "Ei sak blir sletta med nøkkelen sin, også i tryggingskopiar.",
        "A case is erased with its key, in backups too.",
    ),
    "privacy.need.time.you": (
        "Frist for sletting, og hvem som gjør det.",
        "Frist for sletting, og kven som gjer det.",
        "The limit for erasure, and who does it.",
    ),
    "privacy.need.informed": ("Informasjon (art. 13, 14)", "Informasjon (art. 13, 14)", "Information (arts 13, 14)"),
    "privacy.need.informed.how": (
        "Et ark til familien (bti privacy family). Hvert nei har en setning familien kan lese.",
        "Eit ark til familien (bti privacy family). Kvart nei har ei setning familien kan lese.",
        "A sheet for families (bti privacy family). Each no has a sentence that a family can read.",
    ),
    "privacy.need.informed.you": (
        "At arket blir gitt, og at barnet får høre det på sin måte.",
        "At arket blir gjeve, og at barnet får høyre det på sin måte.",
        "That it is given, and told to the child in its own way.",
    ),
    "privacy.need.access": ("Innsyn, retting (art. 15, 16)", "Innsyn, retting (art. 15, 16)", "Access (arts 15, 16)"),
    "privacy.need.access.how": (
        "bti access svarer hvem som fikk hva, når og hvorfor.",
        "bti access svarar kven som fekk kva, når og kvifor.",
        "bti access answers who got what, when and why.",
    ),
    "privacy.need.access.you": (
        "Hvem som svarer, og retting i systemet der det ble skrevet.",
        "Kven som svarar, og retting i systemet der det blei skrive.",
        "Who answers, and correction where it was written.",
    ),
    "privacy.need.objection": ("Å si nei (art. 7, 21)", "Å seie nei (art. 7, 21)", "To say no (arts 7, 21)"),
    "privacy.need.objection.how": (
        "Et nei stanser det som ikke er sendt, og ber om å få tilbake resten.",
        "Eit nei stansar det som ikkje er sendt, og bed om å få att resten.",
        "A no stops what has not been sent, and asks the rest back.",
    ),
    "privacy.need.objection.you": (
        "At det er like lett å si nei som ja, og at hjelpen ikke avhenger av svaret.",
        "At det er like lett å seie nei som ja, og at hjelpa ikkje kviler på svaret.",
        "That no is as easy as yes, and that help does not hang on it.",
    ),
    "privacy.need.processor": ("Databehandlere (art. 28)", "Databehandlarar (art. 28)", "Processors (art. 28)"),
    "privacy.need.processor.how": (
        "Gatewayen kan kjøre hos kommunen; den sender ingenting til prosjektet.",
        "Gatewayen kan køyre hos kommunen; han sender ingenting til prosjektet.",
        "The gateway can run at your own site; it sends the project nothing.",
    ),
    "privacy.need.processor.you": (
        "Avtaler med dem som drifter og med hver leverandør.",
        "Avtalar med dei som driftar og med kvar leverandør.",
        "Agreements with whoever operates it, and each vendor.",
    ),
    "privacy.dpia.risks": ("Hva som kan gå galt", "Kva som kan gå gale", "What may go wrong"),
    "privacy.dpia.risks_about": (
        "For barnet og familien, ikke for kommunen. Legg til det dere ser selv.",
        "For barnet og familien, ikkje for kommunen. Legg til det de ser sjølve.",
        "For the child and the family, not for the municipality. Add what you see yourselves.",
    ),
    "privacy.head.risk": ("Hendelse", "Hending", "Event"),
    "privacy.head.lowers": ("Hva som senker den", "Kva som senkar ho", "What lowers it"),
    "privacy.head.likely": ("Sannsynlig", "Sannsynleg", "Likelihood"),
    "privacy.head.severe": ("Alvor", "Alvor", "Severity"),
    "privacy.risk.wrong_receiver": (
        "En tjeneste får noe den ikke skal ha.",
        "Ei teneste får noko ho ikkje skal ha.",
        "A service gets what it should not.",
    ),
    "privacy.risk.wrong_receiver.how": (
        "Porten avgjør ved hver sending. Skyggeperiode først. Det som er sendt, kan bes tilbake.",
        "Porten avgjer ved kvar sending. Skuggeperiode først. Det som er sendt, kan bli bede om att.",
        "The gate decides at each sending. A shadow period first. What was sent can be asked back.",
    ),
    "privacy.risk.wrong_person": (
        "Opplysninger havner på feil barn.",
        "Opplysningar hamnar på feil barn.",
        "Data ends up on the wrong child.",
    ),
    "privacy.risk.wrong_person.how": (
        "Ved tvil kobles ingenting; en person avgjør.",
        "Ved tvil blir ingenting kopla; ein person avgjer.",
        "In doubt nothing is joined; a person decides.",
    ),
    "privacy.risk.address": (
        "Et skjult bosted, en skole eller et navn røpes.",
        "Ein gøymd bustad, ein skule eller eit namn blir røpt.",
        "A hidden home, school or name is given away.",
    ),
    "privacy.risk.address.how": (
        "Gradering hos én i saken stanser alt for alle. Steder strykes. Svaret er det samme som ved ingenting.",
        "Gradering hos éin i saka stansar alt for alle. Stader blir strokne. Svaret er det same som ved ingenting.",
        "Protection of one in the case stops all. Places are left out. The answer is as if there were nothing.",
    ),
    "privacy.risk.old_consent": (
        "Det deles etter et samtykke som er trukket eller gått ut.",
        "Det blir delt etter eit samtykke som er trekt eller gått ut.",
        "Something is shared on a consent that was withdrawn or has ended.",
    ),
    "privacy.risk.old_consent.how": (
        "Samtykket spørres når det sendes. Et nei ligger i hvelvet og kommer ikke bort ved gjenoppretting.",
        "Samtykket blir spurt når det blir sendt. Eit nei ligg i kvelven og kjem ikkje bort ved gjenoppretting.",
        "The consent is asked at sending. A no lies in the vault and does not go away by a restore.",
    ),
    "privacy.risk.too_much": (
        "Fri tekst sier mer enn den skulle.",
        "Fri tekst seier meir enn ho skulle.",
        "Free text says more than it should.",
    ),
    "privacy.risk.too_much.how": (
        "Fri tekst er et eget slag felt og holdes igjen der noen er vernet. Opplæring av dem som skriver.",
        "Fri tekst er eit eige slag felt og blir halde att der nokon er verna. Opplæring av dei som skriv.",
        "Free text is a kind of field of its own, held where anybody is protected. Training of those who write.",
    ),
    "privacy.risk.parents": (
        "En forelder får se det barnet har rett til å holde for seg.",
        "Ein forelder får sjå det barnet har rett til å halde for seg.",
        "A parent sees what the child may keep from them.",
    ),
    "privacy.risk.parents.how": (
        "Felt som er unntatt foreldre, går aldri i deres innsyn. Uten foreldreansvar intet innsyn.",
        "Felt som er unnatekne foreldre, går aldri i innsynet deira. Utan foreldreansvar ikkje noko innsyn.",
        "What is withheld from parents is never in their view. Without responsibility there is none.",
    ),
    "privacy.risk.lost": (
        "En bekymring eller en melding kommer bort.",
        "Ei uro eller ei melding kjem bort.",
        "A concern or a report is lost.",
    ),
    "privacy.risk.lost.how": (
        "Lagres før kilden får kvittering. Frister og oppgaver. Daglig avstemming med systemene.",
        "Blir lagra før kjelda får kvittering. Fristar og oppgåver. Dagleg avstemming med systema.",
        "Saved before the source is told. Deadlines and tasks. Daily reconciliation with the systems.",
    ),
    "privacy.risk.insider": (
        "En ansatt ser det vedkommende ikke trenger.",
        "Ein tilsett ser det vedkomande ikkje treng.",
        "An employee looks at what they do not need.",
    ),
    "privacy.risk.insider.how": (
        "Bare den som har med saken å gjøre. Hvert innsyn skrives ned og kan vises familien.",
        "Berre den som har med saka å gjere. Kvart innsyn blir skrive ned og kan visast familien.",
        "Only who has to do with the case. Every look is written down and can be shown to the family.",
    ),
    "privacy.risk.broken_in": (
        "Noen bryter seg inn i maskinen eller stjeler en kopi.",
        "Nokon bryt seg inn i maskina eller stel ein kopi.",
        "Somebody breaks into the machine or steals a copy.",
    ),
    "privacy.risk.broken_in.how": (
        "Kryptert innhold, nøkkel for seg. bti disclosures viser hva som gikk ut i tiden bruddet varte.",
        "Kryptert innhald, nøkkel for seg. bti disclosures viser kva som gjekk ut i tida brotet varte.",
        "Encrypted content, the key apart. bti disclosures shows what went out while the breach lasted.",
    ),
    "privacy.risk.mention": (
        "Det at barnevernet er inne, røpes.",
        "Det at barnevernet er inne, blir røpt.",
        "It shows that child welfare is involved.",
    ),
    "privacy.risk.mention.how": (
        "En melding til barnevernet går dit og ingen andre steder. Skjult og fraværende er likt.",
        "Ei melding til barnevernet går dit og ingen andre stader. Gøymt og fråverande er likt.",
        "A report goes there and nowhere else. Hidden and absent look the same.",
    ),
    "privacy.risk.dependence": (
        "Folk slutter å snakke sammen fordi «systemet deler».",
        "Folk sluttar å snakke saman fordi «systemet deler».",
        "People stop talking because “the system shares”.",
    ),
    "privacy.risk.dependence.how": (
        "En navngitt person har alltid stafettpinnen. Det som blir holdt igjen, blir en oppgave.",
        "Ein namngjeven person har alltid stafettpinnen. Det som blir halde att, blir ei oppgåve.",
        "A named person always holds the baton. What is held becomes a task.",
    ),
    "privacy.risk.law": (
        "Loven endres og regelen følger ikke med.",
        "Lova blir endra og regelen følgjer ikkje med.",
        "The law changes and a rule does not follow.",
    ),
    "privacy.risk.law.how": (
        "Hvert rettsgrunnlag har datoer og må leses på nytt hvert år; ellers bærer det ingenting.",
        "Kvart rettsgrunnlag har datoar og må lesast på nytt kvart år; elles ber det ingenting.",
        "Each basis has dates and must be read anew each year; else it carries nothing.",
    ),
    "privacy.dpia.heard": ("Hvem som er hørt", "Kven som er høyrde", "Who was heard"),
    "privacy.heard.officer": (
        "Personvernombudets råd (art. 35 nr. 2): {blank}",
        "Rådet frå personvernombodet (art. 35 nr. 2): {blank}",
        "The data-protection officer's advice (art. 35(2)): {blank}",
    ),
    "privacy.heard.families": (
        "Hva barn, unge og foreldre sier (art. 35 nr. 9): {blank}",
        "Kva barn, unge og foreldre seier (art. 35 nr. 9): {blank}",
        "What children, young people and parents say (art. 35(9)): {blank}",
    ),
    "privacy.heard.staff": (
        "Hva de som skal bruke det, sier: {blank}",
        "Kva dei som skal bruke det, seier: {blank}",
        "What those who will use it say: {blank}",
    ),
    "privacy.dpia.end": ("Konklusjon", "Konklusjon", "Conclusion"),
    "privacy.end.accept": (
        "Er risikoen som er igjen, til å leve med? {blank}",
        "Er risikoen som er att, til å leve med? {blank}",
        "Can the risk that remains be lived with? {blank}",
    ),
    "privacy.end.consult": (
        "Må Datatilsynet spørres først (art. 36)? {blank}",
        "Må Datatilsynet spørjast først (art. 36)? {blank}",
        "Must the supervisory authority be asked first (art. 36)? {blank}",
    ),
    "privacy.end.decided": ("Bestemt av, dato: {blank}", "Bestemt av, dato: {blank}", "Decided by, date: {blank}"),
    "privacy.end.again": (
        "Ny vurdering når innstillingene endres, og senest: {blank}",
        "Ny vurdering når innstillingane blir endra, og seinast: {blank}",
        "Assess anew when the settings change, and no later than: {blank}",
    ),
}  # fmt: skip
