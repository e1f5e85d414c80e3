"""What becomes of plugins, sound and broken, that are installed as distributions of their own."""

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from gateway.run.plugins import load_plugins

SOUND = """
from gateway.sdk import Adapter, Capabilities, hookimpl
GATEWAY_API = "1.0"
class Acme(Adapter):
    name = "{name}"
    capabilities = Capabilities(reads={{"concern"}})
@hookimpl
def gateway_adapters():
    return [Acme]
@hookimpl
def gateway_mappings():
    return {{"{name}": "adapter: {name}"}}
"""

BROKEN = {
    "raises at import": ("plugin.import", 'raise ValueError("hemmelig")'),
    "leaves at import": ("plugin.import", "raise SystemExit(3)"),
    "needs what is not there": ("plugin.import", "import not_there_at_all"),
    "is no Python": ("plugin.import", "def ("),
    "states no interface": ("plugin.api", SOUND.replace('GATEWAY_API = "1.0"', "")),
    "was written for the next interface": ("plugin.api", SOUND.replace("1.0", "2.0")),
    "states nonsense": ("plugin.api", SOUND.replace('"1.0"', "1")),
    "misspells a hook": ("plugin.hook", SOUND.replace("gateway_adapters", "gateway_adapterz")),
    "misspells an argument": ("plugin.hook", SOUND.replace("gateway_adapters()", "gateway_adapters(nonexistent)")),
    "raises in a hook": ("plugin.raises", SOUND.replace("return [Acme]", "raise RuntimeError('hemmelig')")),
    "leaves in a hook": ("plugin.raises", SOUND.replace("return [Acme]", "raise SystemExit")),
    "returns no list": ("plugin.raises", SOUND.replace("return [Acme]", "return 7")),
    "brings no adapter": ("plugin.adapter", SOUND.replace("return [Acme]", "return [dict]")),
    "brings one without capabilities": ("plugin.adapter", SOUND.replace("capabilities =", "other =")),
    "bears another name": ("plugin.name", SOUND.replace('name = "{name}"', 'name = "other"')),
}


class Site:
    """A folder on the path into which distributions are laid as an installer would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: list[str] = []

    def install(self, name: str, source: str, *, distribution: str | None = None) -> None:
        distribution = distribution or f"vendor-{name}"
        module = distribution.replace("-", "_") + "_" + str(len(self.modules))
        self.modules.append(module)
        (self.folder / f"{module}.py").write_text(
            dedent(source).replace("{name}", name).replace("{{", "{").replace("}}", "}")
        )
        info = self.folder / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[gateway]\n{name} = {module}\n")


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    site = Site(tmp_path)
    yield site
    for module in site.modules:
        sys.modules.pop(module, None)


def test_an_installed_adapter_is_found_with_its_mapping_and_its_distribution(site):
    site.install("acme", SOUND)
    found = load_plugins()
    assert found.adapters["acme"].name == "acme"
    assert found.mappings["acme"] == "adapter: acme"
    assert (found.origins["acme"].distribution, found.origins["acme"].version) == ("vendor-acme", "1.2")


@pytest.mark.parametrize("what", BROKEN)
def test_a_plugin_that(site, capsys, what):
    """… is told as broken with its code, says nothing of its own, and takes no other plugin with it."""
    code, source = BROKEN[what]
    site.install("bad", 'print("hemmelig")\n' + source)
    site.install("acme", SOUND)
    found = load_plugins()
    assert {broken.name: broken.code for broken in found.broken if broken.distribution.startswith("vendor-")} == {
        "bad": code
    }
    assert "acme" in found.adapters
    assert "bad" not in found.adapters
    assert "hemmelig" not in repr(found) + "".join(capsys.readouterr())


def test_of_two_distributions_with_one_name_the_first_stands_and_the_second_is_told(site):
    site.install("acme", SOUND, distribution="vendor-a")
    site.install("acme", SOUND, distribution="vendor-b")
    found = load_plugins()
    assert found.origins["acme"].distribution == "vendor-a"
    assert [(broken.distribution, broken.code) for broken in found.broken if broken.name == "acme"] == [
        ("vendor-b", "plugin.twice")
    ]


def test_only_the_plugins_that_are_asked_for_are_imported(site):
    site.install("acme", SOUND)
    site.install("idle", SOUND)
    assert set(load_plugins(only={"acme"}).adapters) == {"acme"}
    assert site.modules[1] not in sys.modules


def test_a_listener_comes_with_its_plugin(site):
    site.install(
        "ear",
        'from gateway.sdk import hookimpl\nGATEWAY_API = "1.7"\n@hookimpl\ndef gateway_on_event(event, facts):\n    return None\n',
    )
    found = load_plugins(only={"ear"})
    assert [listener.__name__ for listener in found.listeners] == ["gateway_on_event"]
    assert found.adapters == {}


def test_keyboard_interrupt_at_import_is_not_swallowed(site):
    site.install("stop", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        load_plugins(only={"stop"})
