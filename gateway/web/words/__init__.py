"""Every text of the web, in bokmål, nynorsk and English, by code. A text may hold ``{names}``, the same in all."""

from functools import cache

from gateway.run.texts import Texts, faults, lawdoc, statistics, told
from gateway.web.visit import LANGUAGES, Language
from gateway.web.words import answers, case, consents, doing, frame, moving, records, tasks

MODULES = (told, statistics, lawdoc, frame, tasks, answers, doing, case, consents, moving, records)


@cache
def texts() -> Texts:
    """All texts by code."""
    return {**faults(), **{code: said for module in MODULES for code, said in module.TEXTS.items()}}


def say(code: str, language: Language, /, **facts: object) -> str:
    """A text with its facts filled in; the code itself where there is none."""
    found = texts().get(code)
    return found[LANGUAGES.index(language)].format(**facts) if found else code


def fault(code: str, language: Language) -> str:
    """What a code of a fault says."""
    return say(code, language)
