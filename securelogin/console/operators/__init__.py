"""The operators' pages, under /operator/: domains, OAuth applications and health. They show nobody's people."""
