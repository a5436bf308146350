"""The addresses of entries: a page tells many, and Django takes as long to compose one as a
database to answer a small query."""

import functools

from django.urls import get_script_prefix, reverse
from django.utils import translation

STAND_IN = "the-slug"


def address_of(slug, view="associations:detail", language=None):
    """What `reverse(view, args=[slug])` returns in a language (default: the active one)."""
    language = language or translation.get_language()
    before, after = _around_the_slug(view, language, get_script_prefix())
    return f"{before}{slug}{after}"


@functools.cache
def _around_the_slug(view, language, prefix):
    with translation.override(language):
        before, _slug, after = reverse(view, args=[STAND_IN]).partition(STAND_IN)
    return before, after
