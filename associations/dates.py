"""Dates as sources give them: a year, a month or a day.

They are kept as their ISO 8601 text (`2002`, `2002-03`, `2002-03-01`): text that sorts in the
order of time, keeps its precision, and means the same on every database. Unknown is empty text.
"""

import calendar
import datetime
import re
from functools import lru_cache

from babel.dates import format_date
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FORMAT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def today():
    """The day it is: a default of fields."""
    return timezone.localdate()


class PartialDate(str):
    """A year, a month or a day, as ISO 8601 text.

    Raises `ValueError` for any other text and for days that are in no calendar.
    """

    __slots__ = ()

    def __new__(cls, text):
        match = FORMAT.fullmatch(str(text))
        if not match:
            raise ValueError(f"not a year, a month or a day: {text!r}")
        year, month, day = (int(part or 1) for part in match.groups())
        datetime.date(year, month, day)  # a 13th month or a 30 February is a ValueError here
        return super().__new__(cls, text)

    @property
    def precision(self):
        """`year`, `month` or `day`."""
        return {4: "year", 7: "month", 10: "day"}[len(self)]

    @property
    def earliest(self):
        """The first day it may mean."""
        return datetime.date(*(int(part) for part in f"{self}-01-01"[:10].split("-")))

    @property
    def latest(self):
        """The last day it may mean."""
        first = self.earliest
        if self.precision == "day":
            return first
        if self.precision == "year":
            return datetime.date(first.year, 12, 31)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])

    @property
    def before(self):
        """The day, month or year right before it: what ends then leaves no gap and no overlap.

        Raises `OverflowError` where the calendar has none.
        """
        last = self.earliest - datetime.timedelta(days=1)
        return PartialDate(last.isoformat()[: len(self)])

    def in_words(self):
        """`2002`, `March 2002`, `1 March 2002`: as the active language writes it."""
        return _in_words(self, get_language() or "en")


# A page says the same few dates over and over.
@lru_cache(maxsize=2000)
def _in_words(date, language):
    pattern = {"year": "y", "month": "MMMM y", "day": "d MMMM y"}[date.precision]
    return format_date(date.earliest, pattern, locale=language.split("-")[0])


def partial_date(text):
    """`text` as a `PartialDate`, or empty text where there is none. Raises `ValueError`."""
    return PartialDate(text) if text else ""


def holds(valid_from, valid_to, attested_on, day):
    """Whether a fact with these partial dates holds on `day`, given as ISO text.

    It holds from its start, or, where no source tells the start, from the day that a source
    attests it; a year or month counts from its first to its last day. A fact without any date
    holds always.
    """
    start = valid_from or attested_on
    return (not start or start <= day) and (
        not valid_to or valid_to >= day or day.startswith(valid_to)
    )


def evidence(valid_from, attested_on, day):
    """The latest date up to `day` (ISO text) for which a source speaks; empty if none does."""
    return attested_on if attested_on and attested_on <= day else valid_from


def next_boundary(valid_from, valid_to, attested_on, day):
    """The first date after `day` on which `holds()` may answer differently; None if never."""
    starts = (PartialDate(date).earliest for date in (valid_from, attested_on) if date)
    last = PartialDate(valid_to).latest if valid_to else datetime.date.max
    ends = [last + datetime.timedelta(days=1)] if last < datetime.date.max else []
    return min((date for date in (*starts, *ends) if date > day), default=None)


class PartialDateFormField(forms.CharField):
    """A text box that takes `2002`, `2002-03`, `2002-03-01` and, as people write, `1/3/2002`."""

    default_error_messages = {
        "invalid": _(
            "“%(value)s” is not a date. Write a year, a month or a day:"
            " 2002, 2002-03 or 2002-03-01."
        ),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 10)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("size", 10)

    def to_python(self, value):
        text = super().to_python(value)
        if match := re.fullmatch(r"(?:(\d{1,2})[./])?(\d{1,2})[./](\d{4})", text, re.ASCII):
            day, month, year = match.groups()
            text = "-".join(filter(None, (year, month.zfill(2), day and day.zfill(2))))
        try:
            return partial_date(text)
        except ValueError:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": text}
            ) from None


class PartialDateField(models.CharField):
    """A column of partial dates: `PartialDate` values, empty text where unknown."""

    description = _("Year, month or day")

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 10
        kwargs["blank"] = True
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"], kwargs["blank"]
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        # What is stored was validated on its way in: not again for each row that is read.
        return str.__new__(PartialDate, value) if value else ""

    def to_python(self, value):
        if isinstance(value, datetime.date):
            value = value.isoformat()
        try:
            return partial_date(value)
        except ValueError:
            raise ValidationError(
                PartialDateFormField.default_error_messages["invalid"],
                code="invalid",
                params={"value": value},
            ) from None

    def get_prep_value(self, value):
        if type(value) is PartialDate:
            return str(value)
        if isinstance(value, datetime.date):
            value = value.isoformat()
        return str(partial_date(value)) if value else ""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})
