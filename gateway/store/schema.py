"""The tables: one schema for SQLite and PostgreSQL.

Times are microseconds (``times``). Person numbers and native ids stand as keyed HMAC of 16 bytes. Bodies are sealed.
A change here needs a migration beside it; a test compares the two.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, text

HEADS = {"main": "0007", "vault": "0003"}
"""The schema that this program works with: the newest migration of each database."""

VERSION_TABLES = {"main": "schema_version", "vault": "vault_schema_version"}
"""Where each database says which migration it stands at."""

main = MetaData()
vault = MetaData()
METADATA = {"main": main, "vault": vault}

_counted = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER counts by itself in SQLite


def _text(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    return Column(name, Text(), nullable=null, primary_key=key)


def _whole(name: str, *, null: bool = False, key: bool = False) -> Column[int]:
    return Column(name, BigInteger(), nullable=null, primary_key=key, autoincrement=False)


def _bytes(name: str, *, null: bool = False, key: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary(), nullable=null, primary_key=key)


_WAITS = text("waits IS NOT NULL")
"""Only open tasks wait: the answered ones are in no inbox's index."""

Table(
    "case_units", main,
    _text("unit", key=True), _text("case_id", key=True), _whole("since"),
    Index("case_units_since", "unit", "since", "case_id"), Index("case_units_case", "case_id"),
    sqlite_with_rowid=False,
)  # fmt: skip
Table("web_forms", main, _bytes("id", key=True), _whole("at"), Index("web_forms_at", "at"), sqlite_with_rowid=False)
Table(
    "events", main,
    Column("seq", _counted, primary_key=True, autoincrement=True),
    _text("id"), _text("kind"), _text("about", null=True), _text("case_id", null=True), _text("unit", null=True),
    _text("role", null=True), _text("system", null=True), _whole("at"), _whole("spread"),
    UniqueConstraint("id", name="events_id"), Index("events_spread", "spread"), Index("events_case", "case_id"),
)  # fmt: skip
Table(
    "webhooks", main,
    _text("hook", key=True), _text("event", key=True), _whole("attempts"), _whole("not_before"),
    _text("code", null=True), _whole("dead"),
    Index("webhooks_event", "event"), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "looks", main, _text("case_id", key=True), _whole("version"), _whole("at"),
    Index("looks_at", "at"), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "notices", main,
    _text("person", key=True), _whole("since", null=True), _whole("urgent"), _whole("attempts"), _whole("not_before"),
    _text("code", null=True), _whole("told_at", null=True), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "web_sessions", main,
    _bytes("id", key=True), _text("person"), _bytes("browser"), _text("level"),
    _whole("made_at"), _whole("seen_at"), _whole("ends_at"),
    Index("web_sessions_person", "person"), sqlite_with_rowid=False,
)  # fmt: skip
Table("meta", main, _text("name", key=True), _text("value"))
Table("cases", main, _text("id", key=True), _whole("version"), _whole("saved_at"), _bytes("body"))
Table(
    "history", main,
    Column("seq", _counted, primary_key=True, autoincrement=True),
    _text("case_id"), _bytes("tag"), _whole("recorded_at"), _text("valid_from", null=True), _bytes("body"),
    Index("history_case", "case_id", "seq"),
)  # fmt: skip
Table(
    "links", main,
    _text("system", key=True), _text("kind", key=True), _bytes("native", key=True),
    _text("case_id"), _text("item"), _bytes("content"), _whole("version"),
    Index("links_case", "case_id"), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "numbers",
    main,
    _bytes("number", key=True),
    _text("person"),
    Index("numbers_person", "person"),
    sqlite_with_rowid=False,
)
Table(
    "person_cases", main, _text("person", key=True), _text("case_id", key=True),
    Index("person_cases_case", "case_id"), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "due", main,
    _text("system", key=True), _text("case_id", key=True),
    _whole("seq"), _whole("since"), _whole("attempts"), _whole("not_before"), _text("code", null=True),
    Index("due_since", "system", "since"), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "lanes", main,
    _text("system", key=True), _bytes("cursor", null=True), _whole("cursor_at", null=True),
    _whole("last_success", null=True), _text("last_error", null=True), _whole("error_at", null=True),
    _whole("full_count", null=True),
)  # fmt: skip
Table(
    "quarantine", main,
    _text("id", key=True), _text("system"), _text("kind"), _bytes("native"), _text("code"), _text("path", null=True),
    _text("case_id", null=True), _whole("first_at"), _whole("last_at"), _whole("times"), _bytes("body"),
    UniqueConstraint("system", "kind", "native", name="quarantine_record"),
    Index("quarantine_case", "case_id"), Index("quarantine_first", "system", "first_at"),
)  # fmt: skip
Table(
    "tasks", main,
    _text("id", key=True), _bytes("open_key", null=True), _text("kind"), _text("case_id", null=True),
    _text("item", null=True), _text("system", null=True), _text("unit", null=True), _text("role", null=True),
    _whole("at"), _whole("deadline", null=True), _bytes("body"),
    _whole("resolved_at", null=True), _text("resolved_by", null=True), _text("outcome", null=True),
    _bytes("same", null=True), _whole("noticed", null=True),
    _text("person", null=True), _whole("rests", null=True), _whole("waits", null=True),
    UniqueConstraint("open_key", name="tasks_open"),
    Index("tasks_case", "case_id"), Index("tasks_same", "same"),
    Index("tasks_unit", "unit", "waits", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("tasks_person", "person", "waits", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    Index("tasks_kind", "kind", "case_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
)  # fmt: skip
Table(
    "flows", main,
    _text("source", key=True), _text("target", key=True), _text("state"), _text("by"), _whole("at"),
)  # fmt: skip
Table(
    "disclosures", main,
    _text("key", key=True), _text("item", key=True), _text("case_id"), _text("system"), _whole("at"),
    _text("fields"), _text("rules"), _text("secrecy_basis", null=True),
    _text("retract_state", null=True), _whole("retracted_at", null=True),
    Index("disclosures_case", "case_id"), Index("disclosures_at", "at"), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "retractions", main,
    _text("key", key=True), _text("case_id"), _text("item"), _text("system"), _text("fields"), _whole("whole"),
    _text("cause", null=True), _text("state"), _whole("asked_at"), _whole("deadline"), _whole("ended_at", null=True),
    _text("code", null=True),
    Index("retractions_case", "case_id"), Index("retractions_state", "state", "deadline"), sqlite_with_rowid=False,
)  # fmt: skip
Table("audit_leaves", main, _whole("idx", key=True), _bytes("hash"), _bytes("entry"))
Table("audit_tree", main, _whole("id", key=True), _whole("size"), _bytes("frontier"))

Table("vault_meta", vault, _text("name", key=True), _text("value"))
Table(
    "case_keys",
    vault,
    _text("case_id", key=True),
    _bytes("wrapped"),
    _whole("master"),
    Index("case_keys_master", "master"),
)
Table(
    "erased", vault,
    Column("seq", _counted, primary_key=True, autoincrement=True),
    _text("case_id"), _text("by"), _whole("at"),
    UniqueConstraint("case_id", name="erased_case"),
)  # fmt: skip
Table(
    "restrictions", vault,
    Column("seq", _counted, primary_key=True, autoincrement=True),
    _text("id"), _bytes("same"), _text("kind"), _text("case_id", null=True), _text("person", null=True),
    _bytes("detail"), _whole("at"), _text("by", null=True), _text("source"),
    UniqueConstraint("id", name="restrictions_id"),
    Index("restrictions_case", "case_id"), Index("restrictions_person", "person"), Index("restrictions_same", "same"),
)  # fmt: skip
Table(
    "loosenings", vault,
    _text("restriction", key=True), _text("by"), _whole("at"), _bytes("reason"),
)  # fmt: skip
Table(
    "sendings", vault,
    _text("key", key=True), _text("system"), _text("case_id"), _text("item"), _bytes("content"),
    _text("state"), _whole("begun_at"), _whole("ended_at", null=True), _text("trace", null=True),
    Index("sendings_state", "state", "system", "begun_at"), Index("sendings_case", "case_id"), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "checkpoints", vault,
    Column("seq", _counted, primary_key=True, autoincrement=True),
    _whole("size"), _bytes("root"), _bytes("last_leaf"), _text("note"), _whole("at"), _text("superseded_by", null=True),
)  # fmt: skip
