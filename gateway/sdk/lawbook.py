"""Sections of the law by the code of their norm, for messages that name them: no plugin writes one by itself."""

from datetime import date

from gateway.core.law.generated.current import CURRENT


def section_of(norm: str, on: date) -> str | None:
    """The act and section that carry a norm on a day (``offentleglova § 13 …``), as a person would cite them.

    Also of a section that nobody has verified: naming it permits nothing. ``None`` where none is in force.
    """
    basis = CURRENT.norm(norm, on).basis
    return None if basis is None else f"{basis.act} {basis.section}"
