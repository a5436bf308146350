"""What waits for staff: lists of entries, to be worked through one after the other.

A place in a list is told by the values that the list is ordered by. Who goes on from there gets the
next entry whatever became of this one meanwhile, and none twice.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .freshness import Freshness
from .models import Card

MOST = 1000  # are counted one by one
KEY = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True)
class WorkList:
    """Entries that wait for the same, in the order of these columns; the last one is a key."""

    key: str
    title: str
    about: str
    nothing: str
    cards: Callable
    order: tuple

    def after(self, place=""):
        """The cards after a place; all if it is empty.

        Raises ValueError or ValidationError for a text that is no place.
        """
        cards = self.cards()
        if place:
            cards = cards.filter(self._is_after(place))
        return cards.order_by(*self.order)

    def place_of(self, card):
        """Where a card of the list stands in it, as text."""
        return "~".join(str(getattr(card, column.removeprefix("-"))) for column in self.order)

    def count(self):
        return bounded_count(self.cards())

    def _is_after(self, place):
        values = dict(zip(self.order, place.split("~"), strict=True))
        if "\0" in place or not KEY.fullmatch(values[self.order[-1]]):
            raise ValueError(f"no place in a list: {place!r}")
        first, later, same = Q(), Q(), Q()
        for order, value in values.items():
            column = order.removeprefix("-")
            after = "lt" if order.startswith("-") else "gt"
            # Said twice, so that an index is entered where the list goes on.
            first = first or Q((f"{column}__{after}e", value))
            later |= same & Q((f"{column}__{after}", value))
            same &= Q((column, value))
        return first & later


def bounded_count(rows):
    """`(number, whether there are more)` of a queryset, of which at most `MOST` are counted."""
    number = rows.order_by()[: MOST + 1].count()
    return min(number, MOST), number > MOST


LISTS = {
    each.key: each
    for each in (
        WorkList(
            "submitted",
            _("Ready for review"),
            _(
                "Drafts that an editor holds to be ready, and entries that are told to have ended."
                " What waits longest comes first."
            ),
            _("Nothing waits for a review."),
            lambda: Card.objects.submitted(),
            ("submitted_at", "pk"),
        ),
        WorkList(
            "due",
            _("Due for a check"),
            _("Checked more than twelve months ago. The oldest check comes first."),
            _("No check is due."),
            lambda: Card.objects.listed().due(),
            ("checked_on", "as_of", "pk"),
        ),
        WorkList(
            "never",
            _("Never checked"),
            _("Nobody has made sure since the sources were read. The oldest source comes first."),
            _("All that is listed has been checked."),
            lambda: Card.objects.listed().of_freshness(Freshness.NEVER),
            ("as_of", "pk"),
        ),
        WorkList(
            "visited",
            _("To be checked, most visited first"),
            _("Due for a check or never checked. What visitors read most in a month comes first."),
            _("Nothing that visitors read waits for a check."),
            lambda: Card.objects.listed().to_be_checked().visited(),
            ("-visits", "visited"),
        ),
        WorkList(
            "headless",
            _("The president's term has ended"),
            _("And no source tells who follows. What ended first comes first."),
            _("No term has ended without a successor."),
            lambda: Card.objects.listed().without_head(),
            ("ended_on", "pk"),
        ),
        WorkList(
            "missing",
            _("No longer in their register"),
            _("The newest file of it that was imported does not have them. Do they still exist?"),
            _("All that was imported is in the newest file of its register."),
            lambda: Card.objects.listed().missing(),
            ("missed_at", "pk"),
        ),
        WorkList(
            "drafts",
            _("Drafts"),
            _("Seen by staff only. What waits longest comes first."),
            _("There are no drafts."),
            lambda: Card.objects.drafts(),
            ("changed_at", "pk"),
        ),
    )
}
