from django.db import models
from django.utils.translation import gettext_lazy as _


class ShippedItem(models.Model):
    """An entry or fact of `fixtures/` that was loaded once: staff's now, never loaded again."""

    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256, in hexadecimal."))

    class Meta:
        verbose_name = _("shipped item")
        verbose_name_plural = _("shipped items")

    def __str__(self):
        return self.digest
