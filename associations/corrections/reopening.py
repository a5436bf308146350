"""An answer that is taken back is none: its message waits for another one.

Who takes the taking back back has the answer again.
"""

from django.utils import timezone

from ..models import Changeset, Correction
from ..models.corrections import PROMISED, key_of_number
from ..working_days import add_working_days

ANSWER = ("answer", "reason", "answered_on", "answered_by_id", "reply_days")
# Of a suggestion that was accepted, the draft.
KEPT = (*ANSWER, "due_on", "association_id")


def follow(act):
    """Let the message that an act answered be what it is after that act (a `Changeset`) is taken
    back. Part of one change."""
    is_taken_back = True
    while act.undoes:
        act, is_taken_back = act.undoes, not is_taken_back
    if act.way != Changeset.Way.CORRECTION:
        return
    for correction in Correction.objects.filter(pk=key_of_number(act.comment)):
        if is_taken_back and not correction.is_open:
            _reopen(correction)
        elif not is_taken_back and correction.taken_back:
            _answer_again(correction)


def _reopen(correction):
    proposals = correction.proposals.exclude(outcome="")
    correction.taken_back = {name: getattr(correction, name) for name in KEPT}
    correction.taken_back["outcomes"] = dict(proposals.values_list("pk", "outcome"))
    proposals.update(outcome="")
    for name in ANSWER:
        setattr(
            correction, name, Correction._meta.get_field(name.removesuffix("_id")).get_default()
        )
    correction.due_on = add_working_days(timezone.localdate(), PROMISED)
    if correction.is_suggestion:
        correction.association = None
    correction.save()


def _answer_again(correction):
    told, correction.taken_back = correction.taken_back, {}
    for name in KEPT:
        setattr(correction, name, told[name])
    for key, outcome in told["outcomes"].items():
        correction.proposals.filter(pk=key).update(outcome=outcome)
    correction.save()
