"""What ``[systems.<name>.options]`` of a PIFU-IMS system holds."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Contact = Literal[
    "pupil.phone", "pupil.email", "pupil.address", "guardian.phone", "guardian.email", "guardian.address",
    "teacher.phone", "teacher.email",
]  # fmt: skip


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the files are left, and which contact details are declared necessary: none, unless they are named.

    Nothing in the format marks somebody whose address is protected, so what is not needed is not taken.
    """

    folder: Annotated[str, Meta(min_length=1, max_length=400)]
    """The folder, against the municipality's own when it is relative."""
    pattern: Annotated[str, Meta(min_length=1, max_length=200)] = "*.xml"
    contact: frozenset[Contact] = frozenset()
    settle_seconds: Annotated[float, Meta(ge=0, le=86_400)] = 10
    """How long a file must have been left alone before it is read."""
    page_records: Annotated[int, Meta(ge=1, le=10_000)] = 500
    max_bytes: Annotated[int, Meta(ge=1_000, le=4_000_000_000)] = 1_000_000_000
