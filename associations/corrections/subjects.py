"""What of an entry can be put right, each as boxes with what it says now."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import (
    Address,
    Affiliation,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
)
from ..profile import Statement

# The blocks of the contact page.
CONTACT, PEOPLE, PLACE, NAMES = "contact", "people", "confederations", "about"


@dataclass(frozen=True)
class Subject:
    """One kind of fact: the columns that visitors are asked for, and those that staff write.

    `given` are the columns by which facts of the kind are told from others of their table.
    """

    key: str
    model: type
    label: Promise
    block: str
    asked: tuple
    edited: tuple
    given: dict = field(default_factory=dict)
    # What it is called where no single fact is at hand, if that is not its label.
    general: Promise | None = None

    @property
    def general_label(self):
        return self.general or self.label

    def label_of(self, column):
        """What a box is called of which there are several."""
        return (
            self.label if len(self.asked) == 1 else self.model._meta.get_field(column).verbose_name
        )

    def is_of(self, fact):
        return isinstance(fact, self.model) and all(
            getattr(fact, column) == value for column, value in self.given.items()
        )

    def said(self, fact):
        """What the columns that visitors are asked for say, as text."""
        return {column: str(getattr(fact, column)) for column in self.asked}

    def sameness(self, fact):
        """What facts of this kind have in common that say the same, whatever their source."""
        if isinstance(fact, ContactPoint):
            return fact.e164 or fact.value
        if isinstance(fact, OfficeHolder):
            return fact.name, fact.role
        return self.said(fact)

    def current(self, association):
        """The facts of this kind that are not over; a query."""
        facts = self.model.objects.filter(association=association, **self.given)
        return [fact for fact in facts if self.is_of(fact) and not fact.is_over()]

    def named(self, fact):
        """What a fact of this kind is called: an office has a name of its own."""
        return fact.office if isinstance(fact, OfficeHolder) else self.label


def _channel(kind):
    columns = ("value", "label", "country") if kind in _NUMBERS else ("value", "label")
    return Subject(
        kind.value, ContactPoint, kind.label, CONTACT, ("value",), columns, {"type": kind}
    )


_NUMBERS = (ContactPoint.Type.PHONE, ContactPoint.Type.FAX)
_ADDRESS = ("street_address", "postal_code", "locality")
_NAME = ("name", "language")

_SUBJECTS = [
    *(_channel(kind) for kind in ContactPoint.Type),
    Subject("address", Address, _("address"), CONTACT, _ADDRESS, (*_ADDRESS, "region", "country")),
    Subject(
        "person",
        OfficeHolder,
        _("president"),
        PEOPLE,
        ("name",),
        ("role", "title", "honorific_prefix", "name"),
        general=_("person in office"),
    ),
    Subject("member", Affiliation, _("member of"), PLACE, ("parent",), ("parent", "status")),
    Subject(
        "name", Name, _("official name"), NAMES, ("name",), _NAME, {"type": Name.Type.OFFICIAL}
    ),
    Subject("acronym", Name, _("acronym"), NAMES, ("name",), _NAME, {"type": Name.Type.ACRONYM}),
    Subject("other_name", Name, _("other name"), NAMES, ("name",), ("type", *_NAME)),
    Subject(
        "number", Identifier, _("number in a register"), NAMES, ("value",), ("scheme", "value")
    ),
]
SUBJECTS = {subject.key: subject for subject in _SUBJECTS}
# What has a box even where nothing is known of it.
EXPECTED = ("phone", "email", "website", "address", "person")


def subject_of(fact):
    """The `Subject` of a fact; None of one that no box is for."""
    return next((subject for subject in _SUBJECTS if subject.is_of(fact)), None)


@dataclass(frozen=True)
class Box:
    """What the entry says of one subject, as it was shown: `fact` is its key, None if unknown."""

    subject: Subject
    fact: int | None
    label: str
    said: dict

    @property
    def key(self):
        return f"{self.subject.key}-{self.fact or 'new'}"

    @property
    def block(self):
        return self.subject.block

    @property
    def text(self):
        """What it says, on one line."""
        return ", ".join(filter(None, self.said.values()))

    def sealed(self):
        """As what is signed and travels with a form."""
        return [self.subject.key, self.fact, str(self.label), self.said]

    @classmethod
    def unsealed(cls, parts):
        key, *rest = parts
        return cls(SUBJECTS[key], *rest)

    @classmethod
    def of(cls, fact):
        subject = subject_of(fact)
        return cls(subject, fact.pk, subject.named(fact), subject.said(fact))

    @classmethod
    def empty(cls, subject):
        return cls(subject, None, subject.label, dict.fromkeys(subject.asked, ""))


def statements_of(profile):
    """What a contact page tells as present, in its order, of all that there are boxes for."""
    names = [profile.name] if profile.name else []
    return [
        *profile.contact_points,
        *profile.addresses,
        *profile.office_holders,
        *profile.affiliations,
        *map(Statement, names),
        *profile.names,
        *map(Statement, profile.identifiers),
    ]


def boxes(profile):
    """A `Box` for each fact that the page tells as present, and for what it should tell."""
    known = [Box.of(s.fact) for s in statements_of(profile) if subject_of(s.fact)]
    missing = {*EXPECTED} - {box.subject.key for box in known}
    unknown = [Box.empty(SUBJECTS[key]) for key in EXPECTED if key in missing]
    order = list(SUBJECTS)
    return sorted([*known, *unknown], key=lambda box: order.index(box.subject.key))
