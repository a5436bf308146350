"""The history of an association: what its dated facts tell, in the order of time."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import Affiliation, Name, OfficeHolder, Succession
from .models.facts import iso_day
from .models.people import HEADS

# A history of more events is folded.
LONG = 8


class Bearing(models.TextChoices):
    """What a date says of a fact. An attestation is never told as a beginning."""

    BEGINS = "begins", _("from then on")
    ENDS = "ends", _("until then")
    ATTESTED = "attested", _("at that time")
    BY = "by", _("by then")


@dataclass
class Event:
    """What happened at a partial `date`, and the `numbers` of the sources that say so."""

    date: str
    label: str
    text: str
    bearing: Bearing | None = None
    numbers: list = field(default_factory=list)


class Timeline:
    def __init__(self, profile):
        self.profile = profile
        self.found = {}

    def tell(self, date, label, text, numbers, bearing=None):
        """Tell of an event; what several sources say is one, with the numbers of all."""
        if not date or date > iso_day(self.profile.day):
            return
        event = Event(date, label, text, bearing)
        event = self.found.setdefault((date, label, text, bearing), event)
        event.numbers += [number for number in numbers if number not in event.numbers]

    def tell_fact(self, fact, label, text, attested=Bearing.ATTESTED):
        numbers = [self.profile.source_numbers[fact.source_id]]
        self.tell(fact.valid_from, label, text, numbers, Bearing.BEGINS)
        self.tell(fact.attested_on, label, text, numbers, attested)
        self.tell(fact.valid_to, label, text, numbers, Bearing.ENDS)

    def tell_name(self, name):
        if name.type == Name.Type.OFFICIAL:
            self.tell_fact(name, name.type_label, name.name)
        elif name.type == Name.Type.FORMER:
            self.tell_fact(name, name.type_label, name.name, attested=Bearing.BY)

    def tell_head(self, holder):
        if holder.role in HEADS:
            self.tell_fact(holder, OfficeHolder.Role(holder.role).label, str(holder))

    def tell_affiliation(self, affiliation):
        is_member = affiliation.status == Affiliation.Status.MEMBER
        label = _("member of") if is_member else _("announced as a member of")
        self.tell_fact(affiliation, label, str(affiliation.parent))

    def tell_succession(self, succession):
        is_before = succession.successor_id == self.profile.association.pk
        label = _("before it") if is_before else _("after it")
        entry = succession.association if is_before else succession.successor
        name = succession.predecessor_name if is_before else succession.successor_name
        numbers = [self.profile.source_numbers[succession.source_id]]
        label = f"{label} ({Succession.Kind(succession.kind).label})"
        text = str(entry or name)
        self.tell(succession.valid_from, label, text, numbers)
        if not succession.valid_from:
            self.tell(succession.attested_on, label, text, numbers, Bearing.BY)


TELLING = {
    Name: Timeline.tell_name,
    OfficeHolder: Timeline.tell_head,
    Affiliation: Timeline.tell_affiliation,
    Succession: Timeline.tell_succession,
}


def events(profile):
    """The `Event`s of an association on the day of its profile, the earliest first."""
    told = Timeline(profile)
    association, cited = profile.association, profile.numbers_by_subject
    told.tell(association.founding_date, _("founded"), "", cited["founding_date"])
    for fact in profile.facts:
        if tell := TELLING.get(type(fact)):
            tell(told, fact)
    told.tell(association.dissolution_date, _("dissolved"), "", cited["dissolution_date"])
    return sorted(told.found.values(), key=_moment)


def _moment(event):
    """A year or a month as its first day, or its last, until when something held."""
    is_end = event.bearing == Bearing.ENDS
    return event.date.latest if is_end else event.date.earliest, event.date
