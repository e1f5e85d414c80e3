"""The rules as sentences that a family, a lawyer and an employee can read: bokmål, nynorsk, English.

Rows about protected addresses say nothing of them: whoever asks must not learn it from the answer.
"""

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES = ("nb", "nn", "en")

_TOLD: dict[str, tuple[str, str, str]] = {
    "B1": (
        "En person med fullmakt må se på saken først.",
        "Ein person med fullmakt må sjå på saka først.",
        "An authorised person must look at this first.",
    ),
    "B2": (
        "Bare det som er trygt å dele i denne saken, kan gå videre.",
        "Berre det som er trygt å dele i denne saka, kan gå vidare.",
        "Only what is safe to share in this case can go on.",
    ),
    "B3": (
        "En ansatt har meldt fra etter loven. Da trengs det ikke noe ja.",
        "Ein tilsett har meldt frå etter lova. Då trengst det ikkje noko ja.",
        "An employee has reported as the law asks. No consent is needed then.",
    ),
    "B4": (
        "Barnevernet har pålagt at dette sendes.",
        "Barnevernet har pålagt at dette blir sendt.",
        "Child welfare has ordered that this be sent.",
    ),
    "B5": (
        "Det er fare for liv eller helse.",
        "Det er fare for liv eller helse.",
        "There is danger to life or health.",
    ),
    "B6": (
        "Helsepersonell kan dele det som trengs for å hjelpe, når ingen har sagt nei.",
        "Helsepersonell kan dele det som trengst for å hjelpe, når ingen har sagt nei.",
        "Health personnel can share what care needs when nobody has said no.",
    ),
    "B7": (
        "Ny skole kan få det som er nødvendig når eleven bytter skole.",
        "Ny skule kan få det som er nødvendig når eleven byter skule.",
        "A new school can get what is necessary when the pupil changes school.",
    ),
    "B8": (
        "Samme etat kan bruke det som trengs i arbeidet.",
        "Same etat kan bruke det som trengst i arbeidet.",
        "The same body can use what its work needs.",
    ),
    "B9": (
        "Barnevernet kan gi det som trengs i sitt eget arbeid.",
        "Barnevernet kan gi det som trengst i sitt eige arbeid.",
        "Child welfare can give what its own work needs.",
    ),
    "B10": (
        "Tall kan deles når ingen kan kjennes igjen i dem.",
        "Tal kan delast når ingen kan kjennast att i dei.",
        "Numbers can be shared when nobody can be recognised in them.",
    ),
    "B11": (
        "Saken gjelder flere. Hver av dem må si ja for seg selv.",
        "Saka gjeld fleire. Kvar av dei må seie ja for seg sjølv.",
        "This is about more than one person. Each must say yes for themselves.",
    ),
    "C1": (
        "Alle som har foreldreansvar, må si ja.",
        "Alle som har foreldreansvar, må seie ja.",
        "All who have parental responsibility must say yes.",
    ),
    "C2": (
        "Den som barnet bor hos, må si ja.",
        "Den som barnet bur hos, må seie ja.",
        "The parent with whom the child lives must say yes.",
    ),
    "C3": (
        "Den som har foreldreansvaret alene, må si ja.",
        "Den som har foreldreansvaret åleine, må seie ja.",
        "The one who alone has parental responsibility must say yes.",
    ),
    "C4": ("Ungdommen må selv si ja.", "Ungdommen må sjølv seie ja.", "The young person must say yes."),
    "C5": ("Den gravide må selv si ja.", "Den gravide må sjølv seie ja.", "The pregnant woman must say yes."),
    "C6": (
        "Foreldrene må si ja før barnehagen gir noe til skolen.",
        "Foreldra må seie ja før barnehagen gir noko til skulen.",
        "The parents must say yes before the kindergarten tells the school.",
    ),
    "C7": (
        "Foreldrene må si ja før en ny barnehage får noe.",
        "Foreldra må seie ja før ein ny barnehage får noko.",
        "The parents must say yes before a new kindergarten is told.",
    ),
    "C8": (
        "Den som barnet bor hos, må si ja til at PPT ser på saken.",
        "Den som barnet bur hos, må seie ja til at PPT ser på saka.",
        "The parent with whom the child lives must say yes to the PPT's assessment.",
    ),
    "C9": (
        "Begge foreldre må si ja til ekstra hjelp i barnehage eller skole.",
        "Begge foreldra må seie ja til ekstra hjelp i barnehage eller skule.",
        "Both parents must say yes to extra help in kindergarten or school.",
    ),
    "C10": (
        "Fra 15 år må eleven selv si ja når det gjelder skolen.",
        "Frå 15 år må eleven sjølv seie ja når det gjeld skulen.",
        "From 15 the pupil must say yes in matters of school.",
    ),
    "C11": (
        "Foreldrene må si ja ved bytte av skole, og fra 15 år eleven selv.",
        "Foreldra må seie ja ved byte av skule, og frå 15 år eleven sjølv.",
        "The parents must say yes when the child changes school; from 15 the pupil.",
    ),
    "C12": (
        "Foreldrene må si ja når noe om helsen til barnet skal deles.",
        "Foreldra må seie ja når det gjeld helsa til barnet.",
        "The parents must say yes when it is about the child's health.",
    ),
    "C13": (
        "Den unge må selv si ja. Foreldrene skal ikke få vite det.",
        "Den unge må sjølv seie ja. Foreldra skal ikkje få vite det.",
        "The young person must say yes. The parents are not told.",
    ),
    "C14": (
        "Foreldrene må si ja når noe om helsen til barnet skal deles. Det barnet selv mener, veier tungt.",
        "Foreldra må seie ja når det gjeld helsa til barnet. Synet til barnet veg tungt.",
        "The parents must say yes when it is about the child's health. The child's own view weighs much.",
    ),
    "C15": (
        "Fra 16 år må en selv si ja når det gjelder egen helse.",
        "Frå 16 år må ein sjølv seie ja når det gjeld eiga helse.",
        "From 16 one must say yes oneself when it is about one's own health.",
    ),
    "C16": (
        "Foreldrene må si ja for en ungdom som ikke selv kan ta stilling.",
        "Foreldra må seie ja for ein ungdom som ikkje sjølv kan ta stilling.",
        "The parents must say yes for a youth who cannot decide.",
    ),
    "C17": (
        "De som bestemmer for barnet, må si ja før barnevernet deler noe.",
        "Dei som avgjer for barnet, må seie ja før barnevernet deler noko.",
        "Those who decide for the child must say yes before child welfare shares anything.",
    ),
    "C18": (
        "Fra 15 år må en selv si ja før barnevernet deler noe.",
        "Frå 15 år må ein sjølv seie ja før barnevernet deler noko.",
        "From 15 you must say yes yourself before child welfare tells others.",
    ),
    "C19": (
        "Barnevernet har omsorgen for barnet. Derfor må de si ja.",
        "Barnevernet har omsorga for barnet. Derfor må dei seie ja.",
        "Child welfare has the care of the child and must say yes.",
    ),
    "C20": (
        "Ingen har foreldreansvar. Da må vergen si ja.",
        "Ingen har foreldreansvar. Då må verja seie ja.",
        "Nobody has the right to decide as a parent. The guardian must say yes.",
    ),
    "C21": (
        "Uten foreldreansvar må en be om innsyn. En person svarer på det.",
        "Utan foreldreansvar må ein be om innsyn. Ein person svarer på det.",
        "Without parental responsibility you must ask to see it. A person will answer.",
    ),
    "C22": (
        "Den planen gjelder, eller de som bestemmer for barnet, må si ja.",
        "Den planen gjeld, eller dei som avgjer for barnet, må seie ja.",
        "The person whose plan it is, or those who decide for the child, must say yes.",
    ),
    "C23": (
        "De som bestemmer for barnet, må ønske barnekoordinator.",
        "Dei som avgjer for barnet, må ønskje barnekoordinator.",
        "Those who decide for the child must want a child coordinator.",
    ),
    "C24": (
        "Fra 18 år bestemmer en selv. Ingen andre kan si ja.",
        "Frå 18 år avgjer ein sjølv. Ingen andre kan seie ja.",
        "From 18 one decides for oneself. Nobody else can say yes.",
    ),
    "C25": (
        "Vi vet ikke hvem som kan bestemme. En person må finne det ut.",
        "Vi veit ikkje kven som kan avgjere. Ein person må finne det ut.",
        "We do not know who can decide. A person must find out.",
    ),
    "C26": (
        "De som har sagt ja, har ikke sagt ja til denne mottakeren.",
        "Dei som har sagt ja, har ikkje sagt ja til denne mottakaren.",
        "Those who said yes did not say yes to this receiver.",
    ),
    "X1": ("Ingen regel tillater dette.", "Ingen regel tillèt dette.", "No rule permits this."),
    "X2": (
        "Det en ansatt skriver for seg selv, deles aldri.",
        "Dei eigne notata til ein tilsett blir aldri delte.",
        "An employee's own notes are never shared.",
    ),
    "X3": (
        "En regel virker ikke. Da deler vi ikke noe.",
        "Ein regel verkar ikkje. Då deler vi ikkje noko.",
        "A rule does not work. Then nothing is shared.",
    ),
    "X4": (
        "Vi mangler noe vi må vite først.",
        "Vi manglar noko vi må vite først.",
        "Something that we must know first is lacking.",
    ),
    "X5": (
        "En melding til barnevernet går bare dit, og bare når loven krever det.",
        "Ei melding til barnevernet går berre dit, og berre når lova krev det.",
        "A report to child welfare goes only there, and only as the law asks.",
    ),
    "X6": (
        "Foreldrene skal ikke få vite om dette. Da kan de heller ikke si ja til å dele det.",
        "Foreldra skal ikkje få vite om dette. Då kan dei heller ikkje seie ja til å dele det.",
        "The parents are not to know of this. Then they cannot say yes to sharing it.",
    ),
    "X7": ("Denne mottakeren er stengt ute.", "Denne mottakaren er stengd ute.", "This receiver is shut out."),
    "X8": (
        "Loven bak dette må leses på nytt av en jurist.",
        "Lova bak dette må lesast på nytt av ein jurist.",
        "A lawyer must read the law behind this again.",
    ),
    "X9": (
        "Dette er noe som ingen regel sier noe om.",
        "Dette er noko som ingen regel seier noko om.",
        "This is something that the rules do not know.",
    ),
    "X10": (
        "Det som er sendt, blir kalt tilbake. Ikke noe nytt blir delt.",
        "Det som er sendt, blir kalla tilbake. Ikkje noko nytt blir delt.",
        "What was sent is taken back. Nothing new is shared.",
    ),
    "X11": (
        "En regel som kommunen krever, mangler. Da deler vi ikke noe.",
        "Ein regel som kommunen krev, manglar. Då deler vi ikkje noko.",
        "A rule that must be here is missing. Then nothing is shared.",
    ),
    "X20": (
        "Loggen er avsluttet for godt. Ikke noe nytt fra den blir delt.",
        "Loggen er avslutta for godt. Ikkje noko nytt frå han blir delt.",
        "The log has ended for good. Nothing new of it is shared.",
    ),
}

SENTENCES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {rule: MappingProxyType(dict(zip(LANGUAGES, told, strict=True))) for rule, told in _TOLD.items()}
)
"""For each rule, by language."""
