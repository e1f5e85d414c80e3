"""What becomes of plugins, sound and broken, that are installed as distributions of their own."""

import json
import sys
from pathlib import Path
from textwrap import dedent

import click
import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.cli.verb import Verb
from gateway.run.plugins import load_plugins
from gateway.run.secrets import secret_at
from gateway.sdk import Misconfigured, Unreachable

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
    "brings a command that is none": (
        "plugin.command",
        SOUND + "@hookimpl\ndef gateway_commands():\n    return [len]\n",
    ),
    "brings a command of a wrong name": (
        "plugin.command",
        SOUND
        + """
from gateway.sdk.commands import Command
@hookimpl
def gateway_commands():
    return [Command(name="Rm -rf", says=dict(nb="a", nn="b", en="c"), run=print)]
""",
    ),
    "brings a command without help in nynorsk": (
        "plugin.command",
        SOUND
        + """
from gateway.sdk.commands import Command
@hookimpl
def gateway_commands():
    return [Command(name="test", says=dict(nb="a", en="c"), run=print)]
""",
    ),
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


KEEPER = """
from gateway.sdk import Misconfigured, Unreachable, hookimpl
GATEWAY_API = "1.0"
@hookimpl
def gateway_secret(place):
    print("hemmelig")
    if place == "away":
        raise Unreachable("http.503")
    if place == "broken":
        raise RuntimeError("hemmelig")
    return {"there": " adgang\\n", "long": "x" * 70000, "empty": "", "odd": 7}[place]
"""


@pytest.mark.parametrize(("place", "kind", "code"), [
    ("there", None, "adgang"), ("away", Unreachable, "secret.away"), ("broken", Misconfigured, "secret.unreadable"),
    ("long", Misconfigured, "secret.unreadable"), ("empty", Misconfigured, "secret.unreadable"),
    ("odd", Misconfigured, "secret.unreadable"), ("not there", Misconfigured, "secret.unreadable"),
])  # fmt: skip
def test_a_plugin_gives_a_credential_or_a_code_and_says_nothing_else(site, capsys, place, kind, code):
    name = f"keeper-{place.replace(' ', '-')}"
    site.install(name, KEEPER)
    if kind is None:
        assert secret_at(f"plugin:{name}:{place}", {}) == code
    else:
        with pytest.raises(kind) as caught:
            secret_at(f"plugin:{name}:{place}", {})
        assert caught.value.code == code
    assert "hemmelig" not in "".join(capsys.readouterr())


def test_a_keeper_that_is_not_there_or_keeps_nothing_asks_the_operator(site):
    site.install("acme", SOUND)
    for name in ("acme", "nobody"):
        with pytest.raises(Misconfigured) as caught:
            secret_at(f"plugin:{name}:x", {})
        assert caught.value.code == "secret.plugin"


COMMANDS = """
from gateway.sdk import Unreachable, hookimpl
from gateway.sdk.commands import Command, Told
GATEWAY_API = "1.0"
def run(call):
    print("hemmelig")
    how = call.arguments["how-far"]
    if how == "away":
        raise Unreachable("http.503")
    if how == "none":
        return None
    if how == "leaves":
        raise SystemExit(0)
    return Told(document={"how": how, "language": call.language}, lines=("Kom " + how,), needs_person=how == "half")
@hookimpl
def gateway_commands():
    return [Command(name="go", says=dict(nb="Gå.", nn="Gå.", en="Go."), run=run, arguments=("how-far",))]
"""


@pytest.mark.parametrize(("how", "status"), [("all", 0), ("half", 1), ("none", 2), ("leaves", 2), ("away", 3)])
def test_a_plugins_command_stands_under_its_name_with_the_exit_statuses_of_all(site, how, status):
    site.install("walker", COMMANDS)
    made = CliRunner().invoke(bti, ["walker", "go", how, "--json"], env={"LANG": "C"})
    assert made.exit_code == status
    told = json.loads(made.stdout)
    assert told == {"how": how, "language": "en"} if status < 2 else [one["code"] for one in told["errors"]] == [
        "brought.unreachable" if status == 3 else "brought.failed"
    ]  # fmt: skip
    assert "hemmelig" not in made.output


def test_a_plugin_takes_no_name_of_ours_and_a_broken_one_is_told(site):
    site.install("status", COMMANDS)
    site.install("broken", "raise ValueError('hemmelig')")
    site.install("idle", SOUND)
    assert isinstance(bti.get_command(click.Context(bti), "status"), Verb)
    made = CliRunner().invoke(bti, ["broken", "anything", "--json"])
    assert (made.exit_code, json.loads(made.stdout)["errors"][0]["code"]) == (2, "plugin.import")
    for nothing in ("idle", "nobody"):
        made = CliRunner().invoke(bti, [nothing, "go"])
        assert (made.exit_code, "No such command" in made.output) == (2, True)
