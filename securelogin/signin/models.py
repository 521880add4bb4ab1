"""What signing in keeps: how often it failed lately, per person, address and domain,
and per person at one address.
"""

from django.db import models


class LoginFailure(models.Model):
    """Failures under one key. Kept in the database, so that every process counts alike and an outage opens nothing.

    The key is a digest: what people type as their user name is now and then their password.
    """

    class Kind(models.TextChoices):
        VISITOR = "visitor"  # a person at an address
        USER = "user"
        ADDRESS = "address"
        DOMAIN = "domain"

    kind = models.CharField(max_length=7, choices=Kind)
    key_digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    last = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="login_failure_key", fields=["kind", "key_digest"])]
