"""Telephone numbers and numbers of registers as files write them, and as Excel spoils them."""

import re
from functools import lru_cache

import phonenumbers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .. import phones

LABELS = re.compile(
    r"""\b(?:(?P<fax>(?:tele)?fax|t[eé]l[eé]copie|f\s?[.:]|f(?=\s+[+(]?\d))
      | (?P<phone>t[eé]l(?:efon[oi]?|[eé]phone|efonnummer)?\b | phone\b | fon\b | ph\b
        | [tpm]\s?[.:] | t(?=\s+[+(]?\d) | cell(?:ulare)?\b | mob(?:ile?|iltelefon)?\b | handy\b
        | port(?:able)?\b | gsm\b | natel\b))
      \s*(?:n\.|nr\.|no\.)?\s*[.:]*\s*""",
    re.IGNORECASE | re.VERBOSE,
)
# “06 1234567 (fax)”
BEHIND = re.compile(r"((?:[^,;|\n()]|\([\d+\s]+\))*\d[^,;|\n()]*)\(([^()]+)\)")
# Between two labels of one number: “Tel./Fax”, “Tel. e Fax”.
JOINED = re.compile(r"\s*(?:[/&+,]|e|et|und|u\.|and)?\s*", re.IGNORECASE)
SEPARATORS = re.compile(
    r"\s*[;|\n]\s*|,\s+|\s+(?:o|oder|or|ou|oppure|und|and|et|e|y|u\.)\s+", re.IGNORECASE
)
SLASH = re.compile(r"\s*/\s*")
DASH = re.compile(r"\s+[-–]\s+|-(?=0\d)")
EXTENSION = re.compile(r"[-–]\s?\d{1,5}")
# What stands before a number of the same place: “030/”, “+39 06 ”.
AREA = re.compile(r"(?:\+\d{1,3}[\s./-]+)?\(?\d{2,5}\)?[\s./-]+")
# Where a number within the country is dialled with a zero that belongs to no area code abroad.
NATIONAL_LENGTHS = {"FR": 9}


def telephones(text, country):
    """`([(type, number), …], [reason, …])` of a cell, each number as it is written there.

    The type is `phone` or `fax` where a label says so, else empty.
    """
    return _telephones(text, country, get_language())


@lru_cache(maxsize=1000)
def _telephones(text, country, _language):
    """Kept for each language: the reasons are told in it."""
    found, reasons = [], []
    for types, part in _labelled(text):
        numbers = [each for each in SEPARATORS.split(part) if each]
        # A comma or a word may as well stand in one number: “06 1234, int. 5”.
        if any(sum(map(str.isdigit, each)) < 5 for each in numbers):
            numbers = [part]
        for number in numbers:
            if found and (whole := _completed(number, found[-1][1], country)):
                reasons.append(_read_as(number, [whole]))
                number = whole
            for each in _several(number, country, reasons):
                whole, reason = _with_zero(each.strip(" ,;.-–:"), country)
                found += [(type, whole) for type in types]
                reasons += [reason] if reason else []
    return list(dict.fromkeys((type, number) for type, number in found if number)), reasons


def _labelled(text):
    """`(types, text)` of each run of numbers that labels stand before, or none."""
    text = BEHIND.sub(_label_before, text)
    types, start = [""], 0
    for label in LABELS.finditer(text):
        before = text[start : label.start()]
        # “Tel.: – Fax: …”: there is no telephone.
        is_joined = types[-1] and ":" not in text[:start][-2:] and JOINED.fullmatch(before)
        before = before.rstrip(" \n,;/-–|").lstrip(" \n,;/|")
        if before and not is_joined:
            yield types, before
        types = [*types, label.lastgroup] if is_joined else [label.lastgroup]
        start = label.end()
    if rest := text[start:].strip():
        yield types, rest


def _label_before(match):
    number, label = match[1].strip(" /-–"), f"{match[2].strip()}:"
    return f" {label} {number} " if LABELS.fullmatch(label) else match[0]


def _several(number, country, reasons):
    """“06 1234 / 06 5678” are two numbers, “0211/445322” is one, “06 45417542/43” names two."""
    for sign in (DASH, SLASH):
        first, *rest = parts = sign.split(number)
        if not rest or not all(parts) or not _is_valid(first, country):
            continue
        if all(_is_valid(part, country) for part in rest):
            return parts
        others = [_completed(part, first, country) for part in rest]
        # A dash may as well stand before an extension: “030 12345 - 0”.
        if not all(others) and not (sign is DASH and _is_valid(number, country)):
            others = [_with_ending(first, part) for part in rest]
        if all(others):
            reasons.append(_read_as(number, [first, *others]))
            return [first, *others]
    return [number]


def _read_as(text, numbers):
    return _("“%(text)s” is read as %(numbers)s.") % {"text": text, "numbers": ", ".join(numbers)}


def _completed(part, number, country):
    """A number of which another one tells the beginning; empty where it does not.

    “-10” is an extension of it, “7654321” is dialled in the same place.
    """
    part = part.strip(" ,;.:")
    if EXTENSION.fullmatch(part):
        base = re.fullmatch(r"(.*\d)\s?[-–]\s?\d{1,5}", number)
        is_base = base and sum(map(str.isdigit, base[1])) > 5
        return f"{base[1] if is_base else number}-{part.lstrip('-– ')}"
    area = AREA.match(number)
    if not area or not re.fullmatch(r"[1-9][\d\s.-]{4,}", part) or _is_valid(part, country):
        return ""
    whole = area[0] + part
    return whole if _is_valid(whole, country) else ""


def _with_ending(number, ending):
    """“06 45417542” with the ending “43” of another number; empty where it is none."""
    is_ending = re.fullmatch(r"\d{1,4}", ending) and number[-len(ending) :].isdigit()
    return number[: -len(ending)] + ending if is_ending else ""


@lru_cache(maxsize=1000)
def _is_valid(text, country):
    number = phones.read(text, country)
    return number is not None and phonenumbers.is_valid_number(number)


def _with_zero(number, country):
    """`(number, reason)`: with the zero that Excel took from its beginning."""
    if number.startswith("+") and not phones.parse(number):
        return number, _("“%s” is no number that can be dialled there.") % number
    digits = re.sub(r"[\s./-]", "", number)
    if not digits.isdecimal() or number.startswith("0"):
        return number, ""
    if country == "IT":
        # Of the Italian numbers only those of landlines begin with a zero.
        is_lost = not _is_valid(number, country) and _is_valid("0" + number, country)
    else:
        is_lost = len(digits) == NATIONAL_LENGTHS.get(country) and _is_valid("0" + number, country)
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


LENGTHS = {"us-ein": 9, "it-cf": 11, "it-piva": 11, "fr-siren": 9, "fr-siret": 14}
CHECKED = {"it-cf", "it-piva", "fr-siren", "fr-siret"}


def identifier(text, scheme):
    """`(number, reason)`: without what only helps to read it, as in 01-0873044, and with the zeros
    that Excel lost, where only one number can be meant.
    """
    length = LENGTHS.get(scheme)
    plain = re.sub(r"[\s.-]", "", text)
    if scheme in ("it-cf", "it-piva"):
        plain = plain.removeprefix("IT")
    if length and plain.isdecimal() and len(plain) <= length:
        text = plain
    if not length or not text.isdecimal() or not length - 4 < len(text) < length:
        return text, ""
    whole = text.zfill(length)
    if scheme in CHECKED and not _luhn(whole):
        return text, _("“%s” has too few digits: has it lost its zeros?") % text
    reason = _("The number %(text)s has lost its zeros: it is %(whole)s.")
    return whole, reason % {"text": text, "whole": whole}
