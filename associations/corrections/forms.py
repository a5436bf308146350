"""What visitors fill in: a correction of an entry, an entry that is missing, an own answer."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..dates import PartialDateFormField
from ..models import Correction, Proposal
from ..models.corrections import ADDRESS_KEPT
from .protection import SealedForm
from .subjects import EXPECTED, Box

Matter = Correction.Matter


def _lines(rows, **attributes):
    return forms.Textarea({"rows": rows, **attributes})


class MessageForm(SealedForm):
    """What every message has: some words, how it is known, and whom to answer."""

    message = forms.CharField(
        required=False, max_length=3000, label=_("In your words"), widget=_lines(4)
    )
    evidence = forms.CharField(
        required=False,
        max_length=1000,
        label=_("How do you know?"),
        help_text=_("An address on the web, a document, “I work there”. You may leave it out."),
        widget=_lines(2),
    )
    email = forms.EmailField(
        required=False,
        max_length=254,
        label=_("Your e-mail address"),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        told = _(
            "Only if you want the answer by mail, too. Nobody but us sees it, and it is deleted"
            " %d days after the answer."
        )
        self.fields["email"].help_text = told % ADDRESS_KEPT

    def proposals(self):
        """The unsaved `Proposal`s that it makes."""
        return []


class BoxesForm(MessageForm):
    """The facts of an entry, each in a box that can be written over; `first` are at hand at once.

    What was changed is told from what the page showed, which may not be what the entry says now.
    """

    def __init__(self, *args, first=lambda box: False, **kwargs):
        super().__init__(*args, **kwargs)
        self.boxes = [Box.unsealed(parts) for parts in self.seal.shown]
        for box in self.boxes:
            for column in box.subject.asked:
                self.fields[f"{box.key}-{column}"] = forms.CharField(
                    required=False,
                    max_length=500,
                    label=box.subject.label_of(column) if len(box.said) > 1 else box.label,
                    initial=box.said[column],
                )
        self._first = first

    @property
    def at_hand(self):
        """What the boxes are called that are seen at once, and their fields."""
        return [self._rows(box) for box in self._wanted]

    @property
    def others(self):
        return [self._rows(box) for box in self.boxes if box not in self._wanted]

    @cached_property
    def _wanted(self):
        wanted = [box for box in self.boxes if self._first(box) or self._is_wrong(box)]
        return wanted or self.boxes

    def _rows(self, box):
        return box.label, [self[f"{box.key}-{column}"] for column in box.subject.asked]

    def _is_wrong(self, box):
        return any(f"{box.key}-{column}" in self.errors for column in box.subject.asked)

    def proposals(self):
        return list(filter(None, map(self._proposal, self.boxes)))

    def _proposal(self, box):
        """What was made of a box; None where it was left as it was."""
        typed = {
            column: _plain(self.cleaned_data.get(f"{box.key}-{column}", ""))
            for column in box.subject.asked
        }
        if typed == {column: _plain(text) for column, text in box.said.items()}:
            return None
        proposed = typed if any(typed.values()) else {}
        return Proposal(subject=box.subject.key, fact=box.fact, said=box.said, proposed=proposed)


class CorrectionForm(BoxesForm):
    """Something is wrong with an entry."""

    matter = forms.ChoiceField(
        label=_("What is the matter?"), initial=Matter.FACT, widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        asked = [matter for matter in Matter if matter != Matter.SUGGESTION]
        self.fields["matter"].choices = [(each.value, capfirst(each.label)) for each in asked]

    def clean(self):
        told = super().clean()
        matter = told.get("matter")
        if matter == Matter.REMOVAL and not told.get("message"):
            self.add_error(
                "message", _("Say who you are, what is to be removed, and on what grounds.")
            )
        elif matter not in (None, Matter.CLOSED) and not (self.proposals() or told.get("message")):
            raise ValidationError(
                _("Nothing was changed: write over what is wrong, or tell it in your words.")
            )
        return told


class SuggestionForm(MessageForm):
    """An association that is not in the directory."""

    name = forms.CharField(max_length=200, label=_("Its name"))
    website = forms.CharField(
        required=False,
        max_length=500,
        label=_("Its website"),
        widget=forms.TextInput({"inputmode": "url", "placeholder": "https://www.example.org"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["message"].label = _("What you know of it")
        self.fields["message"].help_text = _("City, telephone, president, whom it belongs to.")


class ChangedForm(BoxesForm):
    """The association itself tells what has changed."""

    matter = Matter.FACT

    def clean(self):
        told = super().clean()
        if not (self.proposals() or told.get("message")):
            raise ValidationError(
                _("Nothing was changed: write over what is wrong, or tell it in your words.")
            )
        return told


class ClosedForm(MessageForm):
    """The association itself tells that it has ended."""

    matter = Matter.CLOSED
    closed_on = PartialDateFormField(
        required=False,
        label=_("Since when?"),
        help_text=_("A year, a month or a day: 2002, 2002-03 or 2002-03-01."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["message"].label = _("What came after it?")


def _plain(text):
    return " ".join(text.split())


def is_first(asked):
    """Whether a box is what the link was about that led here: one fact, or a block of the page.

    Where it was the whole page: what an entry is most often asked for.
    """
    fact, about = asked.get("fact", ""), asked.get("about", "")
    if fact or about:
        return lambda box: box.key == fact or box.block == about
    return lambda box: box.subject.key in EXPECTED
