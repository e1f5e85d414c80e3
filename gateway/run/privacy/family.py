"""The sheet for a family: what is shared, that they may say no, see who got what, and whom to turn to."""

from gateway.core.document import Document, Section, as_markdown
from gateway.run.privacy.wording import Wording
from gateway.run.settings import PolicySettings, Settings

FAMILIES = frozenset({"guardian", "subject"})
"""Services that are the family itself."""


def family(settings: Settings | None, language: str) -> Document:
    """The sheet in ``nb``, ``nn`` or ``en``: one page of A4. With ``None`` every name is left blank."""
    say = Wording(language)
    policy = settings.policy if settings is not None else PolicySettings()
    sections = (
        Section(paragraphs=(say("family.why"),)),
        Section(heading=say("family.shared"), paragraphs=(say("family.shared_what"), say("family.shared_not"))),
        Section(heading=say("family.who"), paragraphs=(say("family.who_only"), _units(settings, say))),
        Section(
            heading=say("family.decide"),
            points=(
                (say("family.no"),),
                (say("family.part"),),
                (say("family.both" if policy.both_guardians else "family.one"),),
                (say("family.change"),),
                (say("family.young", age=policy.self_consent_age),),
            ),
        ),
        Section(heading=say("family.duty"), paragraphs=(say("family.duty_what"),)),
        Section(heading=say("family.see"), paragraphs=(say("family.see_what"), say("family.wrong"))),
        Section(heading=say("family.complain"), paragraphs=(say("family.complain_where"),)),
        Section(heading=say("family.ask"), points=tuple((say(f"family.ask.{one}"),) for one in _ASK)),
    )
    return Document(title=say("family.title"), language=language, sections=sections)


_ASK = ("coordinator", "officer", "number")


def _units(settings: Settings | None, say: Wording) -> str:
    """Those who work here, by what people call them."""
    if settings is None or not settings.units:
        return f"{say.blank}."
    named = [unit.title or f"{say.code(unit.service)} ({unit.name})" for unit in settings.units.values()
             if unit.service not in FAMILIES]  # fmt: skip
    return f"{', '.join(sorted(named))}."


def bokmaal() -> str:
    """``docs/til-familien/bokmaal.md``."""
    return as_markdown(family(None, "nb"))


def nynorsk() -> str:
    """``docs/til-familien/nynorsk.md``."""
    return as_markdown(family(None, "nn"))


def english() -> str:
    """``docs/til-familien/english.md``."""
    return as_markdown(family(None, "en"))
