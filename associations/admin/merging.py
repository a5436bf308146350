"""Entries that look like one body: the list of them, two side by side, and what one does of two."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import columns
from ..changes import one_change
from ..duplicates import MOST, loaded, suspected, twins_of
from ..merging import CannotMerge, Fate, Merge, facts_of, merge
from ..models import FACTS, Affiliation, Association, Changeset, Distinction, Succession
from ..publishing import PUBLISH
from ..search import MAX_LENGTH, search
from ..seen import unchanged, version
from .desk import CHANGE, answer, told_of
from .undoing import tell

SHOWN = 5  # pairs on the first page
LISTED = 50  # pairs on the page of the list
FOUND = 20  # entries that a search finds
TOLD = 50  # facts of a table

KEPT, GONE = "kept", "gone"
may_merge = permission_required([PUBLISH, CHANGE], raise_exception=True)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it is shown, and what becomes of it (translated), if anything."""

    fact: object
    label: str
    text: str
    fate: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The facts of one table on both sides, and how many more there are than are shown."""

    label: str
    kept: list
    kept_further: int
    gone: list
    gone_further: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of which one is to be chosen; `options` are `(value, text, whether chosen)`."""

    name: str
    label: str
    options: list


def duplicates_of_the_desk(request):
    """What is suspected, for those who may merge; None for others."""
    return _listed(SHOWN) if request.user.has_perms([PUBLISH, CHANGE]) else None


@may_merge
@require_safe
def duplicates(request):
    """Pairs of entries that look like one body."""
    title = _("Duplicates suspected")
    return answer(request, "admin/merging/duplicates.html", title, _listed(LISTED))


@may_merge
@require_safe
def merge_with(request, entry):
    """Choose with which other entry one is merged: one that looks like it, or one that is found."""
    association = get_object_or_404(Association.objects.with_card(), pk=entry)
    text = request.GET.get("q", "").replace("\0", "").strip()[:MAX_LENGTH]
    found = search(text, columns.Conditions(), Association.State.values)[:FOUND] if text else []
    context = {
        "association": association,
        "twins": twins_of(association),
        "q": text,
        "found": [card for card in found if card.pk != association.pk],
    }
    return answer(
        request,
        "admin/merging/choose.html",
        _("Merge “%(name)s” with another entry") % {"name": association},
        context,
    )


@may_merge
def merge_entries(request, kept, gone):
    """Two entries side by side, what becomes of them, and the deed itself."""
    found = Association.objects.with_card()
    both = get_object_or_404(found, pk=kept), get_object_or_404(found, pk=gone)
    if request.method == "POST":
        after = _distinguish if "distinct" in request.POST else _merge
        if done := after(request, *both):
            return done
        both = get_object_or_404(found, pk=kept), get_object_or_404(found, pk=gone)
    return _preview(request, *both)


def _distinguish(request, kept, gone):
    with one_change(request.user, Changeset.Way.ADMIN) as change:
        Distinction.objects.mark(kept.pk, gone.pk, request.user)
    text = _("“%(one)s” and “%(other)s” are two bodies: they are not suspected again.")
    tell(request, text % {"one": kept, "other": gone}, change.changeset)
    return HttpResponseRedirect(reverse("admin:duplicates"))


def _merge(request, kept, gone):
    """Do it; None if it is to be looked at again."""
    seen = {kept.pk: request.POST.get("seen_kept"), gone.pk: request.POST.get("seen_gone")}
    if None in seen.values():
        raise BadRequest("It does not tell which versions it shows.")
    comment = request.POST.get("comment", "").replace("\0", "")
    try:
        with one_change(request.user, Changeset.Way.MERGE) as change:
            if len(unchanged(seen)) < len(seen):
                text = _("Others changed one of the two meanwhile: look again before you merge.")
                raise CannotMerge(text)
            merge(kept, gone, chosen=_chosen(request), comment=comment)
    except CannotMerge as error:
        messages.warning(request, str(error))
        return None
    text = _("“%(gone)s” is merged into “%(kept)s”. Its address leads there.")
    tell(request, text % {"gone": gone, "kept": kept}, change.changeset)
    after = "duplicates" if "list" in request.GET else "associations_association_change"
    return HttpResponseRedirect(
        reverse(f"admin:{after}", args=[] if "list" in request.GET else [kept.pk])
    )


def _chosen(request):
    """The names of the values that are taken from the entry that goes."""
    choices = request.POST.items()
    return {name.removeprefix("choice-") for name, value in choices if value == GONE}


def _preview(request, kept, gone):
    merging = Merge(kept, gone)
    context = {
        "kept": kept,
        "gone": gone,
        "merging": merging,
        "seen": [version(kept), version(gone)],
        "choices": [_choice(request, each) for each in merging.differing],
        "groups": [] if merging.obstacle else _groups(merging),
        "sectors_label": Association._meta.get_field("sectors").verbose_name,
        "comment": request.POST.get("comment", "").replace("\0", ""),
        "is_of_list": "list" in request.GET,
    }
    return answer(request, "admin/merging/preview.html", _("Merge two entries"), context)


def _choice(request, differing):
    standing = GONE if differing.is_gone_better else KEPT
    chosen = request.POST.get(f"choice-{differing.name}", standing)
    options = [
        (value, text, value == chosen)
        for value, text in ((KEPT, differing.kept), (GONE, differing.gone))
    ]
    return Choice(differing.name, capfirst(differing.label), options)


def _groups(merging):
    """The facts of both, table by table, as the page shows them."""
    groups = []
    for model in FACTS:
        fates = [each for each in merging.fates if isinstance(each.fact, model)]
        gone = [_told(each.fact, merging.gone, each.fate) for each in fates]
        of_both = {each.fact for each in fates}
        kept = [
            _told(fact, merging.kept)
            for fact in facts_of(model, merging.kept)
            if fact not in of_both
        ]
        if kept or gone:
            further = [max(len(rows) - TOLD, 0) for rows in (kept, gone)]
            label = capfirst(model._meta.verbose_name_plural)
            groups.append(Group(label, kept[:TOLD], further[0], gone[:TOLD], further[1]))
    return groups


def _told(fact, entry, fate=""):
    label, text = told_of(fact)
    if isinstance(fact, Affiliation) and fact.parent_id == entry.pk:
        text = str(fact.association)
        label = _("has as a member")
    elif isinstance(fact, Succession):
        text = str(fact)
    return Told(fact, label, text, Fate(fate).label if fate else "")


def _listed(number):
    """The first pairs, and how many there are."""
    found = suspected()
    return {
        "number": min(len(found), MOST),
        "are_more": len(found) > MOST,
        "pairs": loaded(list(found.items())[:number]),
    }
