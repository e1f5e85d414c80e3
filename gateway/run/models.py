"""The municipality's model that the settings name."""

from functools import lru_cache

from gateway.core.mapping import Vocabulary
from gateway.core.turns import BatonTerms
from gateway.run.mapfiles import load_terms
from gateway.run.settings import Settings


def vocabulary_of(settings: Settings) -> Vocabulary:
    """The municipality's code lists, from its own folder or as shipped. Raises ``FilesInvalid``."""
    return load_terms(settings.model, folder=settings.folder).vocabulary()


def baton_terms(settings: Settings) -> BatonTerms:
    """What the model says of who may hold a log, and of the days of an offer. Raises ``FilesInvalid``.

    ``answer_offer`` are the days until the unit's leader is told as well, ``expire_offer`` (or twice as many) those
    until an unanswered offer is over.
    """
    return _baton_terms(settings.model, settings.folder)


@lru_cache(maxsize=8)
def _baton_terms(model: str, folder: str) -> BatonTerms:
    terms = load_terms(model, folder=folder)
    days = {one.code: one.days for one in terms.deadlines if one.kind == "assignment"}
    answer = days.get("answer_offer", BatonTerms().answer_days)
    return BatonTerms(
        services=frozenset(terms.holder_services),
        training=terms.policy.training_required,
        answer_days=answer,
        expire_days=days.get("expire_offer", 2 * answer),
    )
