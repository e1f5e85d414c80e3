"""The sheet for a family: short sentences, since tired people read them."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "privacy.family.title": (
        "Når flere hjelper barnet ditt",
        "Når fleire hjelper barnet ditt",
        "When several help your child",
    ),
    "privacy.family.why": (
        ("Skole, helsestasjon og andre kan hjelpe bedre når de vet det samme. "
        "Da slipper dere å fortelle alt på nytt. "
        "Dette arket sier hva som kan deles, og at dere bestemmer."),
        ("Skule, helsestasjon og andre kan hjelpe betre når dei veit det same. "
        "Då slepp de å fortelje alt på nytt. "
        "Dette arket seier kva som kan delast, og at de bestemmer."),
        ("School, health station and others can help better when they know the same. "
        "Then you need not tell it all again. "
        "This sheet says what can be shared, and that it is for you to say."),
    ),
    "privacy.family.shared": ("Hva kan deles?", "Kva kan delast?", "What can be shared?"),
    "privacy.family.shared_what": (
        ("Det som står i barnets stafettlogg eller plan: hva dere og de ansatte er urolige for, mål, tiltak, møter, "
        "og hvem som holder i det."),
        ("Det som står i stafettloggen eller planen til barnet: kva de og dei tilsette er urolege for, mål, tiltak, "
        "møte, og kven som held i det."),
        ("What stands in the child's log or plan: what you and the staff worry about, goals, help, meetings, "
        "and who takes care of it all."),
    ),
    "privacy.family.shared_not": (
        "Det dere ikke har sagt ja til, blir hos den som skrev det.",
        "Det de ikkje har sagt ja til, blir hos den som skreiv det.",
        "What you have not said yes to stays with the one who wrote it.",
    ),
    "privacy.family.who": ("Hvem kan få det?", "Kven kan få det?", "Who can get it?"),
    "privacy.family.who_only": (
        "Bare de dere sier ja til. Her i kommunen er det disse som kan være med:",
        "Berre dei de seier ja til. Her i kommunen er det desse som kan vere med:",
        "Only those you say yes to. Here these can take part:",
    ),
    "privacy.family.decide": ("Dere bestemmer", "De bestemmer", "It is for you to say"),
    "privacy.family.no": (
        "Dere kan si nei. Hjelpen barnet har rett til, er den samme.",
        "De kan seie nei. Hjelpa barnet har rett til, er den same.",
        "You may say no. The help that your child has a right to is the same.",
    ),
    "privacy.family.part": (
        "Dere kan si ja til noen og nei til andre, og ja til noe og nei til resten.",
        "De kan seie ja til nokon og nei til andre, og ja til noko og nei til resten.",
        "You may say yes to some and no to others, and yes to a part and no to the rest.",
    ),
    "privacy.family.both": (
        "Som regel må alle som har foreldreansvar, si ja.",
        "Som regel må alle som har foreldreansvar, seie ja.",
        "As a rule all who have parental responsibility must say yes.",
    ),
    "privacy.family.one": (
        "Det er nok at én med foreldreansvar sier ja. Sier en annen nei, deles det ikke.",
        "Det er nok at éin med foreldreansvar seier ja. Seier ein annan nei, blir det ikkje delt.",
        "One yes is enough from those with parental responsibility. If one of them says no, it is not shared.",
    ),
    "privacy.family.change": (
        ("Dere kan si nei senere også. Da stopper det, og vi ber om å få tilbake det som er sendt. "
        "Det som står i et arkiv eller en journal, må ofte bli der."),
        ("De kan seie nei seinare òg. Då stoppar det, og vi bed om å få att det som er sendt. "
        "Det som står i eit arkiv eller ein journal, må ofte bli der."),
        ("You may say no later too. Then it stops, and we ask back what was sent. "
        "What is in an archive or a health record must often stay there."),
    ),
    "privacy.family.young": (
        ("Barnet skal få vite om dette og si hva det mener. Fra {age} år sier den unge ja eller nei til loggen selv. "
        "Om helse er det fra 16 år."),
        ("Barnet skal få vite om dette og seie kva det meiner. Frå {age} år seier den unge ja eller nei til loggen "
        "sjølv. Om helse er det frå 16 år."),
        ("Your child is to know of this and have a say. From {age} they say yes or no to the log themselves. "
        "In matters of health it is from 16."),
    ),
    "privacy.family.duty": ("Når loven bestemmer", "Når lova bestemmer", "When the law decides"),
    "privacy.family.duty_what": (
        ("Er et barn i fare, må de som jobber med barn, si fra til barnevernet. Da trengs det ikke noe ja. "
        "Noe kan også deles inne i kommunen når loven sier det."),
        ("Er eit barn i fare, må dei som jobbar med barn, seie frå til barnevernet. Då trengst det ikkje noko ja. "
        "Noko kan òg delast inne i kommunen når lova seier det."),
        ("If a child is in danger, those who work with children must tell child welfare. No yes is needed then. "
        "Some things may be shared within the municipality when the law says so."),
    ),
    "privacy.family.see": ("Se hvem som fikk hva", "Sjå kven som fekk kva", "See who got what"),
    "privacy.family.see_what": (
        ("Spør, så får dere en liste: hvem som fikk hva, når og hvorfor, og hvem som har sett på det. "
        "Svaret kommer innen en måned og koster ikke noe."),
        ("Spør, så får de ei liste: kven som fekk kva, når og kvifor, og kven som har sett på det. "
        "Svaret kjem innan ein månad og kostar ikkje noko."),
        ("Ask, and you get a list: who got what, when and why, and who has looked at it. "
        "The answer comes within a month and is free."),
    ),
    "privacy.family.wrong": (
        "Er noe feil, kan dere be om å få det rettet.",
        "Er noko feil, kan de be om å få det retta.",
        "If something is wrong, you may ask to have it put right.",
    ),
    "privacy.family.complain": ("Vil dere klage?", "Vil de klage?", "Do you want to complain?"),
    "privacy.family.complain_where": (
        ("Si det til oss først, om dere vil. Dere kan også klage til Datatilsynet (datatilsynet.no) "
        "eller til Statsforvalteren."),
        ("Sei det til oss først, om de vil. De kan òg klage til Datatilsynet (datatilsynet.no) "
        "eller til Statsforvaltaren."),
        ("Tell us first, if you like. You may also complain to Datatilsynet (datatilsynet.no) "
        "or to Statsforvalteren, the county governor."),
    ),
    "privacy.family.ask": ("Spør oss", "Spør oss", "Ask us"),
    "privacy.family.ask.coordinator": (
        "Den som holder i det for dere: {blank}",
        "Den som held i det for dykk: {blank}",
        "The one who takes care of it for you: {blank}",
    ),
    "privacy.family.ask.officer": (
        "Personvernombudet: {blank}",
        "Personvernombodet: {blank}",
        "The data-protection officer: {blank}",
    ),
    "privacy.family.ask.number": ("Telefon: {blank}", "Telefon: {blank}", "Phone: {blank}"),
}  # fmt: skip
