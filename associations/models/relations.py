from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .facts import Fact, FactQuerySet


class AffiliationQuerySet(FactQuerySet):
    def above(self, keys):
        """The keys of all that these associations belong to, at any remove; a query a level."""
        above, level = set(), set(keys)
        while level:
            parents = self.model.objects.filter(association__in=level).values_list(
                "parent", flat=True
            )
            level = set(parents) - above
            above |= level
        return above


class Affiliation(Fact):
    """schema.org memberOf: a place in a confederation. Several at a time are normal."""

    class Status(models.TextChoices):
        MEMBER = "member", _("member")
        ANNOUNCED = "announced", _("announced as a future member")

    parent = models.ForeignKey(
        "Association",
        models.CASCADE,
        related_name="members",
        verbose_name=_("confederation"),
        help_text=_("An entry of this directory, as in Confindustria."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.MEMBER,
        help_text=_("“Announced” where the source only says that it will join."),
    )

    objects = AffiliationQuerySet.as_manager()

    class Meta(Fact.Meta):
        default_related_name = "affiliations"
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(parent=F("association")),
                name="no_affiliation_to_oneself",
                violation_error_message=_("An association cannot belong to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.get_status_display()}: {self.parent}"

    def clean(self):
        super().clean()
        # The database refuses both too; inline forms leave its constraints on their own parent out.
        if self.parent_id == self.association_id:
            raise ValidationError({"parent": _("An association cannot belong to itself.")})
        if self.association_id in Affiliation.objects.above([self.parent_id]):
            raise ValidationError(
                {"parent": _("This makes a circle: that one belongs to this one already.")}
            )


class Succession(Fact):
    """What became of an association: who came before, who after.

    One side may be a body without an entry here: then its name stands in place of the key.
    """

    SUBJECTS = ("association", "successor")

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("renamed")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        ABSORBED = "absorbed", _("absorbed")
        SUCCEEDED = "succeeded", _("succeeded")

    association = models.ForeignKey(
        "Association",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("predecessor"),
    )
    predecessor_name = models.CharField(
        _("name of a predecessor without entry"), max_length=400, blank=True
    )
    successor = models.ForeignKey(
        "Association",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    successor_name = models.CharField(
        _("name of a successor without entry"), max_length=400, blank=True
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SUCCEEDED)

    class Meta(Fact.Meta):
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(association__isnull=False) ^ Q(predecessor_name__gt=""),
                name="succession_has_a_predecessor",
                violation_error_message=_("Name the predecessor: an entry, or a name without one."),
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=False) ^ Q(successor_name__gt=""),
                name="succession_has_a_successor",
                violation_error_message=_("Name the successor: an entry, or a name without one."),
            ),
            models.CheckConstraint(
                condition=Q(association__isnull=False) | Q(successor__isnull=False),
                name="succession_of_an_entry",
                violation_error_message=_("One of the two is an entry of this directory."),
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("association")),
                name="no_succession_to_oneself",
                violation_error_message=_("An association cannot succeed itself."),
            ),
        ]

    @property
    def kind_label(self):
        return self.Kind(self.kind).label

    def clean(self):
        super().clean()
        # As in `Affiliation`: inline forms leave the constraint out.
        if self.association_id is not None and self.association_id == self.successor_id:
            raise ValidationError(_("An association cannot succeed itself."))

    def __str__(self):
        before = self.association or self.predecessor_name
        after = self.successor or self.successor_name
        return f"{before} → {after}"
