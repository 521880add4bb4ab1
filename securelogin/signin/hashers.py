"""How passwords are hashed: Argon2id with 19 MiB, so that a burst of logins fits in memory (RFC 9106 §4)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Moderate(Argon2PasswordHasher):
    """Django's hasher at a fifth of its memory."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
