"""A row of a file is a form: what its cells may say, and what is wrong where they do not."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import countries
from ..dates import PartialDateFormField
from ..models import Address, Affiliation, Association, ContactPoint, Name, OfficeHolder, Source
from ..models.contacts import VALIDATORS
from ..search import sort_key, words

SECTOR_LENGTH = 120
# 3,90645E+11
CUT_BY_EXCEL = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
# Django's fields look for them in what `to_python()` makes of a text; not all make it a text.
refuse_null_characters = ProhibitNullCharactersValidator()


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why, in words for its owner."""


def _text(model, name, **kwargs):
    return forms.CharField(
        max_length=model._meta.get_field(name).max_length, required=False, **kwargs
    )


def joined(items):
    """The cell of a `ListField` that says these values: `|` stands between them.

    After a backslash it is itself, as is a backslash.
    """
    return "|".join([_escaped(item, "|") for item in items])


def _escaped(text, sign):
    return text.replace("\\", "\\\\").replace(sign, f"\\{sign}")


def parted(text, sign):
    if "\\" not in text:
        return [part.strip() for part in text.split(sign)]
    pieces = re.findall(rf"(?:\\.|[^{re.escape(sign)}\\]|\\$)+", text, re.DOTALL)
    return [re.sub(rf"\\([\\{re.escape(sign)}])", r"\1", piece).strip() for piece in pieces]


class ListField(forms.CharField):
    """Several values in one cell, each at most `item_length` characters long and `valid`."""

    def __init__(self, *, item_length, valid=None, **kwargs):
        self.item_length = item_length
        self.valid = valid
        super().__init__(required=False, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        refuse_null_characters(text)
        items = parted(text, "|")
        items = [item for item in dict.fromkeys(items) if item]
        if any(len(item) > self.item_length for item in items):
            raise ValidationError(_("One of these has more than %d characters.") % self.item_length)
        if self.valid:
            for item in items:
                self.valid(item)
        return items


def _refuse_cut_number(text):
    if CUT_BY_EXCEL.fullmatch(text):
        reason = _("“%s” is what Excel makes of a long number: its digits are lost.")
        raise ValidationError(reason % text)


def _contacts(type):
    def valid(text):
        _refuse_cut_number(text)
        VALIDATORS[type](text)

    max_length = ContactPoint._meta.get_field("value").max_length
    return ListField(item_length=max_length, valid=valid)


class CountryField(forms.CharField):
    def to_python(self, value):
        code = super().to_python(value).upper()
        if code and code not in countries.names("en"):
            raise ValidationError(_("Write a country by its two letters, as in IT (ISO 3166-1)."))
        return code


class IdentifierField(forms.CharField):
    def to_python(self, value):
        text = super().to_python(value)
        refuse_null_characters(text)
        if not text:
            return None
        scheme, colon, number = (part.strip() for part in text.partition(":"))
        if not colon or not number or slugify(scheme) != scheme:
            raise ValidationError(_("Write scheme:number, as in it-cf:97204050583."))
        if len(scheme) > 40 or len(number) > 80:
            raise ValidationError(_("At most 40 characters of scheme and 80 of number."))
        _refuse_cut_number(number)
        return scheme, number


class IdentifiersField(ListField):
    def to_python(self, value):
        return [IdentifierField().to_python(item) for item in super().to_python(value)]


class OfficersField(ListField):
    """Persons: each a name, a role, the office in other words and a title before the name.

    As in `Anna Verdi; director_general; direttrice; Dr.`, from its end on without what is empty.
    """

    PARTS = ("name", "role", "title", "honorific_prefix")

    def to_python(self, value):
        return [self.officer(text) for text in super().to_python(value)]

    def officer(self, text):
        parts = parted(text, ";")
        if len(parts) > len(self.PARTS) or not parts[0]:
            raise ValidationError(_("Write name; role; office; title: “%s” is not so.") % text[:80])
        told = dict.fromkeys(self.PARTS, "") | dict(zip(self.PARTS, parts, strict=False))
        told["role"] = told["role"] or OfficeHolder.Role.OTHER.value
        if told["role"] not in OfficeHolder.Role:
            raise ValidationError(_("There is no role “%s”.") % told["role"][:80])
        for column, said in told.items():
            if len(said) > OfficeHolder._meta.get_field(column).max_length:
                raise ValidationError(_("“%s” is too long.") % said[:80])
        return told

    @classmethod
    def cell(cls, officers):
        """The cell that says these, each a dictionary or an `OfficeHolder`'s columns."""
        cells = []
        for officer in officers:
            parts = [_escaped(officer[part], ";") for part in cls.PARTS]
            while not parts[-1]:
                parts.pop()
            cells.append("; ".join(parts))
        return joined(cells)


OF_A_PRESIDENT = {
    *("president_prefix", "president_role", "president_title"),
    *("president_since", "president_as_of"),
}


class AssociationRow(forms.Form):
    """One row. Its fields are the columns that a file may have, in any order."""

    slug = forms.SlugField(max_length=100, required=False)
    identifier = IdentifierField(required=False)
    other_identifiers = IdentifiersField(item_length=121)
    name = forms.CharField(
        max_length=400, error_messages={"required": gettext_lazy("A name is needed.")}
    )
    acronym = _text(Name, "name")
    other_names = ListField(item_length=400)
    former_names = ListField(item_length=400)
    kind = forms.ChoiceField(
        choices=Association.Kind,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("“%(value)s” is no kind that the directory knows.")
        },
    )
    confederation = ListField(item_length=400)
    country = CountryField(required=False)
    region = _text(Address, "region")
    locality = _text(Address, "locality")
    postal_code = _text(Address, "postal_code")
    street_address = _text(Address, "street_address")
    phone = _contacts(ContactPoint.Type.PHONE)
    fax = _contacts(ContactPoint.Type.FAX)
    email = _contacts(ContactPoint.Type.EMAIL)
    pec = _contacts(ContactPoint.Type.PEC)
    website = _contacts(ContactPoint.Type.WEBSITE)
    president = _text(OfficeHolder, "name")
    president_prefix = _text(OfficeHolder, "honorific_prefix")
    president_role = forms.ChoiceField(choices=OfficeHolder.Role, required=False)
    president_title = _text(OfficeHolder, "title")
    president_since = PartialDateFormField(required=False)
    president_as_of = PartialDateFormField(required=False)
    officers = OfficersField(item_length=400)
    founding_date = PartialDateFormField(required=False)
    sector = ListField(item_length=SECTOR_LENGTH)
    description_it = _text(Association, "description_it")
    description_en = _text(Association, "description_en")
    source_title = _text(Source, "title")
    source_url = forms.URLField(max_length=1000, required=False, assume_scheme="https")
    source_date = PartialDateFormField(required=False)
    checked_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def read(self, cells):
        """Validate another row with this same form: one form for each costs three times as much.

        A cell without a column, "", says why the row cannot be one at all.
        Empty cells are empty values: only the others, most often the fewer, are validated.
        """
        ended = [name for name in ENDED if cells.get(name, "").strip().casefold() == NO_LONGER]
        self.fields = {name: self.base_fields[name] for name in MISSED}
        for name, text in cells.items():
            if name and text.strip():
                self.fields[name] = self.base_fields[name]
        for name in ended:
            del self.fields[name]
        self.is_bound = True
        self.data = cells
        self.full_clean()
        self.cleaned_data = EMPTY | self.cleaned_data | {"ended": ended}
        return self.is_valid()

    def _clean_fields(self):
        """As Django does it, but straight from the cells: the fields of a page, which it asks for
        them, take longer to make than most cells to be looked at."""
        for name in self.fields:
            try:
                self.cleaned_data[name] = self.fields[name].clean(self.data.get(name))
                if clean := getattr(self, f"clean_{name}", None):
                    self.cleaned_data[name] = clean()
            except ValidationError as error:
                self.add_error(name, error)

    def clean_name(self):
        name = self.cleaned_data["name"]
        if not words(name):
            raise ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_checked_on(self):
        day = self.cleaned_data["checked_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Nobody can have checked it in the future."))
        return day

    def clean(self):
        told = self.cleaned_data
        if reason := self.data.get(""):
            self._errors.clear()
            raise ValidationError(reason)
        is_told = not OF_A_PRESIDENT.isdisjoint(self.fields)
        if is_told and not told.get("president") and any(map(told.get, OF_A_PRESIDENT)):
            self.add_error("president", _("Something is said of a president, and there is none."))
        return told


COLUMNS = tuple(AssociationRow.base_fields)
LISTS = tuple(
    name for name, field in AssociationRow.base_fields.items() if isinstance(field, ListField)
)
# What a cell says of a fact that is over: it ends, and nothing takes its place.
NO_LONGER = "(none)"
# The columns where it may stand, and the facts that end.
ENDED: dict[str, list[tuple]] = {
    **{type.value: [(ContactPoint, {"type": type})] for type in ContactPoint.Type},
    "president": [(OfficeHolder, {"role": OfficeHolder.Role.PRESIDENT})],
    "confederation": [(Affiliation, {})],
}
# Most cells of a file say what others above them say: that was right, it is not validated again.
for _field in AssociationRow.base_fields.values():
    _field.clean = lru_cache(maxsize=1000)(_field.clean)  # type: ignore[method-assign]
# The columns that are wrong when they are empty: always, or beside another.
MISSED = ("name", "president")
EMPTY: dict = {
    name: field.clean("") for name, field in AssociationRow.base_fields.items() if name != "name"
}


@dataclass
class Coming:
    """A new association of an earlier row, where the rows before are not saved yet."""

    line: int


@dataclass
class Row:
    """A good row on its way in: its values, and the association that it turns out to be of."""

    line: int
    told: dict
    association: Association | None = None
    is_new: bool = False
    # By its name in the row: the key of an association that it belongs to, the `Row` of one that
    # is not saved yet, None where there is none.
    confederations: dict = field(default_factory=dict)
    # Confederations that stand perhaps further down in the file.
    awaited: list = field(default_factory=list)
    # What somebody decided: `matching.NEW`, or the key of the entry that it is of.
    choice: object = None
    entry: int | None = None
    # What it might be of, `{key: reason}`, where nobody has decided yet.
    candidates: dict = field(default_factory=dict)
    # What it tells that is for somebody to decide: `[column, value, reason]` of each.
    asked: list = field(default_factory=list)
    is_withdrawn: bool = False
    # What it adds to a known entry, each with what is shown so far; what it ends, and checks.
    facts: list = field(default_factory=list)
    ended: list = field(default_factory=list)
    checked: list = field(default_factory=list)
    sectors: dict = field(default_factory=dict)
    fills_in: list = field(default_factory=list)
    news: str = "unchanged"

    @property
    def identifier(self):
        return self.told["identifier"]

    @cached_property
    def identifiers(self):
        first = [self.identifier] if self.identifier else []
        return list(dict.fromkeys([*first, *self.told["other_identifiers"]]))

    @property
    def parents(self):
        return [parent for parent in self.confederations.values() if parent is not None]

    @cached_property
    def key(self):
        """What it is matched by where it has no identifier."""
        return sort_key(self.told["name"]), self.told["country"]

    @property
    def outcome(self):
        """The column of the `Report` in which it counts."""
        return "created" if self.is_new else self.news

    def learns(self, news):
        if self.news != "changed":
            self.news = news

    def tells(self, column):
        """Whether the entry has this column from this row."""
        return bool(self.told[column]) if self.is_new else column in self.fills_in
