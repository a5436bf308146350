"""Files on their way into the directory: what each row would do, and what was decided of it."""

import gzip

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportJobQuerySet(models.QuerySet):
    def without_file(self):
        """With all but the bytes of the files, which only reading needs."""
        return self.defer("packed")

    def of_late(self):
        return self.without_file().select_related("user")

    def of_the_same_file(self, job):
        """The other imports that were done of a file with the same bytes."""
        return self.filter(digest=job.digest, state=ImportJob.State.DONE).exclude(pk=job.pk)

    def take_up(self, job, state):
        """Say that this process now does the work on a job in this state; return whether it may.

        Nobody else works on it: its `run` is another from now on, and who had it sees that.
        """
        mine = self.filter(pk=job.pk, state=state, run=job.run)
        taken = mine.update(run=F("run") + 1, beat_at=timezone.now())
        job.run += taken
        return bool(taken)

    def beat(self, job, **values):
        """Note that the work goes on, and how far it is; False where another one does it now."""
        mine = self.filter(pk=job.pk, run=job.run)
        return bool(mine.update(beat_at=timezone.now(), **values))


class ImportJob(models.Model):
    """One import of one file through the desk, from the upload to its undoing."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        PREVIEWING = "previewing", _("being read")
        PREVIEWED = "previewed", _("to be decided")
        CONFIRMING = "confirming", _("being written")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being taken back")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    file_name = models.CharField(_("file"), max_length=255)
    packed = models.BinaryField()
    digest = models.CharField(max_length=64)  # SHA-256, in hexadecimal
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    uploaded_at = models.DateTimeField(_("when"), auto_now_add=True)
    header = models.JSONField(default=list)
    first_rows = models.JSONField(default=list)
    # How the file was read: in which encoding, from which sheet, without which lines.
    notes = models.JSONField(default=list)
    # The field that each column of the file is, by its number.
    mapping = models.JSONField(default=dict)
    # What holds for all rows: country, register, source and its date.
    defaults = models.JSONField(default=dict)
    # What becomes of values that are not known: see `importing.answers`.
    answers = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    # How often somebody began to work on it: the last one does.
    run = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(default=0)  # of these rows, so far
    publishes = models.BooleanField(default=False)
    report = models.JSONField(default=dict)  # what it did, in rows
    problem = models.TextField(blank=True)
    # What it wrote; the way back.
    changeset = models.ForeignKey(
        "Changeset", models.SET_NULL, null=True, related_name="imports", editable=False
    )

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="import_by_time")]

    def __str__(self):
        return self.file_name

    @property
    def is_at_work(self):
        return self.state in (self.State.PREVIEWING, self.State.CONFIRMING, self.State.UNDOING)

    @property
    def data(self):
        """The bytes of the file, as they were uploaded."""
        return gzip.decompress(bytes(self.packed))


class ImportRowQuerySet(models.QuerySet):
    def counts(self):
        """`{outcome: how many rows}`; looks at an index alone."""
        return dict(self.order_by().values_list("outcome").annotate(Count("pk")))

    def noted(self):
        """Those in which something was read in another way than it is written, or left out."""
        return self.filter(is_noted=True)

    def done(self):
        return self.filter(job__state=ImportJob.State.DONE)

    def left_open(self):
        """Those of entries that a file of their register did not have, and nobody closed for it."""
        return self.done().filter(outcome=ImportRow.Outcome.GONE, is_ticked=False)

    def missing_still(self):
        """Those of the above that no later file has again."""
        later = self.done().filter(entry=OuterRef("entry"), job__gt=OuterRef("job"))
        there = later.exclude(outcome=ImportRow.Outcome.GONE)
        return self.left_open().filter(~Exists(there))

    def to_be_written(self):
        """Those that somebody means to have, in the order of the file."""
        wanted = [outcome.value for outcome in WRITTEN]
        return self.filter(is_ticked=True, outcome__in=wanted).order_by("line", "pk")


class ImportRow(models.Model):
    """What a row of a file would do, as the preview shows it, and what somebody decided of it.

    `basis` is the digest of that: a confirm writes what still is as it was shown.
    """

    class Outcome(models.TextChoices):
        DOUBTFUL = "doubtful", _("doubtful")
        WRONG = "wrong", _("wrong")
        NEW = "new", pgettext_lazy("row", "new")
        CHANGED = "changed", pgettext_lazy("row", "changed")
        GONE = "gone", _("gone")
        WITHDRAWN = "withdrawn", _("withdrawn, left alone")
        CONFIRMED = "confirmed", _("same, newer evidence")
        SAME = "same", _("same")

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    told = models.JSONField(default=dict)  # the text of each field
    # A key and no relation: what is shown here neither keeps an entry nor goes with it.
    entry = models.BigIntegerField(null=True)
    # Column, what is there, what comes, and what that does: see `importing.cells`.
    cells = models.JSONField(default=list)
    problems = models.JSONField(default=list)  # column and reason
    asked = models.JSONField(default=list)  # column, value that is not known, and reason
    doubts = models.JSONField(default=list)  # column, what is left out of it, and which value
    notes = models.JSONField(default=list)  # column, what was read how, and what is asked of it
    is_noted = models.BooleanField(default=False)  # whether there is a note or a doubt
    candidates = models.JSONField(default=list)  # key of an entry and reason
    choice = models.CharField(max_length=20, blank=True)
    basis = models.CharField(max_length=64, blank=True)
    is_ticked = models.BooleanField(default=True)
    has_changed_meanwhile = models.BooleanField(default=False)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["job", "line", "pk"]
        indexes = [
            models.Index(fields=["job", "outcome", "line", "id"], name="row_by_outcome"),
            models.Index(
                fields=["entry", "job"], condition=Q(entry__isnull=False), name="row_by_entry"
            ),
        ]

    def __str__(self):
        return f"{self.job_id}: {self.line}"


# The outcomes that write something; one of an entry that is gone closes it.
WRITTEN = (
    ImportRow.Outcome.NEW,
    ImportRow.Outcome.CHANGED,
    ImportRow.Outcome.CONFIRMED,
    ImportRow.Outcome.GONE,
)


class HeaderMapping(models.Model):
    """What somebody said that the columns of a file with this header are: for its next edition."""

    digest = models.CharField(max_length=64, unique=True)  # of the header's words
    mapping = models.JSONField(default=dict)
    defaults = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remembered header")
        verbose_name_plural = _("remembered headers")

    def __str__(self):
        return self.digest
