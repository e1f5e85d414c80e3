"""Pictures of every page at a phone's, a tablet's and a desk's width, as ``docs/tour`` keeps them.

python -m tests.browser.tour [--into FOLDER] [NAME …]
"""

import argparse
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.looking import WIDTHS, Eyes
from tests.browser.sights import SIGHTS, Sight
from tests.browser.town import served, tell

PLACE = Path(__file__).resolve().parents[2] / "docs" / "tour"
TALLEST = 1900
"""Pixels after which a picture ends."""
COLOURS = 40
DARK = ("inbox", "case", "consents")
"""Pages that are also shown in the dark."""


def pictures(eyes: Eyes, sight: Sight, scheme: str, widths: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """A page as pictures of few colours, by the window's width."""
    with eyes.page(sight.person, "nb", scheme) as looked:
        sight.see(looked, eyes.town)
        looked.page.evaluate("() => document.activeElement && document.activeElement.blur()")
        for width in widths:
            looked.page.set_viewport_size({"width": width, "height": 800 if width < 1000 else 900})
            taken = looked.page.screenshot(full_page=True, animations="disabled")
            shown = Image.open(io.BytesIO(taken)).convert("RGB")
            shown = shown.crop((0, 0, shown.width, min(shown.height, TALLEST)))
            kept = io.BytesIO()
            shown.quantize(COLOURS, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
            yield width, kept.getvalue()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=PLACE)
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_args()
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("the tour needs the program chromium (Debian: apt-get install chromium)")
    chosen.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        tell(folder / "played")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        with served(folder / "played", folder / "served") as town, Eyes(browser, town) as eyes:
            for sight in SIGHTS:
                if chosen.names and sight.name not in chosen.names:
                    continue
                for width, taken in pictures(eyes, sight, "light", WIDTHS):
                    (chosen.into / f"{sight.name}-{width}.png").write_bytes(taken)
                if sight.name in DARK:
                    for _, taken in pictures(eyes, sight, "dark", WIDTHS[-1:]):
                        (chosen.into / f"{sight.name}-dark.png").write_bytes(taken)
        browser.close()


if __name__ == "__main__":
    main()
