"""The first page of staff, and the lists of what waits for them, one entry after the other."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ..checking import How, check, facts_to_check, reading
from ..models import (
    Affiliation,
    Association,
    ContactPoint,
    Correction,
    Identifier,
    Name,
    OfficeHolder,
    Succession,
)
from ..publishing import PUBLISH, decide, leave_open, submit
from ..seen import version
from ..worklists import LISTS, bounded_count
from .undoing import tell

SHOWN = 5  # of each list on the first page
LISTED = 50  # on a page of a list

CHANGE = "associations.change_association"
may_view = permission_required("associations.view_association", raise_exception=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A list on the first page: how many wait, and the first of them with their addresses."""

    work: object
    number: int
    are_more: bool
    first: list


@dataclass(frozen=True, slots=True)
class Row:
    """A fact as it is to be made sure of; `url` is where to look or whom to call, if anywhere."""

    fact: object
    label: str
    text: str
    url: str
    reading: str


def waiting(request):
    """The lists of the first page, for those who may read entries."""
    if not request.user.has_perm("associations.view_association"):
        return []
    return [
        Waiting(work, *work.count(), _with_addresses(work, work.after()[:SHOWN]))
        for work in LISTS.values()
    ]


def messages_waiting(request):
    """The messages from outside that wait for an answer, for those who may read them: how many,
    and the first of them."""
    if not request.user.has_perm("associations.view_correction"):
        return None
    waiting = Correction.objects.open()
    number, are_more = bounded_count(waiting)
    first = waiting.select_related("association__card")[:SHOWN]
    return {"number": number, "are_more": are_more, "first": first}


@may_view
@require_safe
def work(request, key):
    """A list, a page at a time."""
    work = _list(key)
    cards = list(_after(work, request.GET.get("after", ""))[: LISTED + 1])
    number, are_more = work.count()
    context = {
        "work": work,
        "number": number,
        "are_more": are_more,
        "entries": _with_addresses(work, cards[:LISTED]),
        "next_page": _address("work", work, after=work.place_of(cards[LISTED - 1]))
        if len(cards) > LISTED
        else "",
    }
    return answer(request, "admin/desk/work.html", work.title, context)


@may_view
@require_safe
def work_next(request, key):
    """The next entry of a list, after a place or from its beginning."""
    work = _list(key)
    card = _after(work, request.GET.get("after", "")).first()
    if card is None:
        messages.info(request, _("That was the last one of this list."))
        return HttpResponseRedirect(_address("work", work))
    return HttpResponseRedirect(_address_of(work, card))


@may_view
def work_entry(request, key, entry):
    """An entry at work: its facts to be made sure of, and what is to be decided on it."""
    work = _list(key)
    association = get_object_or_404(Association.objects.with_card(), pk=entry)
    card = work.cards().filter(pk=entry).first()
    place = request.GET.get("at") or (work.place_of(card) if card else "")
    following = _address("work_next", work, after=place)
    if request.method == "POST":
        return HttpResponseRedirect(_act(request, association, following))
    facts = facts_to_check(association, timezone.localdate())
    context = {
        "work": work,
        "association": association,
        "version": version(association),
        "rows": [_row(fact) for fact in facts],
        "ended": association.office_holders.of_ended_heads(),
        "hows": How.choices,
        "how": request.session.get("how", ""),
        "following": following,
        "visits": card and getattr(card, "visits", None),
        "may_change": request.user.has_perm(CHANGE),
        "is_to_be_closed": card and work.key == "submitted" and association.is_public,
        "may_publish": request.user.has_perm(PUBLISH),
    }
    return answer(request, "admin/desk/entry.html", association.card.name, context)


def _act(request, association, following):
    """Do what a button of the page says; where to go then."""
    if "check" in request.POST:
        return _check(request, association, following)
    if "submit" in request.POST:
        return _submit(request, association, following)
    if "publish" in request.POST:
        text = _("%(name)s is public now.")
        return _decide(request, association, following, Association.State.PUBLIC, text)
    if "close" in request.POST:
        text = _("%(name)s is closed now.")
        return _decide(request, association, following, Association.State.CLOSED, text)
    if "leave" in request.POST:
        return _leave_open(request, association, following)
    raise BadRequest("There is no such button.")


def _check(request, association, following):
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    here = request.get_full_path()
    how = request.POST.get("how", "")
    if how not in How.values:
        messages.error(request, _("Say how you made sure."))
        return here
    request.session["how"] = how
    asked = request.POST["check"]
    readings = request.POST.getlist("reading") if asked == "all" else [asked]
    checked = check(association, readings, timezone.localdate(), how, request.user)
    if checked.facts:
        text = ngettext(
            "%(name)s: %(number)d fact is checked as of today.",
            "%(name)s: %(number)d facts are checked as of today.",
            checked.facts,
        )
        told = {"name": association.card.name, "number": checked.facts}
        tell(request, text % told, checked.changeset)
    if checked.changed:
        text = ngettext(
            "%d fact was changed since you saw it: look again.",
            "%d facts were changed since you saw them: look again.",
            checked.changed,
        )
        messages.warning(request, text % checked.changed)
    return following if asked == "all" and not checked.changed else here


def _submit(request, association, following):
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    if submit(Association.objects.filter(pk=association.pk), request.user):
        text = _("%(name)s waits for the review of those who publish.")
        messages.success(request, text % {"name": association.card.name})
    return following


def _leave_open(request, association, following):
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    leave_open(association)
    text = _("%(name)s stays public.")
    messages.success(request, text % {"name": association.card.name})
    return following


def _decide(request, association, following, state, done):
    """Give an entry a state, if it is as it was seen: the button carries its version."""
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    seen = {association.pk: request.POST.get("publish") or request.POST.get("close")}
    changed, left, changeset = decide(state, seen, request.user)
    if left:
        text = _("%(name)s was changed since you saw it: look again.")
        messages.warning(request, text % {"name": association.card.name})
        return request.get_full_path()
    if changed:
        tell(request, done % {"name": association.card.name}, changeset)
    return following


def _row(fact):
    return Row(fact, label_of(fact), text_of(fact), _url(fact), reading(fact))


def told_of(fact):
    """What a fact is, and what it says, in the active language."""
    return label_of(fact), text_of(fact)


def label_of(fact):
    match fact:
        case Name() | ContactPoint():
            return fact.type_label
        case OfficeHolder():
            return fact.office
        case Identifier():
            return fact.scheme
        case Affiliation():
            return fact.get_status_display()
        case Succession():
            return fact.kind_label
        case _:
            return fact._meta.verbose_name


def text_of(fact):
    match fact:
        case ContactPoint() if fact.number:
            return fact.number.display
        case Affiliation():
            return str(fact.parent)
        case Identifier():
            return fact.value
        case _:
            return getattr(fact, "on_one_line", None) or str(fact)


def _url(fact):
    match fact:
        case ContactPoint(type=ContactPoint.Type.WEBSITE):
            return fact.value
        case ContactPoint(type=ContactPoint.Type.EMAIL | ContactPoint.Type.PEC):
            return f"mailto:{fact.value}"
        case ContactPoint(type=ContactPoint.Type.PHONE) if fact.number:
            return fact.number.uri
        case _:
            return ""


def _list(key):
    if key not in LISTS:
        raise Http404
    return LISTS[key]


def _after(work, place):
    try:
        return work.after(place)
    except (ValueError, ValidationError):
        raise BadRequest("There is no such place in this list.") from None


def _with_addresses(work, cards):
    return [(card, _address_of(work, card)) for card in cards]


def _address_of(work, card):
    address = reverse("admin:work_entry", args=[work.key, card.pk])
    return f"{address}?{urlencode({'at': work.place_of(card)})}"


def _address(name, work, **query):
    address = reverse(f"admin:{name}", args=[work.key])
    return f"{address}?{urlencode(query)}" if query else address


def answer(request, template, title, context):
    told = {**admin.site.each_context(request), "title": title, **context}
    request.current_app = admin.site.name
    return TemplateResponse(request, template, told)
