"""Making sure of facts. Saving is not checking: this alone renews the date of a check."""

from collections import defaultdict

from .changes import one_change
from .models import FACTS


def mark_checked(associations, day):
    """Mark the facts of these associations (a queryset) that hold on `day` as checked on it.

    Returns how many facts. One transaction.
    """
    with one_change():
        keys = list(associations.order_by().values_list("pk", flat=True))
        return sum(
            model.objects.holding(day).filter(association__in=keys).update(checked_on=day)
            for model in FACTS
        )


def mark_facts_checked(facts, day):
    """Mark these facts, of any tables, as checked on `day`. One transaction."""
    keys = defaultdict(list)
    for fact in facts:
        keys[type(fact)].append(fact.pk)
    with one_change():
        for model, found in keys.items():
            model.objects.filter(pk__in=found).update(checked_on=day)
