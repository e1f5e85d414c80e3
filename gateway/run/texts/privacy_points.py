"""What stands open in the settings, in words, by the code of the point."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "privacy.points": ("Åpne punkter i dag", "Opne punkt i dag", "Open points today"),
    "privacy.points_about": (
        "Lest av innstillingene. Lukk hvert punkt med en endring der, eller ved å skrive hvorfor det er greit.",
        "Lese av innstillingane. Lukk kvart punkt med ei endring der, eller ved å skrive kvifor det er greitt.",
        "Read from the settings. Close each by a change there, or by writing why it is all right.",
    ),
    "privacy.head.where": ("Hvor", "Kvar", "Where"),
    "privacy.head.open": ("Åpent", "Ope", "Open"),
    "privacy.point.rules_missing": (
        "Regler som kommunen krever, mangler. Ingenting sendes uten plikt.",
        "Reglar som kommunen krev, manglar. Ingenting blir sendt utan plikt.",
        "Rules that the municipality requires are missing. Nothing is sent but by duty.",
    ),
    "privacy.point.trial_login": (
        "Sidene står i prøvemodus. Det må endres før ekte barn kommer inn.",
        "Sidene står i prøvemodus. Det må endrast før ekte barn kjem inn.",
        "The pages are in trial mode. Change it before real children come in.",
    ),
    "privacy.point.synthetic": (
        "Bare oppdiktede personer slipper inn ennå.",
        "Berre oppdikta personar slepp inn enno.",
        "Only invented people are let in so far.",
    ),
    "privacy.point.key_beside": (
        "Nøkkelen eller hvelvet ligger i databasens mappe og følger med i samme kopi.",
        "Nøkkelen eller kvelven ligg i mappa til databasen og følgjer med i same kopi.",
        "The key or the vault lies in the database's folder, and goes into the same copy.",
    ),
    "privacy.point.one_guardian": (
        "Én forelders ja er nok til å åpne en logg. Det er kommunens valg; skriv hvorfor.",
        "Ja frå éin forelder er nok til å opne ein logg. Det er kommunen sitt val; skriv kvifor.",
        "One guardian's yes opens a log. That is the municipality's choice; write why.",
    ),
    "privacy.point.live": ("Denne flyten sender.", "Denne flyten sender.", "This flow sends."),
    "privacy.point.shadow": (
        "Så mange flyter står i skygge og sender ikke.",
        "Så mange flytar står i skugge og sender ikkje.",
        "So many flows are in shadow and send nothing.",
    ),
    "privacy.point.basis_unverified": (
        "Ingen har lest loven bak. Det som hviler på den, venter.",
        "Ingen har lese lova bak. Det som kviler på ho, ventar.",
        "Nobody has read the law behind it. What stands on it waits.",
    ),
    "privacy.point.basis_overdue": (
        "Loven bak ble lest for over et år siden. Det som hviler på den, venter.",
        "Lova bak blei lesen for over eit år sidan. Det som kviler på ho, ventar.",
        "The law behind it was read more than a year ago. What stands on it waits.",
    ),
    "privacy.point.basis_not_by_us": (
        "Bare prosjektet har lest loven bak. Kommunens jurist bør lese den og skrive det i [law.verified].",
        "Berre prosjektet har lese lova bak. Juristen i kommunen bør lese ho og skrive det i [law.verified].",
        "Only the project has read the law behind it. Let your lawyer read it and say so in [law.verified].",
    ),
    "privacy.point.program": (
        "Et program får noe av dette. Se hvem som eier det, hva det trenger, og at en avtale dekker det.",
        "Eit program får noko av dette. Sjå kven som eig det, kva det treng, og at ein avtale dekkjer det.",
        "A program gets some of this. See whose it is, what it needs, and that an agreement covers it.",
    ),
    "privacy.point.history_always": (
        "Det som sto før en endring, blir til saken slettes. Sett en frist, eller skriv hvorfor.",
        "Det som stod før ei endring, blir til saka blir sletta. Set ein frist, eller skriv kvifor.",
        "What stood before a change stays until the case is erased. Set a limit, or write why.",
    ),
    "privacy.point.no_privacy": (
        "Ingen har rollen personvern. Ingen kan slette, eller se etter det uvanlige.",
        "Ingen har rolla personvern. Ingen kan slette, eller sjå etter det uvanlege.",
        "Nobody has the role privacy. Nobody can erase, or review unusual looks.",
    ),
    "privacy.point.no_leader": (
        "Enheten gir fra seg opplysninger og har ingen leder som kan godkjenne det.",
        "Eininga gjev frå seg opplysningar og har ingen leiar som kan godkjenne det.",
        "The unit gives data and has no leader who can approve it.",
    ),
    "privacy.point.no_notices": (
        "Ingen får beskjed når noe venter på dem; de må se etter selv.",
        "Ingen får beskjed når noko ventar på dei; dei må sjå etter sjølve.",
        "Nobody is told when something waits; they must look for themselves.",
    ),
    "privacy.point.private_unit": (
        "Privat virksomhet: egen behandlingsansvarlig, og avtale trengs.",
        "Privat verksemd: eigen behandlingsansvarleg, og avtale trengst.",
        "A private body: a controller of its own, and an agreement is needed.",
    ),
    "privacy.point.broken": ("Virker ikke nå.", "Verkar ikkje no.", "Does not work now."),
    "privacy.point.plain_http": (
        "Ukryptert forbindelse.",
        "Ukryptert samband.",
        "An unencrypted connection.",
    ),
    "privacy.point.no_login": (
        "Systemet spør ikke hvem vi er.",
        "Systemet spør ikkje kven vi er.",
        "The system does not ask who we are.",
    ),
    "privacy.point.believed_consent": (
        "Blir trodd om samtykke. Se at det der er tatt inn slik loven krever.",
        "Blir trudd om samtykke. Sjå at det der er teke inn slik lova krev.",
        "Is believed about consents. See that they are taken there as the law asks.",
    ),
    "privacy.point.no_take_back": (
        "Kan ikke ta tilbake av seg selv. En person får oppgaven når et samtykke trekkes.",
        "Kan ikkje ta attende av seg sjølv. Ein person får oppgåva når eit samtykke blir trekt.",
        "Cannot take back by itself. A person gets the task when a consent is withdrawn.",
    ),
    "privacy.point.archive_keeps": (
        "Et arkiv: det som er kommet dit, slettes ikke når et samtykke trekkes.",
        "Eit arkiv: det som er kome dit, blir ikkje sletta når eit samtykke blir trekt.",
        "An archive: what has come there is not erased when a consent is withdrawn.",
    ),
    "privacy.point.no_inventory": (
        "Kan ikke fortelle hva det holder. Den daglige avstemmingen når ikke dit.",
        "Kan ikkje fortelje kva det held. Den daglege avstemminga når ikkje dit.",
        "Cannot tell what it holds. The daily reconciliation does not reach it.",
    ),
    "privacy.point.uncertain": (
        "Når et svar går tapt, må en person se etter om det kom fram.",
        "Når eit svar går tapt, må ein person sjå etter om det kom fram.",
        "When an answer is lost, a person must look whether it arrived.",
    ),
    "privacy.point.by_hand": (
        "Folk skriver inn for hånd det som slippes ut.",
        "Folk skriv inn for hand det som slepp ut.",
        "People enter by hand what is released.",
    ),
    "privacy.point.only_simulated": (
        "Adapteret er bare prøvd mot vår egen etterligning. Prøv det mot leverandøren før drift.",
        "Adapteren er berre prøvd mot vår eiga etterlikning. Prøv han mot leverandøren før drift.",
        "The adapter was tried against our own simulator only. Try it against the vendor before use.",
    ),
    "privacy.point.not_vendor": (
        "Adapteret er ikke prøvd mot leverandørens eget system.",
        "Adapteren er ikkje prøvd mot leverandøren sitt eige system.",
        "The adapter was not tried against the vendor's own system.",
    ),
}
