"""The archive's settings without what only a developer needs: every query kept, every file of the program
looked at for every page.
"""

from archive.settings import *  # noqa: F403
from archive.settings import DATABASES

DATABASES["default"]["OPTIONS"].pop("pool", None)  # whose threads no child would have

DEBUG = False
CPU_SECONDS_PER_MINUTE = 0
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # static files are not collected
