"""Every text of the web, in bokmål, nynorsk and English, by code. A text may hold ``{names}``, the same in all."""

from functools import cache

from gateway.run.texts import Texts, faults, lawdoc, statistics, told
from gateway.run.texts import fault as catalogue
from gateway.web.visit import LANGUAGES, Language
from gateway.web.words import answers, audit, case, consents, doing, frame, lists, moving, records, tasks

MODULES = (told, statistics, lawdoc, frame, tasks, lists, answers, doing, case, consents, moving, records, audit)


@cache
def texts() -> Texts:
    """All texts by code."""
    return {**faults(), **{code: said for module in MODULES for code, said in module.TEXTS.items()}}


def say(code: str, language: Language, /, **facts: object) -> str:
    """A text with its facts filled in; the code itself where there is none."""
    found = texts().get(code)
    return found[LANGUAGES.index(language)].format(**facts) if found else code


def entry(act: str, language: Language) -> str:
    """What an entry of the audit log says was done: its act in words, else what the act begins with, else nothing."""
    parts = act.split(".")
    codes = (f"logged.{'.'.join(parts[:n])}" for n in range(len(parts), 0, -1))
    return next((say(code, language) for code in codes if code in texts()), "")


def look(what: str, language: Language) -> str:
    """What somebody looked at, in words; nothing where there are none."""
    return say(f"looked.{what}", language) if f"looked.{what}" in texts() else ""


def fault(code: str, language: Language) -> str:
    """What a code of a fault says; the code itself where nothing says more."""
    found = catalogue(code)
    return found[LANGUAGES.index(language)] if found else code
