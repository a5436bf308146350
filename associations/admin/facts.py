"""The facts of an entry, as rows of its form."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..dates import PartialDateField
from ..freshness import Freshness
from ..models import (
    Address,
    Affiliation,
    Citation,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
    Succession,
)
from .widgets import (
    CheckboxInput,
    ChosenSelect,
    FactForm,
    FactFormSet,
    KnownChoiceField,
    Select,
    SharedFields,
    TextInput,
)

WHEN = ("valid_from", "valid_to", "attested_on", "is_past")
WHENCE = ("source", "checked")


class FactInline(admin.StackedInline):
    """The facts of one table. A check is read here, and made by its own action."""

    extra = 0
    template = "admin/desk/facts.html"
    form = FactForm
    formset = FactFormSet
    autocomplete_fields = ["source"]
    readonly_fields = ["checked"]
    classes = ["fact-inline"]
    formfield_overrides = {
        models.CharField: {"widget": TextInput},
        models.BooleanField: {"widget": CheckboxInput},
    }
    refers_to = ["source"]

    class Media:
        css = {"all": ["associations/admin.css"]}

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.base_fields = SharedFields(formset.form.base_fields)
        return formset

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        return super().formfield_for_choice_field(db_field, request, widget=Select, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs |= {
                "form_class": KnownChoiceField,
                "widget": ChosenSelect(db_field, self.admin_site),
            }
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.autocomplete_fields:
            # What other facts refer to, too, is changed and deleted on its own page.
            field.widget.can_change_related = field.widget.can_delete_related = False
        if isinstance(db_field, PartialDateField):
            # Three dates in each of many facts: an example in the box says it with less ink.
            field.widget.attrs["placeholder"] = gettext("e.g. 2002-03")
            field.help_text = ""
        # Translated once, not in each row.
        field.label, field.help_text = str(field.label), str(field.help_text)
        return field

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.refers_to)

    @admin.display(description=_("checked"))
    def checked(self, fact):
        return fact.checked_on or Freshness.NEVER.label


class NameFormSet(FactFormSet):
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
        ("street_address",),
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
    refers_to = ["source", "parent__card"]
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
    refers_to = ["source", "association__card", "successor__card"]
    fields = [("kind", "association", "predecessor_name"), WHEN, WHENCE]


class SuccessorInline(FactInline):
    model = Succession
    fk_name = "association"
    verbose_name = _("successor")
    verbose_name_plural = _("successors")
    autocomplete_fields = ["successor", "source"]
    refers_to = ["source", "association__card", "successor__card"]
    fields = [("kind", "successor", "successor_name"), WHEN, WHENCE]


class CitationInline(FactInline):
    model = Citation
    readonly_fields = []
    fields = [("about", "source")]


INLINES = [
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
