"""What the contact page says of each fact: too often on a page for templates to be quick at it."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from ..freshness import Freshness
from .directory import said_again, when

register = template.Library()


@register.simple_tag
def provenance(profile, fact, others=()):
    """Since when a fact holds, who says so, and when somebody made sure of it; then what `others`
    say who tell the same."""
    numbers = profile.source_numbers
    also = [(*_terms(each), numbers[each.source_id]) for each in others]
    return _provenance(*_terms(fact), numbers[fact.source_id], *_check(fact), *also)


@register.simple_tag
def dates(fact):
    """Since when, until when and for which day, in words."""
    return _dates(*_terms(fact))


@register.simple_tag
def checked(fact):
    """When somebody last made sure of a fact, or of all that a card tells."""
    return _checked(*_check(fact))


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
    return _cited(*numbers) if numbers else ""


@register.simple_tag
def citations(numbers):
    """The numbers of sources within a line."""
    return _citations(*numbers) if numbers else ""


@register.simple_tag
def further_sources(subject, numbers):
    """Which sources say the same as the facts of a subject."""
    if not numbers:
        return ""
    text = _("%(subject)s, also according to") % {"subject": subject}
    return format_html('<p class="further-sources">{} {}</p>', text, _links(numbers))


@register.simple_tag
def source(cited):
    """A source of the page: who published it, when, when it was read, and what it supports."""
    told = cited.source
    title = _title(told.url, told.title)
    subjects = ", ".join(cited.supports)
    details = _source_details(told.publisher, told.published_on, told.seen_on, subjects)
    return format_html(
        '<li id="source-{0}" value="{0}"><p class="source-title">{1}</p>'
        '<p class="source-details">{2}</p></li>',
        cited.number,
        title,
        details,
    )


@said_again
def _title(url, title):
    return format_html('<a href="{}" rel="nofollow noopener">{}</a>', url, title) if url else title


@said_again
def _source_details(publisher, published, seen, subjects):
    parts = [
        publisher,
        _on(_("published %(date)s"), published) if published else _("undated"),
        _on(_("seen %(date)s"), seen) if seen else "",
        _("for: %(subjects)s") % {"subjects": subjects},
    ]
    return format_html_join(" ", "<span>{}</span>", ((part,) for part in parts if part))


@said_again
def _provenance(valid_from, valid_to, attested_on, number, checked_on, freshness, *others):
    also = format_html_join(
        "",
        "<p>{} {} {}</p>",
        ((_("also"), _dates(*terms), _link(source)) for *terms, source in others),
    )
    return format_html(
        '<dd class="provenance"><p>{} {}</p>{}{}</dd>',
        _dates(valid_from, valid_to, attested_on),
        _link(number),
        _checked(checked_on, freshness),
        also,
    )


@said_again
def _cited(*numbers):
    return format_html('<dd class="provenance"><p>{}</p></dd>', _links(numbers))


@said_again
def _citations(*numbers):
    links = format_html_join(" ", '<a href="#source-{}">{}</a>', ((n, n) for n in numbers))
    return format_html(
        '<span class="citations"><span class="visually-hidden">{}</span> {}</span>',
        _("sources"),
        links,
    )


def _terms(fact):
    return fact.valid_from, fact.valid_to, fact.attested_on


def _check(fact):
    return fact.checked_on, fact.freshness


@said_again
def _dates(valid_from, valid_to, attested_on):
    told = (
        (_("since %(date)s"), valid_from),
        (_("until %(date)s"), valid_to),
        (_("as of %(date)s"), attested_on),
    )
    dates = [(_on(text, date),) for text, date in told if date] or [(_("undated"),)]
    return format_html_join(" ", '<span class="date">{}</span>', dates)


@said_again
def _checked(checked_on, freshness):
    told = Freshness.NEVER.label
    if checked_on:
        told = _on(_("checked on %(date)s"), checked_on)
        if freshness != Freshness.FRESH:
            told = format_html("{}, {}", told, freshness.label)
    return format_html('<p class="freshness is-{}">{}</p>', freshness.value, told)


def _on(text, date):
    """A translated text with a date as a `time` element in it."""
    before, after = text.split("%(date)s")
    return format_html("{}{}{}", before, when(date), after)


def _links(numbers):
    return format_html_join(" ", "{}", ((_link(number),) for number in numbers))


@said_again
def _link(number):
    text = _("source %(number)s") % {"number": number}
    return format_html('<a class="source-number" href="#source-{}">{}</a>', number, text)
