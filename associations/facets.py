"""The values of each filter, with how many entries each would show next to the other filters."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from . import columns, countries
from .composed import composed_once
from .freshness import Freshness
from .models import Association, Card, FacetValue, Sector
from .search import SORTED

SHOWN = 8
# So many values of a filter are offered, the most frequent ones; countries, which are looked for by
# name, all.
COUNTED = 50
MOST = {"country": 300, "region": COUNTED, "locality": COUNTED}
# So many names of values are remembered: they do not grow with the directory.
REMEMBERED = 5000


class Option(NamedTuple):
    """One value of a filter: `count` entries have it next to what the other filters ask."""

    value: str
    label: str
    count: int
    is_selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its values: `options` are the selected and the most frequent ones."""

    name: str
    label: str
    options: list
    more: list


class Facets:
    """The `Facet`s of a valid `AssociationFilter`, in order; a constant number of queries.

    Whatever has the same `key` counts the same. The values are called by their names when they
    are asked for: a page that was made before has them already.
    """

    def __init__(self, filterset):
        version = filterset.hits.version
        self._filterset = filterset
        self._known = _known_under(version)
        self.key = _key(filterset, version)
        self._counts = _counts(filterset, self.key, self._known)

    def __iter__(self):
        return iter(self._all)

    @cached_property
    def _all(self):
        return [
            _facet(self._filterset, name, counted, self._known)
            for name, counted in self._counts.items()
        ]

    @property
    def selected(self):
        """`(facet, option)` of each value that is asked for."""
        if not any(map(self._filterset.selected, VALUES)):
            return []
        return [
            (facet, option)
            for facet in self
            for option in (*facet.options, *facet.more)
            if option.is_selected
        ]


class _Known:
    """What rows say that were looked up under a version of the data: under it they stay so."""

    def __init__(self, version):
        self.version = version
        self._told = defaultdict(dict)

    def rows(self, ask, keys):
        """`{key: the rest of its row}` of those of these keys for which `ask(keys)` has a row."""
        told = self._told[ask]
        if len(told) > REMEMBERED:
            told = self._told[ask] = {}
        if missing := [key for key in keys if key not in told]:
            found = {key: rest for key, *rest in ask(missing)}
            told.update((key, found.get(key)) for key in missing)
        return {key: told[key] for key in keys if told[key] is not None}

    def tell(self, ask, rows):
        """Remember `{key: the rest of its row}`, of what `ask()` would be asked for."""
        self._told[ask].update(rows)


def _known_under(version):
    if _latest[0].version != version:
        _latest[0] = _Known(version)
    return _latest[0]


_latest = [_Known(None)]


def _facet(filterset, name, counted, known):
    asked = filterset.selected(name)
    labels = LABELS[name]([value for value, _number in counted], known)
    options = [
        Option(value, labels[value], number, value in asked)
        for value, number in counted
        if value in labels
    ]
    return Facet(
        name=name,
        label=filterset.filters[name].label,
        options=[*options[:SHOWN], *(option for option in options[SHOWN:] if option.is_selected)],
        more=[option for option in options[SHOWN:] if not option.is_selected],
    )


def _key(filterset, version):
    """What the counts depend on: the data, the day, and what is asked."""
    asked = [filterset.selected(name) for name in VALUES]
    told = repr((version, timezone.localdate(), filterset.hits.text, asked))
    return f"counts:{hashlib.sha256(told.encode()).hexdigest()}"


def _counts(filterset, key, known):
    """`{filter: [(value, number), …]}`, kept as long as the data is the same: the hits learn how
    many they are from it, too."""
    if kept := cache.get(key):
        counts, total, keys = kept
        filterset.hits.recall(total, keys)
        return counts
    raw = filterset.hits.tally([columns.COLUMN_OF.get(name, name) for name in VALUES])
    values = _values(raw, known)
    counts = {
        name: count(raw[columns.COLUMN_OF.get(name, name)], filterset.selected(name), values, known)
        for name, count in VALUES.items()
    }
    keys = filterset.hits.keys if filterset.hits.total <= SORTED else None
    cache.set(key, (counts, filterset.hits.total, keys))
    return counts


def _values(raw, known):
    """`{number: value}` of those values that are offered, of all filters; at most a query.

    One is missing that was taken back since the records were read.
    """
    numbers = [number for name in MOST for number in _most(raw[name], MOST[name])]
    numbers += [number for name in ("confederation", "sector") for number in raw[name]]
    return {number: value for number, (value,) in known.rows(_numbered, numbers).items()}


@composed_once(FacetValue)
def _numbered(numbers):
    return FacetValue.objects.filter(pk__in=numbers).values_list("pk", "value")


def _most(counts, limit):
    """The numbers of the most frequent values, about `limit`: of those that are equally frequent
    all or none, as their numbers say nothing."""
    counts = {number: entries for number, entries in counts.items() if number}
    if len(counts) <= limit:
        return list(counts)
    least = sorted(counts.values(), reverse=True)[limit - 1]
    most = [number for number, entries in counts.items() if entries >= least]
    if len(most) > 2 * limit:
        most = [number for number in most if counts[number] > least] or sorted(most)[:limit]
    return most


def _in_column(facet):
    def count(counts, asked, values, known):
        most = (number for number in _most(counts, MOST[facet]) if number in values)
        found = {values[number]: counts[number] for number in most}
        if missing := set(asked) - found.keys():
            numbers = FacetValue.objects.filter(facet=facet, value__in=missing)
            numbers = dict(numbers.values_list("value", "pk"))
            found.update((value, counts.get(numbers.get(value), 0)) for value in missing)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    return count


def _of_sets(model, of_keys, of_slugs):
    """Of values that an entry has several of: those of slugs of the model's rows.

    What these are called `of_keys(keys)` and `of_slugs(slugs)` tell alike.
    """

    def count(counts, asked, values, known):
        found = Counter()
        for number, entries in counts.items():
            if number in values:
                found.update(dict.fromkeys(columns.keys_of(values[number]), entries))
        most = dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:COUNTED])
        rows = known.rows(of_keys, most)
        known.tell(of_slugs, {slug: rest for slug, *rest in rows.values()})
        slugs = {slug: key for key, (slug, *_rest) in rows.items()}
        if missing := set(asked) - slugs.keys():
            slugs.update(model.objects.filter(slug__in=missing).values_list("slug", "pk"))
        counted = [(slug, found[key]) for slug, key in slugs.items()]
        return sorted(counted, key=lambda pair: (-pair[1], pair[0]))

    return count


@composed_once(Card)
def _called(slugs):
    cards = Card.objects.public().at(slugs).order_by()
    return cards.values_list("slug", "acronym", "name")


@composed_once(Card)
def _called_of_keys(keys):
    cards = Card.objects.public().filter(pk__in=keys).order_by()
    return cards.values_list("pk", "slug", "acronym", "name")


@composed_once(Sector)
def _sectors(slugs):
    sectors = Sector.objects.filter(slug__in=slugs).order_by()
    return sectors.values_list("slug", "name_en", "name_it")


@composed_once(Sector)
def _sectors_of_keys(keys):
    sectors = Sector.objects.filter(pk__in=keys).order_by()
    return sectors.values_list("pk", "slug", "name_en", "name_it")


def _of_choices(numbers, choices):
    def count(counts, asked, values, known):
        return [
            (value, counts.get(number, 0))
            for value, number in zip(choices, numbers(choices), strict=True)
        ]

    return count


def _freshness(counts, asked, values, known):
    found = Counter()
    for number, entries in counts.items():
        found[Freshness.of(columns.date_of(number))] += entries
    return [(state.value, found[state]) for state in Freshness]


VALUES = {
    "country": _in_column("country"),
    "confederation": _of_sets(Association, _called_of_keys, _called),
    "kind": _of_choices(columns.kind_numbers, Association.Kind.values),
    "sector": _of_sets(Sector, _sectors_of_keys, _sectors),
    "region": _in_column("region"),
    "locality": _in_column("locality"),
    "freshness": _freshness,
    "state": _of_choices(columns.state_numbers, ["public", "closed"]),
}


def _themselves(values, known):
    return {value: value for value in values}


def _names_of_countries(values, known):
    return {value: countries.name(value) for value in values}


def _names_of_cards(slugs, known):
    rows = known.rows(_called, slugs)
    return {slug: acronym or name for slug, (acronym, name) in rows.items()}


def _names_of_sectors(slugs, known):
    rows = known.rows(_sectors, slugs)
    return {slug: Sector.called(*names) for slug, names in rows.items()}


def _kinds(values, known):
    return dict(Association.Kind.choices)


def _freshnesses(values, known):
    return {state.value: state.label for state in Freshness}


def _states(values, known):
    return {"public": _("active"), "closed": _("closed")}


# What the values are called, in the active language; a value without a name is not shown.
LABELS = {
    "country": _names_of_countries,
    "confederation": _names_of_cards,
    "kind": _kinds,
    "sector": _names_of_sectors,
    "region": _themselves,
    "locality": _themselves,
    "freshness": _freshnesses,
    "state": _states,
}
