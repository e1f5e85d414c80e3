"""Why a crossing is not done, or a log not printed."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "crossing.begun": (
        "Overgangen er allerede begynt.",
        "Overgangen er alt byrja.",
        "The crossing has begun already.",
    ),
    "crossing.consent": (
        "De som bestemmer, har ikke sagt ja til dette formålet. bti crossing show sier hvem som mangler.",
        "Dei som bestemmer, har ikkje sagt ja til dette føremålet. bti crossing show seier kven som manglar.",
        "Those who decide have not said yes to this purpose. bti crossing show tells who is missing.",
    ),
    "crossing.ended": (
        "Loggen er allerede avsluttet.",
        "Loggen er alt avslutta.",
        "The log has ended already.",
    ),
    "crossing.held": (
        "Noen koordinerer planen allerede. Utelat --coordinator, eller gi oppdraget videre med bti baton.",
        "Nokon koordinerer planen alt. Utelat --coordinator, eller gi oppdraget vidare med bti baton.",
        "Somebody coordinates the plan already. Leave out --coordinator, or pass the task on with bti baton.",
    ),
    "crossing.no_coordinator": (
        "Planen må ha en koordinator før stafettholderen slutter.",
        "Planen må ha ein koordinator før stafetthaldaren sluttar.",
        "The plan must have a coordinator before the holder of the log ends.",
    ),
    "crossing.no_plan": (
        "Ingen plan erstatter loggen.",
        "Ingen plan erstattar loggen.",
        "No plan replaces the log.",
    ),
    "crossing.not_a_target": (
        "Systemet har ikke et formål som noe kan gå over til.",
        "Systemet har ikkje eit føremål som noko kan gå over til.",
        "The system has no purpose that something can cross over to.",
    ),
    "crossing.not_there": (
        "Planen er ikke kommet fram til det andre systemet ennå.",
        "Planen er ikkje komen fram til det andre systemet enno.",
        "The plan has not arrived in the other system yet.",
    ),
    "paper.nothing": (
        "Loven og samtykkene lar ikke denne personen se noe av loggen. Et ja på papir kan noteres for guardian.",
        "Lova og samtykka lèt ikkje denne personen sjå noko av loggen. Eit ja på papir kan noterast for guardian.",
        "Law and consents let this person see nothing of the log. A yes on paper can be recorded for guardian.",
    ),
    "history.kept": (
        "Historikken beholdes så lenge saken finnes. Sett keep_history i [store] først.",
        "Historikken blir teken vare på så lenge saka finst. Set keep_history i [store] fyrst.",
        "History is kept as long as the case. Set keep_history in [store] first.",
    ),
    "paper.printer": (
        "PDF-er trenger fpdf2: pip install 'bti-gateway[print]'. HTML og tekst går uten.",
        "PDF-ar treng fpdf2: pip install 'bti-gateway[print]'. HTML og tekst går utan.",
        "PDFs need fpdf2: pip install 'bti-gateway[print]'. HTML and text go without.",
    ),
    "paper.font": (
        "Arket har bokstaver som ingen skrift på maskinen har. Installer DejaVu Sans, eller skriv HTML.",
        "Arket har bokstavar som inga skrift på maskina har. Installer DejaVu Sans, eller skriv HTML.",
        "The page has letters that no font on this machine has. Install DejaVu Sans, or write HTML.",
    ),
    "paper.file": (
        "Filen finnes allerede, eller kan ikke skrives.",
        "Fila finst alt, eller kan ikkje skrivast.",
        "The file is there already, or cannot be written.",
    ),
}
