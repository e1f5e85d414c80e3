"""The inbox: what each kind of task is about, and what each answer does. What will happen is said before."""

_KINDS: dict[str, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    "conflict": (
        ("To systemer sier ulikt", "To system seier ulikt", "Two systems disagree"),
        (
            "Begge har endret det samme. Velg hva som er rett.",
            "Begge har endra det same. Vel kva som er rett.",
            "Both changed the same thing. Choose what is right.",
        ),
    ),
    "wording": (
        ("To tekster om det samme", "To tekstar om det same", "Two texts about the same"),
        (
            "To systemer har endret den samme teksten. Velg hvilken som skal stå.",
            "To system har endra den same teksten. Vel kva for ein som skal stå.",
            "Two systems changed the same text. Choose which one stands.",
        ),
    ),
    "adoption": (
        ("Ulikt fra før", "Ulikt frå før", "Different from before"),
        (
            "To systemer hadde ulike opplysninger da de møttes. Velg hva som er rett.",
            "To system hadde ulike opplysningar då dei møttest. Vel kva som er rett.",
            "Two systems held different things when they met. Choose what is right.",
        ),
    ),
    "claim": (
        (
            "Et system har endret hvem som koordinerer, eller et samtykke",
            "Eit system har endra kven som koordinerer, eller eit samtykke",
            "A system changed who coordinates, or a consent",
        ),
        (
            "Slikt avgjøres av mennesker. Stemmer det?",
            "Slikt avgjer menneske. Stemmer det?",
            "People decide that. Is it so?",
        ),
    ),
    "deletion": (
        ("Slettet ett sted, endret et annet", "Sletta ein stad, endra ein annan", "Deleted here, changed there"),
        (
            "En post er slettet, men andre har endret den.",
            "Ein post er sletta, men andre har endra han.",
            "A record was deleted that others have changed.",
        ),
    ),
    "uncertain": (
        ("Kom det fram?", "Kom det fram?", "Did it arrive?"),
        (
            "Ingen vet om sendingen kom fram. Se etter i systemet.",
            "Ingen veit om sendinga kom fram. Sjå etter i systemet.",
            "Nobody knows whether it arrived. Look in the system.",
        ),
    ),
    "refused": (
        ("Et system sa nei", "Eit system sa nei", "A system refused"),
        ("Sendingen ble ikke tatt imot.", "Sendinga vart ikkje teken imot.", "The delivery was not taken."),
    ),
    "retraction": (
        ("Noe må trekkes tilbake", "Noko må trekkjast tilbake", "Something must be taken back"),
        (
            "Systemet har ikke tatt det tilbake selv.",
            "Systemet har ikkje teke det tilbake sjølv.",
            "The system has not taken it back by itself.",
        ),
    ),
    "enter": (
        ("Skriv inn for hånd", "Skriv inn for hand", "Enter by hand"),
        (
            "Systemet har ingen vei inn. Skriv dette inn der.",
            "Systemet har ingen veg inn. Skriv dette inn der.",
            "The system has no way in. Enter this there.",
        ),
    ),
    "remove": (
        ("Fjern for hånd", "Fjern for hand", "Remove by hand"),
        (
            "Dette skal ikke stå i systemet lenger.",
            "Dette skal ikkje stå i systemet lenger.",
            "This is not to stand in the system any more.",
        ),
    ),
    "doubt": (
        ("Et ord vi ikke kjenner", "Eit ord vi ikkje kjenner", "A word that we do not know"),
        (
            "Et system bruker en kode som ikke står i listene.",
            "Eit system bruker ein kode som ikkje står i listene.",
            "A system uses a code that is not in the lists.",
        ),
    ),
    "gate": (
        (
            "Noe må avklares før det kan deles",
            "Noko må avklarast før det kan delast",
            "Something must be settled before it can be shared",
        ),
        (
            "Loven krever noe av en person her.",
            "Lova krev noko av ein person her.",
            "The law asks something of a person here.",
        ),
    ),
    "guard": (
        ("En kilde er stanset", "Ei kjelde er stansa", "A source is stopped"),
        (
            "Den så tom ut, eller mye var endret på en gang.",
            "Ho såg tom ut, eller mykje var endra på ein gong.",
            "It looked empty, or much had changed at once.",
        ),
    ),
    "system": (
        ("Et system må settes opp", "Eit system må setjast opp", "A system must be set up"),
        (
            "Innstillinger eller nøkler er feil.",
            "Innstillingar eller nøklar er feil.",
            "Settings or credentials are wrong.",
        ),
    ),
    "close_log": (
        ("Skal loggen avsluttes?", "Skal loggen avsluttast?", "Is the log to be closed?"),
        ("Den individuelle planen er på plass.", "Den individuelle planen er på plass.", "The individual plan stands."),
    ),
    "lock": (
        ("Lås loggen i systemet", "Lås loggen i systemet", "Lock the log in its system"),
        ("Familien har flyttet.", "Familien har flytta.", "The family has moved."),
    ),
    "copy": (
        ("Gi familien en kopi", "Gje familien ein kopi", "Give the family a copy"),
        (
            "Familien har flyttet, og skal ha loggen med seg.",
            "Familien har flytta, og skal ha loggen med seg.",
            "The family has moved, and is to have the log with them.",
        ),
    ),
    "look": (
        ("Se etter i systemet", "Sjå etter i systemet", "Look in the system"),
        ("Der kan vi ikke lese tilbake.", "Der kan vi ikkje lese tilbake.", "We cannot read back from there."),
    ),
    "overdue": (
        ("En frist er ute", "Ein frist er ute", "A deadline has passed"),
        ("Noe i saken skulle vært gjort.", "Noko i saka skulle vore gjort.", "Something in the case should be done."),
    ),
    "follow_up": (
        ("Ukens liste over frister", "Lista over fristar for veka", "The week's list of deadlines"),
        (
            "Disse fristene er nylig ute. Svar for hver av dem.",
            "Desse fristane er nyleg ute. Svar for kvar av dei.",
            "These deadlines have passed lately. Answer for each of them.",
        ),
    ),
    "transition": (
        ("Barnet bytter sted", "Barnet byter stad", "The child changes place"),
        (
            "Skolens register sier at noe har endret seg for barnet. Se om stafetten og samtykkene følger med.",
            "Registeret til skulen seier at noko har endra seg for barnet. Sjå om stafetten og samtykka følgjer med.",
            "The school's records say that something has changed for the child. See that baton and consents follow.",
        ),
    ),
    "renewal": (
        ("Et samtykke går mot slutten", "Eit samtykke går mot slutten", "A consent is about to end"),
        ("Snakk med familien i god tid.", "Snakk med familien i god tid.", "Talk with the family in good time."),
    ),
    "report": (
        ("Barnevernet har ikke svart", "Barnevernet har ikkje svara", "Child welfare has not answered"),
        (
            "Melderen skal ha svar innen tre uker.",
            "Meldaren skal ha svar innan tre veker.",
            "Who reports is to be answered within three weeks.",
        ),
    ),
    "report_held": (
        ("En bekymringsmelding er ikke sendt", "Ei uromelding er ikkje send", "A report to child welfare is not sent"),
        (
            "Noe holder den tilbake. Den som har rett til det, kan sende den nå.",
            "Noko held ho tilbake. Den som har rett til det, kan senda ho no.",
            "Something holds it back. Whoever has the right to can send it now.",
        ),
    ),
    "report_lost": (
        ("Barnevernet mangler en melding", "Barnevernet manglar ei melding", "Child welfare lacks a report"),
        (
            "Den er kvittert for, men ikke lagret der. Ring nå.",
            "Ho er kvittert for, men ikkje lagra der. Ring no.",
            "It was acknowledged, but not saved there. Call now.",
        ),
    ),
    "receipt": (
        ("Ingen kvittering", "Inga kvittering", "No receipt"),
        (
            "Det som ble sendt, er ikke kvittert for.",
            "Det som vart sendt, er ikkje kvittert for.",
            "What was sent has not been receipted.",
        ),
    ),
    "quiet": (
        ("Et system er stille", "Eit system er stille", "A system is quiet"),
        (
            "Vi har ikke kontakt, eller noe kommer ikke fram.",
            "Vi har ikkje kontakt, eller noko kjem ikkje fram.",
            "There is no contact, or something does not get through.",
        ),
    ),
    "held": (
        ("Noe kan ikke leses", "Noko kan ikkje lesast", "Something cannot be read"),
        (
            "Poster fra systemet har feil form.",
            "Postar frå systemet har feil form.",
            "Records of the system have the wrong form.",
        ),
    ),
    "differs": (
        ("Tallene stemmer ikke", "Tala stemmer ikkje", "The counts differ"),
        (
            "Systemet har andre poster enn vi tror.",
            "Systemet har andre postar enn vi trur.",
            "The system holds other records than we believe.",
        ),
    ),
    "offer": (
        (
            "Du er spurt om å være stafettholder",
            "Du er spurd om å vere stafetthaldar",
            "You are asked to hold the baton",
        ),
        (
            "Den som har stafetten nå, har den til du sier ja.",
            "Den som har stafetten no, har han til du seier ja.",
            "Who holds it now keeps it until you say yes.",
        ),
    ),
    "handover_consent": (
        ("Overgangen venter på samtykke", "Overgangen ventar på samtykke", "The hand-over waits for the consent"),
        (
            "Familien må si ja til den nye tjenesten først.",
            "Familien må seie ja til den nye tenesta først.",
            "The family must say yes to the new service first.",
        ),
    ),
    "handover": (
        ("Ingen har svart på tilbudet", "Ingen har svara på tilbodet", "Nobody has answered the offer"),
        ("Fristen for å svare er ute.", "Fristen for å svare er ute.", "The time to answer is over."),
    ),
    "notice": (
        ("Noen får ikke varsel", "Nokon får ikkje varsel", "Somebody gets no notice"),
        (
            "Vi får ikke sagt fra at noe venter.",
            "Vi får ikkje sagt frå at noko ventar.",
            "We cannot tell them that something waits.",
        ),
    ),
    "webhook": (
        (
            "Et program får ikke vite hva som skjer",
            "Eit program får ikkje vite kva som skjer",
            "A program is not told what happens",
        ),
        (
            "Vi får ikke sendt det et annet program skal få vite. Innhold er det ikke i det.",
            "Vi får ikkje sendt det eit anna program skal få vite. Innhald er det ikkje i det.",
            "We cannot send what another program is to be told. There is no content in it.",
        ),
    ),
    "inform": (
        ("Noen skal få vite det", "Nokon skal få vite det", "Somebody is to be told"),
        (
            "Loven sier at de skal få vite hva som er gitt.",
            "Lova seier at dei skal få vite kva som er gjeve.",
            "The law says that they are to hear what was given.",
        ),
    ),
    "access": (
        ("Noen vil vite hvem som fikk hva", "Nokon vil vite kven som fekk kva", "Somebody asks who got what"),
        ("Svar innen en måned.", "Svar innan ein månad.", "Answer within a month."),
    ),
}

TEXTS = {
    "title.inbox": ("Oppgaver", "Oppgåver", "Tasks"),
    "title.task": ("Oppgave", "Oppgåve", "Task"),
    "inbox.mine": ("Til meg", "Til meg", "For me"),
    "inbox.unit": ("Til enheten min", "Til eininga mi", "For my unit"),
    "inbox.all": ("Alle jeg kan se", "Alle eg kan sjå", "All that I can see"),
    "inbox.none": (
        "Ingen oppgaver. Du er ajour.", "Ingen oppgåver. Du er à jour.", "No tasks. You are up to date.",
    ),
    "inbox.count": ("{n} åpne, {late} over fristen", "{n} opne, {late} over fristen", "{n} open, {late} past due"),
    "inbox.filter": ("Hvilke oppgaver", "Kva oppgåver", "Which tasks"),
    "head.task": ("Oppgave", "Oppgåve", "Task"),
    "head.deadline": ("Frist", "Frist", "Deadline"),
    "head.owner": ("Hos", "Hos", "With"),
    "head.system": ("System", "System", "System"),
    "head.case": ("Sak", "Sak", "Case"),
    "head.field": ("Felt", "Felt", "Field"),
    "head.ours": ("Vårt", "Vårt", "Ours"),
    "head.theirs": ("Deres", "Deira", "Theirs"),
    "task.late": ("over fristen", "over fristen", "past due"),
    "task.due": ("Frist {day}", "Frist {day}", "Due {day}"),
    "task.with": ("Hos {names}", "Hos {names}", "With {names}"),
    "task.open": ("Åpne", "Opne", "Open"),
    "task.what": ("Hva vil du gjøre?", "Kva vil du gjere?", "What will you do?"),
    "task.withheld": (
        "Kan ikke vises her ({rules})", "Kan ikkje visast her ({rules})", "Cannot be shown here ({rules})",
    ),
    "task.empty": ("tomt", "tomt", "empty"),
    "task.resolved": ("Løst av {by}: {outcome}", "Løyst av {by}: {outcome}", "Resolved by {by}: {outcome}"),
    "task.settled": ("Løste seg selv", "Løyste seg sjølv", "Settled by itself"),
    "task.of_case": ("Til saken", "Til saka", "To the case"),
    "task.rules": ("Regler: {rules}", "Reglar: {rules}", "Rules: {rules}"),
    "task.unknown": ("Dette vet vi ikke", "Dette veit vi ikkje", "This we do not know"),
    "task.deadlines": ("Fristene", "Fristane", "The deadlines"),
    "transition.school_start": ("Barnet begynner på skole.", "Barnet byrjar på skule.", "The child begins at school."),
    "transition.new_place": (
        "Barnet har fått plass et annet sted.", "Barnet har fått plass ein annan stad.",
        "The child has a place somewhere else.",
    ),
    "transition.no_place": ("Barnet har ingen plass lenger.", "Barnet har ingen plass lenger.", "No place is left."),
    "transition.contact_teacher": (
        "Kontaktlæreren som har stafetten, er ikke lenger kontaktlærer for barnet.",
        "Kontaktlæraren som har stafetten, er ikkje lenger kontaktlærar for barnet.",
        "The contact teacher who holds the baton is not the child's any more.",
    ),
    "gate.choose_duty": (
        "Velg hvilken lov meldingen går etter.", "Vel kva lov meldinga går etter.",
        "Choose by which act the report goes.",
    ),
    "gate.decide_access_request": (
        "En forelder uten foreldreansvar ber om opplysninger. Avgjør det etter en konkret vurdering.",
        "Ein forelder utan foreldreansvar bed om opplysningar. Avgjer det etter ei konkret vurdering.",
        "A parent without responsibility asks for information. Decide it for this very case.",
    ),
    "gate.decide_by_hand": (
        "Noen her er beskyttet. Ingenting går av seg selv; avgjør det for hånd.",
        "Nokon her er verna. Ingenting går av seg sjølv; avgjer det for hand.",
        "Somebody here is protected. Nothing goes by itself; decide it by hand.",
    ),
    "gate.find_facts": (
        "En opplysning mangler. Finn den og skriv den ned.", "Ei opplysning manglar. Finn ho og skriv ho ned.",
        "A fact is lacking. Find it and write it down.",
    ),
    "gate.find_who_decides": (
        "Finn ut hvem som kan si ja for barnet.", "Finn ut kven som kan seie ja for barnet.",
        "Find out who can say yes for the child.",
    ),
    "gate.repair_rule": (
        "En regel virker ikke. Meld fra til drift.", "Ein regel verkar ikkje. Meld frå til drift.",
        "A rule does not work. Tell those who run the machine.",
    ),
    "gate.send_report_by_hand": (
        "Meldingen gjelder et beskyttet barn. Send den selv, nå.", "Meldinga gjeld eit verna barn. Send ho sjølv, no.",
        "The report is on a protected child. Send it yourself, now.",
    ),
    "gate.verify_legal_basis": (
        "Kommunens jurist må bekrefte et rettsgrunnlag.", "Juristen i kommunen må stadfeste eit rettsgrunnlag.",
        "The municipality's lawyer must verify a legal basis.",
    ),
    "gate.check_free_text": (
        "Les teksten før den kan deles.", "Les teksten før han kan delast.", "Read the text before it can be shared.",
    ),
    "gate.ask_consent_anew": (
        "Spør om samtykke på nytt.", "Spør om samtykke på nytt.", "Ask for the consent anew.",
    ),
    "deadline.decide_concern": ("Bekymringen skal avklares", "Uroa skal avklarast", "The concern is to be clarified"),
    "deadline.name_holder": (
        "Noen skal få stafetten", "Nokon skal få stafetten", "Somebody is to hold the baton",
    ),
    "deadline.answer_offer": ("Tilbudet skal besvares", "Tilbodet skal svarast på", "The offer is to be answered"),
    "deadline.deliver_report": ("Meldingen skal fram", "Meldinga skal fram", "The report is to arrive"),
    "deadline.confirm_report": ("Barnevernet skal svare", "Barnevernet skal svare", "Child welfare is to answer"),
    "deadline.start_measure": ("Tiltaket skal begynne", "Tiltaket skal byrje", "The measure is to begin"),
    "deadline.evaluate_measure": (
        "Tiltaket skal evalueres", "Tiltaket skal evaluerast", "The measure is to be evaluated",
    ),
    "deadline.renew_consent": ("Samtykket skal fornyes", "Samtykket skal fornyast", "The consent is to be renewed"),
    "deadline.ask_the_youth": (
        "Den unge skal spørres selv", "Den unge skal spørjast sjølv", "The youth is to be asked",
    ),
    "deadline.evaluate_safety_plan": (
        "Aktivitetsplanen skal evalueres", "Aktivitetsplanen skal evaluerast", "The safety plan is to be evaluated",
    ),
    "deadline.revise_plan": ("Planen skal revideres", "Planen skal reviderast", "The plan is to be revised"),
    "deadline.hold_first_meeting": (
        "Det første møtet skal holdes", "Det første møtet skal haldast", "The first meeting is to be held",
    ),
    "deadline.ask_the_family": (
        "Familien skal spørres hvordan det gikk", "Familien skal spørjast korleis det gjekk",
        "The family is to be asked how it went",
    ),
    "task.elsewhere": (
        "Denne besvares på siden for innsyn.", "Denne blir svara på på sida for innsyn.",
        "This is answered on the page for access.",
    ),
} | {
    f"task.{kind}": name for kind, (name, _) in _KINDS.items()
} | {
    f"task.{kind}.about": about for kind, (_, about) in _KINDS.items()
}  # fmt: skip

KINDS = frozenset(_KINDS) | {"unusual"}
"""The kinds of tasks that have words; a test compares them with ``ANSWERS``."""
