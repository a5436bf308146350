from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..changes import TrackedModel, TrackedQuerySet


class DistinctionQuerySet(TrackedQuerySet):
    def of(self, key):
        """Those that name the entry with this key."""
        return self.filter(Q(first=key) | Q(second=key))

    def mark(self, one, other, by=None):
        """Note that the entries with these keys are two bodies; who noted it first stays."""
        first, second = sorted((one, other))
        told = {"by": by, "at": timezone.now()}
        return self.get_or_create(first_id=first, second_id=second, defaults=told)

    def pairs(self):
        """`{(first, second)}` of keys."""
        return set(self.order_by().values_list("first", "second"))


class Distinction(TrackedModel):
    """Two entries that look like one body and are two: they are not suspected again."""

    SUBJECTS = ()

    first = models.ForeignKey("Association", models.CASCADE, related_name="+")
    second = models.ForeignKey("Association", models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("noted by"),
    )
    at = models.DateTimeField(_("noted"))

    objects = DistinctionQuerySet.as_manager()

    class Meta(TrackedModel.Meta):
        verbose_name = _("two bodies, not one")
        verbose_name_plural = _("two bodies, not one")
        ordering = ["-at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="distinct_once"),
        ]

    def __str__(self):
        return f"{self.first} ≠ {self.second}"

    def other_than(self, key):
        return self.second_id if self.first_id == key else self.first_id
