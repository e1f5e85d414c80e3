"""What is wrong with the credentials of the web, the API and the webhooks, told without asking anybody but keepers.

That a secret is there, and read by us alone, is looked at elsewhere; here it is what it holds. Nothing of it is said.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gateway.core.model import Fault
from gateway.run.published import published, tells_private
from gateway.run.secrets import kept_by_plugin, secret_at
from gateway.run.settings import Settings
from gateway.run.settings_web import SHORTEST
from gateway.run.webhooks import key_in
from gateway.sdk import jsonio
from gateway.sdk.errors import AdapterError, Misconfigured
from gateway.sdk.trust.keys import SigningKey

Wrong = tuple[str, str, bool]
"""A code, a dotted key, and whether it is only to be looked at."""

LARGEST = 256 * 1024
"""Bytes of a file of public keys."""


def faults(settings: Settings, environment: Mapping[str, str], *, ask: bool) -> Iterator[Wrong]:
    """Everything that is wrong. ``ask``: also with what a plugin keeps."""

    def held(place: str | None) -> str | None:
        """What stands at a place; ``None`` where nothing does, or nobody is to be asked."""
        if place is None or (kept_by_plugin(place) and not ask):
            return None
        try:
            return secret_at(place, environment)
        except AdapterError:
            return None

    for name, hook in settings.webhooks.items():
        secret, previous = held(hook.secret), held(hook.previous)
        for key, told in (("secret", secret), ("previous", previous)):
            if told is not None and not _is_hook_key(told):
                yield "webhook.secret", f"webhooks.{name}.{key}", False
        if secret is not None and secret == previous:
            yield "check.hook_same", f"webhooks.{name}.previous", True
    web = settings.web
    if web is not None:
        token = held(web.metrics)
        if token is not None and len(token) < SHORTEST:
            yield "check.metrics_short", "web.metrics", False
        if web.oidc is not None and web.login == "oidc" and (private := held(web.oidc.key)) is not None:
            try:
                SigningKey.read(private, algorithm=web.oidc.algorithm)
            except Misconfigured as error:
                yield error.code, "web.oidc.key", False
    yield from _nobody(settings)
    if settings.api is not None and settings.api.keys.startswith("file:"):
        yield from _of_set(_set_in(Path(settings.api.keys.removeprefix("file:"))))


def _is_hook_key(text: str) -> bool:
    try:
        key_in(text)
    except Misconfigured:
        return False
    return True


def _nobody(settings: Settings) -> Iterator[Wrong]:
    """Where a login, or a program's token, names people, and nobody has a name there."""
    if any(person.login for person in settings.people.values()):
        return
    if settings.web is not None and settings.web.login == "oidc":
        yield "check.nobody_logs_in", "people", True
    elif settings.api is not None:
        for name, client in settings.api.clients.items():
            if client.people:
                yield "check.nobody_logs_in", f"api.clients.{name}.people", True


def _set_in(file: Path) -> Any:
    try:
        with file.open("rb") as opened:
            return jsonio.decode(opened.read(LARGEST))
    except (OSError, Fault):
        return None


def _of_set(told: Any) -> Iterator[Wrong]:
    yield from ((code, "api.keys", False) for code in wrong_set(told))


def wrong_set(told: Any) -> Iterator[str]:
    """What is wrong with a set of keys that an issuer publishes."""
    try:
        published(told)
    except Fault:
        yield "api.keys_none"
    if tells_private(told):
        yield "api.keys_private"
