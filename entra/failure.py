"""The one error that ends a run before its first cycle."""


class SignInFailed(Exception):  # noqa: N818 - it names what happened, as the admin would
    """No token was to be had; the message says where it ended and what was read there."""
