"""What the gateway is set to do with people's data, as the privacy officer's documents: never with anybody's data.

``facts`` gathers it from the settings, the plugins, the law of the day and the state of the flows; ``record`` is the
record of processing (GDPR art. 30), ``assessment`` the beginning of an impact assessment (art. 35), ``points`` what
stands open in the settings. What only people know is left blank, and says so.
"""

from gateway.run.privacy.assessment import assessment
from gateway.run.privacy.facts import Facts, facts_of
from gateway.run.privacy.family import family
from gateway.run.privacy.points import Point, points_of
from gateway.run.privacy.record import record

__all__ = ["Facts", "Point", "assessment", "facts_of", "family", "points_of", "record"]
