"""The peer's rows: django-scim2's mixins on Django's own user, and a group with members."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin


class Team(AbstractSCIMGroupMixin):
    name = models.CharField(max_length=150, unique=True)


class Person(AbstractSCIMUserMixin, AbstractUser):
    # The library looks for a user's groups and a group's `user_set` under these names.
    scim_groups = models.ManyToManyField(Team, related_name="user_set")
