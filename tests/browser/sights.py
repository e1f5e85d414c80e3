"""Everything there is to look at: each page and each state of it, who looks, and how one gets there."""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from tests.browser.looking import Looked
from tests.browser.town import Town

UNKNOWN = "06821099739"
"""A synthetic number of nobody in the town."""


class Sight(Struct, frozen=True, kw_only=True):
    """A page in a state. ``act`` goes on from the path: fills in a form, presses a button, opens what is closed."""

    name: str
    person: str | None
    path: Callable[[Town], str]
    place: str = ""
    """The route (``gateway.web.pages.PLACES``) that it shows."""
    status: int = 200
    act: Callable[[Looked, Town], None] | None = None

    def see(self, looked: Looked, town: Town) -> None:
        """Go there."""
        assert looked.go(self.path(town)) == self.status, self.name
        if self.act is not None:
            self.act(looked, town)


def at(path: str) -> Callable[[Town], str]:
    """A path that is known before."""
    return lambda _: path


def of(child: str, more: str = "") -> Callable[[Town], str]:
    """A child's case, and a part of it."""
    return lambda town: f"/cases/{town.case(child)}{more}"


def about(child: str, kind: str) -> Callable[[Town], str]:
    """Why a record of a child's case goes where."""
    return lambda town: f"/cases/{town.case(child)}/why/{town.item(child, kind)}"


def then(child: str, kind: str) -> Callable[[Town], str]:
    """The same, as it was on the evening of the story's first day."""
    return lambda town: f"{about(child, kind)(town)}?at=2026-11-18T20:00"


def task(kind: str) -> Callable[[Town], str]:
    """The first open task of a kind."""
    return lambda town: f"/tasks/{town.task(kind)}"


def number_of(town: Town, child: str) -> str:
    """A child's number."""
    return next(one.child.number for one in town.people.families if one.child.given == child)


def what_if(town: Town) -> str:
    """The consents of Nora, with what her father's yes to the health station would do."""
    file = town.file("Nora")
    givers = [item for item, entry in file.of_kind("person") if entry.fields.get("given_name") == "Anders"]
    return f"/cases/{town.case('Nora')}/consents?service=health_station&by={givers[0]}"


def search_for(child: str | None) -> Callable[[Looked, Town], None]:
    """Search the form on the page for a child's number, or for a number of nobody."""

    def search(looked: Looked, town: Town) -> None:
        looked.page.fill("main [name=number]", UNKNOWN if child is None else number_of(town, child))
        send(looked)

    return search


def send(looked: Looked) -> None:
    """Send the form in which the number stands."""
    with looked.page.expect_navigation():
        looked.page.locator("main form:has([name=number]) button").first.click()


def open_all(looked: Looked, _town: Town) -> None:
    """Open whatever can be opened."""
    looked.page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true })")


def open_one(looked: Looked, _town: Town) -> None:
    """Open the first of what can be opened on the page, as people do."""
    looked.page.locator("main details summary").first.click()


def ask_what_happens(looked: Looked, _town: Town) -> None:
    """Fill in a yes of the father, and see what it would do before it is written down."""
    form = looked.page.locator("form:has([name=by])")
    form.locator("[name=by]").select_option(label="Anders Lie")
    form.locator("#act-given").check()
    form.locator("#s-health_station").check()
    form.locator("[name=note]").fill("Sagt i møte på skolen.")
    with looked.page.expect_navigation():
        form.locator("button[value=look]").click()


def answer_for(looked: Looked, town: Town) -> None:
    """Ask for access to Nora, which a person must look at first, and go on to that task."""
    search_for("Nora")(looked, town)
    looked.go(task("access")(town))


def try_rule(looked: Looked, _town: Town) -> None:
    """Try another choice of the municipality."""
    looked.page.select_option("#age", "16")
    with looked.page.expect_navigation():
        looked.page.locator("form:has(#age) button").click()


def verify(looked: Looked, _town: Town) -> None:
    """Verify the audit log."""
    with looked.page.expect_navigation():
        looked.page.locator("main form button").first.click()


def open_first(looked: Looked, _town: Town) -> None:
    """Open the first message of the list, and what it says."""
    with looked.page.expect_navigation():
        looked.page.locator("main tbody a").first.click()
    if looked.page.locator("form.answers button").count() > 1:
        with looked.page.expect_navigation():
            looked.page.locator("form.answers button").first.click()


SIGHTS: tuple[Sight, ...] = (
    Sight(name="login", person=None, path=at("/login")),
    Sight(name="inbox", person="kari", path=at("/?scope=all"), place="/"),
    Sight(name="inbox-empty", person="dag", path=at("/"), place="/"),
    Sight(name="inbox-later", person="kari", path=at("/?scope=later"), place="/"),
    Sight(name="task-gate", person="kari", path=task("gate"), place="/tasks/{task}"),
    Sight(name="task-differs", person="kari", path=task("adoption"), place="/tasks/{task}"),
    Sight(name="task-not-now", person="kari", path=task("adoption"), place="/tasks/{task}", act=open_one),
    Sight(name="task-offer", person="hilde", path=task("offer"), place="/tasks/{task}"),
    Sight(name="task-access", person="ida", path=at("/ledger"), place="/tasks/{task}", act=answer_for),
    Sight(name="cases", person="kari", path=at("/cases"), place="/cases"),
    Sight(name="cases-unnamed", person="hilde", path=at("/cases"), place="/cases"),
    Sight(name="cases-nobody", person="kari", path=at("/cases"), place="/cases", act=search_for(None)),
    Sight(name="case", person="kari", path=of("Nora"), place="/cases/{case}", act=open_all),
    Sight(name="case-plan", person="torunn", path=of("Jonas"), place="/cases/{case}"),
    Sight(name="case-little", person="hilde", path=of("Nora"), place="/cases/{case}"),
    Sight(name="consents", person="kari", path=of("Nora", "/consents"), place="/cases/{case}/consents", act=open_one),
    Sight(
        name="consents-open", person="kari", path=of("Nora", "/consents"), place="/cases/{case}/consents", act=open_all
    ),
    Sight(
        name="consents-sure",
        person="kari",
        path=of("Nora", "/consents"),
        place="/cases/{case}/consents",
        act=ask_what_happens,
    ),
    Sight(name="consents-plan", person="arne", path=of("Jonas", "/consents"), place="/cases/{case}/consents"),
    Sight(name="what-if", person="kari", path=what_if, place="/cases/{case}/consents"),
    Sight(name="baton", person="kari", path=of("Nora", "/baton"), place="/cases/{case}/baton"),
    Sight(name="baton-offer", person="torunn", path=of("Sara", "/baton"), place="/cases/{case}/baton"),
    Sight(name="baton-offered", person="hilde", path=of("Nora", "/baton"), place="/cases/{case}/baton"),
    Sight(name="baton-back", person="torunn", path=of("Nora", "/baton"), place="/cases/{case}/baton"),
    Sight(name="baton-over", person="kari", path=of("Jonas", "/baton"), place="/cases/{case}/baton"),
    Sight(name="why", person="kari", path=about("Nora", "concern"), place="/cases/{case}/why/{item}"),
    Sight(name="why-then", person="kari", path=then("Nora", "concern"), place="/cases/{case}/why/{item}"),
    Sight(name="flows", person="torunn", path=at("/flows"), place="/flows"),
    Sight(name="messages", person="torunn", path=at("/messages"), place="/messages"),
    Sight(name="messages-none", person="dag", path=at("/messages?from=2026-01-01&to=2026-01-02"), place="/messages"),
    Sight(name="message", person="torunn", path=at("/messages"), place="/messages/{key}", act=open_first),
    Sight(name="adoptions", person="kari", path=at("/adoptions"), place="/adoptions"),
    Sight(name="ledger", person="ida", path=at("/ledger"), place="/ledger"),
    Sight(name="ledger-letter", person="ida", path=at("/ledger"), place="/ledger", act=search_for("Nora")),
    Sight(name="audit", person="ida", path=at("/audit"), place="/audit"),
    Sight(name="audit-verified", person="dag", path=at("/audit"), place="/audit", act=verify),
    Sight(name="sessions", person="dag", path=at("/sessions"), place="/sessions"),
    Sight(name="rules", person="kari", path=at("/rules"), place="/rules"),
    Sight(name="rules-tried", person="torunn", path=at("/rules"), place="/rules", act=try_rule),
    Sight(name="numbers", person="torunn", path=at("/numbers"), place="/numbers"),
    Sight(name="absent", person="kari", path=at("/nowhere"), status=404),
    Sight(name="no-right", person="kari", path=at("/audit"), status=403),
)
"""The pages as ``make browser`` and ``make tour`` go through them."""


def ids() -> Iterator[str]:
    """Their names."""
    return (one.name for one in SIGHTS)


def named(name: str) -> Any:
    """The sight of a name."""
    return next(one for one in SIGHTS if one.name == name)
