"""What is done in one step: a new president, address, name or confederation, and an entry's end."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from ..changes import one_change
from ..models import Association, Changeset, DataVersion
from .forged import refuse_forged
from .guard import SEEN, seen
from .steps import STEPS
from .undoing import may_undo, next_address, tell


def hand_over(request, entry, step):
    """The form of a step, and what comes of it: all of it at once, or nothing."""
    if step not in STEPS:
        raise Http404
    if not request.user.has_perms(STEPS[step].permissions()):
        raise PermissionDenied
    refuse_forged(request.POST)
    if request.method != "POST":
        # The version before what it shows, so that nothing between the two is missed.
        version = DataVersion.objects.current()
        form = STEPS[step](get_object_or_404(_entries(entry)), request.user)
        return _answer(request, form, version, request.GET.get("next", ""))
    with one_change(request.user, Changeset.Way.HANDOVER) as change:
        # Read anew, now that nobody else changes anything.
        version = DataVersion.objects.current()
        association = _entries(entry).first()
        if association is None:
            return _gone(request, entry, STEPS[step])
        since = STEPS[step].changes_since(association, seen(request.POST))
        form = STEPS[step](association, request.user, request.POST, since)
        meanwhile = list(form.meanwhile())
        is_done = form.is_valid() and not meanwhile
        if is_done:
            form.save()
            change.comment = form.comment()
    if not is_done:
        return _answer(request, form, version, request.POST.get("next", ""), meanwhile)
    return _done(request, form, change)


def _entries(key):
    return Association.objects.with_card().filter(pk=key)


def _gone(request, key, step):
    """Of an entry that was deleted meanwhile."""
    entries = admin.site.get_model_admin(Association)
    response = entries.gone(request, str(key), list(step.typed(request.POST)))
    if response is None:
        raise Http404
    return response


def _done(request, form, change):
    association = Association.objects.with_card().get(pk=form.association.pk)
    is_own = change.changeset and may_undo(request.user, change.changeset)
    tell(request, f"{association}: {change.comment}", change.changeset if is_own else None)
    if warning := form.warning():
        messages.warning(request, warning)
    otherwise = reverse("admin:associations_association_change", args=[association.pk])
    return HttpResponseRedirect(next_address(request, otherwise))


def _answer(request, form, version, following, meanwhile=()):
    association = form.association
    context = {
        **admin.site.each_context(request),
        "title": form.title,
        "subtitle": association.card.name,
        "association": association,
        "form": form,
        "groups": list(form.groups()),
        "meanwhile": meanwhile,
        "next": following,
        "seen_name": SEEN,
        "seen": version,
        "media": form.media,
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/handover/step.html", context)
