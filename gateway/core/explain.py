"""A decision in words: bokmål, nynorsk and English, in short sentences that a family can read.

One set of templates for each language; more languages are further sets. The words are made when somebody reads them.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from gateway.core.ask import Decision
from gateway.core.rules.sentences import LANGUAGES, SENTENCES

_TOLD: dict[str, tuple[str, str, str]] = {
    "permit": ("Dette kan deles.", "Dette kan delast.", "This can be shared."),
    "partial": ("Noe av dette kan deles.", "Noko av dette kan delast.", "Some of this can be shared."),
    "deny": ("Dette deles ikke.", "Dette blir ikkje delt.", "This is not shared."),
    "hold": ("Dette venter.", "Dette ventar.", "This waits."),
    "missing": ("Vi mangler et ja fra: {}.", "Vi manglar eit ja frå: {}.", "A yes is lacking from: {}."),
    "refused": ("Noen har sagt nei: {}.", "Nokon har sagt nei: {}.", "Somebody has said no: {}."),
    "withdrawn": (
        "Noen har tatt tilbake sitt ja: {}.",
        "Nokon har teke tilbake sitt ja: {}.",
        "Somebody has taken back their yes: {}.",
    ),
    "expired": (
        "Et ja har gått ut på dato. Det gjelder: {}.",
        "Eit ja har gått ut på dato. Det gjeld: {}.",
        "A yes has run out. It concerns: {}.",
    ),
    "unknown": ("Dette vet vi ikke: {}.", "Dette veit vi ikkje: {}.", "This we do not know: {}."),
    "heard": ("Barnet skal bli hørt.", "Barnet skal bli høyrt.", "The child is to be heard."),
    "able": (
        "Barnet skal bli hørt om det kan.",
        "Barnet skal bli høyrt om det kan.",
        "The child is to be heard if able.",
    ),
    "inform": ("Disse skal få vite det: {}.", "Desse skal få vite det: {}.", "These are to be told: {}."),
    "free_text": (
        "En person må lese teksten før den kan deles.",
        "Ein person må lese teksten før han kan delast.",
        "A person must read the text before it can be shared.",
    ),
    "offer": (
        "Loven som er valgt, har ikke denne grunnen. Meldingen kan gå etter: {}.",
        "Lova som er vald, har ikkje denne grunnen. Meldinga kan gå etter: {}.",
        "The act that was chosen has no such ground. The report can go by: {}.",
    ),
    "own": (
        "Regel fra kommunen eller et tillegg: {}.",
        "Regel frå kommunen eller eit tillegg: {}.",
        "A rule of the municipality or an extension: {}.",
    ),
}

_FACTS: dict[str, tuple[str, str, str]] = {
    "at": ("tidspunktet", "tidspunktet", "the time"),
    "subject.birth_date": ("når barnet er født", "når barnet er fødd", "when the child was born"),
    "subject.id": ("hvem saken gjelder", "kven saka gjeld", "whom the case is about"),
    "subject.has_capacity": ("om den unge kan si ja selv", "om den unge kan seie ja sjølv", "if the youth can decide"),
    "subject.pregnant": ("hvem saken gjelder", "kven saka gjeld", "whom the case is about"),
    "guardians": ("hvem som har foreldreansvar", "kven som har foreldreansvar", "who has the responsibility"),
    "guardians.responsibility": ("hvem som har ansvaret", "kven som har ansvaret", "who has the responsibility"),
    "care": ("hvem som har omsorgen", "kven som har omsorga", "who has the care of the child"),
    "protection": ("noe om dem saken gjelder", "noko om dei saka gjeld", "something about those in the case"),
    "people": ("hvem saken gjelder", "kven saka gjeld", "whom the case is about"),
    "refusals": ("om noen har sagt nei", "om nokon har sagt nei", "whether somebody has said no"),
    "blocks": ("om mottakeren er stengt ute", "om mottakaren er stengd ute", "whether the receiver is shut out"),
    "purpose": ("hva det skal brukes til", "kva det skal brukast til", "what it is to be used for"),
    "item.fields": ("hva det spørres om", "kva det blir spurt om", "what is asked for"),
    "item.kind": ("hva dette er", "kva dette er", "what this is"),
    "item.category": ("hva dette er", "kva dette er", "what this is"),
    "item.domain": ("hvor dette kommer fra", "kvar dette kjem frå", "where this comes from"),
    "item.about": ("hvem dette handler om", "kven dette handlar om", "whom this is about"),
    "item.withheld_from_parents": ("om foreldre kan vite det", "om foreldre kan vite det", "whether parents may know"),
    "policy.self_consent_age": ("kommunens aldersgrense", "aldersgrensa i kommunen", "the municipality's age limit"),
    "sender.service": ("hvem som sender", "kven som sender", "who sends"),
    "sender.unit": ("hvem som sender", "kven som sender", "who sends"),
    "receiver.service": ("hvem som skal ha det", "kven som skal ha det", "who is to get it"),
    "receiver.unit": ("hvem som skal ha det", "kven som skal ha det", "who is to get it"),
    "receiver.sector": ("hvem som skal ha det", "kven som skal ha det", "who is to get it"),
    "receiver.person": ("hvem som skal ha det", "kven som skal ha det", "who is to get it"),
}  # fmt: skip


def _by_language(told: Mapping[str, tuple[str, str, str]]) -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(
        {
            language: MappingProxyType({key: texts[place] for key, texts in told.items()})
            for place, language in enumerate(LANGUAGES)
        }
    )


TEMPLATES = _by_language(_TOLD)
"""What is said of effects, causes and people, by language; braces stand for ids of people, or for facts."""

FACTS = _by_language(_FACTS)
"""What a fact that nobody told is called, by language."""


def words(decision: Decision, own: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> dict[str, str]:
    """The decision in nb, nn and en. It names people by their ids, and holds no value from a record.

    ``own`` are the sentences of rules beyond the table, by id and language.
    """
    return {language: " ".join(_sentences(decision, language, own)) for language in LANGUAGES}


def _sentences(decision: Decision, language: str, own: Mapping[str, Mapping[str, str]]) -> Iterable[str]:
    say, facts = TEMPLATES[language], FACTS[language]
    yield say[decision.effect]
    for rule in decision.rules:
        told = SENTENCES.get(rule) or own.get(rule, {})
        yield told[language] if language in told else say["own"].format(rule)
    if decision.cause in {"missing", "refused", "withdrawn", "expired"} and decision.missing:
        yield say[decision.cause].format(", ".join(decision.missing))
    if decision.unknown:
        named = dict.fromkeys(facts.get(one, facts["people"]) for one in decision.unknown)
        yield say["unknown"].format(", ".join(named))
    if decision.heard:
        yield say["heard"]
    if "hear_child_if_able" in decision.obligations:
        yield say["able"]
    if decision.inform:
        yield say["inform"].format(", ".join(decision.inform))
    if decision.task == "check_free_text":
        yield say["free_text"]
    offers = [one.removeprefix("offer_") for one in decision.obligations if one.startswith("offer_")]
    if offers:
        yield say["offer"].format(", ".join(offers))
