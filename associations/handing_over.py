"""Handovers: what was ends, what follows begins, with one source: no gap, no overlap."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .changes import one_change
from .models import (
    Address,
    Affiliation,
    Association,
    Card,
    Citation,
    ContactPoint,
    Name,
    OfficeHolder,
)
from .models.people import in_office
from .publishing import PUBLISH, ask_to_close, leave_open
from .search.text import sort_key
from .slugs import free_slug

SUBJECTS = {
    Name: Citation.About.NAME,
    Address: Citation.About.ADDRESS,
    ContactPoint: Citation.About.CONTACT_POINTS,
    OfficeHolder: Citation.About.OFFICE_HOLDERS,
    Affiliation: Citation.About.AFFILIATIONS,
}


def end(fact, since):
    """Let a fact, which is not saved, end right before the partial date `since`.

    Where that is not known it is over all the same. Raises `ValidationError` where a source tells
    of it at a later date: then the change needs a more exact day.
    """
    if not since:
        fact.is_past = True
        return
    last = since.before
    dates = [date for date in (fact.valid_from, fact.attested_on) if date]
    told = max(dates, key=lambda date: date.earliest, default=None)
    if told and told.earliest > last.latest:
        text = _("“%(what)s” is told of %(date)s, too: write a later or a more exact day.")
        raise ValidationError(text % {"what": fact, "date": told.in_words()})
    fact.valid_to = last


def holders_beside(ended, begun, today):
    """Who would be in the same office as `begun`, another person, and not one of the `ended`."""
    holders = list(OfficeHolder.objects.filter(association=begun.association, role=begun.role))
    start = begun.valid_from or begun.attested_on
    beside = in_office(holders, max(start.earliest, today))
    beside += [each for each in holders if each.valid_from > start and each not in beside]
    return [each for each in beside if each not in ended and each.name != begun.name]


def hand_over(association, ended, begun, source):
    """Save those facts that `end()`, and those that begin: all say so by this source.

    Saving is not checking: what was checked was the state before.
    """
    with one_change():
        for fact in ended:
            fact.save()
        for fact in begun:
            fact.source = source
            fact.save()
        if ended and not begun:
            # Nothing new that could name the source of the end.
            cite(association, SUBJECTS[type(ended[0])], source)


def rename(association, ended, begun, source, slug, day):
    """As `hand_over()`, of names: an official one that is over on `day` is a former name.

    The old slug goes on leading to the entry.
    """
    for name in ended:
        if name.type == Name.Type.OFFICIAL and name.is_over(day):
            name.type = Name.Type.FORMER
    with one_change():
        hand_over(association, ended, begun, source)
        if slug != association.slug:
            association.slug = slug
            association.save(update_fields=["slug", "updated_at"])


def conclude(association, successions, drafts, source, is_over, by):
    """Tell what became of an association: `successions` to others, `drafts` by name to entries yet
    to be made. If it `is_over` it is closed by those who may, and waits for their review else.
    """
    with one_change():
        for draft, succession in drafts:
            succession.successor = _draft(draft, association, succession, source)
        for succession in (*successions, *(each for _name, each in drafts)):
            succession.source = source
            succession.save()
        if is_over:
            _close(association, by)
            cite(association, Citation.About.DISSOLUTION_DATE, source)


def cite(association, about, source):
    """Name a further source, once."""
    Citation.objects.get_or_create(association=association, about=about, source=source)


def _draft(name, before, succession, source):
    entry = Association.objects.create(
        slug=free_slug(name), kind=before.kind, state=Association.State.DRAFT
    )
    attested = succession.attested_on or succession.valid_from
    Name.objects.create(association=entry, name=name, attested_on=attested, source=source)
    return entry


def _close(association, by):
    if association.state == Association.State.PUBLIC:
        if by.has_perm(PUBLISH):
            association.state = Association.State.CLOSED
            leave_open(association)
        else:
            ask_to_close(association, by)
    association.save(update_fields=["state", "dissolution_date", "updated_at"])


def entries_called(name):
    """The cards of entries that have this name already."""
    return Card.objects.filter(sort_key=sort_key(name))
