"""Texts that the command line and the web share, in bokmål, nynorsk and English, by code: faults, figures, the law.

A text may hold ``{names}``, the same in all three.
"""

from collections.abc import Mapping
from importlib import import_module

Texts = Mapping[str, tuple[str, str, str]]
FAULTS = (
    "codes", "store", "records", "law", "crossing_faults", "watch", "baton_faults", "letters", "trust",
    "web_faults", "api_faults", "report_faults", "doctor", "travel",
)  # fmt: skip
"""The modules that hold the faults' texts."""


def of(module: str) -> Texts:
    """The texts of one module of this package."""
    texts: Texts = import_module(f"gateway.run.texts.{module}").TEXTS
    return texts


def fault(code: str) -> tuple[str, str, str] | None:
    """The three texts of a fault's code, if the catalogue has it; a status (``http.503``) is told by its number."""
    found = next((found for each in FAULTS if (found := of(each).get(code))), None)
    status = code.removeprefix("http.")
    if found is None and status != code and status.isascii() and status.isdigit():
        return (f"Systemet svarte {status}.", f"Systemet svarte {status}.", f"The system answered {status}.")
    return found


def faults() -> Texts:
    """Every fault's texts by code."""
    return {code: told for each in FAULTS for code, told in of(each).items()}
