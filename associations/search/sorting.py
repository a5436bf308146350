"""Hits in another order than that of the search."""

from ..columns import sorted_numbers
from . import hits as found

# Columns of which a search knows the values of each hit, and which have few of them.
KNOWN = ("country", "kind", "state", "checked_on")


class Sorted:
    """Hits in another order than that of the search: a sequence, too."""

    def __init__(self, hits, order):
        self.hits = hits
        self.order = order

    def count(self):
        return self.hits.count()

    __len__ = count

    def __getitem__(self, wanted):
        """The cards of this slice; few queries."""
        start, stop, _step = wanted.indices(self.count())
        cards = []
        for hits, order in self._parts:
            first, last = max(start, 0), min(stop, len(hits))
            if first < last:
                cards += hits.in_order(order, first, last)
            start, stop = start - len(hits), stop - len(hits)
            if stop <= 0:
                break
        return cards

    def each(self):
        return self.hits.each(self.order)

    @property
    def _parts(self):
        """`(hits, order)`, one after the other: very many sorted by a column of few values are
        parted by these. No index has all such orders, and a database would sort all entries.
        """
        column, is_descending = _first(self.order)
        if self.hits.total <= found.SORTED or column not in KNOWN:
            yield self.hits, self.order
            return
        counts = self.hits.spread(column)
        for numbers in _together(sorted_numbers(column, counts, is_descending), counts):
            # Those of one value are in the order of the rest.
            order = self.order[1:] if len(numbers) == 1 else self.order
            yield self.hits.having(column, numbers), order


def _first(order):
    """The column that is sorted by first, and whether downwards."""
    if isinstance(order[0], str):
        return order[0].removeprefix("-"), order[0].startswith("-")
    return order[0].expression.name, order[0].descending


def _together(numbers, counts):
    """These numbers in groups: as many as a database sorts at once, or a single one."""
    group, entries = [], 0
    for number in numbers:
        if group and entries + counts[number] > found.SORTED:
            yield group
            group, entries = [], 0
        group.append(number)
        entries += counts[number]
    yield group
