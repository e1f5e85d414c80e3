"""Every way by which something can leave the gateway, listed by hand beside what the code has.

A new call that lets data out fails here until it stands in a list, with what gates it. Then a case that nobody
consented to share is shown to every command, vendor, log and file, and its words turn up in none of them.
"""

import ast
import functools
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.root import COMMANDS, bti
from gateway.core import casefile
from gateway.run import acts, explaining
from gateway.run.life import sync
from gateway.run.rehearsing import plan_round
from gateway.sdk.testing.canaries import Search
from gateway.web.api.operations import OPERATIONS
from gateway.web.pages import PLACES
from tests.run.test_life import Town
from tests.run.township import Township, number_of
from tests.run.toys import state

ROOT = Path(__file__).resolve().parents[2]

TO_ADAPTERS = {
    ("run/outlet.py", "deliver"): "a Release, made by the gate at the moment of sending",
    ("run/outlet.py", "deliver_batch"): "the same, several",
    ("run/outlet.py", "retract"): "a Release without a value",
    ("run/outlet.py", "read_back"): "a key, which is a digest",
    ("run/finding_out.py", "read_back"): "the same, asked again later",
    ("run/asking.py", "lookup"): "person numbers alone, to a system that the settings name as a register",
    ("run/intake.py", "acknowledge"): "the source's own ids, to the source itself, after the save",
    ("run/border.py", "fetch"): "the source's own cursor",
    ("run/checkup.py", "health"): "nothing",
    ("run/doctor/reach.py", "health"): "nothing",
    ("run/reconciling.py", "inventory"): "nothing",
    ("run/outcomes.py", "follow"): "keys, which are digests, and that system's own names, of what it was sent",
}
"""Calls of an adapter, and what crosses."""

TO_PLUGINS = {"run/life.py": "a round's counts"}
"""Who tells the plugins' listeners, and what."""

CLIENTS = {
    "run/webhooks.py": "that something happened, by opaque ids; nothing where anybody is protected, nor beyond the unit",
    "run/trusting.py": "what adapters send, listed above, and requests for tokens",
    "run/doctor/reach.py": "nothing: whether an address answers",
    "run/doctor/issuers.py": "nothing: public keys and what a login's provider tells of itself are asked for",
    "run/observing/traces.py": "names of routes and steps, times, counts",
    "web/serving.py": "a login's code, and requests for public keys",
    "sdk/": "the certification kit's, to its own stand-ins",
}
"""Who makes a client that reaches the network, and what goes out by it."""

TO_PEOPLE = {
    "run/noticing.py": "that there is something, to an address of the settings; nothing where anybody is protected"
}
"""Who makes a notice, and what is in it."""

RELEASES = {
    "core/release.py": "the gate, the only one that makes them",
    "sdk/testing/drive.py": "the certification kit, of made-up values, for adapters under test",
}
"""Who makes a Release."""

TO_FILES = {
    "run/law.py": "the law as Python, when it is built",
    "run/schemas.py": "JSON Schemas, when they are built",
    "run/workfolder.py": "the first settings of a municipality",
    "run/scaffold.py": "a new adapter's folder",
    "run/observing/textfile.py": "the store's figures, the same as the web tells machines",
    "run/observing/logs.py": "events: names, codes and counts, nothing else passes",
    "run/plugins.py": "nothing: what a plugin prints is dropped",
    "run/certify.py": "nothing: what an adapter under test prints is dropped",
    "run/demo/": "the demo's made-up people",
    "cli/screen.py": "a command's answer as text",
    "cli/frame.py": "a command's answer as JSON, and messages by code",
    "cli/root.py": "the version",
    "cli/commands/simulate.py": "made-up children",
    "cli/commands/law.py": "the rule file as a document, no case",
    "cli/commands/reports.py": "a report on paper, released by the duty, for the post or the hand",
    "cli/commands/logs.py": "a log on paper for one of the family: what the gate released to that very reader",
    "cli/commands/adapters.py": "the address of a simulator",
    "store/audit.py": "the audit log's export and checkpoints: pseudonyms, names of fields, rules, hashes",
    "store/offline.py": "whether an export holds",
    "store/keys.py": "the key file",
    "store/database.py": "an empty database",
    "sdk/folder.py": "files that an adapter moves within its own folder",
    "sdk/simulator.py": "a simulator's address",
    "sdk/testing/": "the certification kit",
}
"""Modules that write to a file or a stream."""

ANSWERS = {
    "init": "what was made", "check": "codes and places", "doctor": "codes, places and counts", "demo": "made-up people", "plan": "counts, pseudonyms, fields, rules",
    "session ": "people of the settings, times", "session list": "people of the settings, times", "session revoke": "a count",
    "sync": "counts", "run": "counts", "web": "an address; what its pages show stands in WEB", "status": "counts and codes", "metrics": "figures without a label of anybody", "flows": "systems and states",
    "flow approve": "a flow", "flow shadow": "a flow", "flow pause": "a flow", "flow resume": "a flow",
    "tasks ": "pseudonyms", "tasks list": "pseudonyms", "tasks coming": "pseudonyms, kinds and days", "tasks show": "the values a person decides on, by right", "tasks resolve": "an id", "tasks hand": "an id", "tasks rest": "an id",
    "consent record": "an id", "consent withdraw": "ids", "consent refuse": "an id", "consent show": "consents by pseudonym, by right",
    "access": "units, kinds and names of fields, times and law, by right and after a look is written down",
    "language list": "languages", "language template": "our own sentences", "language check": "whether a file is whole",
    "preview withdraw": "pseudonyms, names of fields", "preview grant": "pseudonyms, names of fields", "preview rule": "pseudonyms, names of fields",
    "block set": "an id", "block lift": "an id", "crossing show": "ids, rules, words", "crossing begin": "ids, rules, words",
    "crossing decline": "a pseudonym", "crossing move": "ids",
    "restriction list": "restrictions by pseudonym, by right", "restriction lift": "an id", "fact record": "an id",
    "report file": "an id and how far it came; the report itself goes to child welfare by duty",
    "report list": "pseudonyms and states, of one's own unit", "report send": "an id and how far it came",
    "report confirm": "an id", "report print": "a place; the page is the report, released by the duty, to those who filed it",
    "report count": "ids and times, by right",
    "log print": "a place; the page itself is the family's own view, released by the gate", "decide": "a scenario from a file, no store",
    "explain": "names of fields, rules, words", "disclosures": "pseudonyms, names of fields, rules", "erase": "a pseudonym", "history prune": "counts", "statistics": "counts by B10, small ones hidden",
    "audit verify": "whether it holds", "audit export": "counts", "audit checkpoint": "a signed note", "audit restored": "whether the log was behind", "keys init": "a place", "keys rotate": "a number",
    "adapter list": "adapters", "adapter new": "files", "adapter certify": "checks", "adapter simulate": "made-up records",
    "law ": "the rule file, no case", "law show": "the rule file, no case",
    "baton show": "pseudonyms, roles, states", "baton offer": "an id", "baton accept": "an id", "baton decline": "an id",
    "baton withdraw": "an id", "baton end": "an id", "baton correct": "an id",
    "privacy record": "the settings, the law and the flows, no case", "privacy dpia": "the same", "privacy family": "names of units of the settings",
    "map test": "cases from a file, no store", "simulate": "made-up children",
}  # fmt: skip
"""Every command, and what of a case its answer can hold."""

WEB = {
    "/": "tasks of the person's unit by kind and system, no value",
    "/tasks/{task}": "the values a person decides on, as far as the gate lets them go to their unit; a look is written down",
    "/cases": "names of children in whose case something waits for the unit, by relation; a look is written down",
    "/cases/{case}": "what the unit wrote, and what the gate lets go to it, by relation; a look is written down",
    "/cases/{case}/consents": "the same, and the gate's word by unit and kind",
    "/cases/{case}/baton": "who holds the baton, by relation",
    "/cases/{case}/why/{item}": "names of fields, rules, words, of an item that the person sees",
    "/messages": "pseudonyms, rules, counts of fields",
    "/messages/{key}": "rules and law; by relation names of fields that the unit sees, and by a right of its own their values now; a look is written down",
    "/adoptions": "the values a person decides on, as far as the gate lets them go to their unit; a look is written down",
    "/ledger": "the family's own letter, by right and after a look is written down",
    "/audit": "names of people of the settings, counts",
    "/sessions": "people of the settings, times",
    "/rules": "the rule file, no case",
    "/numbers": "counts by B10, small ones hidden",
    "/flows": "systems, counts, codes",
}
"""Every page of the web, and what of a case it can hold."""

API = {
    "me": "who calls",
    "status": "counts of the machinery and codes",
    "list_flows": "systems and states",
    "show_flow": "systems and states",
    "change_flow": "systems and states",
    "show_sending": "whether all is stopped",
    "set_sending": "whether all is stopped",
    "list_tasks": "tasks of the caller's unit by kind and system, no value",
    "show_task": "the values a person decides on, as far as the gate lets them go to the unit; a look is written down",
    "answer_task": "the same task, answered",
    "list_cases": "cases that a system of the unit holds, with what the gate lets go to it; a look is written down",
    "search_cases": "the same, by a number that stands in the body; a look is written down",
    "show_case": "what the unit wrote, and what the gate lets go to it, by relation; a look is written down",
    "explain_record": "names of fields that the caller sees, rules, words; a look is written down",
    "decide": "made-up facts, no store",
}
"""Every operation of the API, and what of a case its answer can hold."""

ADAPTER_CALLS = {
    "deliver", "deliver_batch", "retract", "lookup", "read_back", "acknowledge", "fetch", "receive", "inventory", "health", "outcomes", "follow",
}  # fmt: skip
WRITERS = {"write_text", "write_bytes", "echo", "msg", "PrintLogger", "print", "stdout", "stderr"}
OPENERS = {"open", "fdopen"}


@functools.cache
def parsed(path):
    return ast.parse(path.read_text("utf-8"))


def modules(*parts):
    for part in parts:
        for path in sorted((ROOT / "gateway" / part).rglob("*.py")):
            yield path.relative_to(ROOT / "gateway").as_posix(), parsed(path)


def adapter_calls(tree):
    """Attributes of that name which are called or handed on, on anything that is an adapter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ADAPTER_CALLS:
            whose = node.value
            name = whose.attr if isinstance(whose, ast.Attribute) else whose.id if isinstance(whose, ast.Name) else ""
            if name.endswith("adapter") or isinstance(whose, ast.Subscript):
                yield node.attr


def writes(tree):
    """Whether a module writes to a file or a stream."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WRITERS:
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            told = [*node.args, *(word.value for word in node.keywords)]
            modes = {one.value for one in told if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            if name == "print" or (name in OPENERS and modes & {"w", "wb", "a", "ab", "x", "xb", "r+"}):
                return True
            if name == "open" and any("O_WRONLY" in ast.dump(one) or "O_RDWR" in ast.dump(one) for one in told):
                return True
    return False


def makes(tree, name):
    return any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == name for node in ast.walk(tree))


PLANTED = {
    "adapter.deliver(release, key)": {"deliver"},
    "world.adapters[name].inventory()": {"inventory"},
    "asked(batch.adapter.lookup, numbers)": {"lookup"},
    "job.retract": set(),
}


@pytest.mark.parametrize("line", PLANTED)
def test_a_planted_call_of_an_adapter_is_found(line):
    assert set(adapter_calls(ast.parse(line))) == PLANTED[line]


@pytest.mark.parametrize("line", [
    "print(x)", "path.write_text(x)", "sys.stderr.write(x)", "open(p, 'w')", "path.open('ab')", "click.echo(x)",
    "os.open(p, os.O_WRONLY)", "logger.msg(x)",
])  # fmt: skip
def test_a_planted_write_is_found(line):
    assert writes(ast.parse(line))


def test_every_call_of_an_adapter_is_listed():
    found = {(path, call) for path, tree in modules("run", "cli", "store", "core") for call in adapter_calls(tree)}
    assert found == set(TO_ADAPTERS)


def test_only_the_gate_and_the_kit_make_releases():
    parts = [one.name for one in (ROOT / "gateway").iterdir() if one.is_dir()]
    assert {path for path, tree in modules(*parts) if makes(tree, "Release")} == set(RELEASES)


def test_every_client_that_reaches_the_network_is_listed():
    parts = [one.name for one in (ROOT / "gateway").iterdir() if one.is_dir()]
    found = {path for path, tree in modules(*parts) if makes(tree, "HttpClient")}
    assert {path if not path.startswith("sdk/") else "sdk/" for path in found} == set(CLIENTS)


def test_only_one_module_makes_notices():
    parts = [one.name for one in (ROOT / "gateway").iterdir() if one.is_dir()]
    assert {path for path, tree in modules(*parts) if makes(tree, "Notice")} == set(TO_PEOPLE)


def test_every_module_that_writes_to_a_file_or_stream_is_listed():
    parts = [one.name for one in (ROOT / "gateway").iterdir() if one.is_dir()]
    unlisted = [
        path for path, tree in modules(*parts) if writes(tree) and not any(path.startswith(one) for one in TO_FILES)
    ]
    assert unlisted == []


def test_every_teller_of_events_is_listed():
    def tells(tree):
        return any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "tell"
            and isinstance(node.func.value, ast.Name) and node.func.value.id == "world"
            for node in ast.walk(tree)
        )  # fmt: skip

    assert {path for path, tree in modules("run", "cli", "store") if tells(tree)} == set(TO_PLUGINS)


def test_every_command_is_listed_with_what_it_shows():
    def leaves(table, above=""):
        for name, entry in table.items():
            if isinstance(entry, str):
                yield f"{above}{name}"
            else:
                yield from leaves(entry, f"{above}{name} ")

    assert set(leaves(COMMANDS)) == set(ANSWERS)


def test_every_page_of_the_web_is_listed_with_what_it_shows():
    assert set(PLACES) == set(WEB)


def test_every_operation_of_the_api_is_listed_with_what_it_gives():
    assert {one.id for one in OPERATIONS} == set(API)


WORDS = "Kråkebolle under trappa 90417"
NAME = "Tuvalill"


@pytest.fixture
def shown(tmp_path):
    """A municipality with a case that nobody consented to share, after a round with every flow open."""
    town = Township(tmp_path, cases=1, consent=False)
    town.skole.edit("concern", "k0", {"fields": {"summary": WORDS, "raised_on": "2026-02-01"}})
    town.skole.edit("person", "p0", {"fields": {"given_name": NAME}})
    world = town.world()
    for source, target in (("skole", "helse"), ("helse", "skole")):
        acts.set_flow(world, source, target, "approved", by="liv")
    heard = []
    world = type(world)(**{name: getattr(world, name) for name in world.__struct_fields__} | {
        "listeners": (lambda event, facts: heard.append(repr((event, facts))),)
    })  # fmt: skip
    tally = sync(world)
    assert tally.withheld > 0
    yield town, world, heard
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()
    town.close()


def test_a_case_without_consent_turns_up_nowhere(shown, tmp_path, capfd):
    town, world, heard = shown
    search = Search((WORDS, NAME, number_of(0)))
    with world.store.read() as tx:
        (case,) = tx.case_ids()
        file = casefile.decode(tx.load_cases([case])[case][1])
    concern = file.of_kind("concern")[0][0]
    person = file.of_kind("person")[0][0]
    subject = file.case().fields["subject"]
    assert search.found(casefile.encode(file)), "it is there to be found"
    seen = {
        "the receiver": json.dumps(town.helse.state()),
        "what was asked of the receiver": json.dumps(town.helse.requests),
        "what was asked of the sender": json.dumps(town.skole.requests),
        "the listeners": json.dumps(heard),
        "the plan": json.dumps(plan_round(world)),
        "explain": json.dumps(explaining.explain(world, case)),
    }
    assert heard
    calls = [
        ["check", "--offline"], ["doctor"], ["session", "list", "--as", "ola"], ["plan"], ["sync"], ["status"], ["metrics"], ["flows"], ["tasks", "--as", "kari"],
        ["tasks", "list", "--as", "kari"], ["tasks", "coming", "--as", "kari"], ["explain", case, "--as", "kari"], ["explain", f"{case}/{concern}", "--as", "kari"],
        ["explain", case, "--receiver", "helse", "--as", "kari"], ["consent", "show", case, "--as", "kari"],
        ["access", person, "--as", "per"], ["access", person, "--format", "html", "--as", "per"],
        ["access", subject, "--as", "per"], ["access", subject, "--review", "--as", "per"],
        ["disclosures", "--from", "2020-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z", "--format", "html", "--as", "per"],
        ["preview", "withdraw", case, "--by", person, "--as", "kari"], ["preview", "rule", "--self-consent-age", "16", "--as", "per"],
        ["preview", "grant", case, "--by", person, "--service", "health_station", "--as", "kari"],
        ["disclosures", "--from", "2020-01-01T00:00:00Z", "--to", "2099-01-01T00:00:00Z", "--as", "per"],
        ["privacy", "record"], ["privacy", "dpia", "--format", "html"], ["privacy", "family", "--format", "md"],
        ["statistics", "--as", "kari"], ["statistics", "--csv", "--as", "kari"],
        ["audit", "verify"], ["audit", "checkpoint", "--as", "per"], ["audit", "export", str(tmp_path / "out"), "--as", "per"],
        ["consent", "refuse", case, "--by", person, "--spoken", "sagt på telefon", "--as", "kari"],
        ["consent", "withdraw", case, "--by", person, "--as", "kari"],
        ["block", "set", case, "--service", "school", "--as", "kari"], ["flow", "pause", "--all", "--as", "ola"],
        ["keys", "rotate", "--as", "ola"], ["erase", case, "--yes", "--as", "per"],
    ]  # fmt: skip
    for call in calls:
        for form in ([], ["--json"]) if call[0] != "erase" else ([],):
            told = CliRunner().invoke(
                bti, [*call, *form, "--config", str(town.settings)], env={"LC_ALL": "C.UTF-8", "COLUMNS": "400"}
            )
            assert told.exit_code in {0, 1, 2}, (call, told.output)
            seen[" ".join(call + form)] = told.output
    seen["streams"] = str(capfd.readouterr())
    for path in tmp_path.rglob("*"):
        if path.is_file():
            seen[f"file {path.name}"] = path.read_bytes()
            seen[f"the name of {path.name}"] = path.name
    assert {where for where, text in seen.items() if search.found(text)} == set()


def test_the_values_of_a_conflict_are_shown_to_whom_the_task_is_for_and_not_to_who_runs_the_machine(tmp_path):
    town = Township(tmp_path, cases=1)
    world = town.world()
    for source, target in (("skole", "helse"), ("helse", "skole")):
        acts.set_flow(world, source, target, "approved", by="liv")
    sync(world)
    sync(world)
    theirs = next(one for one in town.helse.records.values() if one.kind == "concern")
    town.helse.edit("concern", theirs.id, {"fields": {"summary": "skrevet på helsestasjonen"}})
    town.skole.edit("concern", "k0", {"fields": {"summary": WORDS}})
    sync(world)
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()

    def call(*args):
        told = CliRunner().invoke(bti, [*args, "--json", "--config", str(town.settings)], env={"LC_ALL": "C"})
        return told.exit_code, json.loads(told.stdout)

    tasks = call("tasks", "list", "--as", "kari")[1]["tasks"]
    (task,) = [one["id"] for one in tasks if one["kind"] == "conflict"]
    assert WORDS in json.dumps(call("tasks", "show", task, "--as", "kari")[1], ensure_ascii=False)
    for who, code in (("ola", "cli.person_rights"), ("eli", "cli.task_unit")):
        status, told = call("tasks", "show", task, "--as", who)
        assert (status, told["errors"][0]["code"]) == (2, code)
        assert WORDS not in json.dumps(told, ensure_ascii=False)
    assert call("tasks", "resolve", task, "ours", "--as", "eli")[1]["errors"][0]["code"] == "cli.task_unit"
    assert WORDS not in json.dumps(tasks, ensure_ascii=False)
    town.close()


def test_what_is_hidden_leaves_the_receiver_the_same_as_what_is_absent(tmp_path):
    told = []
    for secret in (False, True):
        folder = tmp_path / str(secret)
        folder.mkdir()
        town = Town(folder)
        town.a.records["consent", "s1"]["fields"]["excluded"] = [{"category": "child_voice"}]
        if secret:
            town.a.put("goal", "g9", {"title": WORDS}, case="c1", category="child_voice")
        town.sync(2)
        told.append((state(town.b), town.b.writes))
        town.world.store.close()
    assert told[0] == told[1]
