import functools
import time

from django.db import connections, models
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

    def take_turn(self):
        """Wait until nobody else changes anything; from then to the end of the transaction, others
        wait. On SQLite the beginning of a transaction that writes is all that.
        """
        while (number := self._locked()) is None:
            # The first change of all: of two at a time, one makes the row.
            self.bulk_create([self.model(pk=1, number=0)], ignore_conflicts=True)
        return number

    def plan_anew(self):
        """How PostgreSQL looks things up, it decides anew: an import fills tables that were empty
        when it began. In between it keeps to it: a row has a dozen references to be checked.
        """
        connection = connections[self.db]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("DISCARD PLANS")

    def advance(self, number):
        """Make it another one than `number`, which `take_turn()` told; return it."""
        number = max(number + 1, time.time_ns() // 1000)
        self.update(number=number)
        return number

    def _locked(self):
        return self.select_for_update().values_list("number", flat=True).first()


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
