"""A log as a printed page, as ``context.printed`` gives it: title, lines, and parts with rows of label and text."""

from gateway.core.paper import Part, Sheet

__all__ = ["Part", "Sheet"]
