"""What becomes of everything that the format can hold: taken, minimised, or only there to hold other things.

``fate`` answers for any element or attribute; ``table`` is the same as a page (``docs/reference/pifu-ims.md``). A
test changes each value of the official sample and sees that what is taken has an effect, and what is minimised none.
"""

from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from gateway_pifu_ims.shape import NS

Fate = Literal["taken", "minimised", "holds"]


class Line(Struct, frozen=True):
    """A line of the table. ``path`` may end with ``/**``: that and all below it, attributes too."""

    path: str
    fate: Fate
    why: str


_FREE = "free text; it may say anything about anybody"
_NUMBERS = "a school's or vendor's own number; the person number tells who it is"
_REACH = "where somebody can be reached; nothing in the format marks a protected address"
_WORK = "not needed: a municipality knows its own units"
_TEACHING = "what a child is taught and how it goes is not needed to coordinate help"

LINES: tuple[Line, ...] = (
    Line("enterprise", "holds", "the file"),
    Line("enterprise@schemaLocation", "minimised", "never followed"),
    Line("enterprise/comments/**", "minimised", _FREE),
    Line("properties", "holds", "the file's own data"),
    Line("properties@lang", "minimised", "nothing that is taken has a language"),
    Line("properties/comments/**", "minimised", _FREE),
    Line("properties/datasource", "taken", "ids of the file's own source stand without it"),
    Line("properties/target", "minimised", "the receiver is us"),
    Line("properties/type", "taken", "full or delta; another is refused (`pifu.type`)"),
    Line("properties/datetime", "taken", "periods are past, running or coming as seen from it (`pifu.date`)"),
    Line("properties/extension/**", "minimised", "not in the specification"),
    Line("person", "holds", "pupils, their guardians and contact teachers; nobody else is taken"),
    Line("person@recstatus", "taken", "3: the person is deleted there"),
    Line("person/comments/**", "minimised", _FREE),
    Line("person/sourcedid", "holds", ""),
    Line("person/sourcedid@sourcedidtype", "taken", "which id holds now; references by a former one follow"),
    Line("person/sourcedid/source", "taken", "part of an id that is not of the file's own source"),
    Line("person/sourcedid/id", "taken", "the person's id there (`pifu.id` when it is missing)"),
    Line("person/userid[personNIN]", "taken", "pupils and guardians; refused with a wrong check digit (`identity.*`)"),
    Line("person/userid[personNIN]@useridtype", "taken", ""),
    Line("person/userid[personNINencrypted]/**", "minimised", "cannot be matched"),
    Line("person/userid[personLIN]/**", "minimised", _NUMBERS),
    Line("person/userid[personFIN]/**", "minimised", _NUMBERS),
    Line("person/userid[studentID]/**", "minimised", _NUMBERS),
    Line("person/userid[workforceID]/**", "minimised", _NUMBERS),
    Line("person/userid[sisID]/**", "minimised", _NUMBERS),
    Line("person/userid[username]/**", "minimised", "user names and passwords are never taken"),
    Line("person/userid[feideID]/**", "minimised", "user names and passwords are never taken"),
    Line("person/userid[microsoftUPN]/**", "minimised", "user names and passwords are never taken"),
    Line("person/name", "holds", ""),
    Line("person/name/fn", "minimised", "the same name once more, with titles"),
    Line("person/name/n", "holds", ""),
    Line("person/name/n/family", "taken", ""),
    Line("person/name/n/given", "taken", ""),
    Line("person/demographics", "holds", ""),
    Line("person/demographics/gender", "minimised", "not needed"),
    Line("person/demographics/bday", "taken", "of pupils"),
    Line("person/email", "minimised", f"{_REACH}; the option `contact` takes it"),
    Line("person/url", "minimised", _REACH),
    Line("person/tel/**", "minimised", f"{_REACH}; the option `contact` takes one"),
    Line("person/adr/**", "minimised", f"{_REACH}; the option `contact` takes it"),
    Line("person/photo/**", "minimised", "not needed"),
    Line("person/extension", "holds", ""),
    Line("person/extension/pifu_email/**", "minimised", _REACH),
    Line("person/extension/pifu_url/**", "minimised", _REACH),
    Line("person/extension/pifu_tel/**", "minimised", _REACH),
    Line("person/extension/pifu_adr/**", "minimised", _REACH),
    Line(
        "person/extension/pifu_status[activeInactive]",
        "taken",
        "places of an inactive pupil have ended (`pifu.status` for another word)",
    ),
    Line("person/extension/pifu_status[activeInactive]@type", "taken", ""),
    Line("person/extension/pifu_status[pupilStatus]/**", "minimised", _TEACHING),
    Line("person/extension/pifu_preferredLanguage", "taken", "the language to write to a pupil in"),
    Line("person/extension/pifu_preferredLanguage@source", "minimised", "the code speaks for itself"),
    Line("person/extension/pifu_nativeTongue/**", "minimised", "not needed; the need of an interpreter is asked for"),
    Line("person/extension/pifu_hasContactPerson[guardian]", "holds", "whom the school calls a guardian"),
    Line("person/extension/pifu_hasContactPerson[guardian]@type", "taken", "never parental responsibility"),
    Line("person/extension/pifu_hasContactPerson[guardian]/sourcedid", "holds", ""),
    Line("person/extension/pifu_hasContactPerson[guardian]/sourcedid@sourcedidtype", "taken", "as for persons"),
    Line("person/extension/pifu_hasContactPerson[guardian]/sourcedid/source", "taken", "part of the id"),
    Line("person/extension/pifu_hasContactPerson[guardian]/sourcedid/id", "taken", "who it is"),
    Line("person/extension/pifu_hasContactPerson[nextOfKin]/**", "minimised", "not needed"),
    Line("group", "holds", "schools and their owner; other groups only as places of pupils"),
    Line("group@recstatus", "taken", "3: the school is deleted there"),
    Line("group/comments/**", "minimised", _FREE),
    Line("group/sourcedid", "holds", ""),
    Line("group/sourcedid@sourcedidtype", "taken", "as for persons"),
    Line("group/sourcedid/source", "taken", "part of the id"),
    Line("group/sourcedid/id", "taken", "the group's id there"),
    Line("group/grouptype", "holds", ""),
    Line("group/grouptype/scheme", "minimised", "the type's name says the same"),
    Line("group/grouptype/typevalue", "taken", "which groups' members are taken: see below"),
    Line("group/grouptype/typevalue@level", "minimised", "the type's name says the same"),
    Line("group/description", "holds", ""),
    Line("group/description/short", "taken", "the group's name, where it has no usual one"),
    Line("group/description/long", "minimised", "the same once more"),
    Line("group/description/full", "minimised", "the same once more"),
    Line("group/timeframe/**", "minimised", "a member's own period is used"),
    Line("group/email", "minimised", _WORK),
    Line("group/url", "minimised", _WORK),
    Line("group/relationship", "holds", ""),
    Line("group/relationship@relation", "taken", "1: the group above"),
    Line("group/relationship/sourcedid", "holds", ""),
    Line("group/relationship/sourcedid@sourcedidtype", "taken", "as for persons"),
    Line("group/relationship/sourcedid/source", "taken", "part of the id"),
    Line("group/relationship/sourcedid/id", "taken", "which group is above"),
    Line("group/relationship/label", "minimised", "the group above has a name of its own"),
    Line("group/extension", "holds", ""),
    Line("group/extension/pifu_id[organizationNumber]", "holds", ""),
    Line("group/extension/pifu_id[organizationNumber]@type", "taken", ""),
    Line("group/extension/pifu_id[organizationNumber]/pifu_value", "taken", "which school it is, in every system"),
    Line("group/extension/pifu_id[organizationNumber]/pifu_scope", "minimised", "the type says the same"),
    Line("group/extension/pifu_id[organizationNumber]/pifu_unique", "minimised", "not needed"),
    Line("group/extension/pifu_id/**", "minimised", "one number of a school is enough"),
    Line("group/extension/pifu_name[name]", "holds", ""),
    Line("group/extension/pifu_name[name]@type", "taken", ""),
    Line("group/extension/pifu_name[name]/pifu_value", "taken", "the group's usual name"),
    Line("group/extension/pifu_name[name]/pifu_language/**", "minimised", "nothing that is taken has a language"),
    Line("group/extension/pifu_name/**", "minimised", "one name is enough"),
    Line("group/extension/pifu_email/**", "minimised", _WORK),
    Line("group/extension/pifu_url/**", "minimised", _WORK),
    Line("group/extension/pifu_tel/**", "minimised", _WORK),
    Line("group/extension/pifu_adr/**", "minimised", _WORK),
    Line("group/extension/pifu_schoolType", "taken", "kindergarten, after-school or school, where it is only one"),
    Line("membership", "holds", "of a group that the file does not tell of, it is refused (`pifu.group_unknown`)"),
    Line("membership/comments/**", "minimised", _FREE),
    Line("membership/sourcedid", "holds", ""),
    Line("membership/sourcedid@sourcedidtype", "minimised", "there is one"),
    Line("membership/sourcedid/source", "taken", "part of the id"),
    Line("membership/sourcedid/id", "taken", "which group"),
    Line("membership/member", "holds", "pupils, and who is a contact teacher"),
    Line("membership/member/comments/**", "minimised", _FREE),
    Line("membership/member/sourcedid", "holds", ""),
    Line("membership/member/sourcedid@sourcedidtype", "taken", "as for persons"),
    Line("membership/member/sourcedid/source", "taken", "part of the id"),
    Line("membership/member/sourcedid/id", "taken", "which person"),
    Line("membership/member/idtype", "taken", "1: a person; groups in groups are not taken"),
    Line("membership/member/role", "holds", ""),
    Line("membership/member/role@recstatus", "taken", "3: the membership is deleted there"),
    Line("membership/member/role@roletype", "taken", "01 pupil; 02 and 06 for contact teachers; no others"),
    Line("membership/member/role/subrole", "minimised", "not needed; it can tell of special education"),
    Line("membership/member/role/status", "taken", "0: the place has ended (`pifu.status` for others than 0 and 1)"),
    Line("membership/member/role/comments/**", "minimised", _FREE),
    Line("membership/member/role/datetime", "minimised", "when it was written; the period says when it holds"),
    Line("membership/member/role/timeframe", "holds", ""),
    Line("membership/member/role/timeframe/begin", "taken", "from (`pifu.date`, `pifu.period`)"),
    Line("membership/member/role/timeframe/begin@restrict", "minimised", "not needed"),
    Line("membership/member/role/timeframe/end", "taken", "to (`pifu.date`, `pifu.period`)"),
    Line("membership/member/role/timeframe/end@restrict", "minimised", "not needed"),
    Line("membership/member/role/timeframe/adminperiod", "minimised", "the dates say it"),
    Line("membership/member/role/interimresult/**", "minimised", "marks are never taken"),
    Line("membership/member/role/finalresult/**", "minimised", "marks are never taken"),
    Line("membership/member/role/extension", "holds", ""),
    Line("membership/member/role/extension/pifu_primaryRelation", "minimised", "not needed"),
    Line("membership/member/role/extension/pifu_absence/**", "minimised", "absence is never taken"),
)
_EXACT = {line.path: line for line in LINES if not line.path.endswith("/**")}
_BELOW = {line.path.removesuffix("/**"): line for line in LINES if line.path.endswith("/**")}
_KINDS = {
    "userid": "useridtype",
    "pifu_status": "type",
    "pifu_hasContactPerson": "type",
    "pifu_id": "type",
    "pifu_name": "type",
}


def fate(path: str) -> Line | None:
    """The line for a path as ``walk`` writes it; nothing for what the table does not account for."""
    if path in _EXACT:
        return _EXACT[path]
    above, _, attribute = path.partition("@")
    steps = above.split("/")
    for length in range(len(steps), 0, -1):
        head = "/".join(steps[:length])
        plain = "/".join([*steps[: length - 1], steps[length - 1].partition("[")[0]])
        for known in (head, plain):
            if known in _BELOW:
                return _BELOW[known]
            if known in _EXACT and (length < len(steps) or attribute):
                return None
    return None


def walk(element: Any, path: str = "") -> Iterator[tuple[str, Any, str | None]]:
    """Every element and attribute of a tree as its path, the element, and the attribute's name if it is one.

    ``userid``, ``pifu_id`` and others that are many things by their type have it in brackets.
    """
    name = str(element.tag).removeprefix(NS)
    kind = element.get(_KINDS[name]) if name in _KINDS else None
    here = f"{path}/{name}" if path not in {"", "enterprise"} else name
    here = f"{here}[{kind}]" if kind is not None else here
    if path == "enterprise" and name == "comments":
        here = "enterprise/comments"
    yield here, element, None
    for attribute in element.attrib:
        yield f"{here}@{str(attribute).rpartition('}')[2]}", element, attribute
    for child in element:
        yield from walk(child, here)


def table() -> str:
    """The reference page."""
    rows = [f"| `{line.path}` | {line.fate} | {line.why} |" for line in LINES if line.fate != "holds" or line.why]
    return "\n".join([*_HEAD, *rows, *_TAIL])


_HEAD = (
    "# What is taken from a PIFU-IMS file",
    "",
    "This page is made from `gateway_pifu_ims.accounting`; a test keeps the two equal.",
    "Another test changes each value of the official sample: what is taken has an effect, what is minimised has none.",
    "What is minimised gets into no record, so it is not kept, not even encrypted.",
    "",
    "| path | fate | why |",
    "|---|---|---|",
)
_TAIL = (
    "",
    "## Groups",
    "",
    "Members are taken of `skole`, `basisgruppe`, `kontaktlærergruppe`, `trinn` and `sfo`.",
    "Members of all other groups are minimised: which subjects and programmes a child has, whether it gets special",
    "language teaching, and who sits in which council is not needed to coordinate help.",
    "",
)
