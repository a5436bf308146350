"""The site's settings, with a bare view beside its pages that they are measured against."""

from directory.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
