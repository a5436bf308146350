"""What visitors see is decided here: editors submit drafts, publishers decide on states."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .changes import one_change
from .models import Association, Submission

PUBLISH = "associations.publish_association"


class Decision(models.TextChoices):
    """What a publisher makes of an entry; each is a state."""

    PUBLISH = Association.State.PUBLIC, _("Publish")
    CLOSE = Association.State.CLOSED, _("Close: keep readable, marked as no longer active")
    WITHDRAW = (
        Association.State.WITHDRAWN,
        _("Withdraw: no longer readable, nor imported again"),
    )


def submit(associations, by):
    """Ask publishers to decide on those of these entries that are drafts; their slugs."""
    drafts = list(associations.filter(state=Association.State.DRAFT).order_by("pk"))
    now = timezone.now()
    rows = [Submission(association=draft, by=by, at=now) for draft in drafts]
    # Who submitted first stays the one, and in the place, where it waits.
    Submission.objects.bulk_create(rows, ignore_conflicts=True)
    return [draft.slug for draft in drafts]


def decide(state, seen):
    """Give entries a state. `seen` tells which, and the state that each was in: `{key: state}`.

    What somebody else has decided on since is left alone. Returns those that were changed.
    """
    with one_change():
        found = Association.objects.with_card().filter(pk__in=seen).order_by("pk")
        changed = [each for each in found if each.state == seen[each.pk] != state]
        keys = [each.pk for each in changed]
        Association.objects.filter(pk__in=keys).update(state=state, updated_at=timezone.now())
        Submission.objects.filter(pk__in=keys).delete()
    return changed
