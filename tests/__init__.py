"""The tests, as a package of their own: a distribution that installs one of this name must not shadow it."""
