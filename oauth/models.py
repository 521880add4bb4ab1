"""What authorization keeps: django-oauth-toolkit's models, swapped, and the Connection each token belongs to.

A connection outlives the person who made it: every reference to a person is set to null when she is deleted.
"""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractDeviceGrant,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
    ApplicationManager,
)

from oauth.authorship import Authorship
from oauth.issuers import keys_url
from securelogin.directory.fields import CompositeForeignKey
from securelogin.directory.ids import uuid7
from securelogin.directory.models import Domain, User

SHORTEST_TOKEN, LONGEST_TOKEN = timedelta(hours=1), timedelta(hours=6)  # what Entra asks of an access token


def _person(*, blank: bool = False) -> "models.ForeignKey[User | None, User | None]":
    """A reference to a person; `_outlives` is its constraint."""
    return models.ForeignKey(
        User, null=True, blank=blank, on_delete=models.SET_NULL, db_constraint=False, related_name="+"
    )


def _outlives(name: str, column: str) -> CompositeForeignKey:
    """The database sets the reference to null: the Directory deletes people without knowing who refers to them."""
    return CompositeForeignKey(
        name=name, columns=[column], to_table="directory_user", to_columns=["id"], on_delete="SET NULL"
    )


class Application(AbstractApplication, models.Model):  # type: ignore[misc]  # the base ships no types
    """An OAuth client (RFC 6749 §2). The one of Authorize serves all domains, since Entra cannot configure it per
    tenant; one of client credentials or of a federation belongs to a single connection.
    """

    user = _person(blank=True)
    pkce_required = models.BooleanField(default=True)
    rotate_refresh_tokens = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    token_lifetime = models.DurationField(default=SHORTEST_TOKEN, db_default=SHORTEST_TOKEN)

    # One secret cannot be renewed without a gap, so there is a table of them instead of this column.
    client_secret = None
    hash_client_secret = None

    objects: ClassVar[models.Manager["Application"]] = ApplicationManager()

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]  # as above
        constraints = [
            _outlives("application_outlives_its_author", "user_id"),
            models.CheckConstraint(
                name="application_token_lifetime",
                condition=models.Q(token_lifetime__gte=SHORTEST_TOKEN, token_lifetime__lte=LONGEST_TOKEN),
            ),
        ]

    def is_usable(self, _request: object) -> bool:
        """Answer django-oauth-toolkit, which asks wherever it loads a client."""
        return self.is_active

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Compare as strings (RFC 9700 §2.1): the toolkit takes HTTPS:// for https://."""
        return uri in self.redirect_uris.split()


class ApplicationSecret(models.Model):
    """One secret of a client. Several may be valid at a time, so that one is renewed while the other still works."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="secrets")
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    not_after = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    warned_days = models.PositiveSmallIntegerField(null=True)  # how many days ahead the last warning was due


class Connection(models.Model):
    """How Entra reaches a domain: one press of Authorize, one OAuth client, one federation trust, or one line of
    access keys.

    Pending until its authorization code is redeemed; then active or paused until it is revoked, which is for good.
    """

    class Kind(models.TextChoices):
        AUTHORIZE = "authorize"
        CLIENT = "client"
        FEDERATION = "federation"
        KEY = "key"

    class State(models.TextChoices):
        PENDING = "pending"
        ACTIVE = "active"
        PAUSED = "paused"
        REVOKED = "revoked"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="connections")
    domain_kind = models.CharField(max_length=10, default=Domain.Kind.TENANT, editable=False)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="connections")
    name = models.CharField(max_length=255)  # what the journal calls it: its application's name, or its own
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    scope = models.TextField()
    code_digest = models.CharField(max_length=64, blank=True, db_index=True)
    authorized_by = _person()
    authorized_by_name = models.TextField()
    created = models.DateTimeField(default=timezone.now)
    created_ip = models.GenericIPAddressField(null=True)
    redeemed = models.DateTimeField(null=True)  # when its authorization code was
    last_used = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by_name = models.TextField(blank=True, default="", db_default="")
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="connection_kind_and_application",
                condition=models.Q(kind__in=["authorize", "client", "federation"], application__isnull=False)
                | models.Q(kind="key", application__isnull=True),
            ),
            models.CheckConstraint(
                name="connection_state_is_known",
                condition=models.Q(state__in=["pending", "active", "paused", "revoked"]),
            ),
            # No connection reaches the operators' own domain, whoever asks.
            models.CheckConstraint(name="connection_domain_kind", condition=models.Q(domain_kind="tenant")),
            CompositeForeignKey(
                name="connection_domain_is_a_tenant",
                columns=["domain_id", "domain_kind"],
                to_table="directory_domain",
                to_columns=["id", "kind"],
            ),
            _outlives("connection_outlives_its_author", "authorized_by_id"),
            models.UniqueConstraint(
                name="connection_one_authorize_per_domain",
                fields=["domain", "application"],
                condition=models.Q(kind="authorize", state__in=["active", "paused"]),
            ),
            models.UniqueConstraint(
                name="connection_one_per_own_client",
                fields=["application"],
                condition=models.Q(kind__in=["client", "federation"]),
            ),
        ]
        indexes = [models.Index(name="connection_by_domain", fields=["domain", "-created"])]

    def __str__(self) -> str:
        return self.name

    @property
    def authorship(self) -> Authorship:
        return Authorship.of(self.authorized_by, self.created_ip)

    def revoke(self, by: str) -> None:
        """End the connection for good, with its codes, tokens and keys. The only way to end one; `by` is a name to
        show.

        Whoever redeems or refreshes locks the connection first, as this does: so none of their tokens is left behind.
        What may still be presented, access tokens and keys, is kept: its refusal belongs in the domain's logbook.
        """
        now = timezone.now()
        with transaction.atomic():
            Connection.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
            Grant.objects.filter(connection=self).delete()
            RefreshToken.objects.filter(connection=self).delete()
            AccessToken.objects.filter(connection=self, expires__gt=now).update(expires=now)
            AccessKey.objects.filter(connection=self, revoked=None).update(revoked=now)
            Connection.objects.filter(pk=self.pk).exclude(state=Connection.State.REVOKED).update(
                state=Connection.State.REVOKED, revoked_at=now, revoked_by_name=by
            )


class AccessKey(models.Model):
    """One key of a connection of kind `key`; its successor belongs to the same connection. Only a digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)  # how it begins, as in slak_gWdXRJA
    last4 = models.CharField(max_length=4)
    author = _person()
    author_name = models.TextField()
    created = models.DateTimeField(default=timezone.now)
    created_ip = models.GenericIPAddressField(null=True)
    not_after = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    last_used_ip = models.GenericIPAddressField(null=True)
    revoked = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="successor")
    warned_days = models.PositiveSmallIntegerField(null=True)  # as ApplicationSecret

    class Meta:
        constraints = [_outlives("access_key_outlives_its_author", "author_id")]

    def __str__(self) -> str:
        return f"{self.hint}…{self.last4}"

    @property
    def is_over(self) -> bool:
        return self.revoked is not None or (self.not_after is not None and self.not_after <= timezone.now())

    @property
    def authorship(self) -> Authorship:
        return Authorship.of(self.author, self.created_ip)


class FederationTrust(models.Model):
    """Whose assertions a connection of kind `federation` takes for a secret, and how the last one was judged
    (oauth/trusts.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="trust")
    tenant_id = models.CharField(max_length=36)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=36)
    audiences: "models.JSONField[Any, Any]" = models.JSONField()
    last_verdict: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    last_verdict_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.subject} of {self.tenant_id}"

    @property
    def jwks_url(self) -> str:
        """Where its issuer publishes its keys. Raises UnknownIssuerError when that is no issuer to be trusted here."""
        return keys_url(self.issuer)


class Grant(AbstractGrant, models.Model):  # type: ignore[misc]  # as Application
    """An authorization code that waits to be redeemed, under the session epoch of the person it was issued to."""

    user = _person()
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="grants")
    session_epoch = models.PositiveIntegerField()

    class Meta(AbstractGrant.Meta):  # type: ignore[misc]  # as Application
        constraints = [_outlives("grant_outlives_its_author", "user_id")]


class AccessToken(AbstractAccessToken, models.Model):  # type: ignore[misc]  # as Application
    user = _person()
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="access_tokens")

    class Meta(AbstractAccessToken.Meta):  # type: ignore[misc]  # as Application
        constraints = [_outlives("access_token_outlives_its_author", "user_id")]


class RefreshToken(AbstractRefreshToken, models.Model):  # type: ignore[misc]  # as Application
    user = _person()
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="refresh_tokens")

    class Meta(AbstractRefreshToken.Meta):  # type: ignore[misc]  # as above
        constraints = [
            models.UniqueConstraint(
                name="refresh_token_one_live_per_connection",
                fields=["connection"],
                condition=models.Q(revoked__isnull=True),
            ),
            _outlives("refresh_token_outlives_its_author", "user_id"),
        ]


class IDToken(AbstractIDToken, models.Model):  # type: ignore[misc]  # as Application
    """Never issued: we are no OpenID provider. AccessToken refers to it, and swapping it later is not supported."""


class DeviceGrant(AbstractDeviceGrant, models.Model):  # type: ignore[misc]  # as Application
    """Never issued: there is no device flow. As IDToken."""
