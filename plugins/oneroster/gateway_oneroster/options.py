"""What ``[systems.<name>.options]`` of a OneRoster system holds."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Number = Annotated[str, Meta(pattern=r"^(identifier|userMasterIdentifier|userIds:.+|metadata:.+)$", max_length=100)]
"""Where a person number stands: a field of a user, one of its ``userIds`` by type, or a key of its ``metadata``."""


class Reading(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the school owner uses the format; the same for the REST services and for files.

    The standard has no place of its own for a Norwegian person number, so ``numbers`` says where it stands, the first
    that is there. ``homeroom`` says who of a basis group's teachers are contact teachers: those with ``primary``, all,
    or none, where contact groups of their own (``additionalClassType`` ``mentor``) tell it. ``org_types`` are the types
    of org at which a child has a place, with their service. ``birth_dates`` asks for a pupil's birth date among the
    demographics, of which nothing else is asked for.
    """

    numbers: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=10)] = ("identifier",)
    homeroom: Literal["primary", "all", "none"] = "primary"
    org_types: Mapping[str, Literal["school", "kindergarten", "sfo"]] = field(
        default_factory=lambda: {"school": "school"}
    )
    birth_dates: bool = False
    birth_date_key: Annotated[str, Meta(max_length=100)] = ""
    """A key of a user's ``metadata`` that holds the birth date."""
    language_key: Annotated[str, Meta(max_length=100)] = ""
    """A key of a user's ``metadata`` that holds the written language, ``nb`` or ``nn``."""
    page_records: Annotated[int, Meta(ge=1, le=10_000)] = 500


class Options(Reading, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A REST service. ``url`` of the system is what stands before ``path``.

    ``dialect`` is the version that it speaks. ``delta`` asks only for what has changed since the last time, by
    ``dateLastModified`` less ``overlap`` seconds; every ``full_hours`` all is read. A service of version 1.1 made from
    FINT says of everything that it was modified just now, so there it is off. ``pieces`` lets a new process ask for
    the pupils whom a change touches, by their ids, instead of reading all. ``totals`` false disregards
    ``X-Total-Count``, for a service that is known to miscount. ``select`` false never asks for just some fields.
    """

    dialect: Literal["1.2", "1.1"] = "1.2"
    path: Annotated[str, Meta(max_length=200)] | None = None
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 500
    delta: bool | None = None
    pieces: bool = True
    overlap: Annotated[int, Meta(ge=0, le=86_400)] = 300
    full_hours: Annotated[float, Meta(ge=0, le=744)] = 24
    totals: bool = True
    select: bool = True


class FileOptions(Reading, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bundles of CSV files (ZIP) in a folder, against the municipality's own when it is relative."""

    folder: Annotated[str, Meta(min_length=1, max_length=400)]
    pattern: Annotated[str, Meta(min_length=1, max_length=200)] = "*.zip"
    settle_seconds: Annotated[float, Meta(ge=0, le=86_400)] = 10
    max_bytes: Annotated[int, Meta(ge=1_000, le=1_000_000_000)] = 200_000_000
