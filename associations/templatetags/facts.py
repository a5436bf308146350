"""What the contact page says of each fact: too often on a page for templates to be quick at it."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from ..freshness import Freshness
from .directory import when

register = template.Library()


@register.simple_tag
def provenance(profile, fact, others=()):
    """Since when a fact holds, who says so, and when somebody made sure of it; then what `others`
    say who tell the same."""
    numbers = profile.source_numbers
    also = format_html_join(
        "",
        "<p>{} {} {}</p>",
        ((_("also"), _dates(each), _link(numbers[each.source_id])) for each in others),
    )
    return format_html(
        '<dd class="provenance"><p>{} {}</p>{}{}</dd>',
        _dates(fact),
        _link(numbers[fact.source_id]),
        _checked(fact),
        also,
    )


@register.simple_tag
def dates(fact):
    """Since when, until when and for which day, in words."""
    return _dates(fact)


@register.simple_tag
def checked(fact):
    """When somebody last made sure of a fact, or of all that a card tells."""
    return _checked(fact)


@register.simple_tag
def other(card):
    """A link to the page of another entry."""
    language = format_html(' lang="{}" dir="auto"', card.language) if card.language else ""
    acronym = format_html(' <span class="acronym">{}</span>', card.acronym) if card.acronym else ""
    closed = format_html(' <strong class="tag">{}</strong>', _("closed")) if card.is_closed else ""
    url = card.get_absolute_url()
    return format_html('<a href="{}"{}>{}</a>{}{}', url, language, card.name, acronym, closed)


@register.simple_tag
def copy_button(text):
    """A button that copies a text, shown where a script (`copy.js`) can do it."""
    return format_html(
        '<button class="copy" type="button" data-copy="{}" hidden>{}'
        '<span class="visually-hidden"> {}</span></button>',
        text,
        _("Copy"),
        text,
    )


@register.simple_tag
def cited(numbers):
    """The numbers of sources in the place of a fact's provenance."""
    if not numbers:
        return ""
    return format_html('<dd class="provenance"><p>{}</p></dd>', _links(numbers))


@register.simple_tag
def citations(numbers):
    """The numbers of sources within a line."""
    if not numbers:
        return ""
    links = format_html_join(" ", '<a href="#source-{}">{}</a>', ((n, n) for n in numbers))
    return format_html(
        '<span class="citations"><span class="visually-hidden">{}</span> {}</span>',
        _("sources"),
        links,
    )


@register.simple_tag
def further_sources(subject, numbers):
    """Which sources say the same as the facts of a subject."""
    if not numbers:
        return ""
    text = _("%(subject)s, also according to") % {"subject": subject}
    return format_html('<p class="further-sources">{} {}</p>', text, _links(numbers))


@register.simple_tag
def source_details(source, supports):
    """Who published a source, when, when it was read, and what it supports."""
    published = source.published_on
    parts = [
        source.publisher,
        _on(_("published %(date)s"), published) if published else _("undated"),
        _on(_("seen %(date)s"), source.seen_on) if source.seen_on else "",
        _("for: %(subjects)s") % {"subjects": ", ".join(map(str, supports))},
    ]
    return format_html_join(" ", "<span>{}</span>", ((part,) for part in parts if part))


def _dates(fact):
    told = (
        (_("since %(date)s"), fact.valid_from),
        (_("until %(date)s"), fact.valid_to),
        (_("as of %(date)s"), fact.attested_on),
    )
    dates = [(_on(text, date),) for text, date in told if date] or [(_("undated"),)]
    return format_html_join(" ", '<span class="date">{}</span>', dates)


def _checked(fact):
    freshness, told = fact.freshness, Freshness.NEVER.label
    if fact.checked_on:
        told = _on(_("checked on %(date)s"), fact.checked_on)
        if freshness != Freshness.FRESH:
            told = format_html("{}, {}", told, freshness.label)
    return format_html('<p class="freshness is-{}">{}</p>', freshness.value, told)


def _on(text, date):
    """A translated text with a date as a `time` element in it."""
    before, after = text.split("%(date)s")
    return format_html("{}{}{}", before, when(date), after)


def _links(numbers):
    return format_html_join(" ", "{}", ((_link(number),) for number in numbers))


def _link(number):
    text = _("source %(number)s") % {"number": number}
    return format_html('<a class="source-number" href="#source-{}">{}</a>', number, text)
