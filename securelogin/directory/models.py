"""THE KERNEL's rows: columns and constraints. Everyone else reaches them through `Directory` (see directory.py)."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from securelogin.directory.fields import CompositeForeignKey, KeyField
from securelogin.directory.held import Guard, Held  # noqa: F401  # so that Django finds them
from securelogin.directory.ids import uuid7


class Domain(models.Model):
    """A tenant. Its name is one ASCII label, as in `acme`; the operators' own domain is of its own kind."""

    class Kind(models.TextChoices):
        TENANT = "tenant"
        OPERATORS = "operators"

    class State(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=63, unique=True)
    display_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TENANT)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    schema_version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=10, default="en", db_default="en")  # of the mails to its managers
    created = models.DateTimeField(default=timezone.now)
    purge_after = models.DateTimeField(null=True)  # when housekeeping deletes it; suspended until then

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="domain_waits_suspended", condition=models.Q(purge_after=None) | models.Q(state="suspended")
            ),
            models.CheckConstraint(name="domain_kind_is_known", condition=models.Q(kind__in=["tenant", "operators"])),
            models.CheckConstraint(name="domain_state_is_known", condition=models.Q(state__in=["active", "suspended"])),
            models.CheckConstraint(name="domain_has_a_name", condition=~models.Q(name="")),
            # What connections and operators refer to, so that each is bound to its kind of domain.
            models.UniqueConstraint(name="domain_id_and_kind", fields=["id", "kind"]),
        ]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(BaseUserManager["User"]):
    """What django.contrib.auth asks of a user model; people are found by domain and name, in signin."""


class User(AbstractBaseUser):
    """A provisioned person *is* an account. `user_name` is kept as sent and compared by its key, within one domain."""

    last_login = None  # drops the column, as Django documents: signing in must not write behind the Directory

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="users")
    user_name = models.TextField()
    user_name_key = KeyField(editable=False)
    external_id = KeyField(null=True)  # absent and empty differ in SCIM
    active = models.BooleanField(default=True, null=True)  # unassigned: nobody says that she may sign in
    display_name = models.TextField(null=True)  # as external_id
    display_name_key = KeyField(null=True, editable=False)
    given_name = models.TextField(null=True)
    given_name_key = KeyField(null=True, editable=False)
    family_name = models.TextField(null=True)
    family_name_key = KeyField(null=True, editable=False)
    manager_ref = KeyField(null=True)  # the line manager's id, kept as sent, known or not
    attributes = models.JSONField(default=dict)
    comparable = models.JSONField(default=dict, editable=False)
    session_epoch = models.PositiveIntegerField(default=0)
    version = models.PositiveBigIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "user_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserQuerySet] = UserQuerySet()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="user_name_is_unique_per_domain", fields=["domain", "user_name_key"]),
            models.UniqueConstraint(name="user_domain_and_id", fields=["domain", "id"]),
            models.CheckConstraint(name="user_has_a_name", condition=~models.Q(user_name_key="")),
        ]
        indexes = [
            models.Index(name="user_external_id", fields=["domain", "external_id"]),
            models.Index(name="user_display_name", fields=["domain", "display_name_key"]),
            models.Index(name="user_line_manager", fields=["domain", "manager_ref"]),
            models.Index(name="user_family_name", fields=["domain", "family_name_key"]),
            # The few who may not sign in, found among the many who may.
            models.Index(name="user_disabled", fields=["domain", "user_name_key"], condition=models.Q(active=False)),
            models.Index(name="user_unassigned", fields=["domain", "user_name_key"], condition=models.Q(active=None)),
        ]

    def __str__(self) -> str:
        return self.user_name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a read-only view of `active` under Django's name
        return self.active is True

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie a session to the epoch it was issued under: disabling raises it, and enabling again revives nothing."""
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("securelogin.directory.session", value, secret=secret, algorithm="sha256").hexdigest()


def _of_the_domain(name: str, column: str, to_table: str, on_delete: str = "") -> CompositeForeignKey:
    """Return the constraint that what `column` refers to belongs to the same domain as the row."""
    columns = ["domain_id", column]
    return CompositeForeignKey(
        name=name, columns=columns, to_table=to_table, to_columns=["domain_id", "id"], on_delete=on_delete
    )


class UserLookup(models.Model):
    """A narrow index row for a value of a plural attribute that is looked up (emails above all); rebuildable."""

    pk = models.CompositePrimaryKey("user_id", "position")
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, db_constraint=False, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, db_constraint=False, related_name="+", db_index=False)
    attribute = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    key = KeyField()
    type_key = KeyField(null=True)

    class Meta:
        constraints = [_of_the_domain("lookup_user_is_of_the_domain", "user_id", "directory_user", on_delete="CASCADE")]
        indexes = [models.Index(name="user_lookup_by_key", fields=["domain", "attribute", "key"])]


class Group(models.Model):
    """A group of people. Groups are flat: nested groups are not kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="groups")
    display_name = models.TextField()
    display_name_key = KeyField(editable=False)
    external_id = KeyField(null=True)
    attributes = models.JSONField(default=dict)
    comparable = models.JSONField(default=dict, editable=False)
    version = models.PositiveBigIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)
    modified = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="group_name_is_unique_per_domain", fields=["domain", "display_name_key"]),
            models.UniqueConstraint(name="group_domain_and_id", fields=["domain", "id"]),
            models.CheckConstraint(name="group_has_a_name", condition=~models.Q(display_name_key="")),
        ]
        indexes = [models.Index(name="group_external_id", fields=["domain", "external_id"])]

    def __str__(self) -> str:
        return self.display_name


class Membership(models.Model):
    """A user in a group, both of the named domain: the composite foreign keys leave no way to say otherwise."""

    pk = models.CompositePrimaryKey("domain_id", "group_id", "user_id")
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, db_constraint=False, related_name="+", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False)

    class Meta:
        constraints = [
            _of_the_domain("member_group_is_of_the_domain", "group_id", "directory_group"),
            _of_the_domain("member_user_is_of_the_domain", "user_id", "directory_user"),
        ]
        indexes = [models.Index(name="membership_by_user", fields=["domain", "user"])]


class Role(models.TextChoices):
    """What a manager is in her domain; permissions.py says what each role may do."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    CONNECTOR = "connector", _("Connector")
    AUDITOR = "auditor", _("Auditor")


class Manager(models.Model):
    """A user's role in a domain. `login_email` is hers alone: no provisioning changes where her invitations and resets
    go.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="managers")
    user = models.OneToOneField(User, on_delete=models.CASCADE, db_constraint=False, related_name="manager")
    role = models.CharField(max_length=10, choices=Role)
    login_email = models.EmailField(blank=True)
    invited_by_name = models.TextField(blank=True, default="", db_default="")  # outlives whoever it was
    last_sign_in = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="manager_role_is_known", condition=models.Q(role__in=Role.values)),
            _of_the_domain("manager_user_is_of_the_domain", "user_id", "directory_user", on_delete="CASCADE"),
        ]


class Operator(models.Model):
    """Someone who runs the installation: a user of the operators' domain, and of no other kind."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="+")
    domain_kind = models.CharField(max_length=10, default=Domain.Kind.OPERATORS, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, db_constraint=False, related_name="operator")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="operator_domain_kind", condition=models.Q(domain_kind="operators")),
            CompositeForeignKey(
                name="operator_domain_is_the_operators",
                columns=["domain_id", "domain_kind"],
                to_table="directory_domain",
                to_columns=["id", "kind"],
            ),
            _of_the_domain("operator_user_is_of_the_domain", "user_id", "directory_user", on_delete="CASCADE"),
        ]


class Counter(models.Model):
    """How many users or groups a domain has: the sum of a few slots, so that writers do not queue for one row."""

    pk = models.CompositePrimaryKey("domain_id", "counted", "slot")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="+", db_index=False)
    counted = models.CharField(max_length=10)
    slot = models.PositiveSmallIntegerField()
    value = models.BigIntegerField()


class Change(models.Model):
    """One line of the journal: what one request changed of one resource, by whom. Append-only; written by journal.py
    alone, and cleared of a person by forgetting.py.

    `before` and `after` hold the attributes that differ, and the ids of members who went and came.
    The actor is kept as plain values: it outlives the connection and the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    request_id = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=40)
    actor_label = models.TextField()
    verb = models.CharField(max_length=10)
    subject_type = models.CharField(max_length=10)
    subject_id = models.UUIDField()
    subject_label = models.TextField()
    before: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    after: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(name="change_by_domain", fields=["domain", "id"]),
            models.Index(name="change_by_subject", fields=["domain", "subject_id", "id"]),
        ]


class Mention(models.Model):
    """Puts a change on the timeline of someone whom it touched beside its subject: a member who came or went."""

    pk = models.CompositePrimaryKey("domain_id", "subject_id", "change_id")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    subject_id = models.UUIDField()
    change = models.ForeignKey(Change, models.DO_NOTHING, related_name="mentions", db_index=False, db_constraint=False)


class Tombstone(models.Model):
    """What a deletion took away, kept until `purge_after`: it can be brought back with its id and memberships."""

    id = models.UUIDField(primary_key=True, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="tombstones")
    subject_type = models.CharField(max_length=10)
    label = models.TextField()
    label_key = KeyField(null=True, editable=False)
    snapshot: "models.JSONField[Any, Any]" = models.JSONField()
    memberships: "models.JSONField[Any, Any]" = models.JSONField()
    deleted = models.DateTimeField()
    purge_after = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="tombstone_purge", fields=["purge_after"]),
            models.Index(name="tombstone_by_age", fields=["domain", "deleted", "id"]),
            models.Index(name="tombstone_label", fields=["domain", "label_key"]),
        ]
