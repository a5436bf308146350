"""Why an entry was found, where a row of the listing does not show it: in its facts' own words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .models import ContactPoint, Identifier, Name, OfficeHolder
from .search import documents, words
from .search.ranking import ABBREVIATED, SYLLABLES

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


def explain(cards):
    """Give these cards of a search their `reason` and `spelling`; at most 4 queries."""
    kept = {}
    for card in cards:
        card.reason, card.spelling = None, ""
        card.is_near_match = getattr(card, "is_near_match", False)
        match = getattr(card, "match", None)
        if match is None:
            continue
        card.spelling = ", ".join(dict.fromkeys(match.respelt))
        if match.tier in (ABBREVIATED, SYLLABLES) and match.mark in NAMED:
            card.reason = Reason(_("first letters of"), card.name)
        elif not _shows(card, match):
            kept.setdefault(match.mark, []).append(card)
    for mark, found in kept.items():
        label, tables = OTHER_FACTS.get(mark) or (NAMED.get(mark), [(Name, "name")])
        if label:
            written = _written(found, tables)
            for card in found:
                text = written.get((card.pk, card.match.part), card.match.part)
                card.reason = Reason(label, text)


def _shows(card, match):
    """Whether a row of the listing shows the part of the entry that was found."""
    shown = (card.name, card.acronym, card.president, card.locality, card.phone, card.website)
    return any(match.part == " ".join(words(text)) for text in shown if text)


def _written(cards, tables):
    """`{(association, cleaned text): text}` of their facts in these tables."""
    found = {}
    keys = [card.pk for card in cards]
    for model, column in tables:
        rows = model.objects.filter(association__in=keys).order_by("-pk")
        for key, text in rows.values_list("association", column):
            found[key, " ".join(words(text))] = text
            if number := "".join(c for c in text if c.isdecimal()):
                found.setdefault((key, number), text)
    return found
