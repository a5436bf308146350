"""The desk of staff. What it changes passes the models' own rules; one save is one change."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import columns, countries
from .changes import one_change
from .checking import mark_checked
from .dates import PartialDateField
from .freshness import Freshness
from .models import (
    Address,
    Affiliation,
    Association,
    Card,
    Citation,
    ContactPoint,
    FormerSlug,
    Identifier,
    Name,
    OfficeHolder,
    Sector,
    Source,
    Succession,
)
from .search import MAX_LENGTH, search

admin.site.site_header = _("Contact Centre Associations: staff")
admin.site.site_title = _("Contact Centre Associations: staff")
admin.site.index_title = _("What do you want to put right?")

WHEN = ("valid_from", "valid_to", "attested_on", "is_past")
WHENCE = ("source", "checked")
ABOUT_DATES = _(
    "Below, each fact has its dates and its source. A date is a year, a month or a day: 2002,"
    " 2002-03 or 2002-03-01. “Attested on” is the date for which the source says that it is so;"
    " “valid from” and “valid to” are only for what a source tells of its beginning and end."
)


class FactInline(admin.StackedInline):
    """The facts of one table. A check is read here, and made by its own action."""

    extra = 0
    autocomplete_fields = ["source"]
    readonly_fields = ["checked"]
    classes = ["fact-inline"]

    class Media:
        css = {"all": ["associations/admin.css"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, PartialDateField):
            # Three dates in each of many facts: an example in the box says it with less ink.
            field.widget.attrs["placeholder"] = _("e.g. 2002-03")
            field.help_text = ""
        return field

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source")

    @admin.display(description=_("checked"))
    def checked(self, fact):
        return fact.checked_on or Freshness.NEVER.label


class NameFormSet(forms.BaseInlineFormSet):
    """One official name at a time: judged by what the whole form says, which no single row can."""

    def clean(self):
        super().clean()
        if sum(map(_is_open_official, self.forms)) > 1:
            constraint = next(
                c for c in Name._meta.constraints if c.name == "one_official_name_at_a_time"
            )
            raise ValidationError(constraint.violation_error_message)

    def save_existing_objects(self, commit=True):
        # The name that stops being the official one makes room before the next takes its place.
        number = self.initial_form_count()
        self.forms[:number] = sorted(self.forms[:number], key=_is_open_official)
        return super().save_existing_objects(commit)


def _is_open_official(form):
    told = getattr(form, "cleaned_data", {})
    return (
        told.get("type") == Name.Type.OFFICIAL
        and not told.get("valid_to")
        and not told.get("is_past")
        and not told.get("DELETE")
    )


class NameInline(FactInline):
    model = Name
    formset = NameFormSet
    fields = [("type", "name", "language"), WHEN, WHENCE]


class ContactPointInline(FactInline):
    model = ContactPoint
    fields = [("type", "value", "label", "country"), WHEN, WHENCE]


class AddressInline(FactInline):
    model = Address
    fields = [
        "street_address",
        ("postal_code", "locality", "region", "country"),
        WHEN,
        WHENCE,
    ]


class OfficeHolderInline(FactInline):
    model = OfficeHolder
    fields = [("role", "title"), ("honorific_prefix", "name"), WHEN, WHENCE]


class AffiliationInline(FactInline):
    model = Affiliation
    fk_name = "association"
    autocomplete_fields = ["parent", "source"]
    fields = [("parent", "status"), WHEN, WHENCE]


class IdentifierInline(FactInline):
    model = Identifier
    fields = [("scheme", "value"), WHEN, WHENCE]


class PredecessorInline(FactInline):
    model = Succession
    fk_name = "successor"
    verbose_name = _("predecessor")
    verbose_name_plural = _("predecessors")
    autocomplete_fields = ["association", "source"]
    fields = [("kind", "association", "predecessor_name"), WHEN, WHENCE]


class SuccessorInline(FactInline):
    model = Succession
    fk_name = "association"
    verbose_name = _("successor")
    verbose_name_plural = _("successors")
    autocomplete_fields = ["successor", "source"]
    fields = [("kind", "successor", "successor_name"), WHEN, WHENCE]


class CitationInline(admin.TabularInline):
    model = Citation
    extra = 0
    autocomplete_fields = ["source"]


class FreshnessFilter(admin.SimpleListFilter):
    title = _("freshness")
    parameter_name = "freshness"

    def lookups(self, request, model_admin):
        return Freshness.choices

    def queryset(self, request, queryset):
        if self.value() not in Freshness.values:
            return queryset
        return queryset.filter(pk__in=Card.objects.of_freshness(self.value()).values("pk"))


class CountryFilter(admin.SimpleListFilter):
    title = _("country")
    parameter_name = "country"

    def lookups(self, request, model_admin):
        codes = Card.objects.exclude(country="").order_by().values_list("country", flat=True)
        named = [(code, countries.name(code)) for code in codes.distinct()]
        return sorted(named, key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(card__country=self.value()) if self.value() else queryset


# What Django takes for keys of rows and looks up as it is, and what a key can be.
KEYS = re.compile(r"_selected_action|sectors|(?:.+-)?(?:id|source|parent|association|successor)")
KEY = re.compile(r"\d{0,18}", re.ASCII)


def refuse_forged(data):
    """Raise `BadRequest` for what no form sends: a key that is none, more rows than fields."""
    for name, values in data.lists():
        if KEYS.fullmatch(name) and not all(map(KEY.fullmatch, values)):
            raise BadRequest(f"{name} is no key")
        if name.endswith("-TOTAL_FORMS") and any(
            value.isdecimal() and (len(value) > 6 or int(value) > len(data)) for value in values
        ):
            raise BadRequest(f"{name} is more than was sent")


class Desk(admin.ModelAdmin):
    """What every table of the desk has: an answer to forged forms."""

    def changelist_view(self, request, extra_context=None):
        refuse_forged(request.POST)
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, *args, **kwargs):
        refuse_forged(request.POST)
        return super().changeform_view(request, *args, **kwargs)


@admin.register(Association)
class AssociationAdmin(Desk):
    list_display = ["name", "acronym", "place", "kind", "state", "freshness", "updated_at"]
    list_filter = ["state", "kind", FreshnessFilter, CountryFilter]
    list_select_related = ["card"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["card__sort_key", "slug"]
    search_fields = ["slug"]  # what is searched is said by get_search_results()
    search_help_text = _("Name, acronym, former name, person, city, number: in any case or accent.")
    actions = ["confirm", "publish", "close", "withdraw"]
    autocomplete_fields = ["sectors"]
    fieldsets = [
        (
            None,
            {
                "fields": [("slug", "kind", "state"), "withdrawal_reason"],
                "description": ABOUT_DATES,
                "classes": ["fact-inline"],
            },
        ),
        (
            _("What it is"),
            {
                "fields": [
                    ("description_it", "description_en"),
                    ("founding_date", "dissolution_date"),
                    "sectors",
                ],
                "classes": ["fact-inline"],
            },
        ),
    ]
    inlines = [
        NameInline,
        ContactPointInline,
        AddressInline,
        OfficeHolderInline,
        AffiliationInline,
        IdentifierInline,
        PredecessorInline,
        SuccessorInline,
        CitationInline,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_card()

    def get_search_results(self, request, queryset, search_term):
        """The public search: the same words find the same entries, drafts included."""
        search_term = search_term.replace("\0", "").strip()
        if not search_term:
            return queryset, False
        hits = search(search_term[:MAX_LENGTH], columns.Conditions(), Association.State.values)
        found = hits.narrow(queryset)
        if "o" not in request.GET:  # the column that somebody chose to sort by
            found = found.order_by(hits.place(), "card__sort_key", "slug")
        return found, False

    def get_readonly_fields(self, request, obj=None):
        may_publish = request.user.has_perm("associations.publish_association")
        return [] if may_publish else ["state", "withdrawal_reason"]

    def changeform_view(self, request, *args, **kwargs):
        with one_change():
            return super().changeform_view(request, *args, **kwargs)

    def view_on_site(self, association):
        return association.get_absolute_url()

    @admin.display(description=_("name"), ordering="card__sort_key")
    def name(self, association):
        return association.card.name

    @admin.display(description=_("acronym"), ordering="card__acronym")
    def acronym(self, association):
        return association.card.acronym

    @admin.display(description=_("place"), ordering="card__country")
    def place(self, association):
        return ", ".join(filter(None, (association.card.locality, association.card.country_name)))

    @admin.display(description=_("freshness"), ordering=F("card__checked_on").asc(nulls_first=True))
    def freshness(self, association):
        return association.card.freshness.label

    @admin.action(description=_("Checked, still right: all current facts"), permissions=["change"])
    def confirm(self, request, queryset):
        number = mark_checked(queryset, timezone.localdate())
        text = ngettext(
            "%d fact is checked as of today.", "%d facts are checked as of today.", number
        )
        self.message_user(request, text % number, messages.SUCCESS)

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        self._set_state(request, queryset, Association.State.PUBLIC)

    @admin.action(
        description=_("Close: keep readable, marked as no longer active"), permissions=["publish"]
    )
    def close(self, request, queryset):
        self._set_state(request, queryset, Association.State.CLOSED)

    @admin.action(
        description=_("Withdraw: no longer readable, nor imported again"), permissions=["publish"]
    )
    def withdraw(self, request, queryset):
        self._set_state(request, queryset, Association.State.WITHDRAWN)

    def has_publish_permission(self, request):
        return request.user.has_perm("associations.publish_association")

    def _set_state(self, request, queryset, state):
        if not self.has_publish_permission(request):
            raise PermissionDenied
        with one_change():
            changed = list(queryset.exclude(state=state))
            for association in changed:
                self.log_change(request, association, [{"changed": {"fields": ["state"]}}])
            keys = [association.pk for association in changed]
            Association.objects.filter(pk__in=keys).update(state=state, updated_at=timezone.now())
        text = ngettext(
            "%(number)d entry is now: %(state)s.",
            "%(number)d entries are now: %(state)s.",
            len(keys),
        )
        self.message_user(
            request, text % {"number": len(keys), "state": state.label}, messages.SUCCESS
        )


@admin.register(Source)
class SourceAdmin(Desk):
    list_display = ["title", "publisher", "published_on", "seen_on"]
    search_fields = ["title", "publisher", "url"]
    search_help_text = _("Title, publisher or web address.")
    show_full_result_count = False
    list_per_page = 50


@admin.register(Sector)
class SectorAdmin(Desk):
    list_display = ["slug", "name_en", "name_it"]
    search_fields = ["slug", "name_en", "name_it"]


@admin.register(FormerSlug)
class FormerSlugAdmin(Desk):
    """To be read only: the database writes it."""

    list_display = ["slug", "association"]
    list_select_related = ["association__card"]
    search_fields = ["slug"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
