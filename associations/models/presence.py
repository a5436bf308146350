from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A form that was left is forgotten after so long: its page tells each minute that it is there.
LEFT = timedelta(minutes=3)


class PresenceQuerySet(models.QuerySet):
    def tell(self, association, user):
        """Note that the form of an entry is open before somebody."""
        now = timezone.now()
        row, is_new = self.get_or_create(
            association=association, user=user, defaults={"since": now, "at": now}
        )
        if not is_new:
            row.since = row.since if row.at > now - LEFT else now
            row.at = now
            row.save()

    def others(self, association, user):
        """Who else has the form open now."""
        here = self.filter(association=association, at__gt=timezone.now() - LEFT)
        return here.exclude(user=user).select_related("user").order_by("since")


class Presence(models.Model):
    """That somebody of the staff has the form of an entry open: a hint, never a lock."""

    association = models.ForeignKey("Association", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        constraints = [
            models.UniqueConstraint(fields=["association", "user"], name="one_presence_each")
        ]

    def __str__(self):
        return f"{self.user}: {self.association_id}"
