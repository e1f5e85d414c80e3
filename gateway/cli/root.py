"""The table of commands."""

import click

from gateway import __version__
from gateway.cli import words
from gateway.cli.verb import Verbs

_IN = "gateway.cli.commands"

COMMANDS = {
    "init": f"{_IN}.start:init",
    "check": f"{_IN}.check:check",
    "doctor": f"{_IN}.doctor:doctor",
    "demo": f"{_IN}.demo:demo",
    "plan": f"{_IN}.rounds:plan",
    "sync": f"{_IN}.rounds:sync",
    "run": f"{_IN}.rounds:run",
    "web": f"{_IN}.web:web",
    "session": {"": "list", "list": f"{_IN}.sessions:list_sessions", "revoke": f"{_IN}.sessions:revoke"},
    "status": f"{_IN}.rounds:status",
    "metrics": f"{_IN}.metrics:metrics",
    "flows": f"{_IN}.flows:flows",
    "flow": {
        "approve": f"{_IN}.flows:approve",
        "shadow": f"{_IN}.flows:shadow",
        "pause": f"{_IN}.flows:pause",
        "resume": f"{_IN}.flows:resume",
    },
    "tasks": {
        "": "list",
        "list": f"{_IN}.tasks:list_tasks",
        "coming": f"{_IN}.tasks:coming",
        "show": f"{_IN}.tasks:show",
        "resolve": f"{_IN}.tasks:resolve",
        "hand": f"{_IN}.tasks:hand",
        "rest": f"{_IN}.tasks:rest",
    },
    "consent": {
        "record": f"{_IN}.consents:record",
        "withdraw": f"{_IN}.consents:withdraw",
        "refuse": f"{_IN}.consents:refuse",
        "show": f"{_IN}.consents:show",
    },
    "block": {"set": f"{_IN}.consents:block", "lift": f"{_IN}.consents:lift"},
    "crossing": {
        "show": f"{_IN}.crossings:show",
        "begin": f"{_IN}.crossings:begin",
        "decline": f"{_IN}.crossings:decline",
        "move": f"{_IN}.crossings:move",
    },
    "restriction": {"list": f"{_IN}.restrictions:list_restrictions", "lift": f"{_IN}.restrictions:lift"},
    "fact": {"record": f"{_IN}.restrictions:fact"},
    "baton": {
        "show": f"{_IN}.baton:show",
        "offer": f"{_IN}.baton:offer",
        "accept": f"{_IN}.baton:accept",
        "decline": f"{_IN}.baton:decline",
        "withdraw": f"{_IN}.baton:withdraw",
        "end": f"{_IN}.baton:end",
        "correct": f"{_IN}.baton:correct",
    },
    "report": {
        "file": f"{_IN}.reports:file",
        "list": f"{_IN}.reports:list_reports",
        "send": f"{_IN}.reports:send",
        "confirm": f"{_IN}.reports:confirm",
        "print": f"{_IN}.reports:print_report",
        "count": f"{_IN}.reports:count",
    },
    "log": {"print": f"{_IN}.logs:print_log"},
    "decide": f"{_IN}.decide:decide",
    "explain": f"{_IN}.records:explain",
    "preview": {
        "withdraw": f"{_IN}.previews:withdraw",
        "grant": f"{_IN}.previews:grant",
        "rule": f"{_IN}.previews:rule",
    },
    "access": f"{_IN}.access:access",
    "language": {
        "list": f"{_IN}.languages:list_languages",
        "template": f"{_IN}.languages:template",
        "check": f"{_IN}.languages:check",
    },
    "disclosures": f"{_IN}.records:disclosures",
    "statistics": f"{_IN}.statistics:statistics",
    "erase": f"{_IN}.records:erase",
    "history": {"prune": f"{_IN}.history:prune"},
    "audit": {
        "verify": f"{_IN}.audit:verify",
        "export": f"{_IN}.audit:export",
        "checkpoint": f"{_IN}.audit:checkpoint",
        "restored": f"{_IN}.audit:restored",
    },
    "keys": {"init": f"{_IN}.start:keys_init", "rotate": f"{_IN}.start:keys_rotate"},
    "adapter": {
        "list": f"{_IN}.adapters:list_adapters",
        "new": f"{_IN}.adapters:new",
        "certify": f"{_IN}.adapters:certify",
        "simulate": f"{_IN}.adapters:simulate",
    },
    "law": {"": "show", "show": f"{_IN}.law:show"},
    "privacy": {
        "record": f"{_IN}.privacy:record",
        "dpia": f"{_IN}.privacy:dpia",
        "family": f"{_IN}.privacy:family",
    },
    "map": {"test": f"{_IN}.mapping:test"},
    "simulate": f"{_IN}.simulate:simulate",
}
"""Every command; a group's ``""`` names what it does when it is called bare."""


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(f"bti {__version__}")
        context.exit()


bti = Verbs("", COMMANDS)
bti.params.append(
    click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        help=words.help_for("option.version"),
        callback=_version,
    )
)
