"""The address by which an association answers for itself: signed, for a while, for one answer."""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ..changes import one_change
from ..checking import mark_facts_checked
from ..models import (
    Address,
    Affiliation,
    Association,
    Changeset,
    Citation,
    ContactPoint,
    Correction,
    EntryLink,
    Name,
    OfficeHolder,
    Source,
)
from ..profile import Profile
from .receiving import receive
from .subjects import boxes, statements_of

# Its purpose: nothing that was signed for another one opens the page.
SALT = "associations.entry_link"
GOOD_FOR = timedelta(days=30)


def make_link(association, by):
    return EntryLink.objects.create(
        association=association, made_by=by, expires_on=timezone.localdate() + GOOD_FOR
    )


def address_of(link, language, request):
    """The whole address, which is kept nowhere."""
    told = {"link": link.pk, "entry": link.association_id}
    token = signing.TimestampSigner(salt=SALT).sign_object(told)
    with translation.override(language):
        path = reverse("associations:own_entry", args=[token])
    return request.build_absolute_uri(path)


def link_of(token):
    """The `EntryLink` that an address names; None for a forged or outdated one, and where the
    entry was withdrawn."""
    try:
        told = signing.TimestampSigner(salt=SALT).unsign_object(
            token, max_age=GOOD_FOR + timedelta(days=1)
        )
    except signing.BadSignature:
        return None
    links = EntryLink.objects.select_related("association__card", "correction")
    links = links.exclude(association__state=Association.State.WITHDRAWN)
    return links.filter(pk=told["link"], association=told["entry"]).first()


class AnsweredAlready(Exception):
    """Somebody else was quicker with the same link."""


class ChangedMeanwhile(Exception):
    """The entry no longer says what was shown."""


def all_right(link, shown):
    """The association says that what its page showed (sealed boxes) is right: each fact was checked
    today, and the answer is a source of it. Raises `AnsweredAlready`, `ChangedMeanwhile`.
    """
    today = timezone.localdate()
    with one_change(way=Changeset.Way.ANSWER, comment=link.number):
        # Read anew, now that nobody else changes anything.
        profile = Profile(link.association)
        if shown != [box.sealed() for box in boxes(profile)]:
            raise ChangedMeanwhile
        _take(link, EntryLink.Answer.RIGHT)
        told = statements_of(profile)
        facts = [fact for statement in told for fact in (statement.fact, *statement.others)]
        mark_facts_checked(facts, today)
        source = Source.objects.create(
            title=_("Answer of the association, %(number)s") % {"number": link.number},
            publisher=str(link.association)[:200],
            published_on=today,
            seen_on=today,
        )
        abouts = dict.fromkeys(filter(None, map(_about, facts)))
        Citation.objects.bulk_create(
            Citation(association=link.association, about=about, source=source) for about in abouts
        )


def tell(link, answer, form, request):
    """The association says what has changed, or that it has closed: a `Correction` by itself.

    Raises `AnsweredAlready`.
    """
    with transaction.atomic():
        _take(link, answer)
        link.correction = receive(
            form,
            request,
            link.association,
            sender=Correction.Sender.ASSOCIATION,
            matter=form.matter,
        )
        link.save(update_fields=["correction"])
    return link.correction


def _take(link, answer):
    """Use the link up, in the transaction of what it answers."""
    usable = EntryLink.objects.usable().filter(pk=link.pk)
    if not usable.update(answer=answer, answered_on=timezone.localdate()):
        raise AnsweredAlready


_ABOUT = {
    ContactPoint: Citation.About.CONTACT_POINTS,
    Address: Citation.About.ADDRESS,
    OfficeHolder: Citation.About.OFFICE_HOLDERS,
    Affiliation: Citation.About.AFFILIATIONS,
}
_ABOUT_NAMES = {
    Name.Type.OFFICIAL: Citation.About.NAME,
    Name.Type.ACRONYM: Citation.About.ACRONYM,
}


def _about(fact):
    """What a citation is about that supports this fact; None where none is about such facts."""
    if isinstance(fact, Name):
        return _ABOUT_NAMES.get(fact.type, Citation.About.OTHER_NAMES)
    return _ABOUT.get(type(fact))
