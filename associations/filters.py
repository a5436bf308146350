"""What a visitor may ask of the directory: the same words for the page and for the API."""

import difflib

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from django_filters.filters import CharFilter, Filter

from . import countries
from .freshness import Freshness
from .models import Association, Card, Sector
from .models.association import PUBLIC_STATES
from .search import MAX_LENGTH, search

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100
MAX_VALUES = 50


def unknown(message, value, known):
    """The error that `value` is not among the `known`, with the nearest of them if one is near."""
    near = difflib.get_close_matches(value, [str(each) for each in known], 1, 0.6)
    value = value[:80]
    if near:
        return ValidationError(
            [
                ValidationError(message, "unknown", {"value": value}),
                _("Did you mean “%s”?") % near[0],
            ]
        )
    return ValidationError(message, "unknown", {"value": value})


class KnownValuesField(forms.Field):
    """Several values of one parameter, each of which `known(values)` has to return."""

    widget = forms.SelectMultiple

    def __init__(self, *, known, **kwargs):
        self.known = known
        super().__init__(**kwargs)

    def clean(self, values):
        values = list(dict.fromkeys(value for value in values or () if value))
        if len(values) > MAX_VALUES:
            raise ValidationError(_("At most %d values at a time.") % MAX_VALUES)
        if any("\0" in value or len(value) > 120 for value in values):
            raise ValidationError(_("This is no value of this filter."))
        known = self.known(values) if values else ()
        for value in values:
            if value not in known:
                raise unknown(_("“%(value)s” is not in this directory."), value, known)
        return values


class KnownValuesFilter(Filter):
    """Any of several values; `known(values)` returns at least those of them that there are."""

    field_class = KnownValuesField


def _in_column(column):
    def known(values):
        cards = Card.objects.public().filter(**{f"{column}__in": values})
        return set(cards.values_list(column, flat=True))

    return known


def _among(fixed):
    return lambda values: fixed


def _countries(values):
    return countries.names("en")


def _sectors(values):
    return set(Sector.objects.values_list("slug", flat=True))


def _confederations(values):
    return set(Card.objects.public().filter(slug__in=values).values_list("slug", flat=True))


# What a visitor may sort by: the label and the order.
SORTS = {
    "name": (_("name"), ["sort_key", "slug"]),
    "-name": (_("name, from Z to A"), ["-sort_key", "-slug"]),
    "locality": (_("city"), ["locality", "sort_key", "slug"]),
    "-checked": (_("last checked"), [F("checked_on").desc(nulls_last=True), "sort_key", "slug"]),
    "checked": (
        _("longest unchecked"),
        [F("checked_on").asc(nulls_first=True), "sort_key", "slug"],
    ),
}


class ListingForm(forms.Form):
    """The parameters that filter nothing. Says which are unknown, instead of leaving them out."""

    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[(key, label) for key, (label, _order) in SORTS.items()],
    )
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1, max_value=10**9)
    page_size = forms.IntegerField(
        label=_("Entries a page"), required=False, min_value=1, max_value=MAX_PAGE_SIZE
    )

    def clean(self):
        for name in self.data:
            if name not in self.fields:
                message = _("There is no parameter “%(value)s”.")
                self.add_error(None, unknown(message, name, self.fields))
            elif len(set(self.data.getlist(name))) > 1 and not self.takes_several(name):
                self.add_error(name, _("Give this parameter once: it has several values here."))
        return super().clean()

    def takes_several(self, name):
        return isinstance(self.fields[name], KnownValuesField)


class AssociationFilter(FilterSet):
    """Filters cards. Any of the values of one filter, all of the filters together."""

    q = CharFilter(label=_("Search"), max_length=MAX_LENGTH)
    confederation = KnownValuesFilter(
        label=_("Confederation"), method="of_confederation", known=_confederations
    )
    country = KnownValuesFilter(label=_("Country"), method="in_values", known=_countries)
    region = KnownValuesFilter(label=_("Region"), method="in_values", known=_in_column("region"))
    locality = KnownValuesFilter(label=_("City"), method="in_values", known=_in_column("locality"))
    kind = KnownValuesFilter(
        label=_("Kind"), method="in_values", known=_among(Association.Kind.values)
    )
    sector = KnownValuesFilter(label=_("Sector"), method="of_sector", known=_sectors)
    freshness = KnownValuesFilter(
        label=_("Freshness"), method="of_freshness", known=_among(Freshness.values)
    )
    state = KnownValuesFilter(label=_("State"), method="in_values", known=_among(PUBLIC_STATES))

    class Meta:
        model = Card
        fields = []
        form = ListingForm

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._searched = {}

    def in_values(self, queryset, name, values):
        return queryset.filter(**{f"{name}__in": values})

    def of_confederation(self, queryset, name, slugs):
        return queryset.members_of(
            *Association.objects.filter(slug__in=slugs).values_list("pk", flat=True)
        )

    def of_sector(self, queryset, name, slugs):
        return queryset.in_sectors(Sector.objects.filter(slug__in=slugs))

    def of_freshness(self, queryset, name, states):
        return queryset.of_freshness(*states)

    def filter_queryset(self, queryset, without=None):
        """The cards that the filters leave; `without` one of them (its name), to count its values.

        Closed entries are shown where they are asked for, not mixed in.
        """
        asked = self.form.cleaned_data
        for name, each in self.filters.items():
            if name != without and name != "q":
                queryset = each.filter(queryset, asked[name])
        queryset = queryset.public()
        if not asked["state"] and without != "state":
            queryset = queryset.filter(state=Association.State.PUBLIC)
        return queryset.order_by(*SORTS[asked["sort"] or "name"][1])

    def hits(self, without=None):
        """The search `Hits` among the cards that the filters leave, each searched but once."""
        if without not in self._searched:
            queryset = self.filter_queryset(self.queryset.all(), without)
            self._searched[without] = search(queryset, self.form.cleaned_data["q"])
        return self._searched[without]

    def listed(self):
        """The hits in the order asked for: by relevance, or sorted by a column."""
        asked = self.form.cleaned_data
        hits = self.hits()
        return hits.cards.order_by(*SORTS[asked["sort"]][1]) if asked["sort"] else hits

    def counted(self, name):
        """The cards among which the values of the filter `name` are counted."""
        is_in_force = self.selected(name) or name == "state"
        return self.hits(without=name if is_in_force else None).cards.order_by()

    def selected(self, name):
        """The values asked for of the filter `name`; none if the form is wrong."""
        return (self.form.cleaned_data.get(name) if self.is_valid() else None) or []
