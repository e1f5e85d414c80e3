"""The reference page of the API, and its description as a file: both are made from the operations."""

import inspect

import msgspec

from gateway.run.settings_api import SCOPES
from gateway.web.api.described import MEANINGS, PREFIX, document, statuses
from gateway.web.api.operations import OPERATIONS


def page() -> str:
    """``docs/reference/api.md``: every operation, what it asks for and how it can end."""
    lines = ["# The API", "", "This page is made by `make docs`; change the code instead.", "", *_HEAD, ""]
    lines += ["## Scopes", "", "| scope | good for |", "|---|---|"]
    lines += [f"| `{name}` | {said} |" for name, said in SCOPES.items()]
    lines += ["", "## Statuses", "", "| status | means |", "|---|---|"]
    lines += [f"| {status} | {said} |" for status, said in MEANINGS.items()]
    for one in OPERATIONS:
        said = (inspect.getdoc(one.call) or "").replace("\n\n", "\n").replace("``", "`")
        lines += ["", f"## `{one.method} {PREFIX}{one.path}`", ""]
        lines += [part for line in said.splitlines() for part in line.replace(". ", ".\n").splitlines()]
        lines += ["", "| | |", "|---|---|", f"| scope | {f'`{one.scope}`' if one.scope else 'any'} |"]
        lines += [f"| right | `{one.act}` |"] if one.act else []
        if one.query is not None:
            names = ", ".join(f"`{field.encode_name}`" for field in msgspec.structs.fields(one.query))
            lines.append(f"| parameters | {names} |")
        lines += [f"| takes | {_name(one.body)} |"] if one.body is not None else []
        lines += [f"| gives | {_name(one.gives)} |", f"| can answer | 200, {', '.join(map(str, statuses(one)))} |"]
    return "\n".join(lines)


def openapi() -> str:
    """``docs/reference/openapi.json``: the description, as ``/api/v1/openapi.json`` serves it."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=1).decode()


def _name(kind: object) -> str:
    found = getattr(kind, "__name__", None)
    members = getattr(kind, "__args__", ())
    return f"`{found}`" if found and not members else "one, or several in a list"


_HEAD = """\
Other programs ask and answer here what people do in [the pages](../how-to/open-the-web.md), by the same rights and \
through the same gate.
[How to call the API](../how-to/call-the-api.md) says how to let a program in, with examples.
The forms of what is taken and given stand in [openapi.json](openapi.json), which `/api/v1/openapi.json` serves.
What a caller may not see is not there: the bytes are the same, and so are counts, marks and places in a list.
A list is asked for in pages; `next` of one is `cursor` of the following.""".splitlines()
