"""What visitors see is decided here: editors submit drafts, publishers decide on states."""

from django.utils import timezone

from .changes import one_change
from .models import Association, Changeset, Submission
from .seen import unchanged

PUBLISH = "associations.publish_association"


def submit(associations, by):
    """Ask publishers to decide on those of these entries (a queryset) that are drafts.

    Returns how many. Who submitted first stays the one, and in the place, where it waits.
    """
    now = timezone.now()
    with one_change(by, Changeset.Way.ADMIN):
        drafts = associations.filter(state=Association.State.DRAFT)
        new = drafts.filter(submission=None).order_by("pk")
        rows = [Submission(association=draft, by=by, at=now) for draft in new]
        Submission.objects.bulk_create(rows)
        return drafts.count()


def ask_to_close(association, by):
    """Ask publishers to close an entry that visitors read; it waits once."""
    told = {"by": by, "at": timezone.now()}
    Submission.objects.get_or_create(association=association, defaults=told)


def leave_open(association):
    """Decide that an entry is not to be closed: it no longer waits."""
    Submission.objects.filter(association=association).delete()


def decide(state, seen, by=None):
    """Give entries this state. `seen` tells which, and in which version: `{key: version}`.

    Returns those that were changed, how many were not because somebody had changed them, and the
    `Changeset`.
    """
    with one_change(by, Changeset.Way.ADMIN) as change:
        found = unchanged(seen)
        changed = [each for each in found if each.state != state]
        keys = [each.pk for each in changed]
        Association.objects.filter(pk__in=keys).update(state=state, updated_at=timezone.now())
        Submission.objects.filter(association__in=keys).delete()
    return changed, len(seen) - len(found), change.changeset


def delete(seen, by=None):
    """Delete entries with all their facts; `seen` and what it returns are those of `decide()`."""
    with one_change(by, Changeset.Way.ADMIN) as change:
        found = unchanged(seen)
        Association.objects.filter(pk__in=[each.pk for each in found]).delete()
    return found, len(seen) - len(found), change.changeset
