"""Finding associations by what people type: `search()` is the one door."""

import re
import unicodedata

from django.db.models import Case, IntegerField, Q, Value, When

MAX_LENGTH = 200


def words(text):
    """The words of `text` as they are kept and looked up: no accents, no case.

    Letters that Unicode does not take apart are spelt as people type them: ø as o, ß as ss.
    """
    if text.isascii():
        return re.findall(r"\w+", text.lower())
    marked = unicodedata.normalize("NFKD", text.casefold()).translate(SPELT)
    plain = "".join(c for c in marked if not unicodedata.combining(c))
    return re.findall(r"\w+", plain)


SPELT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def sort_key(name):
    """By what a name is sorted, and told to be another writing of the same."""
    return "0".join(words(name))[:200]


def digits(text):
    """The digits of a `text` that is nothing but a number in some writing; else empty."""
    bare = re.sub(r"[\s.\-/()+]", "", text)
    return bare.lstrip("0") if bare.isdecimal() and bare.isascii() and len(bare) > 4 else ""


def search(cards, text):
    """The `cards` in which every word of `text` stands, best first; all of them if it is blank.

    An exact acronym or name comes first, then names that begin with the text, then the others
    in the order of their names.
    """
    text = text.replace("\0", " ")[:MAX_LENGTH]
    if number := digits(text):
        return cards.filter(search_text__contains=number)
    terms = words(text)
    if not terms:
        return cards.none() if text.strip() else cards
    phrase = " ".join(terms)
    for term in terms:
        cards = cards.filter(search_text__contains=term)
    exact = Q(search_text__startswith=f" {phrase} |") | Q(search_text__contains=f"| {phrase} |")
    begins = Q(search_text__startswith=f" {phrase}") | Q(search_text__contains=f"| {phrase}")
    rank = Case(
        When(exact, then=Value(0)),
        When(begins, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return cards.order_by(rank, "sort_key", "slug")
