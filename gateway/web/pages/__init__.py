"""Every place of the web, by path."""

from collections.abc import Mapping

from gateway.web.pages import (
    adoptions,
    audit,
    baton,
    case,
    cases,
    consents,
    flows,
    inbox,
    ledger,
    message,
    messages,
    numbers,
    rules,
    sessions,
    task,
    why,
)
from gateway.web.visit import Place

PLACES: Mapping[str, Place] = {
    "/": Place(show=inbox.show, act="tasks.list"),
    "/tasks/{task}": Place(show=task.show, do=task.resolve, act="tasks.show", form="tasks.resolve"),
    "/cases": Place(show=cases.show, do=cases.search, act="consent.show"),
    "/cases/{case}": Place(show=case.show, act="consent.show"),
    "/cases/{case}/consents": Place(show=consents.show, do=consents.record, act="consent.show", form="block.set"),
    "/cases/{case}/baton": Place(show=baton.show, do=baton.pass_on, act="baton.show", form="baton.offer"),
    "/cases/{case}/why/{item}": Place(show=why.show, act="explain"),
    "/adoptions": Place(show=adoptions.show, do=adoptions.answer, act="tasks.show", form="tasks.resolve"),
    "/messages": Place(show=messages.show, do=messages.search, act="web.messages"),
    "/messages/{key}": Place(show=message.show, do=message.open_body, act="web.message", form="web.body"),
    "/ledger": Place(show=ledger.show, do=ledger.make, act="access"),
    "/audit": Place(show=audit.show, do=audit.verify, act="web.audit"),
    "/sessions": Place(show=sessions.show, do=sessions.end, act="session.list", form="session.revoke"),
    "/rules": Place(show=rules.show, do=rules.trial, act="web.rules", form="preview.rule"),
    "/numbers": Place(show=numbers.show, act="statistics"),
    "/flows": Place(show=flows.show, do=flows.change, act="web.flows"),
}
