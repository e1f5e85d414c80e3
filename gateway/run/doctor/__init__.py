"""``bti doctor``: everything that has to hold for the gateway to do its work, looked at from this machine.

Each look says what was looked at, how it stands, where, and in a code what is wrong; what to do belongs to the code.
Nothing is changed: a store that is not there is not made, and one of an older program is not brought up to date.
Nothing of a record, a person or a secret is said.
"""

from gateway.run.doctor.looks import Look, State
from gateway.run.doctor.round import examine

__all__ = ["Look", "State", "examine"]
