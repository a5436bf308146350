"""What the search asks of the cards, each composed once."""

from functools import cache, lru_cache

from django.db import router
from django.db.models import Q, Value
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan

from ..composed import binary_cursor, composed_once
from ..models.card import Card
from .vocabulary import LAST

BY_NAME = ("sort_key", "slug")
# So many of those that are called so are ranked, and so many of those whose names begin so.
NAMED = 60
# So many of those that are called like some part of what was typed are weighed.
NAMED_KEPT = 50
COLUMNS = ("pk", "search_text", "state", "checked_on", "sort_key", "slug")
CARD = [field.attname for field in Card._meta.concrete_fields]


def ranked_by(keys):
    """The columns by which these cards are ranked, in their order; a query."""
    found = {row[0]: row for row in _with_columns(keys)}
    return [found[key] for key in keys if key in found]


def loaded(keys):
    """`{key: card}` of these keys; a query."""
    using = router.db_for_read(Card)
    return {row[0]: Card.from_db(using, CARD, row) for row in _whole(list(keys))}


def named(key):
    """The columns of the cards that are called so or whose name begins so, bounded; a query."""
    return _named(key, key, key + LAST)


def called_any(names, acronyms):
    """The keys of cards with one of these names (keys of order) or acronyms, bounded; a query."""
    return [key for (key,) in _called_any(names, acronyms)]


def in_order(keys, order):
    """These keys in this order of their cards; a query."""
    return [key for (key,) in _in_order(tuple(order))(keys)]


def holding(keys, groups):
    """Those of these keys in whose documents stands a word of each group, in order; a query.

    A group is as `Term.group`: each of `(word, is_beginning)`; of two words, both.
    """
    parts = [[_written(*each) for each in group] for group in groups]
    shape = tuple(tuple(map(len, group)) for group in parts)
    written = [each for group in parts for several in group for each in several]
    return [key for (key,) in _holding(shape)(keys, *written)]


def _written(word, is_beginning):
    """How a word stands in a document with a blank behind it."""
    return [f" {word}"] if is_beginning else [f" {each} " for each in word.split()]


def last_key():
    return _last()[0][0]


@composed_once(Card)
def documents_of(keys):
    return Card.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "search_text")


@composed_once(Card, binary_cursor)
def _with_columns(keys):
    return Card.objects.filter(pk__in=keys).order_by().values_list(*COLUMNS)


@composed_once(Card, binary_cursor)
def _whole(keys):
    return Card.objects.filter(pk__in=keys).order_by().values_list(*CARD)


@composed_once(Card, binary_cursor)
def _named(acronym, first, end):
    # Of those whose name begins so the first are those whose name is just this.
    several = (
        Card.objects.filter(acronym_key=acronym),
        Card.objects.filter(sort_key__gte=first, sort_key__lt=end),
    )
    slices = [cards.order_by(*BY_NAME)[:NAMED] for cards in several]
    return Card.objects.in_any(slices).values_list(*COLUMNS)


@composed_once(Card)
def _called_any(names, acronyms):
    cards = Card.objects.filter(Q(sort_key__in=names) | Q(acronym_key__in=acronyms))
    return cards.order_by(*BY_NAME).values_list("pk")[:NAMED_KEPT]


@composed_once(Card)
def _last():
    return Card.objects.order_by("-pk").values_list("pk")[:1]


# Nearly all ask for one word that is begun.
@lru_cache(maxsize=100)
def _holding(shape):
    """What gives the keys of cards that have, of each group, all parts of one alternative, by the
    numbers of these parts; a query."""

    @composed_once(Card)
    def keys_holding(keys, *written):
        cards, parts = Card.objects.filter(pk__in=keys), iter(written)
        line = Concat("search_text", Value(" "))
        for group in shape:
            stands = Q()
            for number in group:
                found = (StrIndex(line, Value(next(parts))) for _part in range(number))
                stands |= Q(*(GreaterThan(place, 0) for place in found))
            cards = cards.filter(stands)
        return cards.order_by("pk").values_list("pk")

    return keys_holding


@cache
def _in_order(order):
    """What gives the keys of cards in this order; a query."""

    @composed_once(Card)
    def keys_in_order(keys):
        return Card.objects.filter(pk__in=keys).order_by(*order).values_list("pk")

    return keys_in_order
