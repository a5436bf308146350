"""Telephone numbers and numbers of registers as files write them, and as Excel spoils them."""

import re
from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext as _

from .. import phones

# 3,90645E+11: what Excel makes of a long number. The digits are gone.
CUT_BY_EXCEL = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
LABELS = re.compile(
    r"""\b(?:(?P<fax>(?:tele)?fax|t[eé]l[eé]copie|f\.)
      | (?P<phone>t[eé]l(?:efon[oi]?|[eé]phone|efonnummer)?\b | phone\b | fon\b | ph\b | t\.))
      \s*(?:n\.|nr\.|no\.)?\s*[.:]*\s*""",
    re.IGNORECASE | re.VERBOSE,
)
SEPARATORS = re.compile(
    r"\s*[;|\n]\s*|,\s+|\s+(?:o|oder|or|ou|oppure|und|and|et|e|y|u\.)\s+", re.IGNORECASE
)
SLASH = re.compile(r"\s*/\s*|\s+[-–]\s+")
# Where a number within the country is dialled with a zero that belongs to no area code abroad.
NATIONAL_LENGTHS = {"FR": 9}


@lru_cache(maxsize=1000)
def telephones(text, country):
    """`([(type, number), …], [reason, …])` of a cell, each number as it is written there.

    The type is `phone` or `fax` where a label says so, else empty.
    """
    found, reasons = [], []
    for type, part in _labelled(text):
        numbers = [each for each in SEPARATORS.split(part) if each]
        # A comma or a word may as well stand in one number: “06 1234, int. 5”.
        if any(sum(map(str.isdigit, each)) < 5 for each in numbers):
            numbers = [part]
        for number in numbers:
            for each in _of_slash(number, country, reasons):
                whole, reason = _with_zero(each.strip(" ,;.-–:"), country)
                found.append((type, whole))
                reasons += [reason] if reason else []
    return list(dict.fromkeys((type, number) for type, number in found if number)), reasons


def _labelled(text):
    """`(type, text)` of each run of numbers that a label stands before, or none."""
    type, start = "", 0
    for label in LABELS.finditer(text):
        if before := text[start : label.start()].strip(" \n,;/-–|"):
            yield type, before
        type = label.lastgroup
        start = label.end()
    if rest := text[start:].strip():
        yield type, rest


def _of_slash(number, country, reasons):
    """“06 1234 / 06 5678” are two numbers, “0211/445322” is one, “06 45417542/43” names two."""
    parts = SLASH.split(number)
    if len(parts) == 1 or not all(parts):
        return [number]
    if all(_is_valid(part, country) for part in parts):
        return parts
    first, *rest = parts
    if _is_valid(first, country) and all(re.fullmatch(r"\d{1,4}", part) for part in rest):
        others = [first[: -len(part)] + part for part in rest if first[-len(part) :].isdigit()]
        reasons.append(
            _("“%(text)s” is read as %(numbers)s.")
            % {"text": number, "numbers": ", ".join([first, *others])}
        )
        return [first, *others]
    return [number]


@lru_cache(maxsize=1000)
def _is_valid(text, country):
    number = phones.read(text, country)
    return number is not None and phonenumbers.is_valid_number(number)


def _with_zero(number, country):
    """`(number, reason)`: with the zero that Excel took from its beginning."""
    if number.startswith("+") and not phones.parse(number):
        return number, _("“%s” is no number that can be dialled there.") % number
    if not number.isdecimal() or number.startswith("0"):
        return number, ""
    if country == "IT":
        # Of the Italian numbers only those of landlines begin with a zero.
        is_lost = not _is_valid(number, country) and _is_valid("0" + number, country)
    else:
        is_lost = len(number) == NATIONAL_LENGTHS.get(country) and _is_valid("0" + number, country)
    if is_lost:
        reason = _("The number %(text)s has lost its zero: it is %(whole)s.")
        return "0" + number, reason % {"text": number, "whole": "0" + number}
    if not phones.parse(number, country):
        return number, _("“%s” is no number that can be dialled there: is a zero missing?") % number
    return number, ""


# Numbers of registers: how many digits they have, and how the last one follows from the others.


def _luhn(digits):
    doubled = (
        int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(digits), 1)
    )
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


LENGTHS = {"us-ein": 9, "it-cf": 11, "it-piva": 11, "fr-siren": 9}
CHECKED = {"it-cf", "it-piva", "fr-siren"}


def identifier(text, scheme):
    """`(number, reason)`: with the zeros that Excel lost, where only one number can be meant."""
    length = LENGTHS.get(scheme)
    if not length or not text.isdecimal() or not length - 4 < len(text) < length:
        return text, ""
    whole = text.zfill(length)
    if scheme in CHECKED and not _luhn(whole):
        return text, _("“%s” has too few digits: has it lost its zeros?") % text
    reason = _("The number %(text)s has lost its zeros: it is %(whole)s.")
    return whole, reason % {"text": text, "whole": whole}
