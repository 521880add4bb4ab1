"""The kernel as a Django app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "securelogin.directory"
    label = "directory"
