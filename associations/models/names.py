from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .facts import Fact


class Name(Fact):
    class Type(models.TextChoices):
        OFFICIAL = "official", _("official name")
        ACRONYM = "acronym", _("acronym")
        FORMER = "former", _("former name")
        TRANSLATED = "translated", _("translated name")
        OTHER = "other", _("other name")

    type = models.CharField(_("type"), max_length=10, choices=Type, default=Type.OFFICIAL)
    name = models.CharField(
        _("name"), max_length=400, help_text=_("As its owner writes it, as in “Club CMMC”.")
    )
    language = models.CharField(
        _("language"),
        max_length=16,
        blank=True,
        help_text=_("BCP 47, as in it, de or ja. Empty if it does not matter."),
    )

    class Meta(Fact.Meta):
        default_related_name = "names"
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["association"],
                condition=Q(type="official", valid_to="", is_past=False),
                name="one_official_name_at_a_time",
                violation_error_message=_(
                    "There is an official name already: end that one, or make it a former name."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def type_label(self):
        # `get_type_display()` translates all choices to tell one.
        return self.Type(self.type).label

    def is_over(self, on=None):
        return self.type == self.Type.FORMER or super().is_over(on)

    def was_official(self, on):
        """Whether it is a former name that had not ended on the date `on`."""
        return self.type == self.Type.FORMER and bool(self.valid_to) and self.holds(on)


class Identifier(Fact):
    """Popolo Identifier: what a register calls the association."""

    scheme = models.SlugField(
        _("scheme"),
        max_length=40,
        db_index=False,  # the unique one below begins with it
        help_text=_("Whose number it is, as in it-cf (Italian tax code), lei or de-lobbyregister."),
    )
    value = models.CharField(_("number"), max_length=80, help_text=_("As in 97204050583."))

    class Meta(Fact.Meta):
        default_related_name = "identifiers"
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        indexes = [models.Index(fields=["value", "association"], name="identifier_by_value")]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_of_one_association",
                violation_error_message=_("Another association has this identifier."),
            ),
        ]

    def __str__(self):
        return f"{self.scheme}:{self.value}"
