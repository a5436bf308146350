"""Addresses of entries: made of names, and never given twice."""

from functools import lru_cache
from itertools import chain, count

from anyascii import anyascii
from django.utils.text import slugify

from .models import Association, FormerSlug


@lru_cache(maxsize=10_000)
def slug_of(text):
    """A text of any script as a slug; empty where nothing of it can be said in one."""
    return slugify(anyascii(text))


def taken(slugs, association=None):
    """Those of these slugs that an entry has or had, other than this one; two queries."""
    entries = Association.objects.filter(slug__in=slugs)
    former = FormerSlug.objects.filter(slug__in=slugs)
    if association:
        entries = entries.exclude(pk=association.pk)
        former = former.exclude(association=association)
    return {*entries.values_list("slug", flat=True), *former.values_list("slug", flat=True)}


def free_slug(name, association=None):
    """A slug made of a name, which no other entry than this one has or had."""
    longest = Association._meta.get_field("slug").max_length - len("-999")
    plain = slug_of(name)[:longest].strip("-") or "association"
    numbered = (f"{plain}-{number}" for number in count(2))
    return next(slug for slug in chain([plain], numbered) if not taken([slug], association))
