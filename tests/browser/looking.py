"""People at a browser: each in a language and a scheme of colours, with everything that went wrong written down."""

import os
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.town import Town

ALL = os.environ.get("BTI_BROWSER") == "all"
"""Whether everything is looked at, or a share that fits each change."""
LANGUAGES, SCHEMES = ("nb", "nn", "en"), ("light", "dark")
WIDTHS = (360, 768, 1440)
"""A phone, a tablet, a desk."""
LEAST = 320
"""What a window of 1280 is at 400 %: there too everything is read by scrolling in one direction (WCAG 2.2, 1.4.10)."""
LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""What axe judges by: WCAG 2.2 at level AA with all before it, and what is held to be good."""
_TROUBLE = """() => {
  window.trouble = [];
  document.addEventListener('securitypolicyviolation', (e) => window.trouble.push('policy: ' + e.violatedDirective));
}"""
_OVER = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const found = [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && !one.closest('.scroll'))
    .map((one) => one.tagName.toLowerCase() + '.' + one.className).slice(0, 5);
  return found.length ? found : ['text'];
}"""
_SIDEWAYS = """() => [...document.querySelectorAll('main *')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
  .filter((one) => !one.closest('.timeline')).map((one) => one.tagName.toLowerCase() + '.' + one.className).slice(0, 5)"""
_JUDGE = """async (tags) => {
  const told = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  return told.violations.flatMap((one) => one.nodes.map((node) => one.id + ': ' + node.target.join(' ')));
}"""


class Eyes:
    """Contexts of a browser by who looks and how; each is logged in once."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self.browser, self.town = browser, town
        self._open: dict[tuple[object, ...], BrowserContext] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, what: BaseException | None, where: TracebackType | None
    ) -> None:
        for one in self._open.values():
            one.close()

    def context(self, person: str | None, language: str = "nb", scheme: Any = "light", **more: Any) -> BrowserContext:
        """A person's browser; ``None`` is somebody who is not logged in."""
        key = (person, language, scheme, *sorted(more.items()))
        if key not in self._open:
            made = self.browser.new_context(
                color_scheme=scheme, locale=LOCALES[language], user_agent="A browser", timezone_id="Europe/Oslo", **more
            )
            made.add_init_script(f"({_TROUBLE})()")
            made.set_default_timeout(20_000)
            cookies = [{"name": "language", "value": language, "url": self.town.site.origin}]
            if person is not None:
                token = self.town.session(person, "A browser")
                cookies.append({"name": "bti", "value": token, "url": self.town.site.origin})
            made.add_cookies(cookies)  # type: ignore[arg-type]
            self._open[key] = made
        return self._open[key]

    def page(self, person: str | None, language: str = "nb", scheme: Any = "light", **more: Any) -> "Looked":
        """A new page of a person's browser."""
        return Looked(self.context(person, language, scheme, **more).new_page(), self.town.site.origin)


class Looked:
    """A page, and what the browser complained about while it was open."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        self.complaints: list[str] = []
        page.on("console", lambda told: self._console(told.type, told.text))
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", lambda asked: self._asked(asked.url))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, what: BaseException | None, where: TracebackType | None
    ) -> None:
        self.page.close()

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "the server responded with a status of" not in text:
            self.complaints.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.origin, "data:", "about:")):
            self.complaints.append(f"elsewhere: {url}")

    def go(self, path: str) -> int:
        """Open a path; the status of the answer."""
        answer = self.page.goto(self.origin + path)
        assert answer is not None
        return answer.status

    def troubles(self) -> list[str]:
        """What the browser complained about so far."""
        return [*self.complaints, *self.page.evaluate("() => window.trouble || []")]

    def judged(self, axe: str) -> list[str]:
        """What axe finds wrong, a line for each place."""
        self.page.evaluate(axe)
        found: list[str] = self.page.evaluate(_JUDGE, list(TAGS))
        return found

    def over(self) -> list[str]:
        """What makes the page wider than the window."""
        found: list[str] = self.page.evaluate(_OVER)
        return found

    def sideways(self) -> list[str]:
        """What must be scrolled sideways to be read, besides the picture of the relay, which stands as text too."""
        found: list[str] = self.page.evaluate(_SIDEWAYS)
        return found

    def text(self) -> str:
        """What a reader reads."""
        return self.page.inner_text("body")

    def press(self, label: str) -> None:
        """Press the button with a name, and wait for what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).first.click()
