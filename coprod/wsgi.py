import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod.settings")
application = get_wsgi_application()

from coprod.pdf import warm_up  # noqa: E402  (settings must be ready first)

warm_up()
