"""What the list of entries shows, and its filters, each value with how many entries it would show.

They are found and counted as those of visitors are, in one pass over the packed columns: a database
would take seconds to count a million rows four times.
"""

from abc import ABC, abstractmethod
from collections import Counter

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import F
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .. import columns, countries
from ..freshness import Freshness
from ..models import Association, FacetValue
from ..models.card import freshness_rule
from ..search import MAX_LENGTH, Sorted, search


class CountedFilter(admin.SimpleListFilter, ABC):
    """A filter by what the packed columns hold in `column`."""

    column = ""

    @classmethod
    @abstractmethod
    def numbers(cls, value):
        """The numbers in the column that stand for a value."""

    @classmethod
    @abstractmethod
    def labels(cls, counts):
        """`(value, label, number of entries)` of each value; `counts` is `{number: entries}`."""

    def __init__(self, request, params, model, model_admin):
        self.told = self.labels(counts(request)[self.column])
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(value, label) for value, label, _number in self.told]

    def choices(self, changelist):
        everything, *values = super().choices(changelist)
        yield everything
        for choice, (_value, label, number) in zip(values, self.told, strict=True):
            yield choice | {"display": f"{label} ({number})"}


class StateFilter(CountedFilter):
    title = _("state")
    parameter_name = "state__exact"
    column = "state"

    @classmethod
    def numbers(cls, value):
        return columns.state_numbers([value] if value in Association.State.values else [])

    @classmethod
    def labels(cls, counts):
        return _with_numbers(cls, Association.State.choices, counts)

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


class KindFilter(CountedFilter):
    title = _("kind")
    parameter_name = "kind__exact"
    column = "kind"

    @classmethod
    def numbers(cls, value):
        return columns.kind_numbers([value] if value in Association.Kind.values else [])

    @classmethod
    def labels(cls, counts):
        return _with_numbers(cls, Association.Kind.choices, counts)

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class FreshnessFilter(CountedFilter):
    title = _("freshness")
    parameter_name = "freshness"
    column = "checked_on"

    @classmethod
    def numbers(cls, value):
        return columns.days_of_freshness([value] if value in Freshness.values else [])

    @classmethod
    def labels(cls, counts):
        found = Counter()
        for day, number in counts.items():
            found[Freshness.of(columns.date_of(day))] += number
        return [(value, label, found[value]) for value, label in Freshness.choices]

    def queryset(self, request, queryset):
        if self.value() not in Freshness.values:
            return queryset
        return queryset.filter(freshness_rule(self.value(), prefix="card__"))


class CountryFilter(CountedFilter):
    title = _("country")
    parameter_name = "country"
    column = "country"

    @classmethod
    def numbers(cls, value):
        return columns.numbers_of("country", [value])

    @classmethod
    def labels(cls, counts):
        codes = dict(FacetValue.objects.filter(facet="country").values_list("pk", "value"))
        told = [
            (codes[number], countries.name(codes[number]), entries)
            for number, entries in counts.items()
            if number in codes
        ]
        return sorted(told, key=lambda each: each[1])

    def queryset(self, request, queryset):
        return queryset.filter(card__country=self.value()) if self.value() else queryset


FILTERS = [StateFilter, KindFilter, FreshnessFilter, CountryFilter]
# What the address of the list, and of a field that searches while one types, may ask for besides.
OTHER = {"o", "p", "q", "all", "e", "_changelist_filters", "_popup", "_to_field"}
OTHER |= {"term", "page", "app_label", "model_name", "field_name"}


def hits(request, text=None):
    """The `Hits` that the list shows of a text, or of what is searched; once for a request."""
    if not hasattr(request, "hits"):
        text = request.GET.get("q", "") if text is None else text
        accepted = {
            each.column: columns.any_of(each.column, each.numbers(value))
            for each in FILTERS
            if (value := request.GET.get(each.parameter_name))
        }
        text = text.replace("\0", "").strip()[:MAX_LENGTH]
        request.hits = search(text, columns.Conditions(**accepted), Association.State.values)
    return request.hits


def counts(request):
    """`{column: {number: entries}}` next to all filters but its own, once for a request."""
    if not hasattr(request, "counts_of_filters"):
        request.counts_of_filters = hits(request).tally([each.column for each in FILTERS])
    return request.counts_of_filters


class EntryList(ChangeList):
    """The list: by name, by a column, or in the order of what was searched."""

    def get_ordering_field_columns(self):
        """The columns that are marked as sorted by: none in the order of what was searched."""
        if self.query and "o" not in self.params:
            return {}
        return super().get_ordering_field_columns()


class EntryPaginator(Paginator):
    """Pages of entries: first the keys of a page by an index, then what is shown of these."""

    def __init__(self, object_list, per_page, request, **kwargs):
        # Every entry has a card: said so, the database may go along an index of the cards.
        super().__init__(object_list.filter(card__isnull=False), per_page, **kwargs)
        self.entries = object_list
        self.hits = hits(request)
        known = OTHER | {each.parameter_name for each in FILTERS}
        self.is_of_hits = request.GET.keys() <= known
        # All by name, the database goes straight to any page.
        self.is_cut_by_the_database = not self.is_of_hits or self.hits.is_blank
        if "o" in request.GET:
            self.hits = Sorted(self.hits, list(_of_cards(object_list.query.order_by)))
            self.is_cut_by_the_database = not self.is_of_hits

    @cached_property
    def count(self):
        return len(self.hits) if self.is_of_hits else self.entries.count()

    def page(self, number):
        page = super().page(number)
        if self.is_cut_by_the_database:
            keys = list(page.object_list.values_list("pk", flat=True))
        else:
            first = page.start_index() - 1
            keys = [card.pk for card in self.hits[max(first, 0) : page.end_index()]]
        found = Association.objects.with_card().in_bulk(keys)
        page.object_list = [found[key] for key in keys if key in found]
        return page


def _of_cards(order):
    """The order of a list of entries, said of their cards."""
    for each in order:
        if isinstance(each, str):
            yield each.replace("card__", "")
        else:
            told = each.copy()
            told.set_source_expressions([F(each.expression.name.removeprefix("card__"))])
            yield told


def _with_numbers(filter_class, choices, counts):
    return [
        (value, label, sum(counts.get(number, 0) for number in filter_class.numbers(value)))
        for value, label in choices
    ]
