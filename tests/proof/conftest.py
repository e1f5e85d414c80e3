"""Lets the proofs share their modules: tests are imported by file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parents[1] / "core" / "gate"))
