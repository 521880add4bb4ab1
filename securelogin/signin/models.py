"""What signing in keeps: how often it failed lately, per person, address and domain, and per person at one address;
and the links that were sent by mail, as digests.
"""

from django.db import models
from django.utils import timezone

from securelogin.directory.fields import CompositeForeignKey, KeyField
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain, Role, User


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


class Invitation(models.Model):
    """Somebody who may become a manager, once she opens the link that was mailed to her. Only its digest is kept.

    `session_epoch` is that of the account of this name at that time, if there was one: disabling her ends the link.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    email_key = KeyField(editable=False)
    role = models.CharField(max_length=10, choices=Role)
    language = models.CharField(max_length=10)
    digest = models.CharField(max_length=64, unique=True)
    session_epoch = models.PositiveIntegerField(null=True)
    invited_by_name = models.TextField()
    sent = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="invitation_one_per_address", fields=["domain", "email_key"]),
            models.CheckConstraint(name="invitation_role_is_known", condition=models.Q(role__in=Role.values)),
        ]
        indexes = [models.Index(name="invitation_expires", fields=["expires"])]

    @property
    def is_over(self) -> bool:
        return self.expires <= timezone.now()


class ResetLink(models.Model):
    """A link to set a new password. Only its digest is kept, and what her sessions were tied to when it was sent:
    a password set since, or an account disabled since, ends it as it ends them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    tied_to = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            CompositeForeignKey(
                name="reset_user_is_of_the_domain",
                columns=["domain_id", "user_id"],
                to_table="directory_user",
                to_columns=["domain_id", "id"],
                on_delete="CASCADE",
            )
        ]
