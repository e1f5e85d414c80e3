"""Reading the law's files, and writing them out as Python, so that deciding needs no parser and no file.

``python -m gateway.run.law`` writes ``gateway/core/law/generated/current.py`` anew.
"""

from functools import cache
from pathlib import Path

from msgspec.structs import asdict

from gateway.core.law import Basis, Law, Obligation, Words, parse

_FOLDER = Path(__file__).resolve().parents[1] / "core" / "law"
WRITTEN = _FOLDER / "generated" / "current.py"


def read(folder: Path = _FOLDER) -> Law:
    """The law of ``bases.yaml`` and ``duties.yaml`` in a folder. Raises ``LawFault``; ``OSError`` when one is gone."""
    return parse((folder / "bases.yaml").read_text("utf-8"), (folder / "duties.yaml").read_text("utf-8"))


@cache
def readings(folder: Path = _FOLDER) -> dict[str, dict[str, str]]:
    """Each rule as a lawyer reads it, by id and language, from ``readings.yaml``, which a process reads once."""
    import yaml  # noqa: PLC0415 - only who reads the files pays for the parser

    found: dict[str, dict[str, str]] = yaml.safe_load((folder / "readings.yaml").read_text("utf-8"))["readings"]
    return found


def as_python(law: Law) -> str:
    """The law as a module's source."""
    lines = [
        '"""The law of the two YAML files beside this folder. Written by ``python -m gateway.run.law``."""',
        "",
        "from datetime import date",
        "",
        "from gateway.core.law import Basis, Law, Obligation, Words",
        "",
        "CURRENT = Law(",
        "    bases=(",
        *(f"        {_made(basis)}," for basis in law.bases),
        "    ),",
        "    duties=(",
        *(f"        {_made(duty)}," for duty in law.duties),
        "    ),",
        "    triggers={",
        *(f"        {name!r}: {_made(words)}," for name, words in law.triggers.items()),
        "    },",
        ")",
        "",
    ]
    return "\n".join(lines)


def _made(value: Basis | Obligation | Words) -> str:
    told = ", ".join(
        f"{name}={_made(one) if isinstance(one, Words) else repr(one).replace('datetime.date', 'date')}"
        for name, one in asdict(value).items()
    )
    return f"{type(value).__name__}({told})"


if __name__ == "__main__":
    WRITTEN.write_text(as_python(read()), "utf-8")
