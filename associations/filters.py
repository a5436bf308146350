"""What a visitor may ask of the directory: the same words for the page and for the API."""

import difflib
import re
from copy import copy

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from django_filters.filters import CharFilter, Filter

from . import columns, countries
from .dates import PartialDateFormField
from .freshness import Freshness
from .models import Affiliation, Association, Card, FacetValue, Sector
from .models.association import PUBLIC_STATES
from .search import MAX_LENGTH, Sorted, search

PAGE_SIZE = 25
MAX_PAGE_SIZE = 100
MAX_VALUES = 50
MAX_VALUE_LENGTH = 120
# So many values of a filter are told where all are asked for.
MOST_KNOWN = 501


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
    """Several values of one parameter, each of which `known(values)` has to return.

    `known()` without any returns all that there are, or at least `MOST_KNOWN` of them; as a
    queryset where that makes a query.
    """

    widget = forms.SelectMultiple
    most = MAX_VALUES

    def __init__(self, *, known, **kwargs):
        self.known = known
        super().__init__(**kwargs)

    def __deepcopy__(self, memo):
        """For each form: nothing in it changes."""
        return copy(self)

    def clean(self, values):
        values = list(dict.fromkeys(value for value in values or () if value))
        if len(values) > self.most:
            raise ValidationError(_("At most %d values at a time.") % self.most)
        if any("\0" in value or len(value) > MAX_VALUE_LENGTH for value in values):
            raise ValidationError(_("This is no value of this filter."))
        known = list(self.known(values)) if values else ()
        for value in values:
            if value not in known:
                raise unknown(_("“%(value)s” is not in this directory."), value, known)
        return values


class KnownValuesFilter(Filter):
    """Any of several values; `known(values)` returns at least those of them that there are.

    `numbers(values)` are those by which the records (`columns`) call them.
    """

    field_class = KnownValuesField

    def __init__(self, *, numbers, **kwargs):
        super().__init__(**kwargs)
        self.numbers = numbers

    def __deepcopy__(self, memo):
        """For each request: nothing in it changes but to which filterset it belongs."""
        return copy(self)


class NumberField(forms.IntegerField):
    """A whole number in plain digits: not `1.0`, ` 1` or `1_0`, which Python reads as well."""

    def to_python(self, value):
        if value and not re.fullmatch("[0-9]{1,20}", value):
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return super().to_python(value)


def _in_column(facet):
    def known(values=None):
        found = FacetValue.objects.filter(facet=facet).order_by("value")
        if values is not None:
            found = found.filter(value__in=values)
        numbers = dict(found.values_list("pk", "value")[:MOST_KNOWN])
        having = columns.PUBLIC.having(facet, numbers)
        return [value for number, value in numbers.items() if number in having]

    return known


def _numbers(facet):
    return lambda values: columns.numbers_of(facet, values)


def _among(fixed):
    return lambda values=None: fixed


def _countries(values=None):
    return countries.names("en")


def _sectors(values=None):
    return Sector.objects.values_list("slug", flat=True)


def _confederations(values=None):
    cards = Card.objects.public().order_by("slug")
    if values is None:
        cards = cards.filter(pk__in=Affiliation.objects.values("parent"))
    else:
        cards = cards.at(values)
    return cards.values_list("slug", flat=True)


def _numbers_of_confederations(slugs):
    keys = Association.objects.filter(slug__in=slugs).values_list("pk", flat=True)
    return columns.numbers_of_sets("confederation", keys)


def _numbers_of_sectors(slugs):
    keys = Sector.objects.filter(slug__in=slugs).values_list("pk", flat=True)
    return columns.numbers_of_sets("sector", keys)


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


class ParametersForm(forms.Form):
    """Parameters of an address. Says which are `unknown`, instead of leaving them out."""

    def clean(self):
        self.unknown = {}
        for name in self.data:
            if name not in self.fields:
                error = unknown(_("There is no parameter “%(value)s”."), name, self.fields)
                self.unknown[name] = error.messages
                self.add_error(None, error)
            elif len(set(self.data.getlist(name))) > 1 and not self.takes_several(name):
                self.add_error(name, _("Give this parameter once: it has several values here."))
        return super().clean()

    def takes_several(self, name):
        return isinstance(self.fields[name], KnownValuesField)


class ListingForm(ParametersForm):
    """The parameters that filter nothing."""

    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[(key, label) for key, (label, _order) in SORTS.items()],
    )
    page = NumberField(label=_("Page"), required=False, min_value=1, max_value=10**9)
    page_size = NumberField(
        label=_("Entries a page"), required=False, min_value=1, max_value=MAX_PAGE_SIZE
    )


class DayForm(forms.Form):
    """The day of which a contact page is asked for: a year or a month stands for its first day."""

    on = PartialDateFormField()

    def clean_on(self):
        """The day as a date; None for today."""
        day, today = self.cleaned_data["on"].earliest, timezone.localdate()
        if day > today:
            raise ValidationError(_("No source tells what will be: choose a day up to today."))
        return None if day == today else day


# What is listed where no state is asked for.
LISTED = columns.Conditions(state=columns.any_of("state", columns.state_numbers(["public"])))


class AssociationFilter(FilterSet):
    """Filters cards. Any of the values of one filter, all of the filters together."""

    q = CharFilter(label=_("Search"), max_length=MAX_LENGTH)
    confederation = KnownValuesFilter(
        label=_("Confederation"), known=_confederations, numbers=_numbers_of_confederations
    )
    country = KnownValuesFilter(label=_("Country"), known=_countries, numbers=_numbers("country"))
    region = KnownValuesFilter(
        label=_("Region"), known=_in_column("region"), numbers=_numbers("region")
    )
    locality = KnownValuesFilter(
        label=_("City"), known=_in_column("locality"), numbers=_numbers("locality")
    )
    kind = KnownValuesFilter(
        label=_("Kind"), known=_among(Association.Kind.values), numbers=columns.kind_numbers
    )
    sector = KnownValuesFilter(label=_("Sector"), known=_sectors, numbers=_numbers_of_sectors)
    freshness = KnownValuesFilter(
        label=_("Freshness"), known=_among(Freshness.values), numbers=columns.days_of_freshness
    )
    state = KnownValuesFilter(
        label=_("State"), known=_among(PUBLIC_STATES), numbers=columns.state_numbers
    )

    class Meta:
        model = Card
        fields = []
        form = ListingForm

    _form_classes = {}

    def get_form_class(self):
        """The same each time: its fields do not depend on what is asked."""
        filterset = type(self)
        if filterset not in self._form_classes:
            self._form_classes[filterset] = super().get_form_class()
        return self._form_classes[filterset]

    def filter_queryset(self, queryset):
        """The hits in the order asked for: by relevance, or sorted by a column."""
        sort = self.form.cleaned_data["sort"]
        return Sorted(self.hits, SORTS[sort][1]) if sort else self.hits

    @cached_property
    def hits(self):
        """What the search finds, of which the filters leave some."""
        version = getattr(self.request, "data_version", None)
        return search(self.form.cleaned_data["q"], self.conditions(), version=version)

    def conditions(self):
        """What the filters ask of the columns. Closed entries are shown where they are asked for,
        not mixed in."""
        asked = self.form.cleaned_data
        accepted = dict(LISTED.accepted)
        for name, each in self.filters.items():
            if name != "q" and asked[name]:
                column = columns.COLUMN_OF.get(name, name)
                accepted[column] = columns.any_of(column, each.numbers(asked[name]))
        return columns.Conditions(**accepted)

    def selected(self, name):
        """The values asked for of the filter `name`; none if the form is wrong."""
        return self._asked.get(name) or []

    @cached_property
    def _asked(self):
        return self.form.cleaned_data if self.is_valid() else {}
