"""What the codes of the web mean, and of what people do there with tasks."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "act.not_theirs": (
        "Den personen kan ikke få oppgaven: den er ikke deres å se.",
        "Den personen kan ikkje få oppgåva: ho er ikkje deira å sjå.",
        "That person cannot have the task: it is not theirs to see.",
    ),
    "act.own_look": (
        "Den det gjelder, kan ikke svare på dette selv.",
        "Den det gjeld, kan ikkje svare på dette sjølv.",
        "Whom it is about cannot answer this.",
    ),
    "act.rests": (
        "En oppgave kan vente til en dag framover, og ikke lenger enn til fristen.",
        "Ei oppgåve kan vente til ein dag framover, og ikkje lenger enn til fristen.",
        "A task can rest until a day to come, and no longer than its deadline.",
    ),
    "web.absent": (
        "Det er ikke noe her, eller du har ikke noe med det å gjøre.",
        "Det er ikkje noko her, eller du har ikkje noko med det å gjere.",
        "There is nothing here, or it is none of your business.",
    ),
    "web.rights": (
        "Rollen din har ikke rett til dette. Spør lederen din.",
        "Rolla di har ikkje rett til dette. Spør leiaren din.",
        "Your role has no right to this. Ask your leader.",
    ),
    "web.seal": (
        "Skjemaet er fra en annen økt. Last siden på nytt og prøv igjen.",
        "Skjemaet er frå ei anna økt. Last sida på nytt og prøv igjen.",
        "The form is from another session. Reload the page and try again.",
    ),
    "web.twice": (
        "Skjemaet er sendt før. Det du ba om, er gjort eller på vei. Se på siden hva som står der nå.",
        "Skjemaet er sendt før. Det du bad om, er gjort eller på veg. Sjå på sida kva som står der no.",
        "The form was sent before. What you asked for is done or under way. See on the page what stands there now.",
    ),
    "web.changed": (
        "Noe er endret siden du åpnet siden, kanskje av deg selv. Ingenting mer er gjort. Se over og send på nytt.",
        "Noko er endra sidan du opna sida, kanskje av deg sjølv. Ingenting meir er gjort. Sjå over og send på nytt.",
        "Something has changed since you opened the page, perhaps by yourself. No more was done. Look and send anew.",
    ),
    "web.often": (
        "Det kom for mange forsøk. Vent litt og prøv igjen.",
        "Det kom for mange forsøk. Vent litt og prøv igjen.",
        "There were too many tries. Wait a little and try again.",
    ),
    "web.method": (
        "Siden tar ikke imot dette.",
        "Sida tek ikkje imot dette.",
        "The page does not take this.",
    ),
    "web.large": (
        "Skjemaet er for stort.",
        "Skjemaet er for stort.",
        "The form is too large.",
    ),
    "web.form": (
        "Skjemaet kan ikke leses.",
        "Skjemaet kan ikkje lesast.",
        "The form cannot be read.",
    ),
    "web.value": (
        "Noe i skjemaet mangler eller er feil.",
        "Noko i skjemaet manglar eller er feil.",
        "Something in the form is missing or wrong.",
    ),
    "web.ticket": (
        "Nøkkelen er feil, eller personen finnes ikke.",
        "Nøkkelen er feil, eller personen finst ikkje.",
        "The key is wrong, or there is no such person.",
    ),
    "web.unforeseen": (
        "Noe uventet skjedde. Det er ikke gjort noe. Prøv igjen, eller meld fra til drift.",
        "Noko uventa skjedde. Det er ikkje gjort noko. Prøv igjen, eller meld frå til drift.",
        "Something unforeseen happened. Nothing was done. Try again, or tell those who run it.",
    ),
    "web.number": (
        "Dette er ikke et gyldig nummer.",
        "Dette er ikkje eit gyldig nummer.",
        "This is not a valid number.",
    ),
    "web.no_unit": (
        "Du står ikke i noen enhet, og kan ikke skrive ned dette.",
        "Du står ikkje i noka eining, og kan ikkje skrive ned dette.",
        "You are in no unit, and cannot write this down.",
    ),
    "web.login": (
        "Innloggingen holder ikke. Prøv igjen fra begynnelsen.",
        "Innlogginga held ikkje. Prøv igjen frå byrjinga.",
        "The login does not hold. Try again from the beginning.",
    ),
    "web.login_away": (
        "Innloggingstjenesten svarer ikke. Prøv igjen om litt.",
        "Innloggingstenesta svarar ikkje. Prøv igjen om litt.",
        "The login service does not answer. Try again in a while.",
    ),
    "web.stranger": (
        "Du er logget inn, men står ikke blant dem som kan bruke dette. Spør lederen din.",
        "Du er logga inn, men står ikkje blant dei som kan bruke dette. Spør leiaren din.",
        "You are logged in, but are not among those who may use this. Ask your leader.",
    ),
    "web.missing": (
        "Det som nettsidene trenger, er ikke installert.",
        "Det som nettsidene treng, er ikkje installert.",
        "What the pages need is not installed.",
    ),
}
