from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Min, Q
from django.db.models.functions import Substr
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..addresses import address_of
from ..changes import TrackedModel, TrackedQuerySet
from ..dates import PartialDateField
from .facts import HELP_DATE


class Sector(TrackedModel):
    """What the members of an association do."""

    SUBJECTS = ()

    slug = models.SlugField(
        _("slug"), max_length=60, unique=True, help_text=_("As in call-center.")
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    name_it = models.CharField(_("name in Italian"), max_length=120)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["slug"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """In the active language."""
        return self.called(self.name_en, self.name_it)

    @staticmethod
    def called(name_en, name_it):
        """That of two names which is in the active language."""
        return name_it if get_language() == "it" else name_en


class AssociationQuerySet(TrackedQuerySet):
    def public(self):
        """Those that visitors may read: published, and closed ones as a record."""
        return self.filter(state__in=PUBLIC_STATES)

    def listed(self):
        """Those that the directory lists where no state is asked for."""
        return self.filter(state=Association.State.PUBLIC)

    def by_decade_of_founding(self):
        """`(decade, how many, earliest date)` of those whose founding date is known.

        Decades as in 199; it looks through an index of all that have one.
        """
        known = self.filter(founding_date__gt="").order_by()
        decades = known.values_list(Substr("founding_date", 1, 3))
        return decades.annotate(Count("pk"), Min("founding_date"))

    def with_card(self):
        """With the names by which staff and pages call them; no further query."""
        return self.select_related("card")


class Association(TrackedModel):
    """A permanent identity. What is said of it are facts, each dated and sourced, in other tables.

    The columns here are what the entry itself answers for; their sources are its citations.
    """

    SUBJECTS = ("id",)

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("association")
        CONFEDERATION = "confederation", _("confederation")
        FEDERATION = "federation", _("federation")
        CLUB = "club", _("club")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLIC = "public", _("public")
        CLOSED = "closed", _("closed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Its address for ever, as in assocallcenter. An old one goes on leading here."),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.ASSOCIATION)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State,
        default=State.DRAFT,
        help_text=_(
            "Drafts are seen by staff only; closed ones stay readable; withdrawn ones do not."
        ),
    )
    withdrawal_reason = models.CharField(
        _("reason of withdrawal"),
        max_length=200,
        blank=True,
        help_text=_("Shown to visitors, as in “Removed at the association's request.”"),
    )
    description_it = models.TextField(_("description in Italian"), blank=True, max_length=2000)
    description_en = models.TextField(_("description in English"), blank=True, max_length=2000)
    founding_date = PartialDateField(_("founded"), help_text=HELP_DATE)
    dissolution_date = PartialDateField(_("dissolved"), help_text=HELP_DATE)
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="associations", verbose_name=_("sectors")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last edited"), auto_now=True)

    objects = AssociationQuerySet.as_manager()

    class Meta(TrackedModel.Meta):
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        ordering = ["slug"]
        permissions = [("publish_association", _("Can publish, close and withdraw associations"))]
        # With all that the overview counts by.
        indexes = [
            models.Index(
                fields=["founding_date", "state"],
                condition=Q(founding_date__gt=""),
                name="association_by_founding",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(founding_date="")
                | Q(dissolution_date="")
                | Q(dissolution_date__gte=F("founding_date"))
                | Q(founding_date__startswith=F("dissolution_date")),
                name="dissolved_after_it_was_founded",
                violation_error_message=_(
                    "An association cannot be dissolved before it is founded."
                ),
            ),
        ]

    def __str__(self):
        """Its name; its slug before it has one. Makes a query unless loaded `with_card()`."""
        card = getattr(self, "card", None)
        return card.name if card and card.name else self.slug

    def get_absolute_url(self):
        return address_of(self.slug)

    @property
    def kind_label(self):
        return self.Kind(self.kind).label

    @cached_property
    def has_members(self):
        """Whether it has or had any; a query, unless it was loaded by its address."""
        return self.members.exists()

    @property
    def is_public(self):
        return self.state in PUBLIC_STATES

    @property
    def description(self):
        """In the active language; in the other one where it is only known there."""
        both = self.description_it, self.description_en
        first, second = both if get_language() == "it" else reversed(both)
        return first or second

    def clean(self):
        super().clean()
        # The database refuses it too (migration 0002), in words that nobody should read.
        taken = FormerSlug.objects.filter(slug=self.slug)
        if self.pk:
            taken = taken.exclude(association=self.pk)
        if taken.exists():
            raise ValidationError(
                {"slug": _("This slug was another entry's address: it leads there for ever.")}
            )


PUBLIC_STATES = (Association.State.PUBLIC, Association.State.CLOSED)


class FormerSlug(TrackedModel):
    """An address that an association had: it leads to the new one, and is never given again.

    Written by triggers (migration 0002), on every path that changes or deletes an association.
    """

    SUBJECTS = ()

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    association = models.ForeignKey(
        Association,
        models.SET_NULL,
        null=True,
        related_name="former_slugs",
        verbose_name=_("association"),
    )

    class Meta(TrackedModel.Meta):
        verbose_name = _("former slug")
        verbose_name_plural = _("former slugs")
        ordering = ["slug"]

    def __str__(self):
        return self.slug
