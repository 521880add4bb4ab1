"""The logbook as a Django app."""

from django.apps import AppConfig


class LogbookConfig(AppConfig):
    name = "securelogin.logbook"
    label = "logbook"
