"""What became of an entry and of its facts; and the way back."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, ProtectedError
from django.utils.translation import gettext as _

from . import columns, recording
from .changes import flush, in_batches, one_change, subjects_of, touch
from .corrections import reopening
from .models import FACTS, Association, Changeset, Citation, FacetValue, FormerSlug, Revision
from .search.vocabulary import counted_at_the_end

# What the history of an entry tells of, next to the entry itself.
OF_AN_ENTRY = (*FACTS, Citation, Association.sectors.through)


class CannotUndo(Exception):
    """What is to be taken back has been changed since; the message says where, for staff."""


# The way back.


def undo(changeset, by=None, comment=""):
    """Take all back that this act changed: each row is as it was, under its old key.

    Returns the `Changeset` of doing so, which can be taken back itself. One transaction. Raises
    `CannotUndo` where a later act, still in force, changed the same.
    """
    way = Changeset.Way.UNDO
    with one_change(by, way, comment, undoes=changeset) as change, counted_at_the_end():
        if changeset.is_undone:
            raise CannotUndo(_("This was taken back already."))
        _refuse_if_changed_since(changeset)
        reopening.follow(changeset)
        _take_back(changeset.revisions.order_by("-pk").iterator(chunk_size=2000))
        flush()
        change.write_down()
        columns.forget_unused(FacetValue.objects.of_acts_taken_back())
    return change.changeset


def restore(association, changeset, by=None, comment=""):
    """Make the entry with this key, deleted or not, what it was right after this act.

    Returns the `Changeset` of doing so; None if nothing is different. One transaction.
    """
    with one_change(by, Changeset.Way.UNDO, comment) as change, counted_at_the_end():
        last = changeset.revisions.aggregate(last=Max("pk"))["last"] or 0
        later = [revision for revision in about(association) if revision.pk > last]
        own = [revision for revision in later if revision.association in (association, None)]
        if any(revision.changeset.way == Changeset.Way.MERGE for revision in own):
            raise CannotUndo(_("It was merged with another entry since: take that back first."))
        for act in dict.fromkeys(revision.changeset for revision in own):
            reopening.follow(act)
        _take_back(own)
        flush()
        change.write_down()
    return change.changeset


def _take_back(revisions):
    """Undo these revisions, the newest first."""
    for (name, act, _told), same in groupby(revisions, _alike):
        ACTS[act](apps.get_model("associations", name), list(same))


def _alike(revision):
    """Neighbours that are the same in this are taken back together."""
    if revision.is_creation:
        return revision.model, "created", ""
    if revision.is_deletion:
        return revision.model, "deleted", ""
    return revision.model, "changed", repr(revision.before)


def _change_back(model, revisions):
    before = recording.read(model, revisions[0].before)
    for batch in in_batches(revision.row for revision in revisions):
        model.objects.filter(pk__in=batch).update(**before)


def _bring_back(model, revisions):
    for revision in revisions:
        if not revision.before:
            continue  # it was erased: see `erase()`
        row = model(pk=revision.row, **recording.read(model, revision.before))
        if model in (Association, FormerSlug):
            # While it was deleted, its address was kept from being given to another.
            _forget_slugs([row.slug])
        if model._meta.auto_created:
            model.objects.bulk_create([row])
            touch([row.association_id], [recording.created(row, [row.association_id])])
        else:
            row.save_base(raw=True, force_insert=True)


def _remove_again(model, revisions):
    keys = (key for each in revisions for key in range(each.last_row, each.row - 1, -1))
    for batch in in_batches(keys):
        rows = list(model.objects.filter(pk__in=batch).order_by("-pk"))
        if model is Association:
            _remove_entries(rows, is_for_ever=_were_there_before(revisions[0]))
        elif model in OF_AN_ENTRY:
            subjects = [_subjects(row) for row in rows]
            touch(
                {key for own in subjects for key in own},
                [recording.deleted(row, own) for row, own in zip(rows, subjects, strict=True)],
            )
            found = model.objects.filter(pk__in=batch)
            found._raw_delete(found.db)
        else:
            _remove_unused(rows)


ACTS = {"created": _remove_again, "changed": _change_back, "deleted": _bring_back}


def _subjects(row):
    return [row.association_id] if row._meta.auto_created else subjects_of(row)


def _were_there_before(creation):
    """Whether this creation of an entry brought back one that was deleted."""
    same = Revision.objects.filter(model=creation.model, row=creation.row, pk__lt=creation.pk)
    return same.exists()


def _remove_entries(entries, *, is_for_ever):
    """Delete them; their addresses are free again unless they are gone `is_for_ever`."""
    keys = [entry.pk for entry in entries]
    slugs = [entry.slug for entry in entries]
    for model in OF_AN_ENTRY:
        for name in {"association", *getattr(model, "SUBJECTS", ())}:
            left = model.objects.filter(**{f"{name}__in": keys}).values_list(name, flat=True)
            if left := list(left[:10]):
                raise CannotUndo(_changed_since(left))
    Association.objects.filter(pk__in=keys).delete()
    if not is_for_ever:
        _forget_slugs(slugs)


def _forget_slugs(slugs):
    """Of entries that never were, or are there again: no address that is kept from others."""
    kept = FormerSlug.objects.filter(slug__in=slugs, association=None)
    kept._raw_delete(kept.db)


def _remove_unused(rows):
    """Sources and sectors: those that others use by now stay."""
    for row in rows:
        is_used = hasattr(row, "associations") and row.associations.exists()
        with suppress(ProtectedError), transaction.atomic():
            if not is_used:
                row.delete()


def _refuse_if_changed_since(changeset):
    same_row = Revision.objects.filter(
        changeset=changeset,
        model=OuterRef("model"),
        row__lte=OuterRef("row"),
        last_row__gte=OuterRef("row"),
    )
    last = changeset.revisions.aggregate(last=Max("pk"))["last"] or 0
    later = Revision.objects.filter(Exists(same_row), pk__gt=last).select_related("changeset")
    changed = set()
    known = {}
    for revision in later.order_by("pk").iterator(chunk_size=2000):
        act = revision.changeset
        if act.pk not in known:
            is_undo_of_later = act.undoes_id is not None and act.undoes_id > changeset.pk
            known[act.pk] = not is_undo_of_later and _is_in_force(act)
        if known[act.pk] and _concerns(revision, changeset):
            changed.add(revision.association)
    if changed:
        raise CannotUndo(_changed_since(changed))


def _is_in_force(changeset):
    taken_back = changeset.undone_by.first()
    return taken_back is None or not _is_in_force(taken_back)


def _concerns(later, changeset):
    """Whether a later revision of a row is about what this act made of it."""
    if later.before is None or later.after is None:
        return True
    for own in changeset.revisions.filter(
        model=later.model, row__lte=later.row, last_row__gte=later.row
    ):
        if own.before is None or own.after is None:
            return True
        if own.after.keys() & later.after.keys() - recording.FOLLOWING:
            return True
    return False


def _changed_since(keys):
    names = [
        str(entry)
        for entry in Association.objects.with_card().filter(pk__in=list(keys)[:10]).order_by("slug")
    ]
    return _("Changed since, and not to be lost: %s.") % (", ".join(names) or _("a source"))


# At the request of a person.


def erase(rows):
    """Delete these rows of facts, and what the history tells of them.

    That something was there stays told, when it came and who took it out; nothing of it is brought
    back by taking an act back.
    """
    with one_change() as change:
        for row in rows:
            name, key = row._meta.model_name, row.pk
            row.delete()
            change.write_down()
            told = Revision.objects.filter(model=name, row=key, last_row=key)
            told.filter(before__isnull=False).update(before={})
            told.filter(after__isnull=False).update(after={})


# What became of an entry.


def about(association):
    """The revisions of the entry with this key and of its facts, the newest first.

    Of rows that came together with others, each has a revision of its own here. A query for each
    table of facts, and two.
    """
    direct = list(Revision.objects.about(association).select_related("changeset__user"))
    own = {model._meta.model_name: set() for model in (Association, *OF_AN_ENTRY)}
    own["association"].add(association)
    for model in OF_AN_ENTRY:
        own[model._meta.model_name].update(
            model.objects.filter(association=association).values_list("pk", flat=True)
        )
    told = {(revision.model, revision.row) for revision in direct if revision.is_creation}
    for revision in direct:
        own[revision.model].add(revision.row)
    asked = None
    for name, keys in own.items():
        missing = {key for key in keys if (name, key) not in told}
        own[name] = missing
        found = Revision.objects.creating(name, missing)
        asked = found if asked is None else asked | found
    for run in asked.select_related("changeset__user"):
        direct += [
            _of_one(run, key, association)
            for key in own[run.model]
            if run.row <= key <= run.last_row
        ]
    return sorted(direct, key=lambda revision: (revision.pk, revision.row), reverse=True)


def _of_one(run, row, association=None):
    """Of rows that came together, the revision of one."""
    return Revision(
        pk=run.pk,
        changeset=run.changeset,
        model=run.model,
        row=row,
        last_row=row,
        association=association,
    )


def told_fully(revisions):
    """Fill in what creations by the thousand left out: `after`, of these revisions (`about()`)."""
    rows = defaultdict(set)
    for revision in revisions:
        if revision.is_creation and revision.after is None:
            rows[revision.model].add(revision.row)
    now = {}
    for name, keys in rows.items():
        model = apps.get_model("associations", name)
        for row in model.objects.filter(pk__in=keys).values("pk", *recording.columns(model)):
            key = row.pop("pk")
            now[name, key] = recording.told(model, row)
    for revision in revisions:  # the newest first: what it was before, older ones made
        place = revision.model, revision.row
        if revision.is_creation:
            if revision.after is None:
                revision.after = now.get(place, {})
        elif place in now or revision.is_deletion:
            now[place] = {**now.get(place, {}), **revision.before}
    return revisions


def state_after(revisions, changeset):
    """`{(model, row): {column: value}}` right after an act, of these revisions (`told_fully()`)."""
    state = {}
    for revision in reversed(revisions):
        if revision.changeset_id > changeset.pk:
            break
        place = revision.model, revision.row
        if revision.is_deletion:
            state.pop(place, None)
        else:
            state[place] = {**state.get(place, {}), **revision.after}
    return state


@dataclass
class Since:
    """What became of a row since a version of the data: what it said then of what is different."""

    before: dict = field(default_factory=dict)
    was_created: bool = False
    is_deleted: bool = False
    # The newest act that did something to it.
    changeset: Changeset | None = None


def since(number, revisions):
    """`{(model, row): Since}` of these revisions (a queryset) after the version `number`."""
    rows = defaultdict(Since)
    later = revisions.filter(changeset__number__gt=number).select_related("changeset__user")
    for revision in later.order_by("-pk"):
        row = rows[revision.model, revision.row]
        if row.changeset is None:
            row.changeset, row.is_deleted = revision.changeset, revision.is_deletion
        row.was_created = revision.is_creation
        row.before |= revision.before or {}
    return rows


@dataclass
class Version:
    """What one act made of an entry."""

    changeset: Changeset
    revisions: list = field(default_factory=list)


def versions(association):
    """The `Version`s of the entry with this key, deleted or not, the newest first."""
    return _versions(about(association))


def versions_of_row(model, row):
    """The `Version`s of a row of a model (its name) that is no fact of an entry, the newest first;
    3 queries.
    """
    own = Revision.objects.filter(model=model, row=row, last_row=row)
    runs = Revision.objects.creating(model, {row}).filter(last_row__gt=F("row"))
    found = [*own.select_related("changeset__user")]
    found += [_of_one(run, row) for run in runs.select_related("changeset__user")]
    return _versions(sorted(found, key=lambda revision: revision.pk, reverse=True))


def _versions(revisions):
    return [
        Version(changeset, list(own))
        for changeset, own in groupby(told_fully(revisions), lambda each: each.changeset)
    ]
