"""Running what a page shows: its ``bti`` commands in this process, in their order, and what it says they print."""

import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner

from gateway.cli.root import bti

BLOCK = re.compile(r"^```(\w+)?[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LONG = {"run", "simulate", "web", "worker"}
"""Commands that wait for an end."""


def steps(page: str) -> list[tuple[str, str]]:
    """(``sh`` or ``text``, what stands in it) of a page's blocks; a ``text`` only where it follows a ``sh`` at once."""
    found: list[tuple[str, str]] = []
    last = ""
    for language, text in BLOCK.findall(page):
        if language == "sh" or (language == "text" and last == "sh"):
            found.append((language, text))
        last = language
    return found


def commands(text: str) -> list[list[str]]:
    """The lines of a block of shell, as words."""
    lines = text.replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


class Reader:
    """Somebody who types what a page shows, in a folder of their own; the demo's municipality is copied, not told."""

    def __init__(self, folder: Path, *, lillevik: Path, names: Mapping[str, str] | None = None, **env: str) -> None:
        self.folder = folder
        self.lillevik = lillevik
        self.names = names or {}
        self.env = {"LC_ALL": "C.UTF-8", "COLUMNS": "100", "BTI_CONFIG": "", **env}
        self.told = ""
        self.status = 0

    def types(self, words: list[str]) -> bool:
        """Do what a line says; whether it was one that is tried here."""
        words = [self.names.get(word, word) for word in words]
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.env[name] = value
            return True
        if words[0] == "cp":
            shutil.copy(self.folder / words[1], self.folder / words[2])
            return True
        if words[0] != "bti" or words[1] in LONG or words[1:3] == ["adapter", "simulate"]:
            return False
        if words[1] == "demo":
            if "--keep" in words:
                shutil.copytree(self.lillevik, self.folder / words[words.index("--keep") + 1])
            return "--keep" in words
        done = CliRunner().invoke(bti, words[1:], env=self.env)
        self.told, self.status = done.stdout + done.stderr, done.exit_code
        return True

    def misses(self, shown: str) -> list[str]:
        """The lines that a page shows and that were not printed; ``…`` stands for anything."""
        told = [" ".join(line.split()) for line in self.told.splitlines()]
        return [
            line
            for line in (" ".join(line.split()) for line in shown.splitlines())
            if line and not any(_fits(line, one) for one in told)
        ]


def _fits(shown: str, told: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part.strip()) + r"\s*" for part in shown.split("…")), told) is not None
