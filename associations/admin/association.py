"""Entries: the list that staff search and filter, and the form of one."""

from collections import defaultdict
from functools import partial

from django.contrib import admin, messages
from django.db.models import F
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..changes import flush
from ..models import Address, Association, ContactPoint, FormerSlug, Revision
from ..plausibility import oddities
from .actions import EntryActions
from .exports import export
from .facts import INLINES
from .filters import FILTERS, EntryList, EntryPaginator, hits
from .histories import Histories
from .presence import Presences
from .tables import Desk
from .twins import EntryForm
from .widgets import ChosenSeveral

ABOUT_DATES = _(
    "Below, each fact has its dates and its source. A date is a year, a month or a day: 2002,"
    " 2002-03 or 2002-03-01. “Attested on” is the date for which the source says that it is so;"
    " “valid from” and “valid to” are only for what a source tells of its beginning and end."
)

# A save of these tells what is odd about them.
JUDGED = (Address, ContactPoint)


@admin.register(Association)
class AssociationAdmin(EntryActions, Histories, Presences, Desk):
    form = EntryForm
    list_display = ["name", "acronym", "place", "kind", "state", "freshness", "changed_at"]
    list_filter = FILTERS
    list_select_related = ["card"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # the filters count by themselves
    ordering = ["card__sort_key", "card__slug", "pk"]
    search_fields = ["slug"]  # what is searched is said by get_search_results()
    search_help_text = _("Name, acronym, former name, person, city, number: in any case or accent.")
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

    class Media:
        js = ["associations/staff.js"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_card()

    def get_urls(self):
        view = self.admin_site.admin_view(partial(export, self))
        name = "associations_association_export"
        return [path("export.<slug:kind>", view, name=name), *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        return EntryList

    def get_paginator(self, request, queryset, per_page, **kwargs):
        return EntryPaginator(queryset, per_page, request, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        """The public search: the same words find the same entries, drafts included."""
        found = hits(request, search_term)
        if found.is_blank:
            return queryset, False
        queryset = found.narrow(queryset)
        if "o" not in request.GET:  # the column that somebody chose to sort by
            queryset = queryset.order_by(found.place(), "card__sort_key", "card__slug", "pk")
        return queryset, False

    def get_readonly_fields(self, request, obj=None):
        may_publish = self.has_publish_permission(request)
        return [] if may_publish else ["state", "withdrawal_reason"]

    def revisions_of(self, row):
        return Revision.objects.about(row.pk)

    def moved_to(self, deletion):
        """The entry to which the address of a deleted one leads: it was merged."""
        led = FormerSlug.objects.filter(slug=(deletion.before or {}).get("slug", ""))
        former = led.select_related("association__card").first()
        return former and former.association

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets) and not form.has_changed():
            Association.objects.filter(pk=form.instance.pk).update(updated_at=timezone.now())
        # Now, so that what is said of the save calls the entry by the name that it has by now.
        flush()
        form.instance._state.fields_cache.pop("card", None)
        if any(formset.model in JUDGED and formset.has_changed() for formset in formsets):
            for odd in oddities(form.instance):
                self.message_user(request, _("Odd, and saved: %s") % odd.text, messages.WARNING)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            _warn(context["inline_admin_formsets"], obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = ChosenSeveral(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_deleted_objects(self, objs, request):
        """Who may delete an entry may delete what hangs on it, though nobody may without it."""
        deleted, counts, _permissions, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set(), protected

    def view_on_site(self, association):
        return association.get_absolute_url()

    @admin.display(description=_("name"), ordering="card__sort_key")
    def name(self, association):
        return association.card.name

    @admin.display(description=_("acronym"), ordering="card__acronym_key")
    def acronym(self, association):
        return association.card.acronym

    @admin.display(description=_("place"), ordering="card__country")
    def place(self, association):
        return ", ".join(filter(None, (association.card.locality, association.card.country_name)))

    @admin.display(description=_("freshness"), ordering=F("card__checked_on").asc(nulls_first=True))
    def freshness(self, association):
        return association.card.freshness.label

    @admin.display(description=_("last edited"), ordering="card__changed_at")
    def changed_at(self, association):
        return association.card.changed_at


def _warn(inlines, association):
    """Let the rows of the form tell what is odd about them as they were saved; 2 queries."""
    odd = defaultdict(dict)
    for each in oddities(association):
        odd[type(each.fact), each.fact.pk][each.column] = each.text
    for formset in (inline.formset for inline in inlines):
        for form in formset.initial_forms:
            form.warn(odd.get((formset.model, form.instance.pk), {}))
