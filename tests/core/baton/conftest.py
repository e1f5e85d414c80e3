"""Lets the tests of the baton share ``scenes.py`` and ``laws.py``: tests are imported by file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
