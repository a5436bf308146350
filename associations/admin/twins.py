"""While an entry is added: what looks like it is shown once before it is saved."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..duplicates import twins
from ..models import ContactPoint
from .guard import GuardedForm

SHOWN = "twin"


class EntryForm(GuardedForm):
    """Of an entry. A new one is not valid before all its twins have been shown."""

    twins = ()

    def clean(self):
        super().clean()
        if not self.instance._state.adding:
            return
        typed = self.data
        contacts = zip(
            _typed(typed, "contact_points", "type"),
            _typed(typed, "contact_points", "value"),
            _typed(typed, "contact_points", "country"),
            strict=False,
        )
        self.twins = twins(
            _typed(typed, "names", "name"),
            [ContactPoint(type=kind, value=value, country=at) for kind, value, at in contacts],
            _typed(typed, "identifiers", "value"),
        )
        shown = set(typed.getlist(SHOWN))
        if any(str(twin.card.pk) not in shown for twin in self.twins):
            raise ValidationError(_("It may be here already. Nothing is saved yet: look first."))


def _typed(data, prefix, name):
    """What was typed in this field of the rows of a form, row by row."""
    field = re.compile(rf"{prefix}-\d+-{name}", re.ASCII)
    return [value.strip()[:500] for key, value in data.items() if field.fullmatch(key)]
