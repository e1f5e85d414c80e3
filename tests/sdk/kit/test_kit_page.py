from pathlib import Path

from gateway.run.certify import Report
from gateway.sdk.testing import CHECKS, ENCODINGS, Sample

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "kit.md").read_text(encoding="utf-8")


def test_the_page_lists_every_check_with_its_promise_and_no_other():
    rows = [line for line in PAGE.partition("## Checks")[2].partition("## The report")[0].splitlines() if "`" in line]
    assert [row for row in rows if row.startswith("| `")] == [f"| `{check.id}` | {check.what} |" for check in CHECKS]


def test_the_page_shows_every_key_of_a_report_and_every_field_of_a_sample():
    assert all(f'"{name}"' in PAGE for name in Report.__struct_fields__)
    assert all(f"`{name}`" in PAGE for name in Sample.__struct_fields__)
    assert len(ENCODINGS) == 7
