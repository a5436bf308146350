"""The form that says what each column of a file is, and what holds for all of its rows."""

from collections import Counter

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .. import countries
from ..dates import PartialDateFormField
from ..importing.headers import FIELDS, REPEATABLE, SCHEMES
from ..models import OfficeHolder, Source

# Columns of numbers of which it is known whose they are, and of persons in one office.
NUMBERS = [f"identifier:{scheme}" for scheme in SCHEMES]
OFFICES = [f"officers:{role}" for role in OfficeHolder.Role.values]

LABELS = {
    "slug": gettext_lazy("slug"),
    "identifier": gettext_lazy("identifier"),
    "identifier_scheme": gettext_lazy("register of the number"),
    "other_identifiers": gettext_lazy("other identifiers"),
    "name": gettext_lazy("name"),
    "acronym": gettext_lazy("acronym"),
    "other_names": gettext_lazy("other names"),
    "former_names": gettext_lazy("former names"),
    "kind": gettext_lazy("kind"),
    "confederation": gettext_lazy("confederation"),
    "country": gettext_lazy("country"),
    "region": gettext_lazy("region"),
    "locality": gettext_lazy("city"),
    "postal_code": gettext_lazy("postal code"),
    "street_address": gettext_lazy("street and number"),
    "street_number": gettext_lazy("number of the house"),
    "address": gettext_lazy("whole address"),
    "town": gettext_lazy("postal code and city"),
    "address_extra": gettext_lazy("addition to the address"),
    "po_box": gettext_lazy("post office box"),
    "phone_and_fax": gettext_lazy("telephone and fax"),
    "care_of": gettext_lazy("care of"),
    "phone": gettext_lazy("telephone"),
    "fax": gettext_lazy("fax"),
    "email": gettext_lazy("e-mail"),
    "pec": gettext_lazy("certified e-mail (PEC)"),
    "website": gettext_lazy("website"),
    "president": gettext_lazy("president"),
    "president_given_name": gettext_lazy("first name of the president"),
    "president_family_name": gettext_lazy("surname of the president"),
    "president_prefix": gettext_lazy("honorific prefix of the president"),
    "president_role": gettext_lazy("role of the president"),
    "president_title": gettext_lazy("title of the president"),
    "president_since": gettext_lazy("president since"),
    "president_as_of": gettext_lazy("president as of"),
    "officers": gettext_lazy("other office holders"),
    "founding_date": gettext_lazy("founded"),
    "sector": gettext_lazy("sectors"),
    "description_it": gettext_lazy("description in Italian"),
    "description_en": gettext_lazy("description in English"),
    "source_title": gettext_lazy("title of the source"),
    "source_url": gettext_lazy("address of the source"),
    "source_date": gettext_lazy("date of the source"),
    "checked_on": gettext_lazy("checked on"),
}


def label(column):
    """What people call a column of the import; of one without a name of ours, as it is."""
    column, _colon, scheme = column.partition(":")
    name = LABELS.get(column, column)
    if column == "officers" and scheme:
        scheme = OfficeHolder.Role(scheme).label
    return f"{name} ({scheme})" if scheme else name


def _kind(name):
    """The field without whose numbers they are."""
    return name.partition(":")[0]


class ColumnsForm(forms.Form):
    country = forms.ChoiceField(
        label=gettext_lazy("Country of rows that name none"), required=False
    )
    identifier_scheme = forms.SlugField(
        label=gettext_lazy("Register of the numbers"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Whose numbers the identifiers are, as in it-cf, lei or us-ein."),
    )
    source_title = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=Source._meta.get_field("title").max_length,
        help_text=gettext_lazy(
            "What register or list this is. Keep it from year to year: its next edition is then"
            " compared with this one, and what is missing there is told."
        ),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address of the source"),
        max_length=1000,
        required=False,
        assume_scheme="https",
    )
    source_date = PartialDateFormField(
        label=gettext_lazy("Date of the source"),
        required=False,
        help_text=gettext_lazy(
            "A year, a month or a day: 2002, 2002-03 or 2002-03-01. Of two values that differ, that"
            " of the later date is shown."
        ),
    )
    checked_on = forms.DateField(
        label=gettext_lazy("Checked on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "Only if somebody made sure of each row on that day. An import is no check."
        ),
    )

    def __init__(self, job, data=None):
        initial = {"source_title": job.file_name, **job.defaults}
        super().__init__(data, initial=initial)
        self.job = job
        self.fields["country"].choices = [("", "—"), *countries.choices()]
        choices = [("", pgettext_lazy("column", "— leave out —"))]
        choices += sorted(
            ((name, capfirst(label(name))) for name in (*FIELDS, *NUMBERS, *OFFICES)),
            key=lambda pair: pair[1],
        )
        for index, heading in enumerate(job.header):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading or _("Column %d") % (index + 1),
                choices=choices,
                required=False,
                initial=job.mapping.get(str(index), ""),
            )

    @property
    def columns(self):
        """Each column of the file: its field here, and what stands in its first cells."""
        for index in range(len(self.job.header)):
            samples = [cells[index] for cells in self.job.first_rows if index < len(cells)]
            yield self[f"column_{index}"], [text for text in samples if text]

    @property
    def about_all(self):
        """The fields that are about all rows."""
        return [self[name] for name in self.base_fields]

    def clean(self):
        chosen = Counter(self.mapping.values())
        if "name" not in chosen:
            raise forms.ValidationError(_("Say which column is the name."))
        twice = [name for name in chosen if chosen[name] > 1 and _kind(name) not in REPEATABLE]
        if twice:
            raise forms.ValidationError(
                _("Only one column can be this: %s.") % ", ".join(str(label(n)) for n in twice)
            )
        is_told = "identifier_scheme" in chosen or self.cleaned_data.get("identifier_scheme")
        if not is_told and self._has_bare_numbers():
            self.add_error("identifier_scheme", _("Say whose numbers these are."))
        return self.cleaned_data

    def _has_bare_numbers(self):
        """Whether a column of identifiers does not say itself whose they are, as `it-cf:1` does."""
        numbers = (
            cells[int(index)]
            for index, name in self.mapping.items()
            for cells in self.job.first_rows
            if name == "identifier" and int(index) < len(cells)
        )
        return any(text and ":" not in text for text in numbers)

    @property
    def mapping(self):
        """`{number of the column: field}` of those that are not left out."""
        told = ((str(i), self.cleaned_data.get(f"column_{i}")) for i in range(len(self.job.header)))
        return {index: name for index, name in told if name}

    @property
    def defaults(self):
        """What holds for all rows, as JSON has it."""
        told = {name: self.cleaned_data.get(name) for name in self.base_fields}
        return {name: str(value) for name, value in told.items() if value}
