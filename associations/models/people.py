from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from .facts import Fact, FactQuerySet, iso_day


class OfficeHolderQuerySet(FactQuerySet):
    def with_evidence(self, on=None):
        """With `last_evidence`: the latest date up to `on` for which the source speaks."""
        attested = Q(attested_on__gt="", attested_on__lte=iso_day(on))
        return self.annotate(
            last_evidence=Case(
                When(attested, then=F("attested_on")),
                default=F("valid_from"),
                output_field=models.CharField(),
            )
        )

    def holding(self, on=None):
        """Who holds an office on the date `on`: of several, those of the latest evidence."""
        rivals = super().holding(on).with_evidence(on)
        later = rivals.model.objects.all()
        later = FactQuerySet.holding(later, on).with_evidence(on)
        later = later.filter(
            association=OuterRef("association"),
            role=OuterRef("role"),
            last_evidence__gt=OuterRef("last_evidence"),
        )
        return rivals.filter(~Exists(later))

    def of_ended_heads(self, on=None):
        """Presidents and chairs whose terms had ended by the date `on`, as far as dates tell."""
        return self.filter(role__in=HEADS, valid_to__gt="", valid_to__lt=iso_day(on))


class OfficeHolder(Fact):
    """Popolo Membership in a Post: a person in an office. Nothing private is kept of persons."""

    class Role(models.TextChoices):
        PRESIDENT = "president", _("president")
        CHAIR = "chair", _("chair")
        VICE_PRESIDENT = "vice_president", _("vice-president")
        HONORARY_PRESIDENT = "honorary_president", _("honorary president")
        SECRETARY_GENERAL = "secretary_general", _("secretary general")
        DIRECTOR_GENERAL = "director_general", _("director general")
        EXECUTIVE_DIRECTOR = "executive_director", _("executive director")
        CHIEF_EXECUTIVE = "chief_executive", _("chief executive")
        MANAGING_DIRECTOR = "managing_director", _("managing director")
        FOUNDER = "founder", _("founder")
        BOARD_MEMBER = "board_member", _("board member")
        SPOKESPERSON = "spokesperson", _("spokesperson")
        OTHER = "other", _("other office")

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.PRESIDENT)
    title = models.CharField(
        _("title"),
        max_length=120,
        blank=True,
        help_text=_("The office in the source's words, where they say more: “president and CEO”."),
    )
    honorific_prefix = models.CharField(
        _("honorific prefix"), max_length=40, blank=True, help_text=_("As in Dr. or Avv.")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As in Leonardo Abbruzzese."))

    objects = OfficeHolderQuerySet.as_manager()

    class Meta(Fact.Meta):
        default_related_name = "office_holders"
        verbose_name = _("office holder")
        verbose_name_plural = _("office holders")
        indexes = [models.Index(fields=["valid_to", "association"], name="office_by_end")]

    def __str__(self):
        return " ".join(filter(None, (self.honorific_prefix, self.name)))

    @property
    def office(self):
        """In the source's words where they say more."""
        return self.title or self.Role(self.role).label


HEADS = (OfficeHolder.Role.PRESIDENT, OfficeHolder.Role.CHAIR)


def in_office(holders, on=None):
    """Of the `holders` of one association, those in office on `on`; makes no query.

    The rule of `OfficeHolderQuerySet.holding()`, for rows that are loaded already.
    """
    holding = [holder for holder in holders if holder.holds(on)]
    latest = {}
    for holder in holding:
        latest[holder.role] = max(latest.get(holder.role, ""), holder.evidence(on))
    return [holder for holder in holding if holder.evidence(on) == latest[holder.role]]
