"""The example vendors' mappings keep the law: what is written and read again is what it was."""

import sys
from pathlib import Path

from gateway.sdk.testing.maplaw import MappingLaw

sys.path.insert(0, str(Path(__file__).parent))
from vendors import maps


class TestVendorA(MappingLaw):
    mapping = maps("vendor-a").mapping


class TestVendorB(MappingLaw):
    mapping = maps("vendor-b").mapping
