"""A municipality's working folder: what ``bti init`` writes, and where each thing lies."""

from collections.abc import Callable
from pathlib import Path

from gateway.store.keys import Keys

SETTINGS = "gateway.toml"
NOTE = "FILL-IN.md"
_PRIVATE = ("keys", "vault", "audit")


class FolderTaken(Exception):
    """The folder exists and is not empty, or cannot be made. ``code`` is ``cli.folder_taken``."""

    code = "cli.folder_taken"

    def __init__(self, where: str) -> None:
        super().__init__(self.code)
        self.where = where


def settings_text(*, model: str, municipality: str = "0000", person: str | None = None) -> str:
    """The first ``gateway.toml``: valid as it stands, every part explained, with examples to take the comments off."""
    acting = _PERSON.format(person=person) if person else ""
    return _SETTINGS.format(model=model, municipality=municipality, person=acting)


def make_folder(
    folder: Path, *, model: str, chance: Callable[[int], bytes], municipality: str = "0000", person: str | None = None
) -> list[Path]:
    """Make the folder with settings, keys (mode 0600, in a folder of mode 0700) and a note; returns what was written.

    ``chance(n)`` gives n random bytes. Raises ``FolderTaken`` rather than write into a folder that holds something.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError:
        raise FolderTaken(str(folder)) from None
    if taken:
        raise FolderTaken(str(folder))
    for name in _PRIVATE:
        (folder / name).mkdir(mode=0o700)
    (folder / "mappings" / "adapters").mkdir(parents=True)
    (folder / "mappings" / "municipalities").mkdir()
    texts = {
        SETTINGS: settings_text(model=model, municipality=municipality, person=person),
        NOTE: _FILL_IN,
        ".gitignore": _IGNORED,
        "mappings/README.md": _MAPPINGS,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    key_file = folder / "keys" / "bti.key"
    Keys.create(key_file, chance)
    return [*(folder / name for name in texts), key_file]


_PERSON = """
[people.{person}]
role = "operator"
"""

_SETTINGS = """\
# The settings of one municipality. `bti check` tells all that is wrong with them, at once.
# Paths are relative to this file. Unknown keys are errors.

tenant = "{model}"             # an opaque id of your own; it never changes, municipality numbers do
municipality = "{municipality}"         # today's kommunenummer
model = "{model}"              # mappings/municipalities/{model}.yaml, yours before the one that ships
numbers = "synthetic"        # "production" when real children come in; the other kind is refused at the edge
language = "nb"              # of tasks and notices: nb, nn or en

[store]
url = "sqlite:///bti.db"     # or postgresql+psycopg://…
vault = "sqlite:///vault/bti-vault.db"     # never in the same backup as the line above
key_file = "keys/bti.key"
checkpoints = "audit/checkpoints.txt"

[policy]                     # what the law leaves to the municipality
self_consent_age = 15        # 15 or 16
both_guardians = true        # false: one holder's consent opens a log; a refusal by another still closes it

# Who may act at the command line (`--as kari`), and by what role: operator, coordinator, leader, privacy.
{person}
# [people.kari]
# role = "coordinator"
# unit = "skole-1"

# Places of work. The service decides what a unit may get; the body is the legal one (a private one is its own).

# [units.skole-1]
# service = "school"
# body = "{model}-kommune"
# title = "Skule ein"

# Systems. Every flow from one to another starts in shadow: it decides and records, but sends nothing until a named
# person of the sending service approves it with `bti flow approve FROM TO`.

# [systems.stafettlogg]
# adapter = "bti-exchange"           # see `bti adapter list`
# unit = "skole-1"                   # whose system it is decides what it may get
# url = "https://stafettlogg.example.no/api"
# allow = ["https://auth.example.no"]        # what the adapter may reach beside url's own host
# schedule = "*/15 * * * *"
# secret = "file:keys/stafettlogg.token"     # file:, env: or credential:; never the secret itself
# owns = ["concern", "assignment"]           # whose word stands when both sides changed
# asserts = ["consent"]                      # what it is believed about: consent, relation, protection
"""

_FILL_IN = """\
# What to fill in

1. `gateway.toml`: the municipality number, your people, units and systems.
   Take the comments off the examples and change them.
2. `keys/`: one file with the credential of each system, readable by the gateway's user only (mode 0600).
3. `mappings/municipalities/`: a file of your own only where your words differ from the model's.
4. `mappings/adapters/`: a mapping of your own only where a system's names differ from its adapter's.
5. Run `bti check` until nothing is left to mend.
6. Run `bti plan`: it shows what would be sent and withheld, and changes nothing.
7. Have a leader of each sending service approve its flows with `bti flow approve FROM TO`.
   Until then nothing is sent.

## Keep apart

`keys/bti.key` opens everything.
Keep a copy of it, and never in the same place as a backup of the database.
`vault/` holds what must not come back when an old backup is restored: erased cases, withdrawn consents, sent keys.
Back it up on its own, and restore only its newest copy.
`audit/` holds signed checkpoints of the log; copy them to somebody else.
"""

_MAPPINGS = """\
# Mappings of your own

`adapters/<adapter>.yaml` replaces the mapping of an adapter, or with `extends: <adapter>` changes parts of it.
`municipalities/<model>.yaml` holds your own words, levels and services.
Try them with `bti map test` and `bti check`.
"""

_IGNORED = """\
keys/
vault/
audit/
*.db
*.db-*
"""
