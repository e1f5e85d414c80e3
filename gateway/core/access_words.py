"""The sentences of the answer to somebody who asks who got what: bokmål, nynorsk and English, one set for each.

Short sentences and everyday words, since a family reads them. Braces stand for what is filled in.
"""

from collections.abc import Mapping
from types import MappingProxyType

Told = Mapping[str, tuple[str, str, str]]

SAID: Told = MappingProxyType({
    "title": ("Hvem har fått noe om deg?", "Kven har fått noko om deg?", "Who has got something about you?"),
    "title_child": (
        "Hvem har fått noe om barnet?", "Kven har fått noko om barnet?", "Who has got something about the child?",
    ),
    "clock": (
        "{day}.{month}.{year} kl. {hour}.{minute}",
        "{day}.{month}.{year} kl. {hour}.{minute}",
        "{day}.{month}.{year} at {hour}:{minute}",
    ),
    "date": ("{day}.{month}.{year}", "{day}.{month}.{year}", "{day}.{month}.{year}"),
    "made": ("Laget {time}.", "Laga {time}.", "Made {time}."),
    "right": (
        "Du har rett til å se dette. Spør oss om noe er uklart.",
        "Du har rett til å sjå dette. Spør oss om noko er uklart.",
        "You have the right to see this. Ask us if something is unclear.",
    ),
    "got": ("Dette har andre fått", "Dette har andre fått", "What others have got"),
    "got_nothing": (
        "Vi har ikke sendt noe videre som vi kan vise her.",
        "Vi har ikkje sendt noko vidare som vi kan vise her.",
        "We have sent on nothing that we can show here.",
    ),
    "who_got": ("{who} har fått dette:", "{who} har fått dette:", "{who} has got this:"),
    "what": ("{kind}: {fields}.", "{kind}: {fields}.", "{kind}: {fields}."),
    "once": ("Sendt {first}.", "Sendt {first}.", "Sent {first}."),
    "often": (
        "Sendt {times} ganger, fra {first} til {last}.",
        "Sendt {times} gonger, frå {first} til {last}.",
        "Sent {times} times, from {first} to {last}.",
    ),
    "why": (
        "Grunn: {text} Se {act} {section}.",
        "Grunn: {text} Sjå {act} {section}.",
        "Why: {text} See {act} {section}.",
    ),
    "why_unsure": (
        "Vi vet ikke sikkert om det kom fram.",
        "Vi veit ikkje sikkert om det kom fram.",
        "We do not know for sure if it arrived.",
    ),
    "asked": ("Vi har bedt om å få det tilbake.", "Vi har bede om å få det tilbake.", "We have asked to get it back."),
    "acknowledged": ("Det er gitt tilbake.", "Det er gitt tilbake.", "It was given back."),
    "partly": ("Noe av det er gitt tilbake.", "Noko av det er gitt tilbake.", "Some of it was given back."),
    "refused": (
        "De har sagt nei til å gi det tilbake. Lov om arkiv kan kreve at de tar vare på det.",
        "Dei har sagt nei til å gi det tilbake. Lov om arkiv kan krevje at dei tek vare på det.",
        "They have said no to giving it back. The law on archives can make them keep it.",
    ),
    "looks": ("Disse har sett i saken hos oss", "Desse har sett i saka hos oss", "Who has looked in the case with us"),
    "look": ("{time}: {role}, {unit}.", "{time}: {role}, {unit}.", "{time}: {role}, {unit}."),
    "left_out": ("Dette står ikke her", "Dette står ikkje her", "What does not stand here"),
    "same_for_all": (
        "Vi skriver det samme til alle som spør. Det sier ikke noe om saken din.",
        "Vi skriv det same til alle som spør. Det seier ikkje noko om saka di.",
        "We write the same to all who ask. It says nothing about your case.",
    ),
    "ground": ("{text} Se {act} {section}.", "{text} Sjå {act} {section}.", "{text} See {act} {section}."),
    "next": ("Hva kan du gjøre?", "Kva kan du gjere?", "What can you do?"),
    "correct": (
        "Er noe feil? Si fra til oss, så retter vi det.",
        "Er noko feil? Sei frå til oss, så rettar vi det.",
        "Is something wrong? Tell us, and we put it right.",
    ),
    "take_back": (
        "Du kan når som helst ta tilbake et ja.",
        "Du kan når som helst ta tilbake eit ja.",
        "You can take back a yes at any time.",
    ),
    "complain": (
        "Er du ikke enig i svaret? Du kan klage til Datatilsynet.",
        "Er du ikkje samd i svaret? Du kan klage til Datatilsynet.",
        "Do you not agree? You can complain to the Data Protection Authority.",
    ),
    "title_waits": ("Vi har fått spørsmålet ditt", "Vi har fått spørsmålet ditt", "We have got your question"),
    "waits": (
        "En person skal se på det. Du får svar innen {deadline}.",
        "Ein person skal sjå på det. Du får svar innan {deadline}.",
        "A person is going to look at it. You get an answer by {deadline}.",
    ),
    "title_no": ("Svar på spørsmålet ditt", "Svar på spørsmålet ditt", "Answer to your question"),
    "no": (
        "Vi kan ikke gi deg det du har bedt om.",
        "Vi kan ikkje gi deg det du har bede om.",
        "We cannot give you what you have asked for.",
    ),
    "appeal": (
        "Du kan klage på svaret. Skriv til oss innen tre uker. Da ser statsforvalteren på saken.",
        "Du kan klage på svaret. Skriv til oss innan tre veker. Då ser statsforvaltaren på saka.",
        "You can appeal. Write to us within three weeks. Then the county governor looks at the case.",
    ),
})  # fmt: skip
"""What the letters say."""

ROLES: Told = MappingProxyType({
    "operator": ("driftsansvarlig", "driftsansvarleg", "operator"),
    "coordinator": ("koordinator", "koordinator", "coordinator"),
    "leader": ("leder", "leiar", "leader"),
    "privacy": ("personvernombud", "personvernombod", "privacy officer"),
    "other": ("ansatt", "tilsett", "employee"),
})  # fmt: skip
"""Who looked."""

SORTS: Told = MappingProxyType({
    "fact": ("datoer og valg", "datoar og val", "dates and choices"),
    "narrative": ("tekst", "tekst", "text"),
    "identity": ("navn og nummer", "namn og nummer", "names and numbers"),
    "location": ("steder og adresser", "stader og adresser", "places and addresses"),
})  # fmt: skip
"""Sorts of fields, where a language has no word for the field itself."""

SERVICES: Told = MappingProxyType({
    "school": ("skolen", "skulen", "the school"),
    "sfo": ("skolefritiden (SFO)", "skulefritida (SFO)", "the after-school programme"),
    "kindergarten": ("barnehagen", "barnehagen", "the kindergarten"),
    "ppt": ("PP-tjenesten", "PP-tenesta", "the educational support service (PPT)"),
    "health_station": ("helsestasjonen", "helsestasjonen", "the health station"),
    "school_health": ("skolehelsetjenesten", "skulehelsetenesta", "the school health service"),
    "midwife": ("jordmoren", "jordmora", "the midwife"),
    "gp": ("fastlegen", "fastlegen", "the family doctor"),
    "bup": ("BUP", "BUP", "the mental health clinic (BUP)"),
    "child_welfare": ("barnevernet", "barnevernet", "child welfare"),
    "family_team": ("familieteamet", "familieteamet", "the family team"),
    "slt": ("SLT-koordinatoren", "SLT-koordinatoren", "the SLT coordinator"),
    "nav": ("NAV", "NAV", "NAV"),
    "coordinating_unit": ("koordinerende enhet", "koordinerande eining", "the coordinating unit"),
    "cultural": ("kulturskolen og fritid", "kulturskulen og fritid", "culture and leisure"),
    "family_counselling": ("familievernet", "familievernet", "family counselling"),
    "crisis_centre": ("krisesenteret", "krisesenteret", "the crisis centre"),
    "police": ("politiet", "politiet", "the police"),
    "guardian": ("en forelder", "ein forelder", "a parent"),
    "other": ("en annen mottaker", "ein annan mottakar", "another receiver"),
    "subject": ("den saken gjelder", "den saka gjeld", "the person whom it is about"),
})  # fmt: skip
"""What families call the services."""

KINDS: Told = MappingProxyType({
    "case": ("Loggen", "Loggen", "The log"),
    "concern": ("En bekymring", "Ei uro", "A worry"),
    "goal": ("Et mål", "Eit mål", "A goal"),
    "measure": ("Et tiltak", "Eit tiltak", "A measure"),
    "meeting": ("Et møte", "Eit møte", "A meeting"),
    "evaluation": ("Hvordan det gikk", "Korleis det gjekk", "How it went"),
    "child_voice": ("Det barnet har sagt", "Det barnet har sagt", "What the child has said"),
    "bright_moment": ("Noe fint noen så", "Noko fint nokon såg", "Something good that somebody saw"),
    "assignment": ("Hvem som følger opp", "Kven som følgjer opp", "Who follows up"),
    "consent": ("Et ja eller nei", "Eit ja eller nei", "A yes or a no"),
    "plan": ("En plan", "Ein plan", "A plan"),
    "safety_plan": ("En plan for en trygg skole", "Ein plan for ein trygg skule", "A plan for a safe school"),
    "enrolment": (
        "Plass i skole eller barnehage", "Plass i skule eller barnehage", "A place in school or kindergarten",
    ),
    "person": ("Om personen", "Om personen", "About the person"),
    "user_experience": ("Det dere syntes om hjelpen", "Det de syntest om hjelpa", "What you thought of the help"),
    "participant": ("Hvem som er med", "Kven som er med", "Who takes part"),
    "relation": ("Hvem som har foreldreansvar", "Kven som har foreldreansvar", "Who has parental responsibility"),
    "unit": ("Et sted som hjelper", "Ein stad som hjelper", "A place that helps"),
    "agreement": ("En avtale", "Ein avtale", "An agreement"),
})  # fmt: skip
"""What an item is, in everyday words. Reports to child welfare and private notes have none: they never stand here."""
