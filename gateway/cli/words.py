"""Every text that the command line shows, in bokmål, nynorsk and English, by code.

A text may hold ``{names}``, the same in all three. Codes of faults stand in ``words_faults`` and the help in
``words_help``, imported when needed.
"""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Literal

Language = Literal["nb", "nn", "en"]
Texts = Mapping[str, tuple[str, str, str]]
LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")


def language(environment: Mapping[str, str] | None = None) -> Language:
    """The caller's language by ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``, the first that is set; English otherwise."""
    environment = os.environ if environment is None else environment
    found = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    spoken: dict[str, Language] = {"nb": "nb", "no": "nb", "nn": "nn"}
    return spoken.get(found.lower().replace("-", "_").partition("_")[0].partition(".")[0], "en")


def say(code: str, language: Language, **facts: object) -> str:
    """The text of a code with its facts filled in; the code itself where the catalogue has none."""
    texts = MESSAGES.get(code) or _in("words_faults").get(code)
    return texts[LANGUAGES.index(language)].format(**facts) if texts else code


def help_for(name: str) -> str:
    """The help of a command (``flow approve``) or an option (``option.json``) in the caller's language."""
    return _in("words_help")[name][LANGUAGES.index(language())]


def _in(module: str) -> Texts:
    texts: Texts = import_module(f"gateway.cli.{module}").TEXTS
    return texts


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
    "title.faults": ("Feil", "Feil", "Faults"),
    "title.warnings": ("Å se på", "Å sjå på", "To look at"),
}
