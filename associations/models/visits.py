from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..freshness import months_before
from ..inserting import insert_values

ADD = """
    ON CONFLICT (association_id, month) DO UPDATE SET
    number = associations_visits.number + excluded.number
"""


class VisitsQuerySet(models.QuerySet):
    def month(self, on=None):
        """The month to look at, for a subquery: the last one; this one while there is no other."""
        kept = self.filter(month__gte=_last_month(on))
        return kept.order_by("month").values("month")[:1]

    def add(self, numbers):
        """Add to those of this month: `{key of an association: how many}`; forget old months."""
        month = timezone.localdate().replace(day=1)
        # In one order, so that two writers wait for each other instead of for ever.
        rows = ((month, number, key) for key, number in sorted(numbers.items()))
        insert_values(self.model, rows, on_conflict=ADD)
        self.filter(month__lt=_last_month()).delete()


class Visits(models.Model):
    """How often the page of an entry was read in a month. Nothing tells by whom."""

    month = models.DateField()  # its first day
    number = models.PositiveIntegerField()
    # Nothing follows: an entry that is deleted and comes back has them still.
    association = models.ForeignKey(
        "Association",
        models.DO_NOTHING,
        related_name="visits",
        db_constraint=False,
        db_index=False,  # the constraint has one
    )

    objects = VisitsQuerySet.as_manager()

    class Meta:
        verbose_name = _("visits of a month")
        verbose_name_plural = _("visits of a month")
        constraints = [
            models.UniqueConstraint(fields=["association", "month"], name="one_number_a_month"),
        ]
        indexes = [models.Index(fields=["month", "-number", "association"], name="visits_most")]

    def __str__(self):
        return f"{self.association_id}, {self.month:%Y-%m}: {self.number}"


def _last_month(on=None):
    return months_before(1, on).replace(day=1)
