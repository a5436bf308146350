"""How long ago somebody made sure of a fact: the thresholds that the site publishes."""

import calendar
import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FRESH_MONTHS = 12
DUE_MONTHS = 18


class Freshness(models.TextChoices):
    FRESH = "fresh", _("checked within 12 months")
    DUE = "due", _("check due")
    OVERDUE = "overdue", _("check overdue")
    NEVER = "never", _("never checked")

    @classmethod
    def of(cls, checked_on, on=None):
        """The freshness on the date `on` (default: today) of what was checked on `checked_on`."""
        if checked_on is None:
            return cls.NEVER
        if checked_on > months_before(FRESH_MONTHS, on):
            return cls.FRESH
        return cls.DUE if checked_on > months_before(DUE_MONTHS, on) else cls.OVERDUE


def months_before(months, on=None):
    """The date `months` before `on` (default: today); the last of a month that is too short."""
    on = on or timezone.localdate()
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(on.day, last))
