"""How messages from outside are answered, as the directory tells it of itself."""

from dataclasses import dataclass

from ..models import Correction
from ..models.corrections import PROMISED


@dataclass(frozen=True, slots=True)
class Replies:
    """How many messages wait, how many of these for too long, and how the others were answered.

    `median` is in working days, `in_time` in hundredths; None before the first answer.
    """

    waiting: int
    overdue: int
    answered: int
    median: float | None
    in_time: float | None

    promised = PROMISED


def replies():
    """The `Replies` until today; 6 queries."""
    messages = Correction.objects.all()
    share = messages.share_in_time()
    return Replies(
        waiting=messages.open().count(),
        overdue=messages.overdue().count(),
        answered=messages.answered().count(),
        median=messages.median_reply(),
        in_time=None if share is None else share * 100,
    )
