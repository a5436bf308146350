"""What a row would change, cell by cell: as people read it, and as a confirm compares it."""

from ..models import Address, Affiliation, Card, ContactPoint, Identifier, Name, OfficeHolder
from ..models.people import HEADS
from .known import PLACE

# What becomes of the old value: it is past, it stays beside, there was none, it is the same.
REPLACES, BESIDE, FILLS_IN = "replaces", "beside", "fills_in"
ENDS, CONFIRMS, CHECKS = "ends", "confirms", "checks"

NAMES = {
    Name.Type.OFFICIAL: "name",
    Name.Type.ACRONYM: "acronym",
    Name.Type.FORMER: "former_names",
    Name.Type.TRANSLATED: "other_names",
    Name.Type.OTHER: "other_names",
}


class Shower:
    """Tells the cells of the rows of a batch; a query for the names of their confederations."""

    def __init__(self, rows):
        facts = [fact for row in rows for pair in row.facts for fact in pair]
        facts += [fact for row in rows for fact in (*row.ended, *row.checked)]
        keys = {fact.parent_id for fact in facts if isinstance(fact, Affiliation)}
        cards = Card.objects.filter(pk__in=keys) if keys else Card.objects.none()
        self.parents = dict(cards.values_list("pk", "name"))

    def cells(self, row):
        """`[column, old, new, what that does]` of all that the row would change."""
        cells = []
        for fact, shown in row.facts:
            if isinstance(fact, Address):
                cells += _address_cells(fact, shown, row)
            else:
                old, new = self.text(shown), self.text(fact)
                if _is_the_same(fact, shown):
                    cells.append([_column(fact), old, old, CONFIRMS])
                else:
                    cells.append([_column(fact), old, new, _what_it_does(shown, row)])
        replaced = [shown for _fact, shown in row.facts]
        for fact in row.ended:
            if fact not in replaced:
                cells.append([_column(fact), self.text(fact), "", ENDS])
        for fact in row.checked:
            cells.append([_column(fact), self.text(fact), str(fact.checked_on), CHECKS])
        for column in row.fills_in:
            told = ", ".join(row.sectors.values()) if column == "sector" else row.told[column]
            cells.append([column, "", str(told), FILLS_IN])
        return cells

    def text(self, fact):
        if isinstance(fact, Affiliation):
            # The new one by the name in its row: perhaps it is not there yet.
            return getattr(fact, "called", None) or self.parents.get(fact.parent_id, "")
        return "" if fact is None else str(fact)


def _is_the_same(fact, shown):
    if isinstance(fact, Affiliation):
        return shown is not None and fact.parent_id == shown.parent_id
    return str(fact) == str(shown)


def _what_it_does(shown, row):
    if shown is None:
        return FILLS_IN
    return REPLACES if shown in row.ended else BESIDE


def _address_cells(fact, shown, row):
    """The parts of an address by themselves: only a number, or all of it, may be another."""
    cells = []
    for part in PLACE:
        old, new = getattr(shown, part, ""), getattr(fact, part)
        if new and new != old:
            cells.append([part, old, new, _what_it_does(shown, row) if old else FILLS_IN])
    return cells or [["street_address", str(fact), str(fact), CONFIRMS]]


def _column(fact):
    match fact:
        case Name():
            return NAMES[fact.type]
        case Identifier():
            return "identifier"
        case Address():
            return "street_address"
        case ContactPoint():
            return str(fact.type)
        case OfficeHolder():
            return "president" if fact.role in HEADS else "officers"
    return "confederation"
