"""What stands near an entry: others that it may be taken for, and its neighbours."""

from collections import namedtuple
from dataclasses import dataclass, field
from itertools import combinations

from django.db import connections, router
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from .composed import composed_once
from .models import Association, Card
from .search import BACKENDS, significant, words

LOOK_ALIKES, NEIGHBOURS = 4, 4
# So many names on either side of it in the order of names, and so many others, are compared.
BESIDE, COMPARED = 6, 40
# Words that stand in fewer entries are looked up in pairs, or each alone.
TELLING, ALONE = 200, 10
# How alike two names are, of 100, that are taken for each other.
ALIKE = 88

# No name and no key of an entry is like these; no word is indexed like that.
NOTHING, NO_KEY = "-", -1
NO_WORDS = [[[("0nothing", False)]]]
# What links to other entries tell of them, and what they are chosen by.
CARD = (
    *("association_id", "slug", "state", "name", "language", "acronym", "country", "locality"),
    *("confederation_id", "confederation_name", "sort_key", "acronym_key"),
)


Row = namedtuple("Row", CARD)


def cards(rows):
    """The cards whose values of `CARD` these are."""
    using = router.db_for_read(Card)
    return [Card.from_db(using, CARD, row) for row in rows]


@dataclass
class Nearby:
    """Cards: `look_alikes`, each with what it has `in_common` and what is `differing`; and a few
    with the same confederation and in the same city."""

    look_alikes: list = field(default_factory=list)
    same_confederation: list = field(default_factory=list)
    same_locality: list = field(default_factory=list)


def asked_of(card):
    """The words of its name by which others may be like it."""
    return significant(words(card.name))


def nearby(card, relatives, frequencies):
    """What stands near this card; a query, whose cost does not grow with the directory.

    `relatives` are the keys of the entries that the page names already; `frequencies` tell in how
    many documents each of the words stands that are `asked_of()` it.
    """
    around = _around(
        card.acronym_key or card.sort_key or NOTHING,
        card.sort_key,
        card.country,
        card.locality or NOTHING,
        card.confederation_id or NO_KEY,
        _backend().written(_telling(frequencies) or NO_WORDS),
    )
    known = {card.pk, *relatives}
    others = [row for row in map(Row._make, around) if row.association_id not in known]
    others.sort(key=lambda row: (row.sort_key, row.slug))
    active = [row for row in others if row.state == Association.State.PUBLIC]
    return Nearby(
        look_alikes=_look_alikes(card, others),
        same_confederation=_with_the_same(card.confederation_id, _confederation, active),
        same_locality=_with_the_same(card.locality and _place(card), _place, active),
    )


def _with_the_same(value, of, rows):
    return cards([row for row in rows if value and of(row) == value][:NEIGHBOURS])


def _confederation(card):
    return card.confederation_id


def _backend():
    return BACKENDS[connections[router.db_for_read(Card)].vendor]


@composed_once(Card)
def _around(acronym, name, country, locality, confederation, asked):
    """The cards to compare with, and the neighbours."""
    public, active = Card.objects.public(), Card.objects.filter(state=Association.State.PUBLIC)
    acronym, name, country, locality, confederation = map(
        _unseen, (acronym, name, country, locality, confederation)
    )
    parts = [
        public.filter(acronym_key=acronym).order_by("pk")[:COMPARED],
        public.filter(sort_key=acronym).order_by("pk")[:COMPARED],
        public.filter(sort_key__lt=name).order_by("-sort_key", "-slug")[:BESIDE],
        public.filter(sort_key__gte=name).order_by("sort_key", "slug")[: BESIDE + 1],
        public.filter(pk__in=_backend().matching(asked)).order_by("pk")[:COMPARED],
        active.filter(confederation=confederation).order_by("pk")[: NEIGHBOURS + 2],
        active.filter(country=country, locality=locality).order_by("pk")[: NEIGHBOURS + 2],
    ]
    return Card.objects.in_any(parts).values_list(*CARD)


def _unseen(value):
    """A value that PostgreSQL's planner does not look at: so it plans once in each connection. To
    plan takes as long as to look all of this up."""
    return RawSQL("SELECT %s", [value])


def _telling(found):
    """What to ask the index for names that have most of the rare ones of these words."""
    rarest = sorted(found, key=lambda word: (found[word], word))[:3]
    pairs = [pair for pair in combinations(rarest, 2) if found[pair[0]] <= TELLING]
    alone = [(word,) for word in rarest if found[word] <= ALONE]
    return [[[(word, False)] for word in chosen] for chosen in (*pairs, *alone)]


def _look_alikes(card, rows):
    """Those of the rows that may be taken for it, with `in_common`: the likeliest first."""
    found, name = [], _spaced(card.sort_key)
    for row in rows:
        if row.confederation_id == card.pk:
            continue
        if _have_one_short_name(row, card):
            found.append((101, row))
        elif (likeness := fuzz.token_sort_ratio(_spaced(row.sort_key), name)) >= ALIKE:
            found.append((likeness, row))
    found.sort(key=lambda pair: -pair[0])
    likeliest = cards([row for _likeness, row in found[:LOOK_ALIKES]])
    for each in likeliest:
        has_its_acronym = _have_one_short_name(each, card)
        each.in_common = _("same acronym") if has_its_acronym else _("similar name")
        each.differing = _differing(each, card)
    return likeliest


def _have_one_short_name(one, other):
    short = {one.acronym_key, one.sort_key} & {other.acronym_key, other.sort_key}
    return bool(short & {one.acronym_key, other.acronym_key} - {""})


def _spaced(key):
    return key.replace("0", " ")


def _differing(each, card):
    """Where it is, to tell it from the card; in one place, where it belongs."""
    place = ", ".join(filter(None, (each.locality, each.country_name)))
    if _place(each) == _place(card):
        place = ", ".join(filter(None, (place, each.confederation_name)))
    return place


def _place(card):
    return card.country, card.locality
