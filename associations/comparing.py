"""A few associations side by side: what is known of each, and where they differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .filters import KnownValuesField, ParametersForm
from .models import ContactPoint, Name
from .models.people import HEADS
from .search import MAX_LENGTH

MOST = 4  # as many columns as a desk shows and a sheet of paper holds


class SlugsField(KnownValuesField):
    """Addresses of entries; whether there are such entries is for who reads them to say."""

    most = MOST

    def __init__(self, **kwargs):
        super().__init__(known=lambda values: values, **kwargs)


class ComparisonForm(ParametersForm):
    a = SlugsField(label=_("Association"), required=False)
    only = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("differences", _("only the differences"))]
    )
    q = forms.CharField(label=_("Search"), required=False, max_length=MAX_LENGTH)


@dataclass(frozen=True, slots=True)
class Aspect:
    """What is compared: the values (`told`) of a `Profile`, which are the same by their `sense`."""

    name: str
    label: str
    told: Callable[[Any], list]
    sense: Callable[[Any], Any] = str
    # Facts, each with its dates and its check; else values that the entry itself answers for.
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """An `Aspect` with the values of each association."""

    aspect: Aspect
    cells: list

    @property
    def differs(self):
        return len({frozenset(map(self.aspect.sense, cell)) for cell in self.cells}) > 1


def rows(profiles):
    """A `Row` for each of the `ASPECTS`; at most 8 queries for each of the profiles."""
    return [Row(aspect, [aspect.told(profile) for profile in profiles]) for aspect in ASPECTS]


def _latest(statements, wanted):
    return [statement.fact for statement in statements if wanted(statement.fact)]


def _acronyms(profile):
    return _latest(profile.names, lambda name: name.type == Name.Type.ACRONYM)


def _heads(profile):
    return _latest(profile.office_holders, lambda holder: holder.role in HEADS)


def _of_type(kind):
    return Aspect(
        name="contact_point",
        label=kind.label,
        told=lambda profile: _latest(profile.contact_points, lambda point: point.type == kind),
        sense=lambda point: point.e164 or point.value,
    )


def _if_known(value):
    return [value] if value else []


ASPECTS = [
    Aspect("acronym", _("acronym"), _acronyms),
    Aspect(
        "kind", _("kind"), lambda profile: [profile.association.get_kind_display()], is_dated=False
    ),
    Aspect(
        "country",
        _("country"),
        lambda profile: _if_known(profile.association.card.country_name),
        is_dated=False,
    ),
    Aspect(
        "confederation",
        _("confederation"),
        lambda profile: [statement.fact for statement in profile.affiliations],
        sense=lambda affiliation: (affiliation.parent_id, affiliation.status),
    ),
    Aspect("president", _("president"), _heads),
    _of_type(ContactPoint.Type.PHONE),
    _of_type(ContactPoint.Type.EMAIL),
    _of_type(ContactPoint.Type.PEC),
    _of_type(ContactPoint.Type.WEBSITE),
    Aspect("address", _("address"), lambda profile: _latest(profile.addresses, str)),
    Aspect(
        "founding_date",
        _("founded"),
        lambda profile: _if_known(profile.association.founding_date),
        is_dated=False,
    ),
    Aspect(
        "members",
        _("members in this directory"),
        lambda profile: [profile.member_count],
        is_dated=False,
    ),
    Aspect("sector", _("sectors"), lambda profile: profile.sectors, is_dated=False),
    Aspect(
        "freshness",
        _("freshness"),
        lambda profile: [profile.association.card],
        sense=lambda card: card.freshness,
        is_dated=False,
    ),
]
