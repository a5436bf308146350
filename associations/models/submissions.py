from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..changes import TrackedModel


class Submission(TrackedModel):
    """An editor holds a draft to be ready for visitors, or tells that a public entry has ended:
    whoever may publish decides.
    """

    SUBJECTS = ()

    association = models.OneToOneField(
        "Association",
        models.CASCADE,
        primary_key=True,
        related_name="submission",
        verbose_name=_("association"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    at = models.DateTimeField(_("submitted"))

    class Meta(TrackedModel.Meta):
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["at", "association"]

    def __str__(self):
        return str(self.association)
