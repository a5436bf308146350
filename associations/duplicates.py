"""Entries that look like one body: found by what only one body has, and by what it is called.

A number, a website or an identifier that more than a few entries have is that of an office, of a
confederation or of a host of many sites, and tells nothing.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from django.db.models import Count, F, Max, Min
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from . import columns
from .changes import in_batches
from .models import Association, Card, ContactPoint, DataVersion, Distinction, Identifier
from .nearby import ALIKE
from .search import search, sort_key

# More entries with the same are no sign.
FEW = 4
# Several sources may tell the same of one entry: so many rows may be of few.
MANY = 4 * FEW
# So many values that several entries have are looked for by each sign.
MOST = 200
# A shorter number of a register says nothing without the register.
LONG_IDENTIFIER = 8
# So many of those that the search finds by a name are compared with it, and shown.
SEARCHED, SHOWN = 20, 8

NUMBER, SITE = _("same telephone or fax"), _("same website")
IDENTIFIER, NAME = _("same identifier"), _("same name")
ALIKE_NAME, ACRONYM = _("similar name"), _("same acronym")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cards that look like one body, and by what (translated `signs`)."""

    first: Card
    second: Card
    signs: tuple


@dataclass(frozen=True, slots=True)
class Twin:
    """The card of an entry that looks like the one that is being added, and by what."""

    card: Card
    signs: tuple


# Those that are there.


def suspected():
    """`{(first, second): signs}` of the keys of entries that look like one body, those with most
    signs first.

    At most `MOST` by each sign. Withdrawn entries, which are not merged, and pairs that somebody
    knows to be two bodies are none of them. Looked for once after each change.
    """
    return _suspected(DataVersion.objects.current())


def loaded(pairs):
    """The `Pair`s of these items of `suspected()`; a query."""
    pairs = list(pairs)
    keys = {key for pair, _signs in pairs for key in pair}
    cards = Card.objects.defer("search_text").in_bulk(list(keys))
    return [Pair(cards[first], cards[second], signs) for (first, second), signs in pairs]


@lru_cache(maxsize=1)
def _suspected(_version):
    known = Distinction.objects.pairs()
    signs = defaultdict(tuple)
    for sign, rows, shared in SIGNS:
        for pair in _pairs(rows(), shared, known):
            signs[pair] += (sign,)
    hidden = Card.objects.filter(state=Association.State.WITHDRAWN)
    withdrawn = set()
    for batch in in_batches({key for pair in signs for key in pair}):
        withdrawn.update(hidden.filter(pk__in=batch).values_list("pk", flat=True))
    found = [item for item in signs.items() if withdrawn.isdisjoint(item[0])]
    return dict(sorted(found, key=lambda item: (-len(item[1]), item[0])))


def _pairs(rows, shared, known):
    """The pairs of entries that share these columns, but for those `known`."""
    ends = {"first": Min("association"), "last": Max("association")}
    repeated = rows.order_by().values(*shared).annotate(rows=Count("association"), **ends)
    repeated = repeated.filter(rows__lte=MANY, first__lt=F("last")).order_by(*shared)
    values = [row[shared[0]] for row in repeated[: MOST + len(known)]]
    entries = defaultdict(set)
    for batch in in_batches(values):
        among = rows.filter(**{f"{shared[0]}__in": batch})
        for *value, key in among.order_by().values_list(*shared, "association"):
            entries[tuple(value)].add(key)
    for keys in entries.values():
        if len(keys) <= FEW:
            yield from set(combinations(sorted(keys), 2)) - known


def _long_identifiers():
    return Identifier.objects.annotate(length=Length("value")).filter(length__gte=LONG_IDENTIFIER)


SIGNS = (
    (IDENTIFIER, _long_identifiers, ["value"]),
    (NUMBER, lambda: ContactPoint.objects.filter(e164__gt=""), ["e164"]),
    (SITE, lambda: ContactPoint.objects.filter(host__gt=""), ["host"]),
    (NAME, lambda: Card.objects.filter(sort_key__gt=""), ["sort_key", "country"]),
)


# While one is added.


def twins(names=(), points=(), identifiers=()):
    """The `Twin`s of an entry that is not there yet, withdrawn ones among them, the likeliest
    first: of its names, its contact points (unsaved) and the values of its identifiers.

    A few queries for each name and three more, whatever the size of the directory.
    """
    found = defaultdict(list)
    numbers = {each.digits() for each in points} - {""}
    hosts = {each.site() for each in points} - {""}
    for sign, rows, column, values in (
        (IDENTIFIER, Identifier.objects.all(), "value", set(identifiers) - {""}),
        (NUMBER, ContactPoint.objects.all(), "e164", numbers),
        (SITE, ContactPoint.objects.all(), "host", hosts),
    ):
        for value in values:
            held = rows.filter(**{column: value}).order_by().values_list("association").distinct()
            keys = [key for (key,) in held[: FEW + 1]]
            for key in keys if len(keys) <= FEW else ():
                found[key].append(sign)
    cards = {card.pk: card for card in Card.objects.filter(pk__in=found)}
    for name in filter(None, names):
        for card in search(name, columns.Conditions(), Association.State.values)[:SEARCHED]:
            if sign := _sign_of_name(name, card):
                cards.setdefault(card.pk, card)
                found[card.pk].append(sign)
    listed = [Twin(cards[key], tuple(dict.fromkeys(signs))) for key, signs in found.items()]
    return sorted(listed, key=lambda twin: (-len(twin.signs), twin.card.sort_key))[:SHOWN]


def twins_of(association):
    """The `Twin`s of an entry that is there."""
    found = twins(
        association.names.values_list("name", flat=True)[:SHOWN],
        association.contact_points.all(),
        association.identifiers.values_list("value", flat=True),
    )
    return [twin for twin in found if twin.card.pk != association.pk]


def _sign_of_name(name, card):
    key = sort_key(name)
    if key == card.sort_key:
        return NAME
    if key and key == card.acronym_key:
        return ACRONYM
    alike = fuzz.token_sort_ratio(key.replace("0", " "), card.sort_key.replace("0", " "))
    return ALIKE_NAME if alike >= ALIKE else None
