from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..changes import TrackedModel, TrackedQuerySet
from ..dates import PartialDateField, evidence, holds
from ..freshness import Freshness

HELP_DATE = _("A year, a month or a day: 2002, 2002-03 or 2002-03-01. Empty if no source says it.")


def iso_day(on=None):
    """The date `on` as ISO text; today, in the site's time zone, if None."""
    return (on or timezone.localdate()).isoformat()


def covers(field, day):
    """That the partial date in the column `field` is not over before `day` (ISO text)."""
    return Q(**{f"{field}__gte": day}) | Q(**{f"{field}__in": [day[:4], day[:7]]})


class FactQuerySet(TrackedQuerySet):
    def holding(self, on=None):
        """The facts that hold on the date `on` (default: today): the rule of `dates.holds()`."""
        day = iso_day(on)
        begun = Q(valid_from="") & Q(attested_on__lte=day) | Q(
            valid_from__gt="", valid_from__lte=day
        )
        return self.filter(begun, Q(valid_to="") | covers("valid_to", day), is_past=False)

    def never_checked(self):
        return self.filter(checked_on=None)


class Fact(TrackedModel):
    """Something that a source says of an association: since when, until when, checked when.

    `valid_from` and `valid_to` are what a source tells of its beginning and end. Most sources only
    say that it *is*: then `attested_on` is the date for which they say it, never a beginning.
    `checked_on` is the day on which somebody last made sure of it; saving is not checking.
    """

    SUBJECTS = ("association",)

    association = models.ForeignKey("Association", models.CASCADE, verbose_name=_("association"))
    valid_from = PartialDateField(_("valid from"), help_text=HELP_DATE)
    valid_to = PartialDateField(_("valid to"), help_text=HELP_DATE)
    is_past = models.BooleanField(
        _("over"),
        default=False,
        help_text=_("The source says that it is over, but not since when."),
    )
    attested_on = PartialDateField(
        _("attested on"),
        help_text=_("The date for which the source says that it is so, as in 2002-03-01."),
    )
    source = models.ForeignKey(
        "Source",
        models.PROTECT,
        related_name="+",
        verbose_name=_("source"),
        help_text=_("Who says so: choose a source, or add one with +."),
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta(TrackedModel.Meta):
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from="")
                | Q(valid_to="")
                | Q(valid_to__gte=F("valid_from"))
                | Q(valid_from__startswith=F("valid_to")),
                name="%(class)s_ends_after_it_begins",
                violation_error_message=_("A term cannot end before it begins."),
            ),
        ]

    def holds(self, on=None):
        """Whether it holds on the date `on` (default: today)."""
        return not self.is_past and holds(
            self.valid_from, self.valid_to, self.attested_on, iso_day(on)
        )

    def is_over(self, on=None):
        """Whether it no longer holds on the date `on`, as far as a source tells."""
        day = iso_day(on)
        return self.is_past or bool(
            self.valid_to and self.valid_to < day and not day.startswith(self.valid_to)
        )

    @property
    def freshness(self):
        return Freshness.of(self.checked_on)

    def evidence(self, on=None):
        """The latest date up to `on` for which the source speaks; empty if it has none."""
        return evidence(self.valid_from, self.attested_on, iso_day(on))
