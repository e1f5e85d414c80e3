"""``multipart/form-data`` (RFC 7578), written."""

from collections.abc import Sequence

from msgspec import Struct


class Part(Struct, frozen=True, kw_only=True):
    """One part of a form: ``filename`` where it is a file."""

    name: str
    data: bytes
    type: str = "application/octet-stream"
    filename: str | None = None


def form(parts: Sequence[Part], *, boundary: str) -> tuple[str, bytes]:
    """The content type and the body. ``boundary`` is chance that stands in none of the parts; names are ours."""
    lines: list[bytes] = []
    for one in parts:
        file = f'; filename="{one.filename}"' if one.filename is not None else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{one.name}"{file}\r\n'
        lines += [f"{head}Content-Type: {one.type}\r\n\r\n".encode(), one.data, b"\r\n"]
    lines.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(lines)
