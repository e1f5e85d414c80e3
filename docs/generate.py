"""Writes the pages and schemas that are made from the code (``make docs``), or tells which differ (``--check``).

``PAGES`` maps a path to the function that gives its text. Each function is pure; nothing here reads the clock.
"""

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES: Mapping[str, str] = {
    "docs/reference/commands.md": "gateway.cli.pages:commands",
    "docs/reference/settings.md": "gateway.cli.pages:settings",
    "docs/reference/errors.md": "gateway.cli.pages:errors",
    "docs/reference/rules.md": "gateway.run.rulebook:rules_page",
    "docs/reference/metrics.md": "gateway.run.observing.declared:page",
    "docs/reference/capabilities.md": "gateway.run.matrix:capabilities_page",
    "docs/til-familien/bokmaal.md": "gateway.run.privacy.family:bokmaal",
    "docs/til-familien/nynorsk.md": "gateway.run.privacy.family:nynorsk",
    "docs/til-familien/english.md": "gateway.run.privacy.family:english",
    "docs/reference/api.md": "gateway.web.api.page:page",
    "docs/reference/openapi.json": "gateway.web.api.page:openapi",
    "schemas/bti-exchange/records.schema.json": "gateway.run.exchange:records_schema",
}
"""Path from the root, and ``module:function`` that returns the text."""
GROUPS = ("gateway.run.schemas:files",)
"""``module:function`` that returns the texts of several files by their paths: the schemas and the model's pages."""


def called(entry: str) -> Callable[[], Any]:
    """The function that an entry names."""
    module, _, name = entry.partition(":")
    made: Callable[[], Any] = getattr(import_module(module), name)
    return made


def rendered(entry: str) -> str:
    """The text of a page, ending with one newline."""
    text: str = called(entry)()
    return text.rstrip("\n") + "\n"


def main(*, check: bool) -> int:
    """Write what differs, or with ``check`` tell it; the exit status."""
    # The pages are in English wherever they are made, and as wide.
    os.environ |= {"LC_ALL": "C", "COLUMNS": "100"}
    stale = []
    texts = {place: rendered(entry) for place, entry in PAGES.items()}
    for entry in GROUPS:
        texts |= called(entry)()
    for place, text in texts.items():
        file = ROOT / place
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            stale.append(place)
            if not check:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
    for place in stale:
        sys.stdout.write(f"{place} {'is behind the code: run make docs' if check else 'written'}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
