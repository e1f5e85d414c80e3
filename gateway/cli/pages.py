"""The reference pages that are made from the command line, the settings and the catalogue of faults."""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click
import msgspec
from msgspec import NODEFAULT, Struct

from gateway.cli import root, words
from gateway.cli.verb import Verbs
from gateway.run import rights, settings_api, settings_trust, settings_watch, settings_web, settings_webhooks
from gateway.run import settings as settings_module
from gateway.run.settings import (
    GIVEN,
    LawSettings,
    NoticeSettings,
    Person,
    PolicySettings,
    Settings,
    StoreSettings,
    System,
    Unit,
)
from gateway.run.settings_api import ApiClient, ApiSettings
from gateway.run.settings_trust import AuthSettings, TlsSettings
from gateway.run.settings_watch import LogSettings, TelemetrySettings
from gateway.run.settings_web import OidcSettings, WebSettings
from gateway.run.settings_webhooks import Webhook

_SECTIONS = {
    "store", "policy", "law", "people", "units", "systems", "notices", "web", "log", "telemetry", "api", "webhooks"
}  # fmt: skip
_SHARED = {"config", "json", "acting", "help", "version"}
_MADE = "This page is made by `make docs`; change the code instead."


def commands() -> str:
    """``docs/reference/commands.md``: every command with its arguments and options."""
    lines = ["# Commands", "", _MADE, "", _COMMANDS_HEAD, ""]
    for path, command in _commands(root.bti, "bti"):
        context = click.Context(command, info_name=path)
        lines += [f"## `{' '.join([path, *_usage(command)])}`", "", str(command.help), ""]
        rows = [
            (", ".join(f"`{name}`" for name in option.opts), option.help or "", _default(option, context))
            for option in command.params
            if isinstance(option, click.Option) and option.name not in _SHARED
        ]
        if rows:
            lines += ["| option | means | default |", "|---|---|---|"]
            lines += [f"| {name} | {means} | {default} |" for name, means, default in rows]
            lines.append("")
    lines += ["## Rights", "", _RIGHTS_HEAD, "", "| act | roles |", "|---|---|"]
    lines += [f"| `{act}` | {', '.join(sorted(roles))} |" for act, roles in rights.ACTS.items()]
    return "\n".join(lines)


def _commands(group: Verbs, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, Verbs):
            yield from _commands(command, f"{path} {name}")
        elif command is not None:
            yield f"{path} {name}", command


def _usage(command: click.Command) -> list[str]:
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    return [each.make_metavar(click.Context(command)) for each in arguments]


def _default(option: click.Option, context: click.Context) -> str:
    value = option.get_default(context)
    if option.required:
        return "required"
    return f"`{value}`" if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "" else ""


def settings() -> str:
    """``docs/reference/settings.md``: every key with its type, default and meaning."""
    lines = ["# Settings", "", _MADE, "", _SETTINGS_HEAD, ""]
    sections: list[tuple[str, type[Struct]]] = [
        ("At the top", Settings),
        ("`[store]`", StoreSettings),
        ("`[policy]`", PolicySettings),
        ("`[law]`", LawSettings),
        ("`[notices]`", NoticeSettings),
        ("`[web]`", WebSettings),
        ("`[web.oidc]`", OidcSettings),
        ("`[log]`", LogSettings),
        ("`[telemetry]`", TelemetrySettings),
        ("`[people.<name>]`", Person),
        ("`[units.<name>]`", Unit),
        ("`[systems.<name>]`", System),
        ("`[systems.<name>.auth]`", AuthSettings),
        ("`[systems.<name>.tls]`", TlsSettings),
        ("`[api]`", ApiSettings),
        ("`[api.clients.<name>]`", ApiClient),
        ("`[webhooks.<name>]`", Webhook),
    ]
    modules = (settings_module, settings_trust, settings_web, settings_watch, settings_api, settings_webhooks)
    told = {key: means for module in modules for key, means in _attribute_docs(module).items()}
    for title, struct in sections:
        lines += [f"## {title}", "", *_sentences(inspect.getdoc(struct)), ""]
        lines += ["| key | type | default | means |", "|---|---|---|---|"]
        hints = get_type_hints(struct)
        for field in msgspec.structs.fields(struct):
            is_section = field.name in _SECTIONS and struct is Settings
            if field.name in GIVEN.get(struct, frozenset()) or is_section:
                continue
            means = told.get((struct.__name__, field.name), "").replace("``", "`")
            cells = (_type(hints[field.name]), _value(field), means)
            lines.append(f"| `{field.name}` | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def _sentences(text: str | None) -> list[str]:
    flowing = (text or "").replace("``", "`").replace("\n", " ")
    return [line for line in flowing.replace(". ", ".\n").splitlines() if line]


def _type(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return ", ".join(f"`{member}`" for member in get_args(hint))
    inner = [member for member in get_args(hint) if member is not type(None)]
    if get_origin(hint) is tuple:
        return f"list of {_type(inner[0])}"
    if get_origin(hint) is dict or hint is dict:
        return "table"
    if inner:
        return _type(inner[0])
    if isinstance(hint, type) and issubclass(hint, Struct):
        return "table"
    names = {str: "text", int: "whole number", float: "number", bool: "`true`, `false`"}
    return names.get(hint, str(hint))


def _value(field: Any) -> str:
    if field.default is NODEFAULT and field.default_factory is NODEFAULT:
        return "required"
    value = field.default if field.default is not NODEFAULT else field.default_factory()
    if value is None or value in ("", (), {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _attribute_docs(module: ModuleType) -> dict[tuple[str, str], str]:
    """The texts under attributes, by class and attribute."""
    found = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for attribute, text in zip(node.body, node.body[1:], strict=False):
            is_text = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
            if isinstance(attribute, ast.AnnAssign) and isinstance(attribute.target, ast.Name) and is_text:
                found[node.name, attribute.target.id] = " ".join(str(text.value.value).split())  # type: ignore[attr-defined]
    return found


def errors() -> str:
    """``docs/reference/errors.md``: every code that a fault can have."""
    lines = ["# Errors", "", _MADE, "", _ERRORS_HEAD, ""]
    groups: dict[str, list[str]] = {}
    texts = words.faults()
    for code in sorted(texts):
        groups.setdefault(code.partition(".")[0], []).append(code)
    for group, codes in groups.items():
        lines += [f"## {group}", "", "| code | means |", "|---|---|"]
        lines += [f"| `{code}` | {texts[code][2]} |" for code in codes]
        lines.append("")
    return "\n".join(lines)


_COMMANDS_HEAD = """\
Every command takes these options, before or after its name:

| option | means | default |
|---|---|---|
| `--config` | the settings | `BTI_CONFIG`, then `./gateway.toml` |
| `--json` | one JSON document on standard output and nothing else there; messages go to standard error | |
| `--as` | who acts, an entry of `[people]` | the operating system's user |

| exit status | means |
|---|---|
| 0 | done |
| 1 | done, but something needs a person |
| 2 | the call, the settings or the input are wrong; nothing was changed |
| 3 | a system could not be reached, or the store not used; work remains due and the next run goes on |

With `--json`, what is wrong is told as `{"errors": [{"code", "where", "expected", "text"}]}`.
Texts are in bokmål, nynorsk or English, by `LC_ALL`, `LC_MESSAGES` or `LANG`.
Completion in bash: `eval "$(_BTI_COMPLETE=bash_source bti)"`; zsh and fish have `zsh_source` and `fish_source`."""

_RIGHTS_HEAD = """\
A command that acts for a person needs a role with the right to the act.
An act that is not in the table is allowed to nobody."""

_SETTINGS_HEAD = """\
`gateway.toml` is read whole: every fault is told at once, with the file and the key, and never with a value.
Paths are relative to the file.
Unknown keys are errors.

```toml
tenant = "klepp"
municipality = "1120"
model = "klepp"
numbers = "synthetic"

[people.kari]
role = "coordinator"
unit = "skole-1"

[units.skole-1]
service = "school"
body = "klepp-kommune"

[systems.skoleadm]
adapter = "bti-exchange"
unit = "skole-1"
url = "https://skoleadm.example.no/api"
secret = "file:keys/skoleadm.token"
owns = ["enrolment", "concern.summary"]
```"""

_ERRORS_HEAD = """\
A code is stable: scripts may rely on it.
`http.` with a number is the status that a system answered with.
A plugin's own codes stand on its page, and those of mapping files with [mappings](mapping.md).
An error names the system, file or field, and never a value from a record."""
