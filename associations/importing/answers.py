"""What a file says that the directory does not know: asked once for each value, for all its rows.

Somebody says what becomes of a value: `{column: {value: answer}}`, where the answer to the value ""
is that to all others of the column.
"""

from django.utils.translation import gettext as _

from .. import phones
from ..models import Association, ContactPoint
from .rows import SECTOR_LENGTH, joined, parted

LEFT_OUT, KEPT, ADDED = "left_out", "kept", "added"
KINDS = tuple(Association.Kind.values)
# What can be said of a value of each column; a confederation may be an entry, too, by its key.
ANSWERS = {
    "kind": (LEFT_OUT, *KINDS),
    "confederation": (LEFT_OUT, ADDED),
    "sector": (LEFT_OUT,),
    "phone": (LEFT_OUT, KEPT),
    "fax": (LEFT_OUT, KEPT),
    "president": (KEPT,),
    "officers": (KEPT,),
}
DIALLED = (ContactPoint.Type.PHONE, ContactPoint.Type.FAX)


class Answers:
    """What somebody said of the values of a file: `told`, in the shape above, as JSON keeps it."""

    def __init__(self, told):
        self.told = told

    def to(self, column, value):
        """What was said of a value; None where nobody did."""
        said = self.told.get(column, {})
        return said.get(value, said.get(""))

    def entries(self, confederations):
        """`{text: key}` of those of which somebody said which entry they are, if it is there."""
        said = {text: self.to("confederation", text) or "" for text in confederations}
        keys = {text: int(answer) for text, answer in said.items() if answer.isdecimal()}
        there = Association.objects.in_bulk(set(keys.values())) if keys else {}
        return {text: key for text, key in keys.items() if key in there}

    def apply(self, told):
        """The cells of a row as they are meant, and what is asked: `[column, value, reason]`."""
        told, asked = dict(told), []
        kind = told.get("kind", "")
        if kind and kind not in KINDS:
            answer = self.to("kind", kind)
            told["kind"] = answer if answer in KINDS else ""
            if answer is None:
                reason = _("“%(value)s” is no kind that the directory knows.")
                asked.append(["kind", kind, reason % {"value": kind}])
        for sector in parted(told.get("sector", ""), "|"):
            if len(sector) > SECTOR_LENGTH:
                _without(told, "sector", sector)
                if self.to("sector", sector) is None:
                    asked.append(["sector", sector, _("This is too long for a sector.")])
        for column in DIALLED:
            for number in parted(told.get(column, ""), "|") if column in self.told else ():
                answer = self.to(column, number)
                if answer == LEFT_OUT and _cannot_be_dialled(number, told.get("country", "")):
                    _without(told, column, number)
        return told, asked

    def asks_of_numbers(self, row):
        """What is asked of the telephone numbers that a row would bring, once it is weighed."""
        told = row.told
        if row.is_new:
            pairs = [(column, number) for column in DIALLED for number in told[column]]
        else:
            facts = [fact for fact, _shown in row.facts if isinstance(fact, ContactPoint)]
            pairs = [(fact.type, fact.value) for fact in facts if fact.type in DIALLED]
        for column, number in pairs:
            if _cannot_be_dialled(number, told["country"]) and self.to(column, number) is None:
                reason = _("“%s” is no number that can be dialled there.")
                yield [str(column), number, reason % number]

    def asks_of_notes(self, notes):
        """What is asked of cells in which it is not certain what is what: `[column, text, value]`
        of each."""
        for column, text, value in notes:
            if value and self.to(column, value) is None:
                yield [column, value, text]


def _without(told, column, value):
    told[column] = joined([item for item in parted(told[column], "|") if item != value])


def _cannot_be_dialled(number, country):
    is_whole = country or number.startswith("+")
    return bool(is_whole and any(map(str.isdigit, number)) and not phones.parse(number, country))
