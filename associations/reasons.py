"""Why an entry was found, where a row of the listing does not show it: in its facts' own words."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from . import countries
from .composed import composed_once
from .models import ContactPoint, Identifier, Name, OfficeHolder
from .search import documents, words
from .search.ranking import ABBREVIATED, SYLLABLES

# So many digits at the end of a number are those of no other number of the same entry.
TELLING = 6
# What was found, in words for machines that stay the same.
ABBREVIATION, ENTRY = "abbreviation", "entry"
KINDS = {
    documents.OFFICIAL: "name",
    documents.ACRONYM: "acronym",
    documents.FORMER: "former_name",
    documents.TRANSLATED: "translated_name",
    documents.OTHER: "other_name",
    documents.PERSON: "person",
    documents.NUMBER: "number",
    documents.PLACE: "place",
}
MATCHES = [(kind, kind) for kind in (*KINDS.values(), ABBREVIATION, ENTRY)]

NAMED = {
    documents.OFFICIAL: _("other name"),
    documents.ACRONYM: _("other acronym"),
    documents.FORMER: _("former name"),
    documents.TRANSLATED: _("translated name"),
    documents.OTHER: _("other name"),
}
OTHER_FACTS = {
    documents.PERSON: (_("person"), [(OfficeHolder, "name")]),
    documents.NUMBER: (_("number or address"), [(ContactPoint, "value"), (Identifier, "value")]),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What of an entry was found: `label` says what it is, `text` how a source writes it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What of an entry was found: a word of `KINDS`, `ABBREVIATION`, or `ENTRY` as a whole."""

    kind: str
    text: str


def explain(cards, hits):
    """Give these cards of the search `hits` what explains them; a query or two for each kind.

    That is `found`, the `reason` where a row of the listing does not show what was found,
    `spelling`, the words that stand for misspelt ones, and `is_near_match`.
    """
    kept = {}
    for card in cards:
        # Some were not ranked: there are many, or they are sorted otherwise.
        match = hits.ranked.get(card.pk) or hits.near.get(card.pk)
        match = match or hits.question.match(card.search_text)
        card.is_near_match = card.pk in hits.near
        card.reason, card.spelling = None, tuple(dict.fromkeys(match.respelt)) if match else ()
        card.found = Found(KINDS.get(match.mark, ENTRY), match.part) if match else Found(ENTRY, "")
        if match is None:
            continue
        if match.tier in (ABBREVIATED, SYLLABLES) and match.mark in NAMED:
            card.reason = Reason(_("first letters of"), card.name)
            card.found = Found(ABBREVIATION, card.name)
        elif shown := _shown(card, match):
            card.found = Found(KINDS.get(match.mark, ENTRY), shown)
        else:
            kept.setdefault(match.mark, []).append((card, match))
    for mark, found in kept.items():
        label, tables = OTHER_FACTS.get(mark) or (NAMED.get(mark), [(Name, "name")])
        if label:
            written = _written([card for card, _match in found], tables)
            for card, match in found:
                text = written.get((card.pk, match.part)) or written.get(
                    (card.pk, _end_of_number(match.part)), match.part
                )
                card.reason = Reason(label, text)
                card.found = Found(KINDS[mark], text)


def _shown(card, match):
    """The text of a row of the listing, or of its place, that was found; empty if it is another."""
    shown = [card.name, card.acronym, card.president, card.locality, card.phone, card.website]
    place = [card.region, *(countries.names(code).get(card.country) for code in ("en", "it"))]
    texts = filter(None, (*shown, *place))
    end = _end_of_number(match.part) if match.mark == documents.NUMBER else ""
    if end and end == _end_of_number(card.phone):
        return card.phone
    return next((text for text in texts if match.part == " ".join(words(text))), "")


def _written(cards, tables):
    """`{(association, cleaned text): text}` of their facts in these tables; and of numbers, which
    the search knows in several writings, by their last digits."""
    found = {}
    keys = [card.pk for card in cards]
    for model, column in tables:
        for key, text in _facts(model, column)(keys):
            found[key, " ".join(words(text))] = text
            if end := _end_of_number(text):
                found.setdefault((key, end), text)
    return found


def _end_of_number(text):
    """The last digits of a number, which the search knows in several writings; empty if it has
    too few to tell it from others."""
    number = "".join(c for c in text if c.isdecimal())
    return number[-TELLING:] if len(number) >= TELLING else ""


@cache
def _facts(model, column):
    """What gives `(association, text)` of this column of facts, the latest first; a query."""

    @composed_once(model)
    def texts_of(keys):
        rows = model.objects.filter(association__in=keys).order_by("-pk")
        return rows.values_list("association", column)

    return texts_of
