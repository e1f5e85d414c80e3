"""A pytest plugin under which no law (a property tried with Hypothesis) fails because the machine has other work.

Hypothesis measures by the clock on the wall how long an example takes, and how long it takes to make one up. Both say
how busy the machine is. What something may cost is measured in processor time, where it is promised (``cost``).
"""

from hypothesis import HealthCheck, settings

settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")
