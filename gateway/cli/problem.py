"""What a command may raise instead of doing its work, and the exit statuses."""

from typing import Final, Literal

Status = Literal[0, 1, 2, 3]
DONE: Final = 0
"""Done."""
NEEDS_PERSON: Final = 1
"""Done, but something needs a person."""
WRONG: Final = 2
"""The call, the settings or the input are wrong; nothing was changed."""
UNREACHABLE: Final = 3
"""A system could not be reached or the store not be used; work remains due and the next run goes on."""


class Problem(Exception):
    """A command cannot do its work: ``code`` (documented), ``where`` (file, key, name) and the exit status."""

    def __init__(self, code: str, *, where: str = "", expected: str = "", status: Status = WRONG) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.expected = expected
        self.status: Status = status


class Problems(Exception):
    """Several problems, all told at once; the gravest status stands."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems
