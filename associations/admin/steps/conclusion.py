"""What became of an association: it was closed, merged, split, renamed or succeeded."""

import copy

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ... import handing_over
from ...models import Association, Name, Succession
from ..widgets import ChosenSeveral
from .base import WHEN, Step, complete, in_words, name_of

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
        complete(self.fields["entries"], Succession, "successor", ChosenSeveral)
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
        is_entry = name == name_of(Association) and row == self.association.pk
        is_own = name == name_of(Succession)
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
