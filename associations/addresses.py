"""The addresses of pages: a page tells many, and Django takes as long to compose one as a database
to answer a small query."""

import functools

from django.urls import get_script_prefix, reverse
from django.utils import translation

STAND_IN = "the-slug"


def address_of(slug, view="associations:detail", language=None):
    """What `reverse(view, args=[slug])` returns in a language (default: the active one).

    Without a slug the address of a view that takes none.
    """
    language = language or translation.get_language()
    before, after = _around_the_slug(view, bool(slug), language, get_script_prefix())
    return f"{before}{slug}{after}"


@functools.cache
def _around_the_slug(view, takes_slug, language, prefix):
    with translation.override(language):
        address = reverse(view, args=[STAND_IN] if takes_slug else [])
    before, _slug, after = address.partition(STAND_IN)
    return before, after
