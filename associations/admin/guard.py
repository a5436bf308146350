"""No save undoes another one: what was typed meets what others saved since the form was shown.

The form carries the version of the data that it shows. What changed since is known from the
history. A value that only one of the two changed is taken from that one; where both did, the editor
is shown what it was, what it is and what they typed, and chooses.
"""

import json
from copy import copy
from dataclasses import astuple, dataclass

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .. import recording
from ..models import Association

SEEN, ASKED = "seen", "asked"
MINE, THEIRS = "mine", "theirs"
NOTHING = "–"


@dataclass
class Conflict:
    """One value that two people changed, all in the words that the editor reads."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    who: str

    @property
    def field(self):
        return f"choice-{self.name}"

    @property
    def choices(self):
        return [(MINE, self.mine), (THEIRS, self.theirs)]

    @property
    def told(self):
        """As the form carries it: until somebody has chosen it is asked again."""
        return json.dumps(astuple(self))


class GuardedForm(forms.ModelForm):
    """Of the admin: it is not valid as long as there is something to choose."""

    conflicts = ()

    def clean(self):
        super().clean()
        if self.conflicts:
            raise ValidationError(
                _("Others changed the same meanwhile. Nothing is saved yet: choose, then save.")
            )


def seen(posted):
    """The version of the data that a form showed. Raises `BadRequest` for what is no form."""
    number = posted.get(SEEN, "")
    if not number.isdecimal() or len(number) > 18:
        raise BadRequest("It does not tell which version it shows.")
    return int(number)


class Meeting:
    """What was posted for a form and its rows, together with what others did since.

    `data` is what to save; `conflicts` are to be asked before. `since` is what `history.since()`
    tells of the rows.
    """

    def __init__(self, posted, form, formsets, since):
        self.data = posted.copy()
        self.since = since
        self.conflicts = []
        self.asked = _asked(posted)
        self._take_choices()
        place = form._meta.model._meta.model_name, form.instance.pk
        self._meet(form, form.instance, since.get(place), "")
        self._meet_sectors(form)
        for formset in formsets:
            self._meet_rows(formset)

    def _take_choices(self):
        """What the editor chose of rows; of values, that is looked for with the value."""
        for name, conflict in self.asked.items():
            row, _dash, what = name.rpartition("-")
            if what not in ("DELETE", "row"):
                continue
            choice = self.data.get(conflict.field)
            if choice == THEIRS and what == "row":
                self.data[f"{row}-DELETE"] = "on"
            elif choice == THEIRS:
                self.data.pop(name, None)
            elif choice != MINE:
                self.conflicts.append(conflict)

    def _meet(self, form, row, since, title):
        """The values of one row."""
        for name, field in form.fields.items():
            column = _column(form, name)
            key = form.add_prefix(name)
            if column is None:
                continue
            theirs = getattr(row, column)
            typed = field.widget.value_from_datadict(self.data, {}, key)
            is_different = field.has_changed(theirs, typed)
            if since and column in since.before:
                before = recording.read(type(row), {column: since.before[column]})[column]
                if not field.has_changed(before, typed):
                    self._put(key, field, theirs)
                elif is_different:
                    label = f"{title}{capfirst(field.label)}"
                    texts = [shown(field, value) for value in (before, theirs, typed)]
                    self._ask(key, label, *texts, since)
            elif key in self.asked and is_different:
                choice = self.data.get(self.asked[key].field)
                if choice == THEIRS:
                    self._put(key, field, theirs)
                elif choice != MINE:
                    self.conflicts.append(self.asked[key])

    def _meet_sectors(self, form):
        """Who adds one and who takes another away do not disturb each other."""
        field = form.fields.get("sectors")
        changed = [
            (place, since)
            for place, since in self.since.items()
            if place[0] == Association.sectors.through._meta.model_name
        ]
        if field is None or not changed:
            return
        theirs = set(form.instance.sectors.values_list("pk", flat=True))
        rows = Association.sectors.through.objects.filter(
            pk__in=[row for (_model, row), since in changed if since.was_created]
        )
        added = set(rows.values_list("sector", flat=True))
        removed = {s.before["sector_id"] for _place, s in changed if s.before and s.is_deleted}
        before = (theirs - added) | removed
        typed = {int(key) for key in self.data.getlist(form.add_prefix("sectors"))}
        mine = (theirs | (typed - before)) - (before - typed)
        self.data.setlist(form.add_prefix("sectors"), sorted(mine))

    def _meet_rows(self, formset):
        prefix, model = formset.prefix, formset.model
        number = int(self.data.get(f"{prefix}-INITIAL_FORMS") or 0)
        known = {str(row.pk): row for row in formset.get_queryset()}
        gone = []
        for index in range(number):
            key = self.data.get(f"{prefix}-{index}-id", "")
            since = self.since.get((model._meta.model_name, int(key))) if key.isdecimal() else None
            form = _form(formset, index)
            if since and since.is_deleted:
                gone.append((index, since))
            elif key in known:
                self._meet_row(form, known[key], since)
        if gone:
            self._let_go(formset, gone)

    def _meet_row(self, form, row, since):
        delete = form.add_prefix("DELETE")
        title = f"{capfirst(row._meta.verbose_name)} “{row}”: "
        if since and since.before and self.data.get(delete):
            now = {column: getattr(row, column) for column in since.before}
            before = recording.read(type(row), since.before)
            texts = [_row_shown(form, values) for values in (before, now)]
            self._ask(delete, title, *texts, _("to be deleted"), since)
        else:
            self._meet(form, row, since, title)

    def _let_go(self, formset, gone):
        """Rows that others deleted: one that the editor changed is asked for, as a new one."""
        prefix, model = formset.prefix, formset.model
        number = int(self.data[f"{prefix}-INITIAL_FORMS"])
        total = int(self.data[f"{prefix}-TOTAL_FORMS"])
        rows = [self._cut(f"{prefix}-{index}-") for index in range(total)]
        again = []
        for index, since in gone:
            values = recording.read(model, since.before)
            form = _form(formset, index)
            columns = {name: _column(form, name) for name in form.fields}
            is_changed = any(
                form.fields[name].has_changed(values[column], _typed(form, name, rows[index]))
                for name, column in columns.items()
                if column
            )
            if is_changed and "DELETE" not in rows[index]:
                again.append((rows[index], form, values, since))
        left = {index for index, _since in gone}
        kept = [row for index, row in enumerate(rows[:number]) if index not in left]
        added = rows[number:] + [{**row, "id": [""]} for row, *_rest in again]
        self.data[f"{prefix}-INITIAL_FORMS"] = len(kept)
        self.data[f"{prefix}-TOTAL_FORMS"] = len(kept) + len(added)
        for index, row in enumerate(kept + added):
            for name, values in row.items():
                self.data.setlist(f"{prefix}-{index}-{name}", values)
        first = len(kept) + len(added) - len(again)
        for index, (row, form, values, since) in enumerate(again, first):
            label = f"{capfirst(model._meta.verbose_name)}: "
            typed = {
                column: _typed(form, name, row)
                for name in form.fields
                if (column := _column(form, name))
            }
            texts = [_row_shown(form, values), _("deleted"), _row_shown(form, typed)]
            self._ask(f"{prefix}-{index}-row", label, *texts, since)

    def _ask(self, name, label, before, theirs, mine, since):
        self.conflicts.append(Conflict(name, label, before, theirs, mine, who_did(since.changeset)))

    def _cut(self, start):
        """Take the values of one row out of the data: `{name: values}`."""
        names = [name for name in self.data if name.startswith(start)]
        row = {name.removeprefix(start): self.data.getlist(name) for name in names}
        for name in names:
            del self.data[name]
        return row

    def _put(self, key, field, value):
        if isinstance(field, forms.BooleanField):
            self.data.pop(key, None)
            if value:
                self.data[key] = "on"
        else:
            text = field.widget.format_value(field.prepare_value(value))
            self.data[key] = text[0] if isinstance(text, list) else text or ""


def _asked(posted):
    try:
        conflicts = [Conflict(*map(str, json.loads(told))) for told in posted.getlist(ASKED)]
    except (TypeError, ValueError):
        raise BadRequest("What was asked is none of what we ask.") from None
    return {conflict.name: conflict for conflict in conflicts}


def who_did(changeset):
    """Who did something, by which way and when, in the active language."""
    when = date_format(localtime(changeset.made_at), "SHORT_DATETIME_FORMAT")
    who = changeset.user.get_username() if changeset.user else changeset.get_way_display()
    return f"{who}, {when}"


def _form(formset, index):
    """The fields of a row of the formset, under the names that it has in the data."""
    form = copy(formset.empty_form)
    form.prefix = formset.add_prefix(index)
    return form


def _column(form, name):
    """The column that a field of the form writes; None for what is none of the row's own."""
    names = {each.name: each.attname for each in form._meta.model._meta.concrete_fields}
    return None if name == "id" else names.get(name)


def _typed(form, name, row):
    """What was typed in a field, of a row that was cut out of the data."""
    data = {key: values[-1] for key, values in row.items()}
    return form.fields[name].widget.value_from_datadict(data, {}, name)


def _row_shown(form, values):
    """The values of a row in a line."""
    texts = (
        shown(field, values[column])
        for name, field in form.fields.items()
        if (column := _column(form, name)) in values
    )
    return ", ".join(text for text in texts if text != NOTHING)


def shown(field, value):
    """A value as an editor knows it."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else NOTHING
    if value in (None, ""):
        return NOTHING
    if isinstance(field, forms.ModelChoiceField):
        is_key = str(value).isdecimal()
        return str(is_key and field.queryset.filter(pk=value).first() or NOTHING)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    return str(value)
