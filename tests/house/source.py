"""The project's own files, and what an import statement names. What several tests of the house read."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".json", ".in", ".cfg", ".sh", ".mako", ".xsd", ".wsdl", ""}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project, as git knows it; in an unpacked archive, every file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return tuple(path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())
    skipped = {".venv", ".git", "dist", "build", "mutants"}
    return tuple(path for path in sorted(ROOT.rglob("*")) if path.is_file() and not skipped & set(path.parts))


def texts() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXTS]


def pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def code(*places: str) -> list[Path]:
    """Python files of the product under the given top folders: no tests, nothing generated."""
    found = []
    for path in tracked():
        parts = path.relative_to(ROOT).parts
        is_test = "tests" in parts or path.name.startswith("test_") or path.name == "conftest.py"
        if path.suffix == ".py" and parts[0] in places and not is_test and "generated" not in parts:
            found.append(path)
    return found


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(source: str, package: str = "") -> list[tuple[int, str]]:
    """Line and full name of everything that a module imports, within functions too."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] + "." if node.level else ""
            found += [(node.lineno, f"{above}{node.module or ''}".rstrip("."))]
    return found
