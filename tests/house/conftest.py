"""Lets the tests of the house share ``source.py``: tests are imported by file, so their folder is not on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
