"""The history of an entry for staff: read, compare two versions, make it again what it was."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from .. import chronicle, history
from ..changes import one_change
from ..models import Association, Changeset, DataVersion, Revision
from ..publishing import PUBLISH
from .guard import seen, who_did
from .tables import PAGE_SIZE
from .undoing import may_undo, tell


class Histories:
    """The pages of a `ModelAdmin` of entries that tell what became of them."""

    def get_urls(self):
        deleted = path(
            "deleted/",
            self.admin_site.admin_view(self.deleted_view),
            name="associations_association_deleted",
        )
        return [deleted, *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        """Of an entry, deleted or not."""
        key = unquote(object_id)
        if not key.isdecimal() or len(key) > 18:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = int(key)
        entry = Association.objects.with_card().filter(pk=key).first()
        version = DataVersion.objects.current()
        told = chronicle.chapters(key)
        if entry is None and not told:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            return self._restore(request, key, {each.changeset.pk: each.changeset for each in told})
        page = Paginator(told, PAGE_SIZE).get_page(request.GET.get("page"))
        for number, chapter in enumerate(page.object_list, page.start_index()):
            chapter.may_undo = may_undo(request.user, chapter.changeset)
            chapter.may_restore = number > 1 and self._may_restore(request, key, chapter.changeset)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % (entry or _name_of_deleted(told)),
            "opts": self.opts,
            "original": entry,
            "key": key,
            "page": page,
            "seen": version,
            "compared": self._compared(request, key, told),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/associations/history.html", context)

    def deleted_view(self, request):
        """The entries that were deleted, the last first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        deletions = Revision.objects.deletions_of_entries().select_related("changeset__user")
        page = Paginator(deletions, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Deleted entries"),
            "opts": self.opts,
            "page": page,
        }
        return TemplateResponse(request, "admin/associations/deleted.html", context)

    def _compared(self, request, key, told):
        """`(older, newer, what is different)` of the two acts that are asked for."""
        acts = {str(chapter.changeset.pk): chapter.changeset for chapter in told}
        asked = [acts[number] for number in request.GET.getlist("version") if number in acts]
        if len(set(asked)) != 2:
            if "compare" in request.GET:
                messages.error(request, _("Tick two versions: these are compared."))
            return None
        older, newer = sorted(set(asked), key=lambda act: act.pk)
        return older, newer, chronicle.differences(key, older, newer)

    def _may_restore(self, request, key, changeset):
        """What decides on what visitors see is for publishers, whichever way it is done."""
        if not self.has_change_permission(request):
            return False
        if request.user.has_perm(PUBLISH):
            return True
        last = changeset.revisions.order_by("-pk").values_list("pk", flat=True).first() or 0
        later = Revision.objects.filter(model="association", row=key, pk__gt=last)
        return not any(
            each.is_creation or each.is_deletion or "state" in each.before for each in later
        )

    def _restore(self, request, key, acts):
        number = request.POST.get("restore", "")
        act = acts.get(int(number)) if number.isdecimal() and len(number) < 19 else None
        if act is None:
            raise Http404
        if not self._may_restore(request, key, act):
            raise PermissionDenied
        comment = _("As it was after: %s") % who_did(act)
        try:
            with one_change(request.user, Changeset.Way.UNDO, comment):
                if history.since(seen(request.POST), Revision.objects.about(key)):
                    raise history.CannotUndo(_("Others changed it meanwhile: look at it again."))
                restored = history.restore(key, act)
        except history.CannotUndo as error:
            messages.error(request, str(error))
        else:
            tell(request, _("It is again what it was then."), restored)
        return HttpResponseRedirect(request.path)


def _name_of_deleted(told):
    """The last name of an entry that is no longer there."""
    names = (
        line.name
        for chapter in told
        for line in chapter.lines
        if line.model == "name" and line.name
    )
    return next(names, _("deleted entry"))
