"""No path leaves a card stale, and none leaves no trace: whatever writes a fact has its
association's card written anew, and is told in the history.

Single rows are followed by Django's signals, since fixtures and cascades call no method of a
model; writes of whole querysets by `TrackedQuerySet`, since these send no signal.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from operator import attrgetter

from django.db import NotSupportedError, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from . import recording
from .inserting import insert

_current = ContextVar("current", default=None)
# So many revisions wait at most to be written.
WAITING = 2000


@dataclass
class Change:
    """What a transaction has changed so far, and by whom, by which way and why."""

    by: object = None
    way: str = ""
    comment: str = ""
    undoes: object = None
    touched: set = field(default_factory=set)
    is_made: bool = False
    revisions: list = field(default_factory=list)
    # The `Changeset`; None as long as nothing has been changed.
    changeset: object = None

    def record(self, revisions):
        self.revisions.extend(filter(None, revisions))
        if len(self.revisions) > WAITING:
            self.write_down()

    def write_down(self):
        from .models import Changeset, Revision

        if not self.revisions:
            return
        if self.changeset is None:
            self.changeset = Changeset.objects.create(
                user=self.by,
                way=self.way or Changeset.Way.COMMAND,
                comment=self.comment[:400],
                undoes=self.undoes,
            )
        for revision in self.revisions:
            revision.changeset = self.changeset
        Revision.objects.bulk_create(self.revisions, batch_size=500)
        self.revisions.clear()


@contextmanager
def one_change(by=None, way="", comment="", undoes=None):
    """A transaction at whose end the cards of all that it touched are written anew, each once.

    From its beginning there is nobody else who changes anything: what is read in it stays true.
    Gives the `Change`. Inside another one it is a part of that: the cards wait for the end of the
    whole, and it is told who and why where that was not known yet.
    """
    from .models import DataVersion

    if (change := _current.get()) is not None:
        change.by, change.way = change.by or by, change.way or way
        change.comment, change.undoes = change.comment or comment, change.undoes or undoes
        with transaction.atomic(savepoint=False):
            yield change
        return
    with transaction.atomic():
        number = DataVersion.objects.take_turn()
        change = Change(by, way, comment, undoes)
        token = _current.set(change)
        try:
            yield change
            flush()
            change.write_down()
            if change.is_made:
                number = DataVersion.objects.advance(number)
            if change.changeset:
                change.changeset.number = number
                change.changeset.save(update_fields=["number"])
        finally:
            _current.reset(token)


def flush():
    """Write the cards that the current change has touched so far: keeps a long one small."""
    from .cards import refresh

    touched = _current.get().touched
    refresh(touched)
    touched.clear()


def current_act():
    """The `Changeset` of the current change; None as long as it has told nothing, or outside."""
    if change := _current.get():
        change.write_down()
        return change.changeset
    return None


def touch(associations, revisions=()):
    """These (their keys) have changed: their cards follow, and the history, in one transaction."""
    with one_change() as change:
        change.is_made = True
        change.touched.update(key for key in associations if key is not None)
        change.record(revisions)


def insert_related(through, rows):
    """Insert rows of the table of a many-to-many relation."""
    if keys := insert(through, rows):
        touch({row.association_id for row in rows}, recording.came(through, keys))


class TrackedQuerySet(models.QuerySet):
    """Rows that describe associations: the model's `SUBJECTS` names the columns that tell which."""

    def update(self, **values):
        model = self.model
        columns = [_column(model, name) for name in values]
        with one_change():
            before = self._told(columns)
            updated = super().update(**values)
            after = recording.told(model, dict(zip(columns, values.values(), strict=True)))
            told = {key: (subjects, after) for key, (subjects, _old) in before.items()}
            if len(after) < len(columns) or not set(columns).isdisjoint(subject_columns(model)):
                # The database alone knows what it made of them, and of whom they are now.
                told = {}
                for keys in in_batches(before):
                    told |= model.objects.filter(pk__in=keys)._told(columns)
            subjects = {key for rows in (before, told) for own, _ in rows.values() for key in own}
            revisions = (
                recording.changed(model, key, (*told[key][0], *own), old, told[key][1])
                for key, (own, old) in before.items()
            )
            touch(subjects, revisions)
            return updated

    def _told(self, columns):
        """`{key: (subjects, {column: value})}` of these rows."""
        own = subject_columns(self.model)
        rows = self.order_by().values_list("pk", *own, *columns).iterator(chunk_size=2000)
        return {
            key: (
                rest[: len(own)],
                recording.told(self.model, dict(zip(columns, rest[len(own) :], strict=True))),
            )
            for key, *rest in rows
        }

    update.alters_data = True

    def bulk_create(self, objs, batch_size=None, ignore_conflicts=False, **kwargs):
        if ignore_conflicts or kwargs.get("update_conflicts"):
            raise NotSupportedError("It would not be known what that changes.")
        with one_change():
            created = super().bulk_create(objs, batch_size, **kwargs)
            if created:
                keys = [row.pk for row in created]
                touch(
                    (key for row in created for key in subjects_of(row)),
                    recording.came(self.model, keys),
                )
            return created

    def insert(self, objs, on_conflict=""):
        """As `bulk_create()`, for many rows: see `inserting`. They learn their keys where none of
        them is left out by what SQL says `on_conflict`."""
        with one_change():
            if keys := insert(self.model, objs, on_conflict):
                if not on_conflict:
                    own = self.model._meta.pk.attname
                    for row, key in zip(objs, keys, strict=True):
                        setattr(row, own, key)
                subjects = (map(attrgetter(name), objs) for name in subject_columns(self.model))
                touch(chain.from_iterable(subjects), recording.came(self.model, keys))

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


def _column(model, name):
    return model._meta.get_field(name).attname


@cache
def subject_columns(model):
    """The columns of the `SUBJECTS`."""
    return tuple(_column(model, name) for name in model.SUBJECTS)


def subjects_of(row):
    """The keys of the associations that one row describes."""
    return [getattr(row, column) for column in subject_columns(type(row))]


def follow(app_config):
    """Connect the signals, once, for every tracked model of the app."""
    post_delete.connect(_card_deleted, sender=app_config.get_model("Card"))
    for model in app_config.get_models():
        if issubclass(model, TrackedModel):
            pre_save.connect(_about_to_be_saved, sender=model)
            post_save.connect(_saved, sender=model)
            pre_delete.connect(_about_to_be_deleted, sender=model)
            post_delete.connect(_deleted, sender=model)
            for relation in model._meta.many_to_many:
                m2m_changed.connect(_related, sender=relation.remote_field.through)


def _card_deleted(sender, instance, **kwargs):
    from . import columns
    from .search import vocabulary

    columns.clear([instance.pk])
    vocabulary.count(old=[instance.search_text], new=[])


def _about_to_be_saved(sender, instance, using, **kwargs):
    """Note what the row said until now: it may even be on its way to another association."""
    instance._before = None
    if instance.pk is not None:
        before = sender._base_manager.using(using).filter(pk=instance.pk)
        instance._before = before.values(*recording.columns(sender)).first()


def _saved(sender, instance, update_fields, **kwargs):
    subjects = subjects_of(instance)
    if (before := instance._before) is None:
        touch(subjects, [recording.created(instance, subjects)])
        return
    written = recording.columns(sender)
    if update_fields is not None:
        written = [column for column in written if column.removesuffix("_id") in update_fields]
    subjects += [before[column] for column in subject_columns(sender) if column in before]
    revision = recording.changed(
        sender,
        instance.pk,
        subjects,
        recording.told(sender, before),
        recording.told(sender, {column: getattr(instance, column) for column in written}),
    )
    touch(subjects, [revision])


def _about_to_be_deleted(sender, instance, origin, **kwargs):
    if origin is instance:
        # All others were read a moment ago.
        columns = recording.columns(sender)
        found = sender._base_manager.filter(pk=instance.pk).values(*columns).first() or {}
        for column, value in found.items():
            setattr(instance, column, value)
    # Rows that relate it to others go without a signal of their own.
    for relation in sender._meta.many_to_many:
        own = {relation.m2m_field_name(): instance.pk}
        touch(*_unrelated(relation.remote_field.through.objects.filter(**own)))
    for relation in sender._meta.related_objects:
        if relation.many_to_many:
            own = {relation.field.m2m_reverse_field_name(): instance.pk}
            touch(*_unrelated(relation.through.objects.filter(**own)))


def _deleted(sender, instance, **kwargs):
    subjects = subjects_of(instance)
    touch(subjects, [recording.deleted(instance, subjects)])


def _related(sender, instance, action, reverse, pk_set, **kwargs):
    own, others = ("sector", "association") if reverse else ("association", "sector")
    rows = sender.objects.filter(**{own: instance.pk})
    if pk_set is not None:
        rows = rows.filter(**{f"{others}__in": pk_set})
    if action in ("pre_remove", "pre_clear"):
        instance._unrelated = _unrelated(rows)
    elif action in ("post_remove", "post_clear"):
        touch(*instance._unrelated)
    elif action == "post_add":
        rows = list(rows)
        keys = [row.association_id for row in rows]
        touch(keys, [recording.created(row, [key]) for row, key in zip(rows, keys, strict=True)])


def _unrelated(rows):
    """What `touch()` is to be told of rows of a many-to-many relation that are going."""
    rows = list(rows)
    keys = [row.association_id for row in rows]
    return keys, [recording.deleted(row, [key]) for row, key in zip(rows, keys, strict=True)]


def in_batches(items, size=1000):
    """Lists of at most `size` of these."""
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch
