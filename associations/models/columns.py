from django.db import models
from django.utils.translation import gettext_lazy as _

from .history import Changeset


class FacetValueQuerySet(models.QuerySet):
    def of_acts_taken_back(self):
        """Those that came with an act that was taken back since."""
        return self.filter(came_with__in=Changeset.objects.exclude(undone_by=None))


class FacetValue(models.Model):
    """A value that entries are filtered by, under the number by which the columns call it.

    Several values at a time (confederations, sectors) are one here: their keys, in order.
    """

    facet = models.CharField(max_length=15)
    value = models.CharField(max_length=2000)
    # The act by which an entry first had it.
    came_with = models.ForeignKey(Changeset, models.SET_NULL, null=True, related_name="+")

    objects = FacetValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("value of a filter")
        verbose_name_plural = _("values of filters")
        constraints = [
            models.UniqueConstraint(fields=["facet", "value"], name="one_number_for_a_facet_value")
        ]

    def __str__(self):
        return self.value


class ColumnBlock(models.Model):
    """What so many cards with neighbouring keys are filtered by: see `columns`."""

    number = models.PositiveIntegerField(primary_key=True)
    records = models.BinaryField()
    # Tells whether they are those that were read before.
    digest = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("block of columns")
        verbose_name_plural = _("blocks of columns")

    def __str__(self):
        return str(self.number)
