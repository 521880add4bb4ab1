"""The house as a Django app: its commands, and the checks that refuse to run wrongly configured."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from securelogin.checks import check_database, check_proxies, check_public_url


class SecureLoginConfig(AppConfig):
    name = "securelogin"

    def ready(self) -> None:
        for check in (check_public_url, check_database, check_proxies):
            register(check, Tags.security, deploy=True)
