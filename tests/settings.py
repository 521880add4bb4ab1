"""The settings under test: the product's own, with a throw-away key, the fastest hasher, and the database named for the
run.
"""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")

from securelogin.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Files are found where they are; nobody has collected them.
WHITENOISE_AUTOREFRESH = True

REQUESTS_PER_SECOND = 1_000_000  # tests ask faster than anybody; tests/scim/test_fairness.py sets its own
