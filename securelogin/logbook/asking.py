"""Conditions that lead to the partial indexes of the lines. Their constants are part of the text: a prepared statement
with a parameter in its place could not be shown to be about the lines that the index holds.
"""

from django.db.models import CharField, Func, IntegerField, JSONField, Q

_EMPTY = Func(template="''", output_field=CharField())
_NONE = Func(template="'[]'", output_field=JSONField())
_REFUSED = Func(template="400", output_field=IntegerField())

FAILED = Q(status__gte=_REFUSED)
# What the provisioning log shows first: what changed something, and what failed.
OF_NOTE = Q(changed=True) | FAILED
WITH_OUTCOME = ~Q(outcome=_EMPTY)
WITH_ERROR = ~Q(error_id=_EMPTY)
WITH_WARNINGS = ~Q(warnings=_NONE)
