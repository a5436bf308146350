"""Making sure of facts. Saving is not checking: this alone renews the date of a check."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from .changes import one_change
from .models import FACTS, Changeset
from .seen import unchanged


class How(models.TextChoices):
    """How somebody made sure."""

    PHONED = "phoned", _("telephoned")
    WEBSITE = "website", _("its website says so")
    LETTER = "letter", _("it wrote: letter or e-mail")
    REGISTER = "register", _("a register says so")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: how many facts, of how many not since they were changed, the act."""

    facts: int
    changed: int
    changeset: object


# A succession is told with both of its sides, an affiliation with the name of its confederation.
NAMED = {
    "affiliation": ["parent__card"],
    "succession": ["association__card", "successor__card"],
}


def mark_checked(associations, day):
    """Mark the facts of these associations (a queryset) that hold on `day` as checked on it.

    Returns how many facts. One transaction.
    """
    with one_change():
        keys = list(associations.order_by().values_list("pk", flat=True))
        return _mark(keys, day)


def check_entries(seen, day, how, by=None):
    """The same for entries that are as they were seen (`{key: version}`); what is `Checked`.

    Of what was changed since the entries are counted, not the facts.
    """
    with one_change(by, Changeset.Way.CHECK, str(How(how).label)) as change:
        keys = [association.pk for association in unchanged(seen)]
        facts = _mark(keys, day)
    return Checked(facts, len(seen) - len(keys), change.changeset)


def numbers_of_facts(keys, day):
    """`{association: how many of its facts hold on `day`}`; a query a table."""
    numbers = Counter()
    for model in FACTS:
        held = model.objects.holding(day).filter(association__in=keys).order_by()
        numbers.update(dict(held.values_list("association").annotate(Count("pk"))))
    return numbers


def _mark(keys, day):
    return sum(
        model.objects.holding(day).filter(association__in=keys).update(checked_on=day)
        for model in FACTS
    )


def facts_to_check(association, day):
    """The facts of an association that hold on `day`, what was made sure of longest ago first.

    A fact that was never checked stands where its source speaks for it last. A query a table.
    """
    facts = []
    for model in FACTS:
        held = model.objects.holding(day).filter(association=association)
        told = NAMED.get(model._meta.model_name, [])
        facts += held.select_related("source", *told)
    return sorted(facts, key=lambda fact: str(fact.checked_on or fact.evidence(day)))


def reading(fact):
    """What a fact says, as a short text: another one as soon as anything of it was changed."""
    told = [
        str(getattr(fact, field.attname))
        for field in fact._meta.concrete_fields
        if field.name != "checked_on"
    ]
    digest = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
    return f"{fact._meta.model_name}-{fact.pk}-{digest}"


def check(association, readings, day, how, by=None):
    """Mark those facts of an association as checked on `day` that still say what somebody read.

    `readings` are theirs as the page that was read had them. Returns what is `Checked`.
    """
    with one_change(by, Changeset.Way.CHECK, str(How(how).label)) as change:
        current = {reading(fact): fact for fact in facts_to_check(association, day)}
        confirmed = defaultdict(list)
        for each in set(readings) & current.keys():
            confirmed[type(current[each])].append(current[each].pk)
        facts = sum(
            model.objects.filter(pk__in=keys).update(checked_on=day)
            for model, keys in confirmed.items()
        )
    return Checked(facts, len(set(readings)) - facts, change.changeset)


def mark_facts_checked(facts, day):
    """Mark these facts, of any tables, as checked on `day`. One transaction."""
    keys = defaultdict(list)
    for fact in facts:
        keys[type(fact)].append(fact.pk)
    with one_change():
        for model, found in keys.items():
            model.objects.filter(pk__in=found).update(checked_on=day)
