"""The site's settings, with a bare view beside its pages that they are measured against."""

from directory.settings import *  # noqa: F403
from directory.settings import CACHES

ROOT_URLCONF = "benchmarks.urls"
# Pages that are asked for anew are kept, too: they should not push out what belongs to others.
CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] = 1_000_000
