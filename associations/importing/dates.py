"""Dates as files write them: with names of months, with times, as the numbers that Excel counts."""

import datetime
import re
from functools import cache

from babel import Locale
from django.utils.translation import gettext as _

from ..dates import PartialDate
from ..search import words

LANGUAGES = ("it", "en", "de", "fr")
# Where the month stands before the day.
MONTH_FIRST = {"US"}
YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
BEFORE = re.compile(
    r"(?:(?:dal|nel|anno|fondat[ao] nel|seit|im jahr|depuis|en|le|il|l'|since|in)\s+)+",
    re.IGNORECASE,
)
TIME = r"(?:[T ]0?0:00(?::00(?:\.0+)?)?)?"
FORMS = [
    re.compile(rf"{YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){TIME}"),
    re.compile(
        rf"(?P<day>\d{{1,2}})(?P<sign>[-/.])\s?(?P<month>\d{{1,2}})(?P=sign)\s?{YEAR}{TIME}"
    ),
    re.compile(rf"(?P<month>\d{{1,2}})[-/.]{YEAR}"),
    re.compile(rf"{YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)?"),
    re.compile(
        rf"(?:(?P<day>\d{{1,2}})(?:\.|er|°|º|st|nd|rd|th)?\s+(?:de\s|of\s)?)?(?P<name>[^\W\d]+)\.?,?\s+{YEAR}"
    ),
    re.compile(rf"(?P<name>[^\W\d]+)\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{YEAR}"),
    re.compile(YEAR),
]
# Of Excel's days, which begin with 1900, those from 1927 to 2064.
FIRST_DAY, OF_EXCEL = datetime.date(1899, 12, 30), range(10_000, 60_000)


def read(text, country):
    """`(ISO text, reason)`; the text itself where it is not certain which date is meant."""
    if re.fullmatch(r"\d{5}", text) and int(text) in OF_EXCEL:
        day = (FIRST_DAY + datetime.timedelta(days=int(text))).isoformat()
        reason = _("“%(text)s” is read as the day that Excel counts so: %(day)s.")
        return day, reason % {"text": text, "day": day}
    plain = BEFORE.sub("", text, count=1) if BEFORE.match(text) else text
    for form in FORMS:
        if match := form.fullmatch(plain):
            return _iso(match.groupdict(), country) or text, ""
    return text, ""


def _iso(told, country):
    """The date of these parts; empty where it is in no calendar."""
    month, day = told.get("month"), told.get("day")
    if name := told.get("name"):
        month = _months().get(" ".join(words(name)), 13)
    elif told.get("sign") == "/" and (
        int(month) > 12 or (country in MONTH_FIRST and int(day) <= 12)
    ):
        month, day = day, month
    parts = [str(part).zfill(2) for part in (told["year"], month, day) if part]
    try:
        return PartialDate("-".join(parts))
    except ValueError:
        return ""


@cache
def _months():
    """`{name: number}`, whole and short."""
    return {
        " ".join(words(name)): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in Locale(language).months["format"][width].items()
    }
