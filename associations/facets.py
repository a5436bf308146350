"""The values of each filter, with how many entries each would show next to the other filters."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from . import countries
from .freshness import DUE_MONTHS, FRESH_MONTHS, Freshness, months_before
from .models import Affiliation, Association, Card, Sector

SHOWN = 8
COUNTED = 200


@dataclass(frozen=True, slots=True)
class Option:
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

    @property
    def selected(self):
        return [option for option in (*self.options, *self.more) if option.is_selected]


def facets(filterset):
    """The `Facet`s of a valid `AssociationFilter`, in order; a constant number of queries."""
    return [_facet(filterset, name, count) for name, count in COUNTS.items()]


def _facet(filterset, name, count):
    asked = filterset.selected(name)
    rows = count(filterset.counted(name), asked)
    options = [Option(value, label, number, value in asked) for value, label, number in rows]
    first = [o for o in options if o.is_selected or o in options[:SHOWN]]
    return Facet(
        name=name,
        label=filterset.filters[name].label,
        options=first,
        more=[option for option in options if option not in first],
    )


def _in_column(column, label=str):
    def count(cards, asked):
        rows = cards.exclude(**{column: ""}).values_list(column).annotate(number=Count("pk"))
        counted = list(rows.order_by("-number", column)[:COUNTED])
        counted += rows.filter(**{f"{column}__in": set(asked) - {row[0] for row in counted}})
        found = {row[0] for row in counted}
        counted += [(value, 0) for value in asked if value not in found]
        return [(value, label(value), number) for value, number in counted]

    return count


def _of_choices(column, choices):
    def count(cards, asked):
        counts = dict(cards.values_list(column).annotate(number=Count("pk")))
        return [(value, label, counts.get(value, 0)) for value, label in choices()]

    return count


def _confederations(cards, asked):
    held = Affiliation.objects.holding().filter(association__in=cards.values("pk"))
    counts = held.values_list("parent").annotate(number=Count("association", distinct=True))
    counts = dict(counts.order_by("-number", "parent")[:COUNTED])
    parents = Card.objects.public().filter(Q(pk__in=counts) | Q(slug__in=asked))
    rows = [(card.slug, card.acronym or card.name, counts.get(card.pk, 0)) for card in parents]
    return sorted(rows, key=lambda row: -row[2])


def _sectors(cards, asked):
    through = Association.sectors.through.objects.filter(association__in=cards.values("pk"))
    counts = through.values_list("sector").annotate(number=Count("pk"))
    counts = dict(counts.order_by("-number", "sector")[:COUNTED])
    sectors = Sector.objects.filter(Q(pk__in=counts) | Q(slug__in=asked))
    rows = [(sector.slug, sector.name, counts.get(sector.pk, 0)) for sector in sectors]
    return sorted(rows, key=lambda row: -row[2])


def _freshness(cards, asked):
    fresh, due = months_before(FRESH_MONTHS), months_before(DUE_MONTHS)
    counts = cards.aggregate(
        fresh=Count("pk", filter=Q(checked_on__gt=fresh)),
        due=Count("pk", filter=Q(checked_on__gt=due, checked_on__lte=fresh)),
        overdue=Count("pk", filter=Q(checked_on__lte=due)),
        never=Count("pk", filter=Q(checked_on=None)),
    )
    return [(state.value, state.label, counts[state.value]) for state in Freshness]


def _states():
    return [("public", _("active")), ("closed", _("closed"))]


COUNTS = {
    "country": _in_column("country", countries.name),
    "confederation": _confederations,
    "kind": _of_choices("kind", lambda: Association.Kind.choices),
    "sector": _sectors,
    "region": _in_column("region"),
    "locality": _in_column("locality"),
    "freshness": _freshness,
    "state": _of_choices("state", _states),
}
