"""The names of countries (ISO 3166-1 alpha-2), from the Unicode CLDR by way of Babel."""

import functools

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language


@functools.cache
def names(language):
    """`{"IT": "Italia", …}`: the countries in `language`, in the order of their names there."""
    territories = Locale.parse(language, sep="-").territories
    found = {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
    return dict(sorted(found.items(), key=lambda item: item[1]))


# CLDR's two-letter codes that ISO 3166-1 does not assign to a country.
NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


def name(code):
    """The name of the country `code` in the active language; the code itself if it has none."""
    return names(get_language() or "en").get(code, code)


@functools.cache
def names_of(code):
    """Its names in the languages of the site."""
    return sorted({names(language).get(code, "") for language, _name in settings.LANGUAGES})


def choices():
    return list(names(get_language() or "en").items())
