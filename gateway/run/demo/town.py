"""The municipality of the story: its settings as they stand in ``gateway.toml``, its people, its mappings and keys."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

from gateway.run.workfolder import SETTINGS, make_folder

MODEL = "klepp"
MAPPINGS = ("nordlogg", "fjordlogg")
SECRETS: Mapping[str, str] = {"nordlogg": "nordlogg-demo", "fjordlogg": "fjordlogg-demo", "planverk": "planverk-demo",
                                "journal": "journal-demo"}  # fmt: skip

SETTINGS_TEXT = """\
# The settings of the story's municipality. Nobody in it exists; the vendors' systems ran on this machine.

tenant = "lillevik"
municipality = "9999"
model = "klepp"
numbers = "synthetic"
language = "nb"

[store]
url = "sqlite:///bti.db"
vault = "sqlite:///vault/bti-vault.db"
key_file = "keys/bti.key"
checkpoints = "audit/checkpoints.txt"

[policy]
self_consent_age = 15
both_guardians = true

# `bti web` opens the pages, in a trial mode for invented people on this machine.
[web]
listen = "127.0.0.1:8765"
login = "local"

# Who may act: Kari coordinates at the school, Torunn leads it, Hilde leads the health station, Arne the coordinating
# unit, Ida answers for privacy, Dag runs the machine.
[people.kari]
role = "coordinator"
unit = "storskogen-skole"
[people.torunn]
role = "leader"
unit = "storskogen-skole"
[people.hilde]
role = "leader"
unit = "helsestasjonen"
[people.arne]
role = "leader"
unit = "koordinerende-enhet"
[people.ida]
role = "privacy"
[people.dag]
role = "operator"

[units.storskogen-skole]
service = "school"
body = "lillevik-kommune"
title = "Storskogen skole"
[units.helsestasjonen]
service = "health_station"
body = "lillevik-kommune"
title = "Lillevik helsestasjon"
[units.koordinerende-enhet]
service = "coordinating_unit"
body = "lillevik-kommune"
title = "Koordinerende enhet"

# Two products of two vendors, of different shapes: each is an exchange adapter and a mapping file.
[systems.nordlogg]
adapter = "bti-exchange"
unit = "storskogen-skole"
url = "{nordlogg}"
secret = "file:keys/nordlogg.token"
mapping = "mappings/adapters/nordlogg.yaml"
asserts = ["consent"]

[systems.fjordlogg]
adapter = "bti-exchange-cases"
unit = "helsestasjonen"
url = "{fjordlogg}"
secret = "file:keys/fjordlogg.token"
mapping = "mappings/adapters/fjordlogg.yaml"

# The individual plans' product. Nothing goes there before a named person begins a crossing.
[systems.planverk]
adapter = "bti-exchange"
unit = "koordinerende-enhet"
url = "{planverk}"
secret = "file:keys/planverk.token"
purpose = "individual_plan"

# The school's administration leaves a file every night; only what is about children with a case is kept of it.
[systems.skolen]
adapter = "pifu-ims"
unit = "storskogen-skole"
schedule = "30 4 * * *"
[systems.skolen.options]
folder = "inn/skolen"

# The health record is read: goals, and who coordinates.
[systems.journal]
adapter = "fhir-r4"
unit = "helsestasjonen"
url = "{journal}"
secret = "file:keys/journal.token"
[systems.journal.options]
case_categories = ["urn:lillevik|stafettlogg"]
tag = "urn:lillevik|bti"

# The register says who has parental responsibility, and whose address is protected.
[systems.register]
adapter = "persontjenesten"
unit = "koordinerende-enhet"
url = "{register}"
secret = "file:keys/register.token"
asserts = ["relation", "protection"]
"""


def make_town(
    folder: Path, *, urls: Mapping[str, str], secrets: Mapping[str, str], chance: Callable[[int], bytes]
) -> Path:
    """The municipality's folder with settings, keys, mappings and an inbox for the school; returns the settings' file.

    ``urls`` and ``secrets`` are those of the systems, by name. Raises ``FolderTaken``.
    """
    make_folder(folder, model=MODEL, chance=chance)
    (folder / "FILL-IN.md").unlink()
    settings = folder / SETTINGS
    settings.write_text(SETTINGS_TEXT.format(**urls), encoding="utf-8")
    for name, secret in secrets.items():
        token = folder / "keys" / f"{name}.token"
        token.write_text(secret, encoding="utf-8")
        token.chmod(0o600)
    for name in MAPPINGS:
        text = files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        (folder / "mappings" / "adapters" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "inn" / "skolen").mkdir(parents=True)
    return settings
