import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod.settings")
application = get_wsgi_application()

from django.db import connections  # noqa: E402  (settings must be ready first)

from coprod.common.pdf import warm_up  # noqa: E402
from feedback.rounds.destruction import mend_at_start  # noqa: E402

warm_up()
mend_at_start()
connections.close_all()  # a worker that is forked from here must open its own
