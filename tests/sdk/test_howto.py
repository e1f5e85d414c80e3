"""The how-to page for adapters: its code runs, and its promises of length hold."""

import re
import sys
from pathlib import Path

import msgspec

from gateway.run.mapfiles import FileMaps, MappingText, compile_text
from gateway.sdk.simfaults import What
from gateway.sdk.simulator import Simulator

sys.path.insert(0, str(Path(__file__).parent))
from vendors import CONCERN, connect, declared, drain

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-an-adapter.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_reader_on_the_page_is_eight_declared_lines_and_reads(tmp_path: Path) -> None:
    file = tmp_path / "acme.py"
    file.write_text(PYTHON[0])
    assert declared(file) <= 8
    names: dict = {"__name__": "acme"}
    exec(PYTHON[0] + PYTHON[1], names)  # noqa: S102 - our own page
    (adapter,) = names["gateway_adapters"]()
    maps = FileMaps(compile_text([MappingText(file="page", text=YAML[0])], vocabulary={}))
    with Simulator(adapter.resources, records=[("concern", CONCERN)] * 3) as url:
        connected = connect(adapter, url, maps)
        readings = [one for raw in drain(connected)[0] for one in connected.read(raw)]
        assert [(one.kind, one.case, one.fields) for one in readings] == [
            ("concern", "k1", {"summary": "Er ofte borte", "raised_on": "2026-11-02", "status": "raised"})
        ] * 3
        connected.close()


def test_the_page_names_every_fault_that_can_be_ordered() -> None:
    faults = msgspec.json.schema(What)["enum"]
    assert [fault for fault in faults if f"`{fault}`" not in PAGE] == []
