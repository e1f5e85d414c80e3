"""Puts this folder on the path, since tests are imported by file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
