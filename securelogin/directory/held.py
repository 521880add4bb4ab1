"""THE KERNEL's rows of the deletion guard: what each domain's counts and decides, and what it holds back."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q


class Guard(models.Model):
    """A domain's deletion guard. A domain without a row has the defaults, and has not removed anything yet.

    `since` begins the window in which `users` and `groups` have been removed, in seconds since 1970: what a statement
    may subtract on every database.
    """

    class State(models.TextChoices):
        WATCHING = "watching"
        HELD = "held"
        REJECTED = "rejected"
        RELEASED = "released"

    HOLDING: ClassVar[tuple[str, str]] = (State.HELD, State.REJECTED)

    domain = models.OneToOneField("directory.Domain", models.CASCADE, primary_key=True, related_name="guard")
    is_on = models.BooleanField(default=True, db_default=True)
    most = models.PositiveIntegerField(default=500, db_default=500)
    percent = models.PositiveSmallIntegerField(default=10, db_default=10)
    minutes = models.PositiveIntegerField(default=60, db_default=60)
    newcomer_hours = models.PositiveIntegerField(default=24, db_default=24)
    since = models.BigIntegerField(default=0, db_default=0)
    users = models.PositiveIntegerField(default=0, db_default=0)
    groups = models.PositiveIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WATCHING, db_default=State.WATCHING)
    state_since = models.DateTimeField(null=True)
    state_by_name = models.TextField(default="", db_default="")
    released_until = models.DateTimeField(null=True)
    held_users = models.PositiveIntegerField(default=0, db_default=0)
    held_groups = models.PositiveIntegerField(default=0, db_default=0)
    last_held = models.DateTimeField(null=True)
    mailed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="guard_state_is_known", condition=Q(state__in=["watching", "held", "rejected", "released"])
            ),
            models.CheckConstraint(name="guard_percent_is_one", condition=Q(percent__gte=1, percent__lte=100)),
            models.CheckConstraint(name="guard_counts_something", condition=Q(most__gte=1, minutes__gte=1)),
        ]
        indexes = [models.Index(name="guard_by_last_held", fields=["last_held"])]

    @property
    def is_holding(self) -> bool:
        return self.is_on and self.state in self.HOLDING

    def is_released(self, now: datetime) -> bool:
        return self.state == self.State.RELEASED and self.released_until is not None and self.released_until > now


class Held(models.Model):
    """A user or group whose removal has been held back since the guard began to hold; by id alone, so that nothing
    here has to be forgotten.
    """

    pk = models.CompositePrimaryKey("domain_id", "subject_id")
    domain = models.ForeignKey("directory.Domain", models.CASCADE, related_name="+", db_index=False)
    subject_id = models.UUIDField()
    subject_type = models.CharField(max_length=10)
    at = models.DateTimeField()
