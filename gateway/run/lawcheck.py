"""What ``bti check`` says of the law: rules that must be there and are not, and bases that hold or soon will."""

from datetime import date, datetime, timedelta

from gateway.core.ages import day
from gateway.core.law import Basis, Law
from gateway.run import lawbook
from gateway.run.checkup import Finding
from gateway.run.plugins import Plugins
from gateway.run.settings import Settings
from gateway.run.settings_checks import verification

AHEAD = timedelta(days=60)
"""How long before a basis must be read again it is told."""


def examine(settings: Settings, plugins: Plugins, *, at: datetime) -> list[Finding]:
    """All that is found at a time. A norm that nobody has verified yet is a note: what stands on it waits."""
    today = day(at)
    missing = lawbook.closed_by(settings, plugins)
    found = [Finding(kind="fault", code=code, where=f"law.rules: {name}") for name, code in missing.items()]
    law = lawbook.law_of(settings, today=today)
    return [*found, *_lines(settings, law, today), *_norms(law, today)]


def overdue(settings: Settings, *, today: date) -> list[str]:
    """The codes of legal bases that were read once and must be read again before anything stands on them."""
    law = lawbook.law_of(settings, today=today)
    return [one.where for one in _norms(law, today) if one.code == "law.overdue"]


def _norms(law: Law, today: date) -> list[Finding]:
    found = []
    for norm in dict.fromkeys(basis.norm for basis in law.bases):
        now, then = law.norm(norm, today), law.norm(norm, today + AHEAD)
        if now.basis is None:
            continue
        if not now.carries:
            overdue = now.basis.last_verified is not None or _once_read(law, norm, today)
            code = "law.overdue" if overdue else "law.unverified"
            found.append(Finding(kind="warning" if overdue else "note", code=code, where=now.basis.code))
        elif not then.carries:
            found.append(Finding(kind="warning", code="law.due", where=now.basis.code))
    return found


def _once_read(law: Law, norm: str, today: date) -> bool:
    """Whether a basis in force was read once: what stood on it went, and waits now."""
    return any(one.norm == norm and one.in_force(today) and one.last_verified for one in law.bases)


def _lines(settings: Settings, law: Law, today: date) -> list[Finding]:
    bases: dict[str, Basis] = {basis.code: basis for basis in law.bases}
    found = []
    for code, line in settings.law.verified.items():
        told, basis = verification(line), bases.get(code)
        where = f"law.verified.{code}"
        if told is not None and told[0] > today:
            found.append(Finding(kind="warning", code="law.dated_ahead", where=where))
        elif basis is not None and not basis.in_force(today):
            found.append(Finding(kind="note", code="law.not_in_force", where=where))
    return found
