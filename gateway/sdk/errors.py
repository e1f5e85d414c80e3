"""What an adapter may raise.

::

    AdapterError
    ├── Unreachable      waits: the request did not take effect, try again later with the same key
    │   └── Uncertain    waits: the request left and no answer came; its effect is unknown, read back first
    ├── Refused          asks a person: the system understood and said no
    └── Misconfigured    asks the operator: settings, credentials or a certificate are wrong

Each carries a stable ``code`` and, where there is one, a ``path`` into the record. None carries a value from a record:
whoever raises it from a foreign exception drops that exception's text (``raise … from None``), and what has not the
form of a code or a path is told as ``adapter.unnamed`` or ``$``.
"""

from gateway.core.codes import plain_code, plain_path


class AdapterError(Exception):
    """A vendor's system did not do what was asked.

    ``code`` is stable and documented (``http.timeout``, ``http.503``, ``vendor.conflict``); ``path`` names a field.
    """

    def __init__(self, code: str, *, path: str | None = None) -> None:
        self._code, self._path = plain_code(code), None if path is None else plain_path(path)
        super().__init__(self._code if self._path is None else f"{self._code} at {self._path}")

    @property
    def code(self) -> str:
        """The stable code."""
        return self._code

    @property
    def path(self) -> str | None:
        """The field's path."""
        return self._path


class Unreachable(AdapterError):
    """Nothing took effect; the same call may succeed later. ``retry_after`` is in seconds, where the system said."""

    def __init__(self, code: str, *, path: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(code, path=path)
        self.retry_after = retry_after


class Uncertain(Unreachable):
    """The request left and no usable answer came: it may have taken effect."""


class Refused(AdapterError):
    """The system answered, and the answer is no. ``conflict`` marks a failed conditional write (HTTP 409 or 412)."""

    def __init__(self, code: str, *, path: str | None = None, conflict: bool = False) -> None:
        super().__init__(code, path=path)
        self.conflict = conflict


class Misconfigured(AdapterError):
    """The adapter cannot work with these settings; a person must change them."""
