"""What templates ask for that no model answers: addresses of pages, and dates as HTML."""

import re
from functools import lru_cache, wraps
from html import escape
from itertools import cycle
from urllib.parse import quote, urlencode

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.encoding import escape_uri_path
from django.utils.html import format_html, format_html_join
from django.utils.http import escape_leading_slashes
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext

from .. import countries
from ..addresses import address_of
from ..dates import PartialDate
from ..search import words
from ..search.text import SPACED

register = template.Library()

LOCALES = {"it": "it_IT", "en": "en_GB"}

# With the marks of Indic and Thai vowels, which are no letters; not with what parts two words.
WORDS = re.compile(
    rf"({SPACED.pattern}|[^\W_](?:[^\W_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff])*)"
)


def said_again(tell):
    """Keep what is told of the same values in a language: a page says the same few things over
    and over, and so do all pages."""
    kept = lru_cache(maxsize=5000)(lambda _language, *values: tell(*values))

    @wraps(tell)
    def told(*values):
        return kept(get_language(), *values)

    return told


@register.filter
def when(date):
    """A `PartialDate` or a day as a `time` element, in words; empty text where there is none."""
    return _when(date) if date else ""


@said_again
def _when(date):
    date = date if isinstance(date, PartialDate) else PartialDate(date)
    return format_html('<time datetime="{}">{}</time>', str(date), date.in_words())


@register.filter
def months(number):
    """So many months in words, of two years and more in years."""
    if number < 24:
        return ngettext("%d month", "%d months", number) % number
    years = number // 12
    return ngettext("%d year", "%d years", years) % years


@register.filter
def in_country(code):
    """The name of the country `code` in the active language."""
    return countries.name(code)


@register.filter
def marked(text, hits):
    """A text with the words in it that the search `hits` were found by in `mark` elements."""
    if not hits or hits.is_blank or not text:
        return text
    pieces = (
        format_html("<mark>{}</mark>", piece)
        if is_word and any(map(hits.has, words(piece)))
        else piece
        for is_word, piece in zip(cycle((False, True)), WORDS.split(text), strict=False)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def label_in(parameter, form):
    """How the page calls a parameter; its own name where it has no field."""
    return form.fields[parameter].label if parameter in form.fields else parameter


@register.simple_tag
def address(view, slug=""):
    """As `{% url view slug %}`, in no time."""
    return address_of(slug, view)


@register.filter
def without_scheme(url):
    """A web address as people read it out."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


@register.filter
def on_a_map(address):
    """A search for this `Address` on OpenStreetMap."""
    parts = [address.street_address, address.postal_code, address.locality]
    country = address.country and countries.name(address.country)
    query = ", ".join(filter(None, [*parts, country]))
    return f"https://www.openstreetmap.org/search?{urlencode({'query': query})}"


@register.simple_tag
def checkbox(parameter, option):
    """One value of a filter. Neither in a template nor by `format_html`, which escapes numbers
    and names of parameters, too: a page has some hundred of them."""
    return mark_safe(
        f'<label class="option{"" if option.count else " is-empty"}">'
        f'<input class="choice" type="checkbox" id="{parameter}-{quote(option.value, safe="")}"'
        f' name="{parameter}" value="{escape(option.value)}"'
        f"{' checked' if option.is_selected else ''}> "
        f'<span class="option-label">{escape(option.label)}</span> '
        f'<span class="count">{option.count}</span></label>'
    )


def _in_language(match, here, code):
    """The address of the same page in another language; `here` where there is none."""
    if match and match.app_name == "associations" and match.kwargs.keys() <= {"slug"}:
        return address_of(match.kwargs.get("slug", ""), match.view_name, code)
    return translate_url(here, code)


@register.simple_tag(takes_context=True)
def languages(context):
    """This page in each language: `code`, `name`, `locale` as Open Graph has it, `address` without
    and `path` with its query.

    The start page in another language where this page is nowhere, as with a wrong address.
    """
    request = context["request"]
    # As an address again: `//else.where/` would be one on another host, `/a%3Fb` has no query.
    here = escape_leading_slashes(escape_uri_path(request.path))
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    pages = []
    for code, name in settings.LANGUAGES:
        is_active = code == get_language()
        path = here if is_active else _in_language(request.resolver_match, here, code)
        if path == here and not is_active:
            path, query = address_of("", "associations:list", code), ""
        pages.append(
            {
                "code": code,
                "name": name,
                "locale": LOCALES[code],
                "is_active": is_active,
                "address": request.build_absolute_uri(path),
                "path": path + query,
            }
        )
    return pages
