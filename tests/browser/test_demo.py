"""What the demo's end says is true: the command that it prints opens the pages, and a newcomer finds the way in them."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.web.house import free_port

ENVIRONMENT = {**os.environ, "LC_ALL": "C", "PYTHONUNBUFFERED": "1", "COLUMNS": "400"}


def test_the_command_that_the_demo_prints_opens_the_pages_where_a_task_waits(chromium, tmp_path):
    bti = Path(sys.executable).with_name("bti")
    told = subprocess.run(
        [bti, "demo", "--keep", tmp_path / "lillevik"], env=ENVIRONMENT, capture_output=True, text=True, timeout=200,
        check=True,
    ).stdout  # fmt: skip
    command = shlex.split(re.search(r"See it in the browser: (.+)", told).group(1))
    settings = tmp_path / "lillevik" / "gateway.toml"
    port = free_port()  # another may be showing the pages on this machine
    settings.write_text(settings.read_text("utf-8").replace("127.0.0.1:8765", f"127.0.0.1:{port}"), "utf-8")
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as web:
        try:
            link = next(found[0] for line in web.stdout if (found := re.search(r"http://\S+ticket=[0-9a-f]+", line)))
            _newcomer(chromium, link)
        finally:
            web.terminate()


def _newcomer(chromium, link):
    """Enter as Kari, open the task, follow it to the case and to why a field stays, and answer the task."""
    page = chromium.new_context(locale="en-GB").new_page()
    page.set_default_timeout(60_000)
    page.goto(link)
    page.select_option("#person", "kari")
    page.get_by_role("button", name="Enter").click()
    page.locator("main a[href^='/tasks/']").first.click()
    task = page.url
    page.get_by_role("link", name="To the case").click()
    page.locator("main a[href*='/why/']").last.click()
    assert "Rules: " in page.inner_text("main")
    page.goto(task)
    page.locator("form.answers button").first.click()
    assert "Done." in page.inner_text("main")
    page.context.close()
