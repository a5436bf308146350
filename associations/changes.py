"""No path leaves a card stale: whatever writes a fact has its association's card written anew.

Single rows are followed by Django's signals, since fixtures and cascades call no method of a
model; writes of whole querysets by `TrackedQuerySet`, since these send no signal.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

_touched = ContextVar("touched", default=None)


@contextmanager
def one_change():
    """A transaction at whose end the cards of all that it touched are written anew, each once.

    Inside another one it is a part of that: the cards wait for the end of the whole.
    """
    if _touched.get() is not None:
        with transaction.atomic(savepoint=False):
            yield
        return
    with transaction.atomic():
        token = _touched.set(set())
        try:
            yield
            flush()
        finally:
            _touched.reset(token)


def flush():
    """Write the cards that the current change has touched so far: keeps a long one small."""
    from .cards import refresh

    touched = _touched.get()
    refresh(touched)
    touched.clear()


def touch(associations):
    """These (their keys) have changed: their cards follow, within the same transaction."""
    with one_change():
        _touched.get().update(key for key in associations if key is not None)


class TrackedQuerySet(models.QuerySet):
    """Rows that describe associations: the model's `SUBJECTS` names the columns that tell which."""

    def subjects(self):
        """The keys of the associations that these rows describe."""
        rows = self.order_by().values_list(*self.model.SUBJECTS)
        return {key for row in rows.iterator(chunk_size=2000) for key in row}

    def update(self, **values):
        with one_change():
            touch(self.subjects())
            # An update may move rows to another association, or out of this very selection.
            moved = [values[name] for name in self.model.SUBJECTS if name in values]
            touch(getattr(value, "pk", value) for value in moved)
            return super().update(**values)

    update.alters_data = True

    def bulk_create(self, objs, *args, **kwargs):
        with one_change():
            created = super().bulk_create(objs, *args, **kwargs)
            touch(key for row in created for key in subjects_of(row))
            return created

    def delete(self):
        with one_change():
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class TrackedModel(models.Model):
    """A row whose writing and the writing of the cards that show it are one transaction."""

    objects = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with one_change():
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with one_change():
            return super().delete(*args, **kwargs)


def subjects_of(row):
    """The keys of the associations that one row describes."""
    return [getattr(row, row._meta.get_field(name).attname) for name in row.SUBJECTS]


def follow(app_config):
    """Connect the signals, once, for every tracked model of the app."""
    for model in app_config.get_models():
        if issubclass(model, TrackedModel):
            post_save.connect(_saved, sender=model)
            post_delete.connect(_saved, sender=model)
            for relation in model._meta.many_to_many:
                m2m_changed.connect(_related, sender=relation.remote_field.through)


def _saved(sender, instance, **kwargs):
    touch(subjects_of(instance))


def _related(sender, instance, action, pk_set, reverse, **kwargs):
    if action.startswith("post_"):
        touch(pk_set or () if reverse else subjects_of(instance))
