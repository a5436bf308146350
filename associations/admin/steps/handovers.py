"""What ends and what follows it, in one step: an office, an address, a number, a name, a
confederation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ... import handing_over
from ...models import Address, Affiliation, Association, ContactPoint, Name, OfficeHolder
from ...models.people import HEADS
from ...slugs import free_slug
from .base import WHEN, Group, Step, complete, in_words, name_of

# Offices that one person has; of the others, several persons at a time are normal.
SINGLE = {
    *HEADS,
    OfficeHolder.Role.SECRETARY_GENERAL,
    OfficeHolder.Role.DIRECTOR_GENERAL,
    OfficeHolder.Role.EXECUTIVE_DIRECTOR,
    OfficeHolder.Role.CHIEF_EXECUTIVE,
    OfficeHolder.Role.MANAGING_DIRECTOR,
}


class FactsField(forms.ModelMultipleChoiceField):
    """Which of the facts that hold now are meant, told with their dates."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, fact):
        return in_words(fact)


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
        changed = {str(row) for name, row in since if name == name_of(cls._meta.model)}
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
        is_own = name == name_of(self._meta.model)
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
        complete(self.fields["parent"], Affiliation, "parent")

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
        is_new_address = name == name_of(Association) and self.data.get("address") == "new"
        return super().concerns(name, row, since) or is_new_address and "slug" in since.before
