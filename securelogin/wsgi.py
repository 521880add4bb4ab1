"""What the server runs: granian --interface wsgi securelogin.wsgi:application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "securelogin.settings")
application = get_wsgi_application()
