"""What ``[systems.<name>.options]`` of a file-drop system holds."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from gateway.sdk.csvio import Encoding

_Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Sftp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The SFTP server that holds the folder. The system's ``secret`` is its private key, or its password."""

    host: _Name
    user: _Name
    host_keys: Annotated[tuple[_Name, ...], Meta(min_length=1, max_length=10)]
    """The server's public keys (``ssh-ed25519 AAAA…``), as its owner told them to you; no other server is spoken to."""
    port: Annotated[int, Meta(ge=1, le=65_535)] = 22
    networks: tuple[_Name, ...] = ()
    """Networks (``10.0.0.0/8``) that the host's name may lead into; without them inside addresses are refused."""


class Out(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and how files are left for the product to take in; with ``sftp`` on the same server."""

    folder: _Name
    """A folder that the product takes files from, and nobody else; against the municipality's own when relative."""
    format: Literal["csv", "jsonl", "xlsx"] = "csv"
    encoding: Literal["utf-8", "utf-8-sig", "cp1252", "iso-8859-1"] = "utf-8-sig"
    """Of CSV; with a mark of byte order as Excel wants it, unless it is said otherwise."""
    delimiter: Literal[",", ";", "\t", "|"] = ";"


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the exports are written and where they are left.

    ``kinds`` maps file patterns (``bekymring*.csv``; case does not count) to the kind of record that the mapping
    calls them by; a file that matches none is not touched.
    """

    folder: _Name
    """The folder, against the municipality's own when it is relative; with ``sftp`` a folder of the server."""
    sftp: Sftp | None = None
    out: Out | None = None
    """Where what is delivered is left; without it nothing is written."""
    kinds: Annotated[dict[_Name, _Name], Meta(min_length=1)]
    format: Literal["auto", "csv", "jsonl", "xlsx"] = "auto"
    """``auto`` goes by the ending: ``.jsonl`` and ``.ndjson`` are JSON Lines, ``.xlsx`` is Excel, all else is CSV."""
    encoding: Encoding = "utf-8"
    """Of CSV; a byte order mark is passed over. JSON Lines are UTF-8."""
    delimiter: Literal[",", ";", "\t", "|"] = ";"
    columns: tuple[_Name, ...] | None = None
    """The columns' names, for CSV or a sheet without a header line."""
    sheet: _Name | None = None
    """The sheet of an Excel file; without it the file must have just one that is not hidden."""
    header_row: Annotated[int, Meta(ge=1, le=100)] = 1
    """The row of a sheet that has the columns' names."""
    person_numbers: tuple[_Name, ...] = ()
    """Columns of a sheet that hold person numbers: the leading zeros that a number cell loses are put back."""
    id: _Name = "id"
    """The column or key with the vendor's id of the record."""
    version: _Name | None = None
    """The column or key that changes whenever the record does, if there is one."""
    deleted: _Name | None = None
    """The column or key that says that a record is deleted at the vendor's."""
    deleted_values: tuple[str, ...] = ("1", "true", "ja", "x", "slettet", "sletta", "deleted")
    """What it then holds; case does not count."""
    feed: Literal["delta", "full"] = "delta"
    """``full``: each file holds all there is, so one that is suddenly empty stops the system until a person looked."""
    settle_seconds: Annotated[float, Meta(ge=0, le=86_400)] = 10
    """How long a file must have been left alone before it is read."""
    page_rows: Annotated[int, Meta(ge=1, le=10_000)] = 500
