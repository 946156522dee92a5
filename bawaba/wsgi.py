"""The application the web server calls. Server-neutral: any WSGI server can load it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bawaba.settings")
application = get_wsgi_application()
