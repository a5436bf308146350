from django.db import models
from django.utils.translation import gettext_lazy as _

from ..changes import TrackedModel
from ..dates import PartialDateField


class Source(TrackedModel):
    """Where a fact comes from: a page, a document, a letter, a telephone call."""

    SUBJECTS = ()

    title = models.CharField(
        _("title"), max_length=400, help_text=_("As in “CCV-Datenschutzerklärung”.")
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=200,
        blank=True,
        help_text=_("Who says so, as in “Club CMMC” or “il manifesto”."),
    )
    url = models.URLField(
        _("address"),
        max_length=1000,
        blank=True,
        help_text=_("As in https://cc-verband.de/datenschutz/. Empty for what is not on the web."),
    )
    published_on = PartialDateField(
        _("published on"), help_text=_("A year, a month or a day: 2002, 2002-03 or 2002-03-01.")
    )
    seen_on = models.DateField(
        _("seen on"), null=True, blank=True, help_text=_("The day on which somebody read it.")
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "published_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "url", "published_on"],
                name="source_once",
                violation_error_message=_("This source is already in the directory: choose it."),
            )
        ]

    def __str__(self):
        return f"{self.title} ({self.published_on})" if self.published_on else self.title


class Citation(TrackedModel):
    """A further source of something that an entry says.

    A fact names the source that it was taken from. A citation names the others that say the same,
    and the sources of what the entry says of itself (description, founding date, sectors).
    """

    SUBJECTS = ("association",)

    class About(models.TextChoices):
        NAME = "name", _("name")
        ACRONYM = "acronym", _("acronym")
        OTHER_NAMES = "other_names", _("other names")
        KIND = "kind", _("kind")
        DESCRIPTION = "description", _("description")
        SECTORS = "sectors", _("sectors")
        FOUNDING_DATE = "founding_date", _("founded")
        DISSOLUTION_DATE = "dissolution_date", _("dissolved")
        ADDRESS = "address", _("address")
        CONTACT_POINTS = "contact_points", _("telephone, e-mail, website")
        OFFICE_HOLDERS = "office_holders", _("office holders")
        AFFILIATIONS = "affiliations", _("confederation")
        SUCCESSIONS = "successions", _("predecessors and successors")

    association = models.ForeignKey(
        "Association",
        models.CASCADE,
        related_name="citations",
        verbose_name=_("association"),
        db_index=False,  # the unique one below begins with it
    )
    about = models.CharField(_("about"), max_length=20, choices=About)
    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"))

    class Meta(TrackedModel.Meta):
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["association", "about", "source", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "about", "source"],
                name="citation_once",
                violation_error_message=_("This source is already cited for this."),
            )
        ]

    def __str__(self):
        return f"{self.get_about_display()}: {self.source}"
