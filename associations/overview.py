"""The whole directory at a glance: over countries, confederations, kinds, years and freshness."""

from bisect import bisect_right
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from . import world
from .facets import Facets
from .filters import AssociationFilter
from .models import Association, DataVersion

SHADES = 5
BARS = 12  # so many values are drawn, the most frequent ones
DECADES = 14  # so many, up to today's, are drawn one by one; those before them together
SIDE = 20  # of a square of the map, with the gap to the next, in the units of its drawing
WIDTH = 1000  # of the longest bar, in the units of its drawing
NARROWEST = 6  # of a bar, so that one entry among a million is seen


@dataclass(frozen=True, slots=True)
class Square:
    """A country on the map; without entries its shade is 0."""

    code: str
    x: int
    y: int
    shade: int = 0
    name: str = ""
    count: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shade:
    """What a shade of the map says: from `least` to `most` entries."""

    number: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its entries; `url` lists them, empty where no filter does.

    Of a bar in a row with others `x` is where it begins.
    """

    value: str
    label: str
    count: int
    width: int
    url: str = ""
    x: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    total: int
    countries: list
    squares: list
    shades: list
    confederations: list
    kinds: list
    freshness: list
    founded: list
    founded_before: int  # the year before which foundings are counted together
    first_founded: str

    width, height = world.COLUMNS * SIDE, world.ROWS * SIDE
    bar_width = WIDTH

    @property
    def leading_country(self):
        """The country with the most entries; None if several have as many."""
        first, *others = self.countries or [None]
        return None if others and others[0].count == first.count else first

    @property
    def without_country(self):
        return self.total - sum(bar.count for bar in self.countries)

    @property
    def off_the_map(self):
        return [bar for bar in self.countries if bar.value not in world.PLACES]

    @property
    def checked(self):
        return sum(bar.count for bar in self.freshness if bar.value != "never")

    @property
    def with_founding_date(self):
        return sum(bar.count for bar in self.founded)


def overview():
    """The `Overview` of what the directory lists; a constant number of queries.

    It is counted once for each version of the data.
    """
    filterset = AssociationFilter(QueryDict())
    filterset.is_valid()
    counted = {facet.name: [*facet.options, *facet.more] for facet in Facets(filterset)}
    countries = _bars("country", counted["country"])
    decades, first_founded = _founded()
    founded, founded_before = _bars_of_decades(decades)
    return Overview(
        total=filterset.hits.total,
        countries=countries,
        squares=_squares(countries),
        shades=_shades(countries),
        confederations=_bars("confederation", counted["confederation"][:BARS]),
        kinds=_bars("kind", counted["kind"]),
        freshness=_in_a_row(_bars("freshness", counted["freshness"])),
        founded=founded,
        founded_before=founded_before,
        first_founded=first_founded,
    )


def _bars(parameter, options):
    most = max((option.count for option in options), default=0)
    here = reverse("associations:list")
    return [
        Bar(
            option.value,
            option.label,
            option.count,
            _width(option.count, most),
            f"{here}?{urlencode({parameter: option.value})}",
        )
        for option in options
    ]


def _width(count, most):
    return max(NARROWEST, WIDTH * count // most) if count else 0


def _in_a_row(bars):
    """The same bars one after the other, together as long as the longest bar."""
    total = sum(bar.count for bar in bars)
    found, before = [], 0
    for bar in bars:
        x, end = (WIDTH * count // (total or 1) for count in (before, before + bar.count))
        found.append(Bar(bar.value, bar.label, bar.count, end - x, bar.url, x))
        before += bar.count
    return found


# the map


def _squares(countries):
    counted = {bar.value: bar for bar in countries}
    steps = _steps(countries)
    squares = []
    for code, (column, row) in world.PLACES.items():
        x, y = column * SIDE, row * SIDE
        if bar := counted.get(code):
            shade = bisect_right(steps, bar.count)
            squares.append(Square(code, x, y, shade, bar.label, bar.count, bar.url))
        else:
            squares.append(Square(code, x, y))
    return squares


def _steps(countries):
    """The least number of entries of each shade: each is the same multiple of the one before."""
    most = next((bar.count for bar in countries), 0)  # they come in the order of their entries
    steps = {round((most + 1) ** (number / SHADES)) for number in range(SHADES)}
    return sorted(step for step in steps if step <= most)


def _shades(countries):
    steps = _steps(countries)
    ends = [step - 1 for step in steps[1:]] + [bar.count for bar in countries[:1]]
    pairs = zip(steps, ends, strict=True)
    return [Shade(number, least, most) for number, (least, most) in enumerate(pairs, 1)]


# founding dates


def _founded():
    """`({decade: entries}, earliest founding date)`, kept as long as the data is the same."""
    key = f"founded:{DataVersion.objects.current()}"
    return cache.get_or_set(key, _count_founded)


def _count_founded():
    rows = list(Association.objects.listed().by_decade_of_founding())
    return {int(decade): number for decade, number, _first in rows}, min(
        (first for _decade, _number, first in rows), default=""
    )


def _bars_of_decades(counts):
    """A bar for each of the last `DECADES` and one for all before, and the year that parts them."""
    last = max([timezone.localdate().year // 10, *counts])
    first = last - DECADES + 1
    drawn = {decade: counts.get(decade, 0) for decade in range(first, last + 1)}
    before = sum(number for decade, number in counts.items() if decade < first)
    most = max(before, *drawn.values())
    bars = [
        Bar(str(decade * 10), f"{decade}0–{decade}9", number, _width(number, most))
        for decade, number in drawn.items()
    ]
    return [Bar("", "", before, _width(before, most)), *bars], first * 10
