"""No path leaves a card stale: whatever writes a fact has its association's card written anew.

Single rows are followed by Django's signals, since fixtures and cascades call no method of a
model; writes of whole querysets by `TrackedQuerySet`, since these send no signal.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from django.db import NotSupportedError, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from .inserting import insert

_current = ContextVar("current", default=None)


@dataclass
class Change:
    """What a transaction has changed so far: the associations, and whether anything at all."""

    touched: set = field(default_factory=set)
    is_made: bool = False


@contextmanager
def one_change():
    """A transaction at whose end the cards of all that it touched are written anew, each once.

    Inside another one it is a part of that: the cards wait for the end of the whole.
    """
    from .models import DataVersion

    if _current.get() is not None:
        with transaction.atomic(savepoint=False):
            yield
        return
    with transaction.atomic():
        change = Change()
        token = _current.set(change)
        try:
            yield
            flush()
            if change.is_made:
                # Last of all: until this is saved, others that change something wait for it.
                DataVersion.objects.advance()
        finally:
            _current.reset(token)


def flush():
    """Write the cards that the current change has touched so far: keeps a long one small."""
    from .cards import refresh

    touched = _current.get().touched
    refresh(touched)
    touched.clear()


def touch(associations):
    """These (their keys) have changed: their cards follow, within the same transaction."""
    with one_change():
        change = _current.get()
        change.is_made = True
        change.touched.update(key for key in associations if key is not None)


class TrackedQuerySet(models.QuerySet):
    """Rows that describe associations: the model's `SUBJECTS` names the columns that tell which."""

    def subjects(self):
        """The keys of the associations that these rows describe."""
        if not self.model.SUBJECTS:
            return set()
        rows = self.order_by().values_list(*self.model.SUBJECTS)
        return {key for row in rows.iterator(chunk_size=2000) for key in row}

    def update(self, **values):
        with one_change():
            touch(self.subjects())
            if not _subject_columns(self.model) & values.keys():
                return super().update(**values)
            # They move to another association: to which, the rows tell afterwards.
            moved = list(self.order_by().values_list("pk", flat=True))
            updated = super().update(**values)
            touch(self.model.objects.filter(pk__in=moved).subjects())
            return updated

    update.alters_data = True

    def bulk_create(self, objs, batch_size=None, ignore_conflicts=False, **kwargs):
        if kwargs.get("update_conflicts") or (ignore_conflicts and "id" in self.model.SUBJECTS):
            raise NotSupportedError("It would not be known whose cards that changes.")
        with one_change():
            created = super().bulk_create(objs, batch_size, ignore_conflicts, **kwargs)
            if created:
                touch(key for row in created for key in subjects_of(row))
            return created

    def insert(self, objs, on_conflict=""):
        """As `bulk_create()`, for many rows whose keys nobody asks for: see `inserting`."""
        with one_change():
            insert(self.model, objs, on_conflict)
            if objs:
                touch(key for row in objs for key in subjects_of(row))

    insert.alters_data = True

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
        # By this one, too, Django writes: `association.names.add(name)` is such an update.
        base_manager_name = "objects"

    def save(self, *args, **kwargs):
        with one_change():
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with one_change():
            return super().delete(*args, **kwargs)


def _subject_columns(model):
    """The names by which an update may call the `SUBJECTS`."""
    fields = [model._meta.get_field(name) for name in model.SUBJECTS]
    return {name for field in fields for name in (field.name, field.attname)}


def subjects_of(row):
    """The keys of the associations that one row describes."""
    return [getattr(row, attname) for attname in _subject_attnames(type(row))]


@cache
def _subject_attnames(model):
    return [model._meta.get_field(name).attname for name in model.SUBJECTS]


def follow(app_config):
    """Connect the signals, once, for every tracked model of the app."""
    post_delete.connect(_card_deleted, sender=app_config.get_model("Card"))
    for model in app_config.get_models():
        if issubclass(model, TrackedModel):
            pre_save.connect(_about_to_be_saved, sender=model)
            post_save.connect(_saved, sender=model)
            post_delete.connect(_deleted, sender=model)
            for relation in model._meta.many_to_many:
                m2m_changed.connect(_related, sender=relation.remote_field.through)


def _card_deleted(sender, instance, **kwargs):
    from . import columns
    from .search import vocabulary

    columns.clear([instance.pk])
    vocabulary.count(old=[instance.search_text], new=[])


def _about_to_be_saved(sender, instance, using, **kwargs):
    """Note what the row described until now: it may be on its way to another association."""
    instance._described = ()
    if instance.pk is not None and sender.SUBJECTS not in ((), ("id",)):
        before = sender._base_manager.using(using).filter(pk=instance.pk)
        instance._described = before.values_list(*sender.SUBJECTS).first() or ()


def _saved(sender, instance, **kwargs):
    touch([*instance._described, *subjects_of(instance)])


def _deleted(sender, instance, **kwargs):
    touch(subjects_of(instance))


def _related(sender, instance, action, pk_set, reverse, **kwargs):
    if action.startswith("post_"):
        touch(pk_set or () if reverse else subjects_of(instance))
