"""Every sentence that a family may read: easy to read, one written form at a time, and packs that are whole."""

import importlib
import pkgutil
import re

import msgspec
import pytest

from gateway import cli
from gateway.cli import words
from gateway.core.catalogue import OWN, own_pack, pack_of, placeholders
from gateway.core.law.generated.current import CURRENT

LONGEST = 35
SENTENCES = ("rule.", "told.", "access.", "law.")
"""Keys of whole sentences; the others are words that stand in them."""
SAMPLES = {
    "time": "12.03.2026 kl. 10.15", "day": "12", "month": "03", "year": "2026", "hour": "10", "minute": "15", "first": "12.03.2026", "last": "14.03.2026", "deadline": "12.04.2026", "times": "3",
    "who": "Helsa", "what": "noe", "kind": "Et møte", "fields": "dato og tekst", "text": "Du har sagt ja.", "act": "barnelova",
    "section": "§ 47", "role": "leder", "unit": "Nord skole", "": "mor og far",
}  # fmt: skip


def lix(text):
    """Björnsson's measure: words to a sentence, and the share of words of more than six letters."""
    words = re.findall(r"[^\W\d_][\w-]*", text)
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / max(1, len(words))


def filled(text):
    return text.replace("{}", SAMPLES[""]).format(**{name: SAMPLES[name] for name in placeholders(text) if name})


def test_a_heavy_sentence_is_found():
    assert lix("Helsepersonelloven regulerer taushetsbelagte opplysninger.") > 100
    assert lix("Du kan ta tilbake et ja.") < 25


@pytest.mark.parametrize("language", OWN)
def test_every_sentence_that_a_family_reads_is_easy_to_read(language):
    heavy = {
        key: round(found, 1)
        for key, text in OWN[language].items()
        if key.startswith(SENTENCES) and (found := lix(filled(text))) > LONGEST
    }
    assert heavy == {}


BOKMAL_ONLY = frozenset({
    "ikke", "jeg", "hva", "hvem", "hvor", "hvorfor", "hvordan", "hvilke", "hvilken", "noe", "noen", "noens",
    "fra", "et", "en", "dem", "dere", "deres", "selv", "bare", "da", "nå", "også", "mye", "flere", "gjelder",
    "gjøre", "gjør", "sier", "vet", "være", "vært", "blitt", "ble", "gikk", "ga", "skole", "skolen", "skoler",
    "uke", "uker", "hjelpen", "saken", "foreldrene", "barnets", "opplysninger", "opplysningene", "tjeneste",
    "tjenesten", "tjenester", "trukket", "hørt", "født", "trengs", "bor", "veier", "hjemme", "tillater",
    "mottaker", "mottakeren", "ansatt", "loven", "kommunens", "oppgave",
})  # fmt: skip
NYNORSK_ONLY = frozenset({
    "ikkje", "eg", "kva", "kven", "kvar", "kvifor", "korleis", "noko", "nokon", "nokre", "frå", "eit", "ein",
    "dei", "dykk", "sjølv", "berre", "då", "òg", "mykje", "fleire", "gjeld", "gjere", "gjer", "seie", "seier",
    "veit", "vere", "vore", "blei", "gjekk", "gav", "skule", "skulen", "skular", "veke", "veker", "hjelpa",
    "saka", "foreldra", "opplysningar", "opplysningane", "teneste", "tenesta", "trekt", "høyrt", "fødd",
    "trengst", "bur", "heime", "oppgåve", "mottakar", "mottakaren", "tilsett", "lova",
})  # fmt: skip
"""Words that stand in one of the written forms as we write them, and not in the other."""


def words_of(text):
    return set(re.findall(r"\w+", text.lower()))


def mixed(language, texts):
    wrong = NYNORSK_ONLY if language == "nb" else BOKMAL_ONLY
    return {key: sorted(found) for key, text in texts.items() if (found := words_of(text) & wrong)}


def test_a_sentence_in_both_written_forms_is_found():
    assert mixed("nb", {"a": "Dette er ikke noko vi veit."})
    assert mixed("nn", {"a": "Dette er ikkje noe vi vet."})
    assert not mixed("nb", {"a": "Dette er ikke noe vi vet."})
    assert not mixed("nn", {"a": "Dette er ikkje noko vi veit."})


NO_WORDS = re.compile(r"\{[^}]*\}|[a-z]+[._][a-z_.]+|\bnb, nn(, | eller | og )en\b")
"""What is filled in, names of keys, and codes of languages."""


def screens():
    """Everything that the command line says, whichever module holds it."""
    yield words.MESSAGES
    for module in pkgutil.iter_modules(cli.__path__, "gateway.cli."):
        if ".words_" in module.name:
            yield importlib.import_module(module.name).TEXTS


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_two_written_forms_are_never_mixed(language):
    place = 0 if language == "nb" else 1
    texts = dict(OWN[language])
    for catalogue in screens():
        texts |= {key: NO_WORDS.sub(" ", each[place]) for key, each in catalogue.items()}
    texts |= {f"basis {one.code}": getattr(one.text, language) for one in (*CURRENT.bases, *CURRENT.duties)}
    assert mixed(language, texts) == {}


def test_the_three_sets_say_the_same_things():
    for texts in OWN.values():
        assert texts.keys() == OWN["nb"].keys()
        for key, text in texts.items():
            assert placeholders(text) == placeholders(OWN["nb"][key]), key


def plain(**changes):
    made = msgspec.to_builtins(own_pack("nb")) | {"language": "se", "name": "davvisámegiella"}
    return made | changes


def test_a_whole_pack_is_taken():
    pack, wrong = pack_of(plain())
    assert wrong == []
    assert pack.language == "se"


@pytest.mark.parametrize(("change", "wrong"), [
    ({"texts": {}}, "pack.missing"),
    ({"language": "nb"}, "pack.language"),
    ({"language": "../x"}, "pack.language"),
    ({"name": 7}, "pack.form"),
    ({"colour": "blue"}, "pack.form"),
    ({"direction": "up"}, "pack.form"),
])  # fmt: skip
def test_a_pack_that_is_wrong_is_refused_with_the_place(change, wrong):
    pack, found = pack_of(plain(**change))
    assert pack is None
    assert {code for code, _, _ in found} == {wrong}


@pytest.mark.parametrize(("key", "text", "code"), [
    ("access.made", "Uten tid.", "pack.placeholder"),
    ("access.made", "{time} og {more}", "pack.placeholder"),
    ("access.made", "{time!r}", "pack.placeholder"),
    ("access.made", "{time.__class__}", "pack.placeholder"),
    ("access.made", "{time", "pack.placeholder"),
    ("rule.B1", "  ", "pack.empty"),
    ("rule.nothing", "Noe", "pack.unknown"),
])  # fmt: skip
def test_a_text_with_a_wrong_placeholder_is_refused(key, text, code):
    texts = plain()["texts"] | {key: text}
    assert [(found, path) for found, path, _ in pack_of(plain(texts=texts))[1]] == [(code, f"texts.{key}")]
