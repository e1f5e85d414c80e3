"""A small town, a clock, and looks at what was read: what the tests of a service share."""

from datetime import timedelta

from gateway_oneroster.school import town
from roster_bench import AT

SMALL = town(seed=1, classes=2, pupils=3)


class Clock:
    def __init__(self):
        self.at = AT

    def __call__(self):
        return self.at

    def forward(self, **more):
        self.at += timedelta(**more)


def ids(raws):
    return [raw.id for raw in raws if raw.kind == "person"]


def of_kind(readings, kind):
    return [one for one in readings if one.kind == kind]
