"""The generated source under way, the values that it refers to by name, and its functions, compiled when called."""

from typing import Any

from gateway.core.mapping import convert
from gateway.core.model import Fault
from gateway.core.reading import Reading


class Absent:
    """The value of a key that is not there."""


ABSENT = Absent()


class Source:
    """Lines under way, and the values that they refer to by name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {
            "A": ABSENT,
            "Fault": Fault,
            "Reading": Reading,
            "__builtins__": {"dict": dict, "enumerate": enumerate, "len": len, "list": list, "str": str, "type": type,
                             "bool": bool, "KeyError": KeyError, "TypeError": TypeError},
        }  # fmt: skip
        for name in (
            "text", "digits", "number", "day", "instant", "epoch", "midnight", "local", "to_epoch", "to_midnight",
            "parted", "joined", "reference", "within",
        ):  # fmt: skip
            self.names[name] = getattr(convert, name)
        self._count = 0

    def fresh(self, stem: str) -> str:
        """A name that nothing else has."""
        self._count += 1
        return f"{stem}{self._count}"

    def keep(self, value: Any) -> str:
        """A name under which the source finds a value."""
        if value is None or type(value) in (bool, int, str):
            return repr(value)
        name = self.fresh("K")
        self.names[name] = value
        return name

    def add(self, depth: int, text: str) -> None:
        """A line."""
        self.lines.append("    " * depth + text)

    def ready(self) -> dict[str, Any]:
        """The names with every function among them, each compiled when it is first called.

        Most runs meet few of the kinds that a mapping knows, and compiling all of them is a large part of a small run.
        """
        starts = [place for place, line in enumerate(self.lines) if line.startswith("def ")]
        texts = {
            self.lines[start].split("(")[0].removeprefix("def "): "\n".join(self.lines[start:end]) + "\n"
            for start, end in zip(starts, [*starts[1:], len(self.lines)], strict=True)
        }
        made: dict[str, Any] = {}

        def late(name: str) -> Any:
            if name not in made:
                exec(compile(texts[name], "<mapping>", "exec"), self.names)  # noqa: S102 - own source, see above
                made[name] = self.names[name]
            return made[name]

        self.names["late"] = late
        stubs = "".join(f"def {name}(*given): return late({name!r})(*given)\n" for name in texts)
        exec(compile(stubs, "<mapping>", "exec"), self.names)  # noqa: S102 - own source, see above
        return self.names
