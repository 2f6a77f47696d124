"""The site's own settings, as on a developer's machine with the demonstration switched on."""

import os

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DEMO", "1")

from coprod.settings import *  # noqa: F403

# On a busy machine a PDF takes long; the tests of what a reader sees meanwhile set it to 0.
PACK_WAIT = 120

# The coverage of templates needs it.
TEMPLATES[0]["OPTIONS"]["debug"] = True  # type: ignore[index]  # noqa: F405
