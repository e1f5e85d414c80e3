"""Every text that the command line shows, in bokmål, nynorsk and English, by code.

A text may hold ``{names}``, the same in all three. The help stands in modules of its own, imported when needed; what
the web says too stands in ``gateway.run.texts``.
"""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Literal

from gateway.run.texts import Texts, fault, faults

Language = Literal["nb", "nn", "en"]
HELP = (
    "words_help", "gateway.run.texts.told", "words_crossing", "words_asked_back", "words_baton",
    "gateway.run.texts.lawdoc", "gateway.run.texts.statistics", "words_report",
    "gateway.run.texts.privacy", "words_doctor",
)  # fmt: skip
"""The modules that hold the help."""
LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")


def language(environment: Mapping[str, str] | None = None) -> Language:
    """The caller's language by ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``, the first that is set; English otherwise."""
    environment = os.environ if environment is None else environment
    found = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    spoken: dict[str, Language] = {"nb": "nb", "no": "nb", "nn": "nn"}
    return spoken.get(found.lower().replace("-", "_").partition("_")[0].partition(".")[0], "en")


def say(code: str, language: Language, **facts: object) -> str:
    """The text of a code with its facts filled in; the code itself where the catalogue has none."""
    more = ("words_demo",) if code.startswith("demo.") else HELP[1:]
    texts = MESSAGES.get(code) or next((found for each in more if (found := _in(each).get(code))), None) or fault(code)
    return texts[LANGUAGES.index(language)].format(**facts) if texts else code


def help_for(name: str) -> str:
    """The help of a command (``flow approve``) or an option (``option.json``) in the caller's language."""
    texts = next(found for each in HELP if (found := _in(each).get(name)))
    return texts[LANGUAGES.index(language())]


def _in(module: str) -> Texts:
    texts: Texts = import_module(module if "." in module else f"gateway.cli.{module}").TEXTS
    return texts


__all__ = ["HELP", "LANGUAGES", "MESSAGES", "Language", "Texts", "fault", "faults", "help_for", "language", "say"]

MESSAGES: Texts = {
    "cli.expected": ("ventet", "venta", "expected"),
    "check.fine": ("Alt er i orden.", "Alt er i orden.", "All is well."),
    "check.faults": ("Feil: {n}", "Feil: {n}", "Faults: {n}"),
    "check.warnings": ("Å se på: {n}", "Å sjå på: {n}", "To look at: {n}"),
    "init.done": (
        "{folder} er klar. Les {note} for det som skal fylles ut.",
        "{folder} er klar. Les {note} for det som skal fyllast ut.",
        "{folder} is ready. Read {note} for what to fill in.",
    ),
    "keys.done": (
        "Nøkler er skrevet til {file}. Ta vare på en kopi et annet sted enn sikkerhetskopien av databasen.",
        "Nøklar er skrivne til {file}. Ta vare på ein kopi ein annan stad enn tryggingskopien av databasen.",
        "Keys are written to {file}. Keep a copy somewhere else than the database's backup.",
    ),
    "keys.rotated": (
        "Nøklene er byttet til versjon {version}.",
        "Nøklane er bytte til versjon {version}.",
        "The keys are now version {version}.",
    ),
    "adapter.made": (
        "{folder} er laget. Begynn med {file}, og kjør: {command}",
        "{folder} er laga. Byrja med {file}, og køyr: {command}",
        "{folder} is made. Begin with {file}, then run: {command}",
    ),
    "adapter.none": ("Ingen adaptere.", "Ingen adapterar.", "No adapters."),
    "decide.effect": ("Utfall: {effect}", "Utfall: {effect}", "Effect: {effect}"),
    "decide.rules": ("Regler: {rules}", "Reglar: {rules}", "Rules: {rules}"),
    "decide.consent": ("Må samtykke: {names}", "Må samtykkja: {names}", "Must consent: {names}"),
    "decide.missing": ("Mangler: {names}", "Manglar: {names}", "Missing: {names}"),
    "decide.inform": ("Skal få vite det: {names}", "Skal få vita det: {names}", "Must be told: {names}"),
    "map.passed": ("Bestått: {n}", "Bestått: {n}", "Passed: {n}"),
    "map.failed": ("Ikke bestått: {n}", "Ikkje bestått: {n}", "Failed: {n}"),
    "simulate.progress": ("Barn", "Barn", "Children"),
    "simulate.done": (
        "{n} barn er skrevet til {file}.",
        "{n} barn er skrivne til {file}.",
        "{n} children are written to {file}.",
    ),
    "certify.progress": ("Krav", "Krav", "Checks"),
    "certify.passed": ("bestått", "bestått", "passed"),
    "certify.failed": ("ikke bestått", "ikkje bestått", "failed"),
    "certify.not_applicable": ("gjelder ikke", "gjeld ikkje", "not applicable"),
    "certify.tier": (
        "{adapter} {version}: trinn {tier}",
        "{adapter} {version}: trinn {tier}",
        "{adapter} {version}: tier {tier}",
    ),
    "sync.progress": ("Arbeider", "Arbeider", "Working"),
    "sync.counts": (
        "Holdt tilbake {withheld}, trukket {retracted}, i karantene {quarantined}, oppgaver {tasks}, venter {due}",
        "Halde tilbake {withheld}, trekt {retracted}, i karantene {quarantined}, oppgåver {tasks}, ventar {due}",
        "Withheld {withheld}, retracted {retracted}, quarantined {quarantined}, tasks {tasks}, due {due}",
    ),
    "web.begun": ("Åpne {link}", "Opne {link}", "Open {link}"),
    "web.stops": ("Stans med Ctrl-C.", "Stans med Ctrl-C.", "Stop with Ctrl-C."),
    "run.begun": (
        "Kjører for {systems}. Stans med Ctrl-C.",
        "Køyrer for {systems}. Stans med Ctrl-C.",
        "Running for {systems}. Stop with Ctrl-C.",
    ),
    "run.round": (
        "Runde: hentet {fetched}, levert {delivered}, holdt tilbake {withheld}, venter {due}",
        "Runde: henta {fetched}, levert {delivered}, halde tilbake {withheld}, ventar {due}",
        "Round: fetched {fetched}, delivered {delivered}, withheld {withheld}, due {due}",
    ),
    "status.cases": (
        "Saker: {cases}. Venter på å sendes: {due}.",
        "Saker: {cases}. Ventar på å sendast: {due}.",
        "Cases: {cases}. Due: {due}.",
    ),
    "status.paused": ("All sending er stanset.", "All sending er stansa.", "All sending is paused."),
    "flows.none": ("Ingen strømmer ennå.", "Ingen straumar enno.", "No flows yet."),
    "flow.set": ("{giver} → {taker}: {state}", "{giver} → {taker}: {state}", "{giver} → {taker}: {state}"),
    "flow.paused_all": (
        "All sending er stanset; mottak går videre.",
        "All sending er stansa; mottak går vidare.",
        "All sending is paused; intake goes on.",
    ),
    "flow.resumed_all": ("Sending er tatt opp igjen.", "Sending er teken opp att.", "Sending is taken up again."),
    "tasks.none": ("Ingen oppgaver venter.", "Ingen oppgåver ventar.", "No tasks wait."),
    "tasks.resolved": ("{task}: {outcome}", "{task}: {outcome}", "{task}: {outcome}"),
    "tasks.handed": ("{task}: gitt videre til {to}", "{task}: gitt vidare til {to}", "{task}: handed over to {to}"),
    "tasks.handed_back": (
        "{task}: tilbake til alle som har den",
        "{task}: tilbake til alle som har ho",
        "{task}: back to all whose it is",
    ),
    "tasks.rests": ("{task}: på vent til {day}", "{task}: på vent til {day}", "{task}: put off until {day}"),
    "tasks.rests_over": ("{task}: tatt fram igjen", "{task}: teken fram att", "{task}: taken up again"),
    "consent.made": ("Notert: {consent}", "Notert: {consent}", "Recorded: {consent}"),
    "consent.withdrawn": (
        "Trukket: {n}. Det som er sendt, blir bedt trukket i neste runde.",
        "Trekt: {n}. Det som er sendt, blir bede trekt i neste runde.",
        "Withdrawn: {n}. What was sent is asked back in the next round.",
    ),
    "block.made": ("Sperret: {block}", "Sperra: {block}", "Blocked: {block}"),
    "block.lifted": ("Opphevet: {block}", "Oppheva: {block}", "Lifted: {block}"),
    "restriction.lifted": ("Opphevet: {n}", "Oppheva: {n}", "Lifted: {n}"),
    "fact.recorded": ("Notert.", "Notert.", "Recorded."),
    "erase.sure": (
        "Ødelegge vår kopi av {case} for godt?",
        "Øydeleggja kopien vår av {case} for godt?",
        "Destroy our copy of {case} for good?",
    ),
    "erase.done": ("Ødelagt: {case}", "Øydelagd: {case}", "Destroyed: {case}"),
    "audit.holds": ("Loggen holder.", "Loggen held.", "The log holds."),
    "audit.broken": ("Loggen holder ikke.", "Loggen held ikkje.", "The log does not hold."),
    "audit.restored": (
        "Skrevet ned. Loggen går videre, og sier hva som mangler.",
        "Skrive ned. Loggen går vidare, og seier kva som manglar.",
        "Written down. The log goes on, and tells what is missing.",
    ),
    "audit.not_behind": (
        "Databasen er ikke rullet tilbake. Ingenting er endret.",
        "Databasen er ikkje rulla tilbake. Ingenting er endra.",
        "The database was not rolled back. Nothing was changed.",
    ),
    "audit.exported": (
        "{n} linjer er skrevet til {folder}.",
        "{n} linjer er skrivne til {folder}.",
        "{n} lines are written to {folder}.",
    ),
    "head.system": ("System", "System", "System"),
    "head.fetch": ("Ville hente", "Ville henta", "Would fetch"),
    "head.send": ("Ville sende", "Ville senda", "Would send"),
    "head.retract": ("Ville trekke", "Ville trekkja", "Would retract"),
    "head.fetched": ("Hentet", "Henta", "Fetched"),
    "head.delivered": ("Levert", "Levert", "Delivered"),
    "head.record": ("Opplysning", "Opplysning", "Record"),
    "head.rules": ("Regler", "Reglar", "Rules"),
    "head.due": ("Venter", "Ventar", "Due"),
    "head.oldest": ("Eldst", "Eldst", "Oldest"),
    "head.last": ("Sist i orden", "Sist i orden", "Last success"),
    "head.trouble": ("Vansker", "Vanskar", "Trouble"),
    "head.quarantined": ("Karantene", "Karantene", "Quarantined"),
    "head.uncertain": ("Uvisst", "Uvisst", "Uncertain"),
    "head.task": ("Oppgave", "Oppgåve", "Task"),
    "head.number": ("Antall", "Tal", "Number"),
    "head.from": ("Fra", "Frå", "From"),
    "head.to": ("Til", "Til", "To"),
    "head.state": ("Tilstand", "Tilstand", "State"),
    "head.by": ("Av", "Av", "By"),
    "head.at": ("Tid", "Tid", "Time"),
    "head.kind": ("Slag", "Slag", "Kind"),
    "head.answers": ("Svar", "Svar", "Answers"),
    "head.deadline": ("Frist", "Frist", "Deadline"),
    "head.owner": ("Hvem", "Kven", "Owner"),
    "head.ours": ("Vårt", "Vårt", "Ours"),
    "task.withheld": ("holdes tilbake", "blir halde tilbake", "kept back"),
    "head.theirs": ("Deres", "Deira", "Theirs"),
    "head.person": ("Person", "Person", "Person"),
    "head.role": ("Rolle", "Rolle", "Role"),
    "head.consent": ("Samtykke", "Samtykke", "Consent"),
    "head.decision": ("Svar", "Svar", "Decision"),
    "head.purpose": ("Formål", "Føremål", "Purpose"),
    "head.services": ("Tjenester", "Tenester", "Services"),
    "head.withdrawn": ("Trukket", "Trekt", "Withdrawn"),
    "head.receiver": ("Mottaker", "Mottakar", "Receiver"),
    "head.retracted": ("Trukket", "Trekt", "Retracted"),
    "title.withheld": ("Ville bli holdt tilbake", "Ville bli halde tilbake", "Would be withheld"),
    "title.trouble": ("Vansker", "Vanskar", "Trouble"),
    "title.tasks": ("Oppgaver som venter", "Oppgåver som ventar", "Tasks that wait"),
    "title.restrictions": (
        "Sperrer, avslag og tilbaketrekkinger",
        "Sperrer, avslag og tilbaketrekkingar",
        "Restrictions",
    ),
    "title.disclosed": ("Sendt", "Sendt", "Disclosed"),
    "head.check": ("Krav", "Krav", "Check"),
    "head.mapping": ("Kart", "Kart", "Mapping"),
    "head.adapter": ("Adapter", "Adapter", "Adapter"),
    "head.distribution": ("Pakke", "Pakke", "Distribution"),
    "head.version": ("Versjon", "Versjon", "Version"),
    "head.reads": ("Leser", "Les", "Reads"),
    "head.writes": ("Skriver", "Skriv", "Writes"),
    "head.can": ("Kan", "Kan", "Can"),
    "head.code": ("Kode", "Kode", "Code"),
    "head.where": ("Sted", "Stad", "Where"),
    "head.what": ("Hva", "Kva", "What"),
    "head.field": ("Felt", "Felt", "Field"),
    "head.effect": ("Utfall", "Utfall", "Effect"),
    "head.case": ("Tilfelle", "Tilfelle", "Case"),
    "head.result": ("Resultat", "Resultat", "Result"),
    "title.broken": ("Tillegg som ikke virker", "Tillegg som ikkje verkar", "Plugins that are broken"),
    "title.rules_missing": (
        "Regler som mangler: bare lovpålagte meldinger blir sendt",
        "Reglar som manglar: berre lovpålagde meldingar blir sende",
        "Rules that are missing: nothing is sent but by duty",
    ),
    "title.notes": ("Til opplysning", "Til opplysning", "For your information"),
    "head.plugin": ("Tillegg", "Tillegg", "Plugin"),
    "title.faults": ("Feil", "Feil", "Faults"),
    "title.warnings": ("Å se på", "Å sjå på", "To look at"),
}
