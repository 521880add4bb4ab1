"""Settings of the peer: nothing that costs time but what it needs, and connections that stay open."""

import os

SECRET_KEY = "measured-only-" + "x" * 40
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.peers.django_scim2.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "bench.peers.django_scim2"]
MIDDLEWARE = ["bench.peers.django_scim2.bearer.Bearer"]
AUTH_USER_MODEL = "django_scim2.Person"
LOGGING_CONFIG = None
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"],
        "USER": os.environ["PGUSER"],
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "NAME": os.environ["PGDATABASE"],
        "CONN_MAX_AGE": None,
    }
}
SCIM_SERVICE_PROVIDER = {
    "NETLOC": "127.0.0.1",
    "SCHEME": "http",
    "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Bearer", "description": "One fixed token"}],
    "GROUP_MODEL": "bench.peers.django_scim2.models.Team",
    "USER_ADAPTER": "bench.peers.django_scim2.adapters.PersonAdapter",
    "GROUP_FILTER_PARSER": "bench.peers.django_scim2.filters.TeamFilter",
}
