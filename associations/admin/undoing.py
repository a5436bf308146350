"""The way back from what was just done: a button in the message that tells of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from ..history import CannotUndo, undo
from ..models import Changeset
from ..publishing import PUBLISH


def tell(request, text, changeset):
    """A message of success, with the button that takes the act back if it changed anything."""
    told = {"text": text, "changeset": changeset, "next": request.get_full_path()}
    messages.success(request, render_to_string("admin/desk/_done.html", told, request))


def undo_act(request, number):
    """Take an act back: one's own, and if it decided on what visitors see, as a publisher.

    Whoever comes by a link, as after signing in anew, is told that it was not done.
    """
    changeset = get_object_or_404(Changeset, pk=number)
    if not may_undo(request.user, changeset):
        raise PermissionDenied
    if request.method != "POST":
        messages.warning(request, _("Nothing was taken back. It can be, in the history."))
        return HttpResponseRedirect(reverse("admin:index"))
    try:
        undo(changeset, by=request.user)
    except CannotUndo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back: all is as it was before."))
    return HttpResponseRedirect(next_address(request, reverse("admin:index")))


def may_undo(user, changeset):
    """Whether this user may take an act back."""
    if not user.has_perm("associations.change_association"):
        return False
    is_own = changeset.user_id == user.pk
    return user.has_perm(PUBLISH) or is_own and not decides(changeset)


def decides(changeset):
    """Whether an act made, deleted or gave a state to entries: what publishers do."""
    of_entries = changeset.revisions.filter(model="association")
    return any(
        revision.is_creation or revision.is_deletion or "state" in revision.before
        for revision in of_entries.iterator(chunk_size=2000)
    )


def next_address(request, otherwise):
    """Where a form says to go on, if that is of this site."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else otherwise
