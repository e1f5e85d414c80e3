"""The integration gateway between the systems that help the same child."""

__version__ = "0.1.0"
