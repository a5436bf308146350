"""What every step has: what is told, when, who says so, and what others did meanwhile."""

import datetime
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ... import history, recording
from ...models import Association, Revision, Source
from ..desk import label_of, text_of
from ..guard import NOTHING, shown, who_did
from ..widgets import ChosenSelect

WHEN = ("valid_from", "attested_on")


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody did to the same since the form was shown, in the words that staff read."""

    label: str
    before: str
    theirs: str
    mine: str
    who: str


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of a form under one heading."""

    title: str
    fields: list


class SourceForm(forms.ModelForm):
    """A source that is told with what it says. One that is known already is that one."""

    use_required_attribute = False

    url = Source._meta.get_field("url").formfield(assume_scheme="https")

    class Meta:
        model = Source
        fields = ["title", "publisher", "url", "published_on", "seen_on"]
        widgets = {
            "title": forms.TextInput(attrs={"class": "is-wide"}),
            "seen_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, data):
        super().__init__(data, prefix="new_source", empty_permitted=True, label_suffix="")

    def clean(self):
        super().clean()
        told = {name: self.cleaned_data.get(name) for name in ("title", "url", "published_on")}
        if None not in told.values():
            self.instance = Source.objects.filter(**told).first() or self.instance
        return self.cleaned_data

    def save(self, commit=True):
        if self.instance.pk:
            return Source.objects.get(pk=self.instance.pk)
        return super().save(commit)


def in_words(fact):
    """What a fact says, and since when or for which day."""
    dates = (
        (_("since %(date)s"), fact.valid_from),
        (_("until %(date)s"), fact.valid_to),
        (_("as of %(date)s"), fact.attested_on),
    )
    told = [text % {"date": date.in_words()} for text, date in dates if date]
    return f"{capfirst(label_of(fact))}: {', '.join([text_of(fact), *told])}"


class Step(forms.ModelForm):
    """What a source tells of an association, entered once. Valid only together with its source."""

    use_required_attribute = False
    key = title = about = new = ""

    reason = forms.CharField(
        label=gettext_lazy("Why, for the history"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Others read it when they wonder. The step itself is told anyway."),
    )

    def __init__(self, association, user, data=None, since=None):
        instance = self._meta.model(association=association)
        super().__init__(data, instance=instance, label_suffix="")
        self.association, self.user, self.since = association, user, since or {}
        self.today = timezone.localdate()
        self.new_source = SourceForm(data)
        complete(self.fields["source"], self._meta.model, "source")
        self.fields["source"].required = False
        self.fields["source"].help_text = _(
            "Choose one that is in the directory, or tell a new one."
        )
        self.fields["valid_from"].label = _("Day of the change")
        for name in WHEN:
            self.fields[name].widget.attrs["placeholder"] = _("e.g. 2002-03")
        for name in ("reason", "kind", "value"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "is-wide"

    @classmethod
    def permissions(cls):
        model = cls._meta.model._meta.model_name
        acts = [f"{act}_{model}" for act in ("add", "change")]
        return [f"associations.{act}" for act in (*acts, "change_association", "add_source")]

    def is_valid(self):
        # Both, so that the errors of both are shown.
        return all([super().is_valid(), self.new_source.is_valid()])

    def clean(self):
        super().clean()
        is_new = self.new_source.has_changed()
        if self.cleaned_data.get("source") and is_new:
            self.add_error("source", _("Choose a source or tell a new one, not both."))
        elif not self.cleaned_data.get("source") and not is_new and "source" not in self.errors:
            self.add_error("source", _("Who says so? Choose a source, or tell a new one."))
        return self.cleaned_data

    def clean_valid_from(self):
        date = self.cleaned_data["valid_from"]
        if date and date.earliest == datetime.date.min:
            raise ValidationError(_("Nothing was before that."))
        return date

    def refuse_without_date(self):
        if not any(self.cleaned_data.get(name) for name in WHEN) and not self.errors:
            text = _("Since when, or for which day does the source say so? Write one of the two.")
            self.add_error("valid_from", text)

    def source(self):
        """The source that was chosen or told. To be asked once, of a valid form."""
        return self.cleaned_data["source"] or self.new_source.save()

    def groups(self):
        """The fields in the order of the page."""
        yield Group(self.new, [self[name] for name in self.told])
        yield Group(_("When"), [self[name] for name in WHEN])
        yield Group(_("Who says so"), [self["source"]])
        yield Group(_("A new source"), list(self.new_source))
        yield Group("", [self["reason"]])

    def comment(self):
        """What was done, for the history."""
        return ". ".join(filter(None, (*self.done, self.cleaned_data["reason"])))

    def warning(self):
        """What is to be known after it was done; empty if nothing is."""
        return ""

    # Somebody else meanwhile.

    @classmethod
    def typed(cls, posted):
        """`(label, text)` of what was posted for a form of this step."""
        of_source = {f"new_source-{name}": each for name, each in SourceForm.base_fields.items()}
        for name, field in (cls.base_fields | of_source).items():
            for value in filter(str.strip, posted.getlist(name)):
                if field.label:
                    yield capfirst(field.label), shown(field, value)

    @classmethod
    def changes_since(cls, association, number):
        """What others did to an entry since a version of the data: as `history.since()`."""
        found = history.since(number, Revision.objects.about(association.pk))
        # Rows that came by the thousand do not name it.
        model = cls._meta.model
        keys = set(model.objects.filter(association=association).values_list("pk", flat=True))
        came = Revision.objects.creating(name_of(model), keys).filter(changeset__number__gt=number)
        for run in came.select_related("changeset__user"):
            for key in keys.intersection(range(run.row, run.last_row + 1)):
                found.setdefault(
                    (name_of(model), key), history.Since({}, True, False, run.changeset)
                )
        return found

    def meanwhile(self):
        """What others did to what this form is about, since it was shown."""
        for (name, row), since in sorted(self.since.items()):
            if self.concerns(name, row, since):
                model = next(m for m in (self._meta.model, Association) if name == name_of(m))
                yield self._met(model, row, since)

    def _met(self, model, row, since):
        fact = model.objects.filter(pk=row).first()
        before, theirs = NOTHING, _("deleted")
        if fact and since.was_created:
            theirs = in_words(fact)
        elif fact:
            now = {column: getattr(fact, column) for column in since.before}
            before = _told(model, recording.read(model, since.before))
            theirs = _told(model, now)
        elif since.before:
            before = _told(model, recording.read(model, since.before))
        label = capfirst(model._meta.verbose_name)
        mine = self.mine(row) if model is self._meta.model else self.mine_of_entry()
        return Meanwhile(label, before, theirs, mine, who_did(since.changeset))

    def mine(self, row):
        """What this form says of a row."""
        return " ".join(filter(None, (self._typed(name) for name in self.told))) or NOTHING

    def mine_of_entry(self):
        """What this form says of the entry itself."""
        return self.mine(None)

    def _typed(self, name):
        """What was typed in a field, as an editor knows it."""
        field = self.fields[name]
        value = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        text = shown(field, value) if not isinstance(value, list) else ""
        return "" if text == NOTHING else text


def complete(field, model, name, widget=ChosenSelect):
    """Let a field look up what is typed, as the entry's form does."""
    field.widget = widget(model._meta.get_field(name), admin.site)
    field.widget.is_required = False
    field.widget.choices = field.choices


def name_of(model):
    return model._meta.model_name


def _told(model, values):
    """The values of some columns in a line."""
    parts = []
    for column, value in values.items():
        field = model._meta.get_field(column.removesuffix("_id"))
        if column not in recording.FOLLOWING:
            parts.append(f"{field.verbose_name}: {shown(field.formfield(), value)}")
    return ", ".join(parts)
