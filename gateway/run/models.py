"""The municipality's model that the settings name."""

from gateway.core.mapping import Vocabulary
from gateway.run.mapfiles import load_terms
from gateway.run.settings import Settings


def vocabulary_of(settings: Settings) -> Vocabulary:
    """The municipality's code lists, from its own folder or as shipped. Raises ``FilesInvalid``."""
    return load_terms(settings.model, folder=settings.folder).vocabulary()
