"""The rules as one municipality has them: the law that its lawyer has read, and the further rules that it requires.

A plugin's rule can only forbid. One that the settings require and that is missing or broken closes everything but
duties (X11): whoever wrote it into the settings relies on it.
"""

from datetime import date
from hashlib import sha256

import msgspec

from gateway.core.ages import day
from gateway.core.law import Law
from gateway.core.rules import RULES, Forbid, Rules
from gateway.core.rules.sentences import SENTENCES
from gateway.run.plugins import Plugins
from gateway.run.settings import Settings
from gateway.run.settings_checks import verification
from gateway.run.world import World

CLOSED = Forbid(id="X11", applies=lambda _facts, _ask: True, sentence=SENTENCES["X11"], task="repair_rule")
"""Stands in for rules that must be there and are not."""

_REMEMBERED = "rules"


def law_of(settings: Settings, *, today: date, law: Law = RULES.law) -> Law:
    """The law with what the municipality's lawyer has read until a day. A line that is dated later says nothing yet."""
    for code, line in settings.law.verified.items():
        told = verification(line)
        if told is not None and told[0] <= today:
            law = law.verify(code, on=told[0], by=told[1])
    return law


def closed_by(settings: Settings, plugins: Plugins) -> dict[str, str]:
    """Plugins whose rules the settings require and that are not there, with a code.

    ``plugin.missing``, ``plugin.no_rules``, or the code by which it is broken.
    """
    broken = {one.name: one.code for one in plugins.broken}
    found = {}
    for name in settings.law.rules:
        if not plugins.forbids.get(name):
            found[name] = broken.get(name) or ("plugin.no_rules" if name in plugins.origins else "plugin.missing")
    return found


def rules_of(settings: Settings, plugins: Plugins, *, today: date) -> Rules:
    """The table on the municipality's law, with every further rule of its plugins; closed when a required one lacks.

    A plugin that is installed and that no setting names has no say.
    """
    named = settings.plugins()
    extra = [rule for name in sorted(plugins.forbids) if name in named for rule in plugins.forbids[name]]
    if closed_by(settings, plugins):
        extra.append(CLOSED)
    return msgspec.structs.replace(RULES, law=law_of(settings, today=today), extra=tuple(extra))


def changed(world: World) -> bool:
    """Whether the rules differ from those of the last round; then it is written to the audit log what they are now.

    A name in a verification that is no entry of ``[people]`` is written as its SHA-256.
    """
    told = _told(world)
    mark = sha256(msgspec.json.encode(told, order="sorted")).hexdigest()
    with world.store.read() as tx:
        if tx.remembered(_REMEMBERED) == mark:
            return False
    with world.store.write() as tx:
        tx.audit([{"act": "rules", "at": world.clock().isoformat(), **told}])
        tx.remember(_REMEMBERED, mark)
    return True


def _told(world: World) -> dict[str, object]:
    policy = world.policy()
    lines = {code: verification(line) for code, line in world.settings.law.verified.items()}
    today = day(world.clock())
    return {
        "verified": [
            {"code": code, "on": line[0].isoformat(), "by": _pseudonym(world.settings, line[1])}
            for code, line in sorted(lines.items())
            if line is not None and line[0] <= today
        ],
        "rules": [rule.id for rule in world.rules.extra],
        "policy": {name: getattr(policy, name) for name in policy.__struct_fields__},
    }


def _pseudonym(settings: Settings, name: str) -> str:
    return name if name in settings.people else "sha256:" + sha256(name.encode()).hexdigest()
