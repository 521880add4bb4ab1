"""The operators' pages, under /operator/: domains, applications, a logbook and health. They show nobody's people."""
