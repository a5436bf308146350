"""What is known of one association on a day, sorted as its contact page tells it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import cached_property

from . import countries, phones, timeline
from .composed import composed_once
from .gathering import gather
from .models import (
    Address,
    Affiliation,
    Association,
    Card,
    Citation,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
    SearchWord,
    Sector,
    Succession,
)
from .models.facts import iso_day
from .models.people import HEADS, in_office
from .nearby import CARD, Nearby, asked_of, cards, nearby

MEMBERS_SHOWN = 100
# Of so many members, how many are of which country is told.
MANY_MEMBERS = 12
CONTACT_ORDER = (
    ContactPoint.Type.PHONE,
    ContactPoint.Type.FAX,
    ContactPoint.Type.EMAIL,
    ContactPoint.Type.PEC,
    ContactPoint.Type.WEBSITE,
)


@dataclass
class Statement:
    """The same thing as several sources say it: `fact` is the latest of them, `others` the rest."""

    fact: object
    others: list = field(default_factory=list)


@dataclass
class CitedSource:
    """A source with its number on the page, and what it supports there (translated labels)."""

    number: int
    source: object
    supports: list


def statements(facts, key, on=None):
    """The `facts` that say the same by `key` as one `Statement` each, the latest evidence first."""
    latest_first = sorted(facts, key=lambda fact: fact.evidence(on), reverse=True)
    grouped = {}
    for fact in latest_first:
        grouped.setdefault(key(fact), []).append(fact)
    return [Statement(first, others) for first, *others in grouped.values()]


@composed_once(Card)
def _first_members(key, day):
    members = Card.objects.public().members_of(key, on=day)
    return members.values_list(*CARD)[:MEMBERS_SHOWN]


def _sources_of(statement):
    return {fact.source_id for fact in (statement.fact, *statement.others)}


def _facts_of(*groups):
    return [fact for group in groups for s in group for fact in (s.fact, *s.others)]


@dataclass
class Branch:
    """A body before or after another one, with those before or after itself."""

    succession: Succession
    entry: Association | None
    name: str
    branches: list


@dataclass
class CountryOfMembers:
    """How many members of a country the directory lists (`count`)."""

    code: str
    name: str
    count: int


class Profile:
    """An association on the date `on` (default: today, as is known today).

    Of another day it knows what held on it, and nothing that began or was attested later. All facts
    are read at once, when the first is asked for.
    """

    def __init__(self, association, on=None):
        self.association = association
        self.on = on
        self.day = on or timezone.localdate()

    @cached_property
    def _gathered(self):
        return gather(self.association, asked_of(self.association.card))

    def _facts(self, model):
        facts = self._gathered[model]
        if self.on is None:
            return facts
        day = iso_day(self.day)
        return [fact for fact in facts if (fact.valid_from or fact.attested_on) <= day]

    @cached_property
    def card(self):
        """What the head of the page tells: of another day only names, place and state."""
        if self.on is None:
            return self.association.card
        acronym = next((s.fact for s in self.names if s.fact.type == Name.Type.ACRONYM), None)
        place = next((statement.fact for statement in self.addresses), None)
        # A body is never nameless: before its first known name it is called as today.
        name = self.name or self.association.card
        return Card(
            association=self.association,
            slug=self.association.slug,
            state=self._state,
            name=name.name,
            language=name.language,
            acronym=acronym.name if acronym else "",
            country=place.country if place else "",
            locality=place.locality if place else "",
        )

    @property
    def _state(self):
        """A closed body was not, on a day before it was dissolved."""
        dissolved = self.association.dissolution_date
        if dissolved and self.on < dissolved.earliest and self.association.is_public:
            return Association.State.PUBLIC
        return self.association.state

    @property
    def is_before_its_founding(self):
        founded = self.association.founding_date
        return bool(founded and self.on and self.on < founded.earliest)

    # names

    @cached_property
    def _names(self):
        return self._facts(Name)

    @cached_property
    def names(self):
        """Other names in use, acronym first: all but the official one."""
        order = [Name.Type.ACRONYM, Name.Type.TRANSLATED, Name.Type.OTHER]
        held = [
            name
            for name in self._names
            if name.type in order and not name.is_over(self.day) and name.name != self.name.name
        ]
        return sorted(
            statements(held, lambda name: name.name, self.day),
            key=lambda statement: order.index(statement.fact.type),
        )

    @cached_property
    def name(self):
        """The official name: the one in force, or the last one known."""
        official = [name for name in self._names if name.type == Name.Type.OFFICIAL]
        held = [name for name in official if name.holds(self.day)]
        if self.on:
            # What is a former name today was the official one until the day that it ended.
            held = [n for n in self._names if n.was_official(self.day)] or held
        return next(iter(held or reversed(official) or self._names), None)

    @cached_property
    def former_names(self):
        over = [n for n in self._names if n.is_over(self.day) and n is not self.name]
        return statements(over, lambda name: name.name, self.day)

    # contact

    @cached_property
    def _contact_points(self):
        return self._facts(ContactPoint)

    @cached_property
    def contact_points(self):
        """The statements of each way to reach it: telephone first, website last."""
        held = [point for point in self._contact_points if not point.is_over(self.day)]
        found = statements(held, lambda point: (point.type, point.e164 or point.value), self.day)
        return sorted(found, key=lambda statement: CONTACT_ORDER.index(statement.fact.type))

    @cached_property
    def channels(self):
        """`(type, its statements)` of each way to reach it, in a fixed order.

        Telephone and e-mail are there even where none is known.
        """
        known = {kind: [] for kind in CONTACT_ORDER}
        for statement in self.contact_points:
            known[ContactPoint.Type(statement.fact.type)].append(statement)
        expected = (ContactPoint.Type.PHONE, ContactPoint.Type.EMAIL)
        return [(kind, found) for kind, found in known.items() if found or kind in expected]

    @cached_property
    def has_number(self):
        """Whether it has a telephone of which the digits tell who pays."""
        phone = ContactPoint.Type.PHONE
        return any(s.fact.type == phone and s.fact.number for s in self.contact_points)

    numbering_metadata = phones.METADATA

    @cached_property
    def _addresses(self):
        return self._facts(Address)

    @cached_property
    def addresses(self):
        held = [address for address in self._addresses if not address.is_over(self.day)]
        return statements(held, lambda address: (str(address), address.country), self.day)

    @cached_property
    def has_street(self):
        return any(statement.fact.street_address for statement in self.addresses)

    @cached_property
    def former_contacts(self):
        """Addresses and contact points that are over."""
        over = [f for f in (*self._addresses, *self._contact_points) if f.is_over(self.day)]
        return statements(over, lambda fact: (type(fact), str(fact)), self.day)

    # what machines may act upon

    @cached_property
    def told_contact_points(self):
        """How it is reached, each way in the words of its latest source; no way if it is closed."""
        return self._told(self.contact_points)

    @cached_property
    def told_addresses(self):
        return self._told(self.addresses)

    @cached_property
    def told_office_holders(self):
        """The statements of who is in office."""
        return [] if self.association.card.is_closed else self.office_holders

    @cached_property
    def told_affiliations(self):
        """The affiliations that are in force: announced ones are not yet."""
        told = self._told(self.affiliations)
        return [a for a in told if a.status == Affiliation.Status.MEMBER]

    @cached_property
    def told_members(self):
        return (
            [] if self.association.card.is_closed else [c for c in self.members if not c.is_closed]
        )

    def _told(self, statements):
        return [] if self.association.card.is_closed else [s.fact for s in statements]

    # people

    @cached_property
    def _office_holders(self):
        return self._facts(OfficeHolder)

    @cached_property
    def office_holders(self):
        """Who is in office, or was when last heard of: heads first."""
        found = self._tenures(in_office(self._office_holders, self.day))
        return sorted(found, key=lambda tenure: tenure.fact.role not in HEADS)

    @cached_property
    def has_head(self):
        return any(statement.fact.role in HEADS for statement in self.office_holders)

    @cached_property
    def is_disputed(self):
        """Whether sources that have none in common name different persons as its head today."""
        heads = [s for s in self.office_holders if s.fact.role in HEADS]
        return any(
            one.fact.role == other.fact.role and _sources_of(one).isdisjoint(_sources_of(other))
            for one, other in combinations(heads, 2)
        )

    @cached_property
    def earlier_office_holders(self):
        current = {(s.fact.name, s.fact.role) for s in self.office_holders}
        rest = [h for h in self._office_holders if (h.name, h.role) not in current]
        return self._tenures(rest)

    def _tenures(self, holders):
        """One person in one office, however many sources name them: a statement each."""
        wanted = {(holder.name, holder.role) for holder in holders}
        facts = [h for h in self._office_holders if (h.name, h.role) in wanted]
        return statements(facts, lambda holder: (holder.name, holder.role), self.day)

    # relations

    @cached_property
    def _affiliations(self):
        return self._facts(Affiliation)

    @cached_property
    def affiliations(self):
        held = [
            affiliation for affiliation in self._affiliations if not affiliation.is_over(self.day)
        ]
        return statements(held, lambda affiliation: affiliation.parent_id, self.day)

    @cached_property
    def former_affiliations(self):
        over = [affiliation for affiliation in self._affiliations if affiliation.is_over(self.day)]
        return statements(over, lambda affiliation: affiliation.parent_id, self.day)

    @cached_property
    def predecessors(self):
        return [each for each in self._successions if each.successor_id == self.association.pk]

    @cached_property
    def successors(self):
        return [each for each in self._successions if each.association_id == self.association.pk]

    @cached_property
    def _successions(self):
        """Its own, and those of the bodies right before and after it."""
        return self._facts(Succession)

    @cached_property
    def family_before(self):
        """The bodies that it came from as `Branch`es, and what these came from."""
        return [
            self._before(each, [self._before(b) for b in self._leading_to(each.association_id)])
            for each in self.predecessors
        ]

    @cached_property
    def family_after(self):
        """What became of it as `Branch`es, and what became of that."""
        return [
            self._after(each, [self._after(a) for a in self._leading_from(each.successor_id)])
            for each in self.successors
        ]

    def _before(self, succession, branches=()):
        name = succession.predecessor_name
        return Branch(succession, succession.association, name, branches)

    def _after(self, succession, branches=()):
        return Branch(succession, succession.successor, succession.successor_name, branches)

    def _leading_to(self, key):
        return [s for s in self._successions if key and s.successor_id == key]

    def _leading_from(self, key):
        return [s for s in self._successions if key and s.association_id == key]

    @cached_property
    def identifiers(self):
        return self._facts(Identifier)

    @cached_property
    def members(self):
        """The cards of its members, at most `MEMBERS_SHOWN`, in the order of their names."""
        if not self.association.has_members:
            return []
        return cards(_first_members(self.association.pk, self.day))

    @cached_property
    def member_count(self):
        return sum(self._counted_members.values())

    @cached_property
    def _counted_members(self):
        """`{(country, state): members}`; a query where not all are shown."""
        if len(self.members) < MEMBERS_SHOWN:
            return Counter((card.country, card.state) for card in self.members)
        members = Card.objects.public().members_of(self.association.pk, on=self.day)
        rows = members.order_by().values_list("country", "state").annotate(Count("pk"))
        return {(country, state): number for country, state, number in rows}

    @cached_property
    def countries_of_members(self):
        """Where its members are, most of them first, as the directory lists them; if they are many
        and of several countries."""
        if self.member_count < MANY_MEMBERS or self.on:
            return []
        found = [
            CountryOfMembers(code, countries.name(code), number)
            for (code, state), number in self._counted_members.items()
            if code and state == Association.State.PUBLIC
        ]
        found.sort(key=lambda each: (-each.count, each.name))
        return found if len(found) > 1 else []

    @cached_property
    def nearby(self):
        """What it may be taken for, and its neighbours; none of another day; a query."""
        if self.on:
            return Nearby()
        relatives = {affiliation.parent_id for affiliation in self._affiliations}
        for succession in self._successions:
            relatives |= {succession.association_id, succession.successor_id}
        frequencies = {each.word: each.frequency for each in self._gathered[SearchWord]}
        return nearby(self.card, relatives, frequencies)

    @cached_property
    def timeline(self):
        return timeline.events(self)

    @property
    def is_long_history(self):
        return len(self.timeline) > timeline.LONG

    @cached_property
    def sectors(self):
        return sorted(self._gathered[Sector], key=lambda sector: sector.slug)

    # sources

    @cached_property
    def facts(self):
        """Every fact of the page, in its order."""
        contact = [statement for _kind, found in self.channels for statement in found]
        people = [*self.office_holders, *self.earlier_office_holders]
        shown = [
            *_facts_of(contact, self.addresses, self.former_contacts, people, self.affiliations),
            *self.predecessors,
            *self.successors,
            *_facts_of(self.former_affiliations),
            *filter(None, [self.name]),
            *_facts_of(self.names, self.former_names),
            *self.identifiers,
        ]
        known = [
            *self._contact_points,
            *self._addresses,
            *self._office_holders,
            *self._affiliations,
            *self._names,
        ]
        # By identity: to look a row of Django's up takes as long as to read it.
        return list({id(fact): fact for fact in (*shown, *known)}.values())

    def is_current(self, fact):
        """Whether the page tells this fact as present; of an office: who holds it."""
        if isinstance(fact, OfficeHolder):
            return any(
                (s.fact.name, s.fact.role) == (fact.name, fact.role) for s in self.office_holders
            )
        return fact.holds(self.day) and not fact.is_over(self.day)

    @cached_property
    def citations(self):
        return sorted(self._gathered[Citation], key=lambda c: (c.about, c.source_id))

    @cached_property
    def sources(self):
        """Every source of the page, numbered in the order in which the facts lean on them."""
        told = [(fact, type(fact), fact._meta.verbose_name) for fact in self.facts]
        told += [(each, each.about, Citation.About(each.about).label) for each in self.citations]
        supports = {}
        for each, kind, label in told:
            supports.setdefault(each.source_id, (each.source, {}))[1][kind] = label
        return [
            CitedSource(number, source, list(dict.fromkeys(map(str, labels.values()))))
            for number, (source, labels) in enumerate(supports.values(), 1)
        ]

    @cached_property
    def source_numbers(self):
        """`{source key: its number on the page}`."""
        return {cited.source.pk: cited.number for cited in self.sources}

    @cached_property
    def numbers_by_subject(self):
        """`{what a citation is about: [number, …]}`; nothing of what none is about."""
        found = defaultdict(list)
        for citation in self.citations:
            found[citation.about].append(self.source_numbers[citation.source_id])
        return defaultdict(list, {about: sorted(numbers) for about, numbers in found.items()})

    # age

    @cached_property
    def _in_force(self):
        """The facts that the page tells as present, each in the words of its latest source."""
        contact = [statement for _kind, found in self.channels for statement in found]
        told = [*contact, *self.addresses, *self.office_holders, *self.affiliations]
        return [*filter(None, [self.name]), *(statement.fact for statement in told)]

    @cached_property
    def as_of(self):
        """The newest date for which a source of these facts speaks; empty if none has one."""
        return max((fact.evidence(self.day) for fact in self._in_force), default="")

    @cached_property
    def never_checked(self):
        return all(fact.checked_on is None for fact in self._in_force)
