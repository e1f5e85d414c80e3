"""What a municipality must know of each adapter: what to order, the settings, what can go wrong, how to remove it."""

import re

import pytest
from source import ROOT, pages, short

LIBRARIES = {"fiks-io"}
"""Plugins that bring no adapter and no setting of their own."""
PLUGINS = sorted(
    page.parent.name
    for page in pages()
    if re.fullmatch(r"plugins/[^/]+/README\.md", short(page)) and page.parent.name not in LIBRARIES
)
TOLD = {
    "what to order or agree on": r"(?i)\border\b|agree|must have|get access|ask the vendor",
    "settings": r"^\[(?:systems\.|notices|law)|^secret = ",
    "what can go wrong": r"(?im)^## .*(?:wrong|codes|faults|refused)",
    "how to remove it": r"(?im)^## .*(?:remove|to stop)",
}
PLAIN = {"health-waits", "notify-smtp", "openbao"}
"""A rule, a notifier, a place of secrets: nothing to order, and to remove them is to take a line away."""


def told_of(plugin: str) -> str:
    """The plugin's own page, and the how-to pages that lead to it."""
    own = (ROOT / "plugins" / plugin / "README.md").read_text("utf-8")
    others = [page.read_text("utf-8") for page in pages() if short(page).startswith("docs/how-to/")]
    return "\n".join([own, *(text for text in others if f"plugins/{plugin}/README.md" in text)])


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_municipality_can_read_all_it_must_know_of_an_adapter(plugin):
    text = told_of(plugin)
    wanted = {"settings"} if plugin in PLAIN else set(TOLD)
    assert [what for what in wanted if not re.search(TOLD[what], text, re.MULTILINE)] == []
