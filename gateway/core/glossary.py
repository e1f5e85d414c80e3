"""Words for the model's names, in bokmål and nynorsk: ``mappings/glossary.yaml``."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct, inspect

from gateway.core import told
from gateway.core.model import KINDS
from gateway.core.model.codes import DOMAINS, PROTECTIONS, SERVICES
from gateway.core.model.parts import Exclusion, Factor, Involvement, Level, Origin
from gateway.core.model.records import ReportedPerson

PARTS = (Level, Factor, Involvement, Exclusion, ReportedPerson, Origin)


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name's words; ``en`` is a short definition for developers, where there is one."""

    nb: str
    nn: str
    en: str = ""


class Glossary(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole list. ``own`` holds the words of a name that means something of its own in one place."""

    kinds: dict[str, Words]
    fields: dict[str, Words]
    parts: dict[str, Words]
    codes: dict[str, Words]
    own: dict[str, Words]

    def kind(self, kind: str) -> Words | None:
        """The words for a kind."""
        return self.kinds.get(kind)

    def field(self, kind: str, name: str) -> Words | None:
        """The words for a field of a kind."""
        return self.own.get(f"{kind}.{name}") or self.fields.get(name)

    def code(self, kind: str, field: str, code: str) -> Words | None:
        """The words for a value of a closed list."""
        return self.own.get(f"{kind}.{field}.{code}") or self.codes.get(code)


class GlossaryInvalid(Exception):
    """A glossary that cannot be used: (key, what is expected) of all that is wrong with it."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"glossary.shape at {key}: {text}" for key, text in problems))
        self.problems = problems


def glossary_of(plain: Mapping[str, Any]) -> Glossary:
    """The glossary of a file's plain values. Raises ``GlossaryInvalid`` with all that is wrong with its form."""
    problems = list(told.errors(plain, Glossary))
    if problems:
        raise GlossaryInvalid(problems)
    found: Glossary = told.fitted(plain, Glossary)
    return found


def names() -> dict[Literal["kinds", "fields", "parts", "codes"], set[str]]:
    """Every public name of the model, as the glossary should hold it."""
    codes = set(SERVICES | DOMAINS | PROTECTIONS)
    for struct in (*KINDS.values(), *PARTS):
        for field in _fields(struct):
            codes |= set(values(field.type))
    return {
        "kinds": set(KINDS),
        "fields": {name for struct in KINDS.values() for name in struct.__struct_fields__},
        "parts": {f"{part.__name__}.{name}" for part in PARTS for name in part.__struct_fields__},
        "codes": codes,
    }


def values(wanted: inspect.Type) -> Iterator[str]:
    """The values of the closed list that a field's type has, if it has one."""
    match wanted:
        case inspect.Metadata(type=inner) | inspect.ListType(item_type=inner):
            yield from values(inner)
        case inspect.UnionType(types=members):
            for member in members:
                yield from values(member)
        case inspect.LiteralType(values=found):
            yield from (str(value) for value in found)


def _fields(struct: Any) -> tuple[inspect.Field, ...]:
    found = inspect.type_info(struct)
    return found.fields if isinstance(found, inspect.StructType) else ()
