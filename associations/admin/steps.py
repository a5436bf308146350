"""The forms of what is done in one step: each tells what ends, what begins, when, and who says so.

What holds now is chosen from, and what begins passes the models' own rules.
"""

import copy
import datetime
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import handing_over, history, recording
from ..models import (
    Address,
    Affiliation,
    Association,
    ContactPoint,
    Name,
    OfficeHolder,
    Revision,
    Source,
    Succession,
)
from ..models.people import HEADS
from ..slugs import free_slug
from .desk import label_of, text_of
from .guard import NOTHING, shown, who_did
from .widgets import ChosenSelect, ChosenSeveral

WHEN = ("valid_from", "attested_on")
# Offices that one person has; of the others, several persons at a time are normal.
SINGLE = {
    *HEADS,
    OfficeHolder.Role.SECRETARY_GENERAL,
    OfficeHolder.Role.DIRECTOR_GENERAL,
    OfficeHolder.Role.EXECUTIVE_DIRECTOR,
    OfficeHolder.Role.CHIEF_EXECUTIVE,
    OfficeHolder.Role.MANAGING_DIRECTOR,
}


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


class FactsField(forms.ModelMultipleChoiceField):
    """Which of the facts that hold now are meant, told with their dates."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, fact):
        return in_words(fact)


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
        _complete(self.fields["source"], self._meta.model, "source")
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
        came = Revision.objects.creating(_name(model), keys).filter(changeset__number__gt=number)
        for run in came.select_related("changeset__user"):
            for key in keys.intersection(range(run.row, run.last_row + 1)):
                found.setdefault((_name(model), key), history.Since({}, True, False, run.changeset))
        return found

    def meanwhile(self):
        """What others did to what this form is about, since it was shown."""
        for (name, row), since in sorted(self.since.items()):
            if self.concerns(name, row, since):
                model = next(m for m in (self._meta.model, Association) if name == _name(m))
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


class Handover(Step):
    """What holds now ends, if it is ticked; what is told begins, if anything is."""

    ended = FactsField(queryset=None, required=False)
    ends = ""  # what is asked

    def __init__(self, association, user, data=None, since=None):
        self.ticked = data.getlist("ended") if data is not None else []
        super().__init__(
            association, user, self._without_those_gone(association, data, since), since
        )
        field = self.fields["ended"]
        field.queryset = self.holding(association)
        field.label = self.ends
        self.fields["valid_from"].help_text = _(
            "The first day of what is new: a day, a month or a year. What was before ends right"
            " before it: 2024-05 here is “until 2024-04” there. Empty if no source tells it."
        )
        for name in self.needed:
            self.fields[name].required = False
        if not self.is_bound:
            self.initial["ended"] = [fact.pk for fact in self.usually_ended()]

    @classmethod
    def _without_those_gone(cls, association, data, since):
        """What another has ended or deleted meanwhile is not chosen: that is told, and no error."""
        if data is None:
            return None
        changed = {str(row) for name, row in since if name == _name(cls._meta.model)}
        left = {str(key) for key in cls.holding(association).values_list("pk", flat=True)}
        gone = changed - left
        data = data.copy()
        data.setlist("ended", [key for key in data.getlist("ended") if key not in gone])
        return data

    @classmethod
    def holding(cls, association):
        facts = cls._meta.model.objects.holding().filter(association=association)
        return facts.order_by("pk")

    def usually_ended(self):
        """What is ticked from the beginning: the one that there is."""
        facts = list(self.fields["ended"].queryset)
        return facts if len(facts) == 1 else []

    @property
    def begins(self):
        return any(self.cleaned_data.get(name) for name in self.needed)

    def clean(self):
        super().clean()
        ended = list(self.cleaned_data.get("ended") or ())
        if not ended and not self.begins and not self.errors:
            self.add_error(None, _("Nothing ends and nothing begins: tick, or write, what does."))
        if self.begins:
            self.refuse_without_date()
        if not self.errors.keys() & {"valid_from", "ended"}:
            for fact in ended:
                try:
                    handing_over.end(fact, self.cleaned_data["valid_from"])
                except ValidationError as error:
                    self.add_error("valid_from", error)
        self.cleaned_data["ended"] = ended
        return self.cleaned_data

    def begun(self):
        return [self.instance] if self.begins else []

    def save(self):
        ended = self.cleaned_data["ended"]
        handing_over.hand_over(self.association, ended, self.begun(), self.source())

    @property
    def done(self):
        for fact in self.cleaned_data["ended"]:
            yield _("Ended: %s") % in_words(fact)
        for fact in self.begun():
            yield _("New: %s") % in_words(fact)

    def groups(self):
        if self.fields["ended"].queryset or "ended" in self.errors:
            yield Group(_("What holds now"), [self["ended"]])
        yield from super().groups()

    def concerns(self, name, row, since):
        is_own = name == _name(self._meta.model)
        return is_own and (since.was_created or str(row) in self.ticked)

    def mine(self, row):
        if str(row) in self.ticked:
            date = self._typed("valid_from")
            return _("ends right before %s") % date if date else _("is over")
        return super().mine(row)


class NewOffice(Handover):
    key = "office"
    title = gettext_lazy("New president")
    about = gettext_lazy(
        "Who leaves an office and who follows, in one step. Without a successor the office is"
        " vacant; an acting one is told by the title."
    )
    ends = gettext_lazy("Who leaves")
    new = gettext_lazy("Who follows")
    told = ("role", "title", "honorific_prefix", "name")
    needed = ("name",)

    class Meta:
        model = OfficeHolder
        fields = ("role", "title", "honorific_prefix", "name", *WHEN, "source")

    def __init__(self, association, user, data=None, since=None):
        super().__init__(association, user, data, since)
        if not self.is_bound and (heads := self.usually_ended()):
            self.initial["role"] = heads[0].role

    def usually_ended(self):
        return [holder for holder in self.fields["ended"].queryset if holder.role in HEADS]

    def clean(self):
        super().clean()
        if self.begins and not self.errors:
            self.refuse_two_presidents()
        return self.cleaned_data

    def refuse_two_presidents(self):
        holder = self.instance
        for name in ("name", "role", *WHEN):
            setattr(holder, name, self.cleaned_data[name])
        self.beside = handing_over.holders_beside(self.cleaned_data["ended"], holder, self.today)
        if self.beside and holder.role == OfficeHolder.Role.PRESIDENT:
            text = _("There is one president at a time. Then there would be, too: %s.")
            can_end = set(self.fields["ended"].queryset).intersection(self.beside)
            field = "ended" if can_end else "name"
            self.add_error(field, text % ", ".join(map(in_words, self.beside)))

    def warning(self):
        """Of offices that one person has as a rule."""
        if self.begins and self.beside and self.instance.role in SINGLE:
            return _("In the same office, too: %s.") % ", ".join(map(in_words, self.beside))
        return ""


class NewAddress(Handover):
    key = "address"
    title = gettext_lazy("New address")
    about = gettext_lazy("The old address ends where the new one begins.")
    ends = gettext_lazy("Which address it leaves")
    new = gettext_lazy("Where it moves")
    told = needed = ("street_address", "postal_code", "locality", "region", "country")

    class Meta:
        model = Address
        fields = ("street_address", "postal_code", "locality", "region", "country", *WHEN, "source")


class NewContact(Handover):
    key = "contact"
    title = gettext_lazy("New number, e-mail or website")
    about = gettext_lazy("The old number, e-mail address or website ends where the new one begins.")
    ends = gettext_lazy("What no longer reaches it")
    new = gettext_lazy("What reaches it instead")
    told = ("type", "value", "label", "country")
    needed = ("value",)

    class Meta:
        model = ContactPoint
        fields = ("type", "value", "label", "country", *WHEN, "source")

    def usually_ended(self):
        # The one that there is may be a number, and what is new an e-mail address.
        return []


class NewConfederation(Handover):
    key = "confederation"
    title = gettext_lazy("New confederation")
    about = gettext_lazy(
        "What it leaves is ticked. It may belong to several: what is not ticked stays."
    )
    ends = gettext_lazy("What it leaves")
    new = gettext_lazy("What it joins")
    told = ("parent", "status")
    needed = ("parent",)

    class Meta:
        model = Affiliation
        fields = ("parent", "status", *WHEN, "source")

    def __init__(self, association, user, data=None, since=None):
        super().__init__(association, user, data, since)
        _complete(self.fields["parent"], Affiliation, "parent")

    @classmethod
    def holding(cls, association):
        return super().holding(association).select_related("parent__card")


class NewName(Handover):
    key = "name"
    title = gettext_lazy("New name")
    about = gettext_lazy(
        "The old official name becomes a former one, by which it is still found. What the"
        " descriptions say is left as it is."
    )
    ends = gettext_lazy("Which names end")
    new = gettext_lazy("What it is called")
    told = ("name", "language", "acronym", "address")
    needed = ("name", "acronym")

    acronym = forms.CharField(
        label=gettext_lazy("New acronym"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Empty if it has none, or if the old one stays."),
    )
    address = forms.ChoiceField(
        label=gettext_lazy("Address of its page"),
        widget=forms.RadioSelect,
        initial="kept",
        choices=[
            ("kept", gettext_lazy("stays as it is")),
            ("new", gettext_lazy("is made of the new name")),
        ],
        help_text=gettext_lazy("An old address leads to the new one for ever."),
    )

    class Meta:
        model = Name
        fields = ("name", "language", *WHEN, "source")

    @classmethod
    def holding(cls, association):
        return super().holding(association).exclude(type=Name.Type.FORMER)

    def usually_ended(self):
        names = self.fields["ended"].queryset
        return [name for name in names if name.type == Name.Type.OFFICIAL]

    def clean(self):
        super().clean()
        if self.cleaned_data.get("name") and not self.errors:
            self.refuse_two_official_names()
        elif any(name.type == Name.Type.OFFICIAL for name in self.cleaned_data["ended"]):
            self.refuse_namelessness()
        return self.cleaned_data

    def refuse_namelessness(self):
        if not self.errors:
            text = _("Its official name ends: write the new one, or do not tick the old one.")
            self.add_error("name", text)

    def refuse_two_official_names(self):
        ended = [name.pk for name in self.cleaned_data["ended"]]
        left = Name.objects.filter(association=self.association, type=Name.Type.OFFICIAL)
        left = left.filter(valid_to="", is_past=False).exclude(pk__in=ended)
        if left.exists():
            text = _("There is an official name already: end that one, or make it a former name.")
            self.add_error("ended", text)

    def mine_of_entry(self):
        return self._typed("address")

    def begun(self):
        acronym = self.cleaned_data["acronym"]
        dates = {name: self.cleaned_data[name] for name in WHEN}
        names = [self.instance] if self.cleaned_data["name"] else []
        if acronym:
            told = {"type": Name.Type.ACRONYM, "name": acronym, **dates}
            names.append(Name(association=self.association, **told))
        return names

    def slug(self):
        name = self.cleaned_data["name"]
        is_new = name and self.cleaned_data["address"] == "new"
        return free_slug(name, self.association) if is_new else self.association.slug

    def save(self):
        handing_over.rename(
            self.association,
            self.cleaned_data["ended"],
            self.begun(),
            self.source(),
            self.slug(),
            self.today,
        )

    @property
    def done(self):
        yield from super().done
        if self.cleaned_data["name"] and self.cleaned_data["address"] == "new":
            yield _("Its page: %s") % self.association.slug

    def concerns(self, name, row, since):
        is_new_address = name == _name(Association) and self.data.get("address") == "new"
        return super().concerns(name, row, since) or is_new_address and "slug" in since.before


CLOSED = "closed"


class Conclusion(Step):
    key = "end"
    title = gettext_lazy("Closed, merged, split or renamed")
    about = gettext_lazy(
        "What became of it: its page says so, and leads to what came after it. What is told of it"
        " stays readable."
    )
    new = gettext_lazy("What became of it")
    told = ("kind", "entries", "names", "as_drafts", "goes_on")

    kind = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        choices=[
            (CLOSED, gettext_lazy("it was closed, and nothing came after it")),
            (Succession.Kind.MERGED, gettext_lazy("it was merged with others into one")),
            (Succession.Kind.ABSORBED, gettext_lazy("it was absorbed by another one")),
            (Succession.Kind.SPLIT, gettext_lazy("it was split")),
            (Succession.Kind.RENAMED, gettext_lazy("it was renamed, and has another entry")),
            (Succession.Kind.SUCCEEDED, gettext_lazy("another one took its place")),
        ],
    )
    entries = forms.ModelMultipleChoiceField(
        label=gettext_lazy("What came after it, in this directory"),
        queryset=Association.objects.with_card(),
        required=False,
    )
    names = forms.CharField(
        label=gettext_lazy("What came after it, without an entry"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A name a line."),
    )
    as_drafts = forms.BooleanField(
        label=gettext_lazy("Make a draft of an entry for each of these names"), required=False
    )
    goes_on = forms.BooleanField(
        label=gettext_lazy("It still exists"),
        required=False,
        help_text=gettext_lazy("As after a split in which it lost a part."),
    )

    class Meta:
        model = Succession
        fields = (*WHEN, "source")

    def __init__(self, association, user, data=None, since=None):
        super().__init__(association, user, data, since)
        _complete(self.fields["entries"], Succession, "successor", ChosenSeveral)
        self.fields["valid_from"].help_text = _(
            "The day, month or year in which it happened. Empty if no source tells it."
        )
        if not user.has_perm("associations.add_association"):
            del self.fields["as_drafts"]
            self.told = [name for name in self.told if name != "as_drafts"]

    def clean(self):
        super().clean()
        told = self.cleaned_data
        names = (" ".join(line.split()) for line in told.get("names", "").splitlines())
        told["names"] = list(dict.fromkeys(filter(None, names)))
        if not self.errors:
            self.refuse_without_date()
            self.refuse_what_does_not_fit()
        if not self.errors:
            self.make_successions()
            self.refuse_an_end_before_the_beginning()
        return told

    def refuse_what_does_not_fit(self):
        told = self.cleaned_data
        after = [*told["entries"], *told["names"]]
        if told["kind"] == CLOSED and (after or told["goes_on"]):
            text = _("What was closed has nothing after it: choose what else happened.")
            self.add_error("kind", text)
        elif told["kind"] != CLOSED and not after:
            self.add_error("entries", _("What came after it? Choose an entry, or write a name."))
        if told.get("as_drafts"):
            for name in told["names"]:
                if card := handing_over.entries_called(name).first():
                    text = _("“%s” is in the directory already: choose its entry.")
                    self.add_error("names", text % card.name)

    def make_successions(self):
        told = self.cleaned_data
        sides = [("entries", {"successor": entry}) for entry in told["entries"]]
        if not told.get("as_drafts"):
            sides += [("names", {"successor_name": name}) for name in told["names"]]
        self.successions, self.drafts = [], []
        for field, side in sides:
            succession = self._succession(**side)
            try:
                succession.full_clean(exclude=["source"])
            except ValidationError as error:
                self.add_error(field, error.messages)
            if Succession.objects.filter(association=self.association, **side).exists():
                text = _("That it came after it is told already: %s.")
                self.add_error(field, text % next(iter(side.values())))
            self.successions.append(succession)
        if told.get("as_drafts"):
            self.drafts = [(name, self._succession()) for name in told["names"]]
            self.refuse_what_is_no_name()

    def refuse_what_is_no_name(self):
        for name, _succession in self.drafts:
            try:
                Name(name=name).full_clean(exclude=["association", "source"])
            except ValidationError as error:
                self.add_error("names", error.messages)

    def _succession(self, **side):
        told = {name: self.cleaned_data[name] for name in ("kind", *WHEN)}
        return Succession(association=self.association, **told, **side)

    def refuse_an_end_before_the_beginning(self):
        if self.is_over:
            try:
                self._dissolved(copy.copy(self.association)).full_clean()
            except ValidationError as error:
                self.add_error("valid_from", error.messages)

    def _dissolved(self, association):
        date = self.cleaned_data["valid_from"]
        association.dissolution_date = date or association.dissolution_date
        return association

    @property
    def is_over(self):
        return not self.cleaned_data["goes_on"]

    def save(self):
        handing_over.conclude(
            self._dissolved(self.association) if self.is_over else self.association,
            self.successions,
            self.drafts,
            self.source(),
            self.is_over,
            self.user,
        )

    @property
    def done(self):
        after = [*map(str, self.cleaned_data["entries"]), *self.cleaned_data["names"]]
        what = dict(self.fields["kind"].choices)[self.cleaned_data["kind"]]
        date = self.cleaned_data["valid_from"]
        yield ", ".join(filter(None, (str(what), date and date.in_words(), *after)))

    def warning(self):
        """Of an editor's act: visitors learn of it from those who publish."""
        if self.is_over and self.association.state == Association.State.PUBLIC:
            return _("It waits for the review of those who publish: they close it.")
        return ""

    def concerns(self, name, row, since):
        is_entry = name == _name(Association) and row == self.association.pk
        is_own = name == _name(Succession)
        return is_own or is_entry and bool(since.before.keys() & {"state", "dissolution_date"})

    def mine(self, row):
        return ", ".join(filter(None, map(self._typed, ("kind", "names", "valid_from"))))

    def now(self):
        """What is told of its end until now."""
        told = Succession.objects.filter(association=self.association)
        told = told.select_related("association__card", "successor__card")
        yield f"{capfirst(_('state'))}: {self.association.get_state_display()}"
        if self.association.dissolution_date:
            yield f"{capfirst(_('dissolved'))}: {self.association.dissolution_date.in_words()}"
        yield from map(in_words, told)


STEPS = {
    form.key: form
    for form in (NewOffice, NewAddress, NewContact, NewName, NewConfederation, Conclusion)
}


def _complete(field, model, name, widget=ChosenSelect):
    """Let a field look up what is typed, as the entry's form does."""
    field.widget = widget(model._meta.get_field(name), admin.site)
    field.widget.is_required = False
    field.widget.choices = field.choices


def _name(model):
    return model._meta.model_name


def _told(model, values):
    """The values of some columns in a line."""
    parts = []
    for column, value in values.items():
        field = model._meta.get_field(column.removesuffix("_id"))
        if column not in recording.FOLLOWING:
            parts.append(f"{field.verbose_name}: {shown(field.formfield(), value)}")
    return ", ".join(parts)
