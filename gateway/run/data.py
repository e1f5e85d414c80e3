"""Where the data that ships with the program lies: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: Literal["mappings", "schemas"], *, package: Path = _PACKAGE) -> Path:
    """The folder ``mappings`` or ``schemas``.

    A checkout is told by its ``pyproject.toml``, so that another ``mappings`` beside an installed package is not
    taken for ours. Raises ``FileNotFoundError`` when an installation lacks its data.
    """
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    installed = package / "_data" / name
    if installed.is_dir():
        return installed
    raise FileNotFoundError(name)
