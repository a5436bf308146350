from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from .association import Association


class Changeset(models.Model):
    """Everything that one act changed, in one transaction: who, when, by which way, and why.

    Written by `changes.one_change()`; nobody edits it.
    """

    class Way(models.TextChoices):
        ADMIN = "admin", _("form of the staff")
        CHECK = "check", _("check")
        HANDOVER = "handover", _("handover")
        IMPORT = "import", _("import")
        CORRECTION = "correction", _("correction by a visitor")
        ANSWER = "answer", _("answer of the association")
        MERGE = "merge", _("merge of two entries")
        UNDO = "undo", _("taken back")
        COMMAND = "command", _("command")

    # The version of the data that it made: later acts have higher ones.
    number = models.BigIntegerField(default=0, db_index=True)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    way = models.CharField(_("by which way"), max_length=10, choices=Way, default=Way.COMMAND)
    comment = models.CharField(_("why"), max_length=400, blank=True)
    undoes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("takes back"),
    )

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["undoes"], name="undone_once")]

    def __str__(self):
        return f"{self.get_way_display()} {self.pk}"

    @property
    def day(self):
        """When it was, in the site's time zone."""
        return localdate(self.made_at).isoformat()

    @property
    def is_undone(self):
        """Makes a query."""
        return self.undone_by.exists()


class RevisionQuerySet(models.QuerySet):
    def about(self, association):
        """Those that name the association with this key as what they are about.

        Rows that came by the thousand do not: see `creating()`.
        """
        return self.filter(Q(association=association) | Q(other=association))

    def deletions_of_entries(self):
        """Those by which entries were deleted that are not there again, the newest first."""
        there = Association.objects.filter(pk=OuterRef("row"))
        later = self.model.objects.filter(
            model="association", row=OuterRef("row"), pk__gt=OuterRef("pk"), after__isnull=True
        )
        deleted = self.filter(model="association", before__isnull=False, after__isnull=True)
        return deleted.filter(~Exists(there), ~Exists(later)).order_by("-pk")

    def creating(self, model, keys):
        """Those by which these rows of a model (its name) came; several rows may share one."""
        if not keys:
            return self.none()
        near = self.filter(model=model, row__lte=max(keys), last_row__gte=min(keys))
        return near.filter(before__isnull=True)


class Revision(models.Model):
    """What became of one row: created (no `before`), changed, or deleted (`before` but no `after`).

    A change tells the columns that it changed, the others tell all: `{column: value}`, dates as ISO
    text. Rows that are created by the thousand share a revision, from `row` to `last_row`: it has
    no `after`, which the rows and their later revisions tell.
    """

    changeset = models.ForeignKey(Changeset, models.PROTECT, related_name="revisions")
    model = models.CharField(max_length=20)
    row = models.BigIntegerField()
    last_row = models.BigIntegerField()
    # Keys, and no foreign keys: what they name may be deleted.
    association = models.BigIntegerField(null=True)
    other = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["model", "row"], name="revision_by_row"),
            models.Index(
                fields=["association"],
                condition=Q(association__isnull=False),
                name="revision_by_association",
            ),
            models.Index(
                fields=["other"], condition=Q(other__isnull=False), name="revision_by_other"
            ),
        ]

    def __str__(self):
        return f"{self.model} {self.row}"

    @property
    def is_creation(self):
        return self.before is None

    @property
    def is_deletion(self):
        return self.before is not None and self.after is None
