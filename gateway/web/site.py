"""The site: what all its pages share. Everything with time, chance or a store in it comes from outside."""

import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from gateway.core.glossary import Glossary
from gateway.core.paper import Wording
from gateway.core.terms import Terms
from gateway.run.mapfiles import load_terms
from gateway.run.schemas import glossary
from gateway.run.settings import Person, Settings
from gateway.run.settings_web import WebSettings
from gateway.run.world import World
from gateway.web.limits import Bucket
from gateway.web.visit import Language, Problem

if TYPE_CHECKING:
    from gateway.web.oidc import Oidc


class Site:
    """A municipality's web. ``ticket`` opens the local mode once; ``None`` where people log in elsewhere."""

    def __init__(self, *, world: World, ticket: str | None = None, oidc: "Oidc | None" = None) -> None:
        self.world = world
        self.settings: Settings = world.settings
        self.web = world.settings.web or WebSettings()
        self.ticket = ticket
        self.oidc = oidc
        self.glossary: Glossary = glossary()
        self.terms: Terms = load_terms(self.settings.model, folder=self.settings.folder)
        self.tries = Bucket(size=20, every=timedelta(seconds=30), clock=world.clock)
        self.acts = Bucket(size=240, every=timedelta(seconds=0.25), clock=world.clock)
        self._wordings: dict[str, Wording] = {}

    @property
    def mode(self) -> Literal["local", "oidc"]:
        """How people get in."""
        return self.web.login

    @property
    def origin(self) -> str:
        """The address that people open, without a slash at its end."""
        return (self.web.url or f"http://{self.web.listen}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether the address is one of TLS, so that cookies go nowhere else."""
        return self.origin.startswith("https://")

    @property
    def cookie(self) -> str:
        """What the session's cookie is called; the prefix binds it to this host and to TLS."""
        return "__Host-bti" if self.secure else "bti"

    def known(self, login: str) -> Person:
        """The one person whom the login calls so. Raises ``Problem`` (``web.stranger``) for nobody, or several."""
        found = [one for one in self.settings.people.values() if one.login and one.login == login]
        if len(found) != 1:
            raise Problem("web.stranger", status=403)
        return found[0]

    def wording(self, language: Language) -> Wording:
        """Whose words the pages are written in."""
        found = self._wordings.get(language)
        if found is None:
            found = self._wordings[language] = Wording(language=language, glossary=self.glossary, terms=self.terms)
        return found

    def now(self) -> datetime:
        """The time."""
        return self.world.clock()

    def fresh(self) -> str:
        """A new secret of 64 hexadecimal digits."""
        return self.world.chance(32).hex()

    def enter(self, person: Person, *, browser: str, level: str) -> str:
        """Begin a session; the secret that the browser gets. Written down in the audit log."""
        token, now = self.fresh(), self.now()
        with self.world.store.write() as tx:
            tx.drop_sessions(now=now, idle=now - timedelta(minutes=self.web.idle_minutes))
            tx.drop_forms(before=now - timedelta(hours=self.web.hours))
            tx.put_session(
                token, person=person.name, browser=browser, level=level, at=now,
                ends=now + timedelta(hours=self.web.hours),
            )  # fmt: skip
            tx.audit([{"act": "logged_in", "by": person.name, "level": level, "at": now.isoformat()}])
        return token

    def who(self, token: str, *, browser: str) -> Person | None:
        """The person behind a session that is neither over nor another browser's; ``None`` for any other."""
        now, idle = self.now(), timedelta(minutes=self.web.idle_minutes)
        with self.world.store.read() as tx:
            found = tx.session(token)
            if found is None or not tx.same_browser(found, browser):
                return None
        if now >= found.ends_at or now - found.seen_at > idle:
            return None
        if now - found.seen_at > timedelta(minutes=1):  # not a write for every page
            with self.world.store.write() as tx:
                tx.session_seen(token, at=now)
        return self.settings.people.get(found.person)

    def leave(self, token: str, *, by: str) -> None:
        """End a session."""
        with self.world.store.write() as tx:
            tx.end_session(token)
            tx.audit([{"act": "logged_out", "by": by, "at": self.now().isoformat()}])

    def seal_of(self, token: str) -> str:
        """What a form of this session carries, so that no other site can send it."""
        return self.world.store.keys.index("form", token).hex()

    def claim(self, token: str, once: str) -> bool:
        """Whether this form of a session is sent for the first time; what is claimed and fails is given back."""
        with self.world.store.write() as tx:
            return tx.claim_form(f"{token}/{once}", at=self.now())

    def unclaim(self, token: str, once: str) -> None:
        """What the form asked for was not done, so it may be sent again."""
        with self.world.store.write() as tx:
            tx.unclaim_form(f"{token}/{once}")

    def sealed(self, token: str, told: str) -> bool:
        """Whether a form was given out to this session."""
        return hmac.compare_digest(self.seal_of(token).encode(), told.encode("utf-8", "replace"))
