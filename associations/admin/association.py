"""Entries: the list that staff search and filter, and the form of one."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import columns, countries
from ..changes import one_change
from ..checking import mark_checked
from ..freshness import Freshness
from ..models import Association, Card, Changeset, Revision
from ..search import MAX_LENGTH, search
from .facts import INLINES
from .tables import Desk

ABOUT_DATES = _(
    "Below, each fact has its dates and its source. A date is a year, a month or a day: 2002,"
    " 2002-03 or 2002-03-01. “Attested on” is the date for which the source says that it is so;"
    " “valid from” and “valid to” are only for what a source tells of its beginning and end."
)


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
    inlines = INLINES

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

    def revisions_of(self, row):
        return Revision.objects.about(row.pk)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets) and not form.has_changed():
            Association.objects.filter(pk=form.instance.pk).update(updated_at=timezone.now())

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
        with one_change(request.user, Changeset.Way.CHECK):
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
        with one_change(request.user, Changeset.Way.ADMIN):
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
