import functools
import time

from django.db import connections, models
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _


class DataVersionManager(models.Manager):
    def current(self):
        """The number of the last change of public data, 0 before the first; a query.

        Each request asks: the statement is composed once, which takes ten times as long as it does.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(*_statement(self.db))
            row = cursor.fetchone()
        return row[0] if row else 0

    def advance(self):
        """Make it another one. Others that change something wait here until this one is saved."""
        now = time.time_ns() // 1000
        if not self.update(number=Greatest(F("number") + 1, now)):
            self.create(number=now)


class DataVersion(models.Model):
    """The state of public data: a number in one row, written in the transaction of each change.

    It only grows. It is the microsecond of the change, so that a database that was restored from a
    copy never comes back to a number that stood for something else.
    """

    number = models.BigIntegerField(_("number"))

    objects = DataVersionManager()

    class Meta:
        verbose_name = _("version of the data")
        verbose_name_plural = _("versions of the data")

    def __str__(self):
        return str(self.number)


@functools.cache
def _statement(alias):
    query = DataVersion.objects.using(alias).values_list("number").query
    return query.get_compiler(alias).as_sql()
