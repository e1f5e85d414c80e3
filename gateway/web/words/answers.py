"""What each answer to a task is called, and what it does."""

ANSWERS: dict[str, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    "ours": (
        ("Behold vårt", "Behald vårt", "Keep ours"),
        (
            "Det andre systemet får denne verdien.",
            "Det andre systemet får denne verdien.",
            "The other system gets this value.",
        ),
    ),
    "theirs": (
        ("Bruk deres", "Bruk deira", "Take theirs"),
        (
            "Verdien går videre til alle som har rett til den.",
            "Verdien går vidare til alle som har rett til han.",
            "The value goes on to all who have a right to it.",
        ),
    ),
    "arrived": (
        ("Det kom fram", "Det kom fram", "It arrived"),
        ("Sendingen er ferdig.", "Sendinga er ferdig.", "The delivery is done."),
    ),
    "lost": (
        ("Det kom ikke fram", "Det kom ikkje fram", "It did not arrive"),
        (
            "Det sendes på nytt, om det fortsatt er lov.",
            "Det blir sendt på nytt, om det framleis er lov.",
            "It is sent again, if that is still allowed.",
        ),
    ),
    "seen": (
        ("Jeg har sett det", "Eg har sett det", "I have seen it"),
        (
            "Oppgaven lukkes. Ingenting annet skjer.",
            "Oppgåva blir lukka. Ingenting anna skjer.",
            "The task is closed. Nothing else happens.",
        ),
    ),
    "again": (
        ("Prøv igjen", "Prøv igjen", "Try again"),
        (
            "Det sendes på nytt ved neste runde.",
            "Det blir sendt på nytt ved neste runde.",
            "It is sent again with the next round.",
        ),
    ),
    "removed": (
        ("Det er fjernet der", "Det er fjerna der", "It is removed there"),
        (
            "Kravet er oppfylt og skrives ned.",
            "Kravet er oppfylt og blir skrive ned.",
            "The order is fulfilled and written down.",
        ),
    ),
    "kept": (
        ("Det blir stående", "Det blir ståande", "It stays"),
        (
            "Avslaget skrives ned, med navnet ditt.",
            "Avslaget blir skrive ned, med namnet ditt.",
            "The refusal is written down, with your name.",
        ),
    ),
    "entered": (
        ("Det er gjort der", "Det er gjort der", "It is done there"),
        (
            "Vi noterer at systemet har det nå.",
            "Vi noterer at systemet har det no.",
            "We note that the system has it now.",
        ),
    ),
    "proceed": (
        ("Det er riktig, gå videre", "Det er rett, gå vidare", "It is right, go on"),
        ("Neste runde tar imot endringene.", "Neste runde tek imot endringane.", "The next round takes the changes."),
    ),
    "closed": (
        ("Avslutt loggen", "Avslutt loggen", "Close the log"),
        (
            "Loggen avsluttes i alle systemer som har den.",
            "Loggen blir avslutta i alle system som har han.",
            "The log is closed in all systems that have it.",
        ),
    ),
    "locked": (
        ("Loggen er låst der", "Loggen er låst der", "The log is locked there"),
        ("Oppgaven lukkes.", "Oppgåva blir lukka.", "The task is closed."),
    ),
    "given": (
        ("Familien har fått kopien", "Familien har fått kopien", "The family has the copy"),
        ("Oppgaven lukkes.", "Oppgåva blir lukka.", "The task is closed."),
    ),
    "wrong": (
        ("Det er feil der", "Det er feil der", "It is wrong there"),
        (
            "Oppgaven lukkes, og feilen skrives ned.",
            "Oppgåva blir lukka, og feilen blir skriven ned.",
            "The task is closed, and the fault is written down.",
        ),
    ),
    "later": (
        ("Minn meg på det om 14 dager", "Minn meg på det om 14 dagar", "Remind me in 14 days"),
        ("Fristen hviler så lenge.", "Fristen kviler så lenge.", "The deadline rests until then."),
    ),
    "asked": (
        ("Familien er spurt", "Familien er spurd", "The family has been asked"),
        (
            "Svarer de ikke, spør vi deg igjen før samtykket tar slutt.",
            "Svarar dei ikkje, spør vi deg igjen før samtykket tek slutt.",
            "If they do not answer, we ask you again before the consent ends.",
        ),
    ),
    "accept": (
        ("Ja, jeg tar stafetten", "Ja, eg tek stafetten", "Yes, I take the baton"),
        (
            "Du blir stafettholder så snart samtykket dekker tjenesten din.",
            "Du blir stafetthaldar så snart samtykket dekkjer tenesta di.",
            "You hold it as soon as the consent covers your service.",
        ),
    ),
    "decline": (
        ("Nei takk", "Nei takk", "No, thank you"),
        (
            "Den som har stafetten nå, beholder den.",
            "Den som har stafetten no, beheld han.",
            "Who holds it now keeps it.",
        ),
    ),
    "withdraw": (
        ("Trekk tilbudet", "Trekk tilbodet", "Withdraw the offer"),
        (
            "Tilbudet er over, og stafetten blir der den er.",
            "Tilbodet er over, og stafetten blir der han er.",
            "The offer is over, and the baton stays where it is.",
        ),
    ),
    "told": (
        ("De har fått vite det", "Dei har fått vite det", "They have been told"),
        (
            "Det skrives ned hvem som sa det.",
            "Det blir skrive ned kven som sa det.",
            "It is written down who told them.",
        ),
    ),
}

TEXTS = {f"answer.{answer}": name for answer, (name, _) in ANSWERS.items()} | {
    f"answer.{answer}.does": does for answer, (_, does) in ANSWERS.items()
}
