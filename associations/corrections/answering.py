"""Staff answer a correction: fact by fact, never over what a colleague changed meanwhile."""

import json
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import columns, history
from ..changes import one_change
from ..checking import mark_facts_checked
from ..dates import PartialDate, PartialDateFormField
from ..handing_over import conclude, end
from ..models import (
    Affiliation,
    Association,
    Changeset,
    ContactPoint,
    Correction,
    Name,
    Proposal,
    Source,
)
from ..profile import Profile
from ..publishing import PUBLISH, decide
from ..search import MAX_LENGTH, search
from ..seen import version
from ..slugs import free_slug
from . import mail
from .receiving import forget_addresses
from .subjects import SUBJECTS, boxes

Answer, Matter, Outcome = Correction.Answer, Correction.Matter, Proposal.Outcome
WHEN = ("valid_from", "valid_to", "is_past", "attested_on")
OVER, NEVER, STAYS, ERASED = "over", "never", "stays", "erased"


class NotDone(Exception):
    """What was filled in cannot be carried out: nothing of it is saved, and the forms say why."""


class DecisionForm(forms.Form):
    """What becomes of one proposal. `fact` is what it is about as it is now, None if nothing is.

    The page carries what it showed of the fact (`base`): where that is no longer so, the three
    versions are shown side by side, and nothing is saved before somebody has seen them.
    """

    decision = forms.ChoiceField(label=_("Answer"), choices=Outcome, widget=forms.RadioSelect)
    old = forms.ChoiceField(
        label=_("What it says now"),
        choices=[
            (OVER, _("was so: it is over")),
            (NEVER, _("was never right: it is taken out")),
            (STAYS, _("stays: both are right")),
            (ERASED, _("is personal: it is erased, from the history, too")),
        ],
        initial=OVER,
        required=False,
    )
    since = PartialDateFormField(
        required=False,
        label=_("Right since"),
        help_text=_("Only if the message tells it: 2002, 2002-03 or 2002-03-01."),
    )
    is_checked = forms.BooleanField(required=False, label=_("I made sure of it myself"))

    def __init__(self, data=None, *, proposal, association, widgets=None, initial=None):
        self.proposal = proposal
        self.association = association
        self.subject = SUBJECTS[proposal.subject]
        own = self.subject.model.objects.filter(association=association)
        self.fact = own.filter(pk=proposal.fact).first()
        super().__init__(
            data,
            prefix=f"p{proposal.pk}",
            label_suffix="",
            initial=self._initial() | (initial or {}),
        )
        for name, field in self._columns(widgets).items():
            field.required = False
            self.fields[name] = field
        if self.fact is None:
            del self.fields["old"]
            rest = [choice for choice in Outcome.choices if choice[0] != Outcome.CONFIRMED]
            self.fields["decision"].choices = rest
        self.conflict = []

    def _columns(self, widgets):
        return fields_for_model(self.subject.model, fields=self.subject.edited, widgets=widgets)

    def _initial(self):
        """The fact as it is now, with what is proposed instead; a new one as others are."""
        row = self.fact or self.subject.model(**self._usual())
        known = {name: row.serializable_value(name) for name in self.subject.edited}
        if self.proposal.proposed or not self.fact:
            known |= self.proposal.proposed
        else:
            known |= dict.fromkeys(self.subject.asked, "")
        if self.subject.model is Affiliation:
            known["parent"] = self.fact and self.fact.parent_id
        if "honorific_prefix" in known and self.proposal.proposed:
            known["honorific_prefix"] = ""  # it is not of the office
        is_own = self.proposal.correction.sender == Correction.Sender.ASSOCIATION
        return {**known, "is_checked": is_own}

    def _usual(self):
        country = self.association.card.country
        return {"country": country} if "country" in self.subject.edited else {}

    @property
    def heading(self):
        return self.subject.named(self.fact) if self.fact else self.subject.label

    @property
    def said(self):
        """What the entry said when the message was sent; empty where that is what it says now."""
        said = self.proposal.said
        is_so = self.fact is not None and self.subject.said(self.fact) == said
        return "" if is_so else _joined(said)

    @property
    def proposed(self):
        return _joined(self.proposal.proposed)

    @property
    def column_fields(self):
        return [self[name] for name in self.subject.edited]

    @cached_property
    def now(self):
        """What the fact says now, as text of its columns; nothing where there is none."""
        if self.fact is None:
            return {}
        names = (*self.subject.edited, *WHEN)
        return {name: str(self.fact.serializable_value(name) or "") for name in names}

    @property
    def base(self):
        """What the page is to come back with."""
        return json.dumps(self.now)

    def clean(self):
        told = super().clean()
        self.conflict = self._compared()
        if self.conflict:
            raise ValidationError(
                _("Somebody changed this meanwhile. Look at the three versions, and decide again.")
            )
        if told.get("decision") == Outcome.ACCEPTED and not self._is_told():
            if self.fact is None:
                raise ValidationError(_("Write what is right."))
            if told.get("old") == STAYS:
                raise ValidationError(_("This would change nothing."))
        return told

    def _compared(self):
        """`(label, as the page showed it, as it is now, as it was typed)` where these differ."""
        try:
            base = dict(json.loads(self.data.get(self.add_prefix("base"), "")))
        except (TypeError, ValueError):
            base = {}
        if base == self.now:
            return []
        field = self.subject.model._meta.get_field
        return [
            (
                field(name).verbose_name,
                base.get(name, ""),
                self.now.get(name, ""),
                self._typed(name),
            )
            for name in (*self.subject.edited, *WHEN)
            if base.get(name, "") != self.now.get(name, "")
        ]

    def _typed(self, name):
        return self.data.get(self.add_prefix(name), "")

    def _is_told(self):
        """Whether there is anything in the place of the fact."""
        return any(self.cleaned_data.get(name) for name in self.subject.asked)

    def carry_out(self, source):
        """Write what was decided, with `source()` as the source of what is new."""
        self.proposal.outcome = self.cleaned_data["decision"]
        self.proposal.save(update_fields=["outcome"])
        if self.proposal.outcome == Outcome.CONFIRMED:
            mark_facts_checked(self._twins(), timezone.localdate())
        elif self.proposal.outcome == Outcome.ACCEPTED:
            try:
                self._replace(source)
            except ValidationError as error:
                _blame(self, error, {"valid_from": "since", "valid_to": "since"})
                raise NotDone from None

    def _twins(self):
        """The fact, and those that say the same by other sources."""
        same = self.subject.sameness(self.fact)
        facts = self.subject.current(self.association)
        return [fact for fact in facts if self.subject.sameness(fact) == same] or [self.fact]

    def _replace(self, source):
        if self.fact is not None and self.cleaned_data["old"] == ERASED:
            self._erase()
        elif self.fact is not None:
            for fact in self._twins():
                self._end(fact)
        if self._is_told():
            told = {name: self.cleaned_data[name] for name in self.subject.edited}
            received = self.proposal.correction.received_on
            fact = self.subject.model(
                association=self.association,
                source=source(),
                attested_on=PartialDate(received.isoformat()),
                valid_from=self.cleaned_data["since"],
                checked_on=timezone.localdate() if self.cleaned_data["is_checked"] else None,
                **self.subject.given,
                **told,
            )
            fact.full_clean()
            fact.save()

    def _erase(self):
        """Delete the fact and those that told the same once, of whatever source and office; of
        messages what they say of it, too."""
        said = self.subject.said(self.fact)
        kind = self.subject.model.objects.filter(association=self.association)
        facts = [fact for fact in kind if self.subject.said(fact) == said]
        keys = [fact.pk for fact in facts]
        history.erase(facts)
        others = Proposal.objects.filter(correction__association=self.association, fact__in=keys)
        others.filter(subject=self.subject.key).update(said={})

    def _end(self, fact):
        how, since = self.cleaned_data["old"], self.cleaned_data["since"]
        if how == NEVER:
            fact.delete()
        elif how == OVER:
            if isinstance(fact, Name) and self._is_told():
                fact.type = Name.Type.FORMER
            end(fact, since)
            fact.full_clean()
            fact.save()


class WholeForm(forms.Form):
    """What the sender is told; and where it is not single facts, what becomes of the entry."""

    decision = forms.ChoiceField(
        label=_("Answer"),
        choices=[(Outcome.ACCEPTED, _("accepted")), (Outcome.REFUSED, _("not accepted"))],
        widget=forms.RadioSelect,
    )
    dissolution_date = PartialDateFormField(
        required=False,
        label=_("Dissolved"),
        help_text=_("If accepted, the entry is closed: readable, and marked as no longer active."),
    )
    withdraw = forms.BooleanField(
        required=False,
        label=_("Withdraw the whole entry: no longer readable, nor imported again"),
    )
    withdrawal_reason = forms.CharField(
        required=False,
        max_length=200,
        label=_("Reason of withdrawal"),
        help_text=_("Shown to visitors, as in “Removed at the association's request.”"),
    )
    name = forms.CharField(
        max_length=400,
        label=_("Name"),
        help_text=_("If accepted, an entry with this name is made, as a draft."),
    )
    slug = forms.SlugField(
        max_length=100,
        label=_("slug"),
        help_text=_("Its address for ever, as in assocallcenter. An old one goes on leading here."),
    )
    website = forms.CharField(required=False, max_length=500, label=_("website"))
    reason = forms.CharField(
        required=False,
        max_length=2000,
        label=_("What the sender is told"),
        help_text=_("In the language of the message. Needed where something is not accepted."),
        widget=forms.Textarea({"rows": 3}),
    )
    # Which of them each matter needs. To withdraw is for Publishers.
    OF = {
        Matter.CLOSED: ("decision", "dissolution_date"),
        Matter.REMOVAL: ("decision", "withdraw", "withdrawal_reason"),
        Matter.SUGGESTION: ("decision", "name", "slug", "website"),
    }
    TO_PUBLISH = {"withdraw", "withdrawal_reason"}

    def __init__(self, data=None, *, correction, has_proposals, user, initial=None):
        self.correction = correction
        self.user = user
        may_publish = user.has_perm(PUBLISH)
        suggested = {
            "name": correction.name,
            "website": correction.website,
            "slug": free_slug(correction.name) if correction.is_suggestion else "",
            "dissolution_date": correction.closed_on,
        }
        super().__init__(data, prefix="whole", label_suffix="", initial=suggested | (initial or {}))
        needed = self.OF.get(correction.matter, () if has_proposals else ("decision",))
        is_lost = correction.association is None and not correction.is_suggestion
        for name in [*self.fields]:
            is_refused = name in self.TO_PUBLISH and not may_publish
            if name != "reason" and (name not in needed or is_refused):
                del self.fields[name]
        if "decision" in self.fields and is_lost:
            self.fields["decision"].choices = [(Outcome.REFUSED, _("not accepted"))]
        if "dissolution_date" in self.fields and not may_publish:
            text = _("If accepted, those who publish are asked to close the entry.")
            self.fields["dissolution_date"].help_text = text

    def clean(self):
        told = super().clean()
        if told.get("withdraw") and not told.get("withdrawal_reason"):
            self.add_error("withdrawal_reason", _("Tell visitors why the entry is gone."))
        return told

    def carry_out(self, source):
        """Write what was decided of the entry as a whole."""
        if self.cleaned_data.get("decision") != Outcome.ACCEPTED:
            return
        told, association = self.cleaned_data, self.correction.association
        if self.correction.is_suggestion:
            self._make_draft(source)
        elif self.correction.matter == Matter.CLOSED:
            association.dissolution_date = told["dissolution_date"]
            self._check(association, {})
            conclude(association, (), (), source(), is_over=True, by=self.user)
        elif told.get("withdraw"):
            association.withdrawal_reason = told["withdrawal_reason"]
            self._save(association, {})
            decide(Association.State.WITHDRAWN, {association.pk: version(association)})

    def _make_draft(self, source):
        """A new entry with the name and the website of a suggestion."""
        told = self.cleaned_data
        association = Association(slug=told["slug"])
        self._save(association, {})
        shared = {
            "association": association,
            "source": source(),
            "attested_on": PartialDate(self.correction.received_on.isoformat()),
        }
        self._save(Name(name=told["name"], **shared), {})
        if told["website"]:
            kind = ContactPoint.Type.WEBSITE
            website = ContactPoint(type=kind, value=told["website"], **shared)
            self._save(website, {"value": "website"})
        self.correction.association = association

    def _save(self, row, places):
        self._check(row, places)
        row.save()

    def _check(self, row, places):
        """What the model of a row refuses is told at the field that `places` names."""
        try:
            row.full_clean()
        except ValidationError as error:
            _blame(self, error, places)
            raise NotDone from None


class Answering:
    """A correction before an editor: what it proposes, and the forms by which it is answered.

    With `data` as they were sent; `typed` fills them in without judging them.
    """

    def __init__(self, correction, user, data=None, typed=None, widgets=None):
        self.correction = correction
        self.user = user
        proposals = correction.proposals.all() if correction.association else ()
        self.decisions = [
            DecisionForm(
                data,
                proposal=proposal,
                association=correction.association,
                widgets=widgets,
                initial=_typed(typed, f"p{proposal.pk}"),
            )
            for proposal in proposals
        ]
        self.whole = WholeForm(
            data,
            correction=correction,
            has_proposals=bool(self.decisions),
            user=user,
            initial=_typed(typed, "whole"),
        )

    @cached_property
    def outcomes(self):
        """`(label, what was proposed, what became of it)` of an answered message."""
        return [
            (
                SUBJECTS[each.subject].general_label,
                _joined(each.proposed),
                each.get_outcome_display(),
            )
            for each in self.correction.proposals.all()
        ]

    @cached_property
    def takeable(self):
        """`(key, label)` of what can be taken out of the message: each fact, each kind of one."""
        if self.correction.association is None:
            return []
        taken = {(form.subject.key, form.proposal.fact) for form in self.decisions}
        known = [
            (box.key, f"{box.label}: {box.text}")
            for box in boxes(Profile(self.correction.association))
            if box.fact and (box.subject.key, box.fact) not in taken
        ]
        new = [
            (f"{subject.key}-new", gettext("a new one: %(kind)s") % {"kind": subject.general_label})
            for subject in SUBJECTS.values()
        ]
        return [*known, *new]

    @cached_property
    def alike(self):
        """Cards of entries, in any state, that the suggested name finds."""
        if not self.correction.is_suggestion:
            return []
        text = self.correction.name[:MAX_LENGTH]
        return search(text, columns.Conditions(), Association.State.values).suggest(5)

    @property
    def has_errors(self):
        return any(form.errors for form in (*self.decisions, self.whole))

    def take(self, key):
        """Add a proposal on what the message tells in words: a key of `takeable`."""
        if key not in dict(self.takeable):
            return
        subject, _separator, fact = key.rpartition("-")
        told = {box.key: box.said for box in boxes(Profile(self.correction.association))}
        said = told.get(key, {})
        self.correction.proposals.create(
            subject=subject, fact=None if fact == "new" else int(fact), said=said, proposed=said
        )

    def is_valid(self):
        # Each is asked, so that each tells what is wrong with it.
        are_valid = [form.is_valid() for form in (*self.decisions, self.whole)]
        if not all(are_valid):
            return False
        if Outcome.REFUSED in self._outcomes() and not self.whole.cleaned_data["reason"]:
            self.whole.add_error("reason", _("Tell the sender why."))
        if (
            self.correction.matter == Matter.REMOVAL
            and self.whole.cleaned_data.get("decision") == Outcome.ACCEPTED
            and not self.whole.cleaned_data.get("withdraw")
            and Outcome.ACCEPTED not in self._decided()
        ):
            self.whole.add_error(
                "decision",
                _("Nothing would be removed: take out what is personal, or withdraw the entry."),
            )
        return self.whole.is_valid()

    def _decided(self):
        return [form.cleaned_data["decision"] for form in self.decisions]

    def _outcomes(self):
        whole = self.whole.cleaned_data.get("decision")
        return [*self._decided(), *([whole] if whole else [])]

    def carry_out(self, request):
        """Answer, as part of one change; raises `NotDone` where the models refuse something."""
        correction = self.correction
        for form in (*self.decisions, self.whole):
            form.carry_out(self.source)
        accepted = [outcome == Outcome.ACCEPTED for outcome in self._outcomes()]
        answer = Answer.PARTLY if any(accepted) else Answer.REFUSED
        correction.take_answer(
            Answer.ACCEPTED if all(accepted) else answer,
            self.whole.cleaned_data["reason"],
            self.user,
        )
        correction.save()
        forget_addresses()
        mail.send_after_commit(correction, "answered", request)

    def source(self):
        """The message as a source, made when the first fact needs it."""
        correction = self.correction
        with translation.override(correction.language):
            title = gettext("Correction %(number)s") % {"number": correction.number}
            publisher = correction.get_sender_display()
        if correction.sender == Correction.Sender.ASSOCIATION and correction.association:
            publisher = str(correction.association)
        source, _is_new = Source.objects.get_or_create(
            title=title,
            url="",
            published_on=PartialDate(correction.received_on.isoformat()),
            defaults={"publisher": publisher[:200], "seen_on": timezone.localdate()},
        )
        return source


def answer(correction, request, widgets=None):
    """Answer by the forms that `request` sends; return the `Answering`, and whether it was done.

    It is done by all of them or by none, and once: a correction that was answered meanwhile is left
    as it is.
    """
    try:
        with one_change(request.user, Changeset.Way.CORRECTION, correction.number):
            fresh = Correction.objects.get(pk=correction.pk)
            answering = Answering(fresh, request.user, request.POST, widgets=widgets)
            if not fresh.is_open or not answering.is_valid():
                raise NotDone
            answering.carry_out(request)
    except NotDone:
        return answering, False
    return answering, True


def _blame(form, error, places):
    """Tell what a model refuses at the field of that name, or at the one in its `places`."""
    for name, reasons in error.update_error_dict({}).items():
        place = places.get(name, name)
        form.add_error(place if place in form.fields else None, reasons)


def _joined(told):
    return ", ".join(filter(None, told.values()))


def _typed(data, prefix):
    """What was typed in the fields of a form with this prefix."""
    if data is None:
        return {}
    start = f"{prefix}-"
    return {name.removeprefix(start): data[name] for name in data if name.startswith(start)}
