"""What every table of the desk has: forged forms are refused, and no save undoes another one."""

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import chronicle, history
from ..changes import TrackedModel, one_change
from ..models import Changeset, DataVersion, Revision
from .forged import refuse_forged
from .guard import SEEN, GuardedForm, Meeting, seen

PAGE_SIZE = 25  # acts on a page of a history


class Desk(admin.ModelAdmin):
    form = GuardedForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @property
    def has_history(self):
        """Whether the history tells of this table: what it does not tell of meets nothing."""
        return issubclass(self.model, TrackedModel)

    def revisions_of(self, row):
        """What the history tells of a row and of all that its form shows."""
        return Revision.objects.filter(model=self.opts.model_name, row=row.pk)

    def moved_to(self, deletion):
        """The row in whose place a deleted one is, by the `Revision` of its deletion; if any."""
        return None

    def changelist_view(self, request, extra_context=None):
        refuse_forged(request.POST)
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        refuse_forged(request.POST)
        if not self.has_history:
            return super().changeform_view(request, object_id, form_url, extra_context)
        context = {**(extra_context or {}), SEEN: DataVersion.objects.current()}
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, context)
        comment = request.POST.get("comment", "").replace("\0", "")
        with one_change(request.user, Changeset.Way.ADMIN, comment):
            # Read anew, now that nobody else changes anything.
            context[SEEN] = DataVersion.objects.current()
            context["comment"] = comment
            if object_id is not None:
                row = self.get_object(request, unquote(object_id))
                if row is None:
                    key = unquote(object_id)
                    missing = self._get_obj_does_not_exist_redirect
                    return self.gone(request, key) or missing(request, self.opts, key)
                if self.has_change_permission(request, row):
                    context["conflicts"] = self._meet(request, row)
            return super().changeform_view(request, object_id, form_url, context)

    def delete_view(self, request, object_id, extra_context=None):
        if not self.has_history:
            return super().delete_view(request, object_id, extra_context)
        context = {**(extra_context or {}), SEEN: DataVersion.objects.current()}
        if request.method != "POST":
            return super().delete_view(request, object_id, context)
        with one_change(request.user, Changeset.Way.ADMIN):
            row = self.get_object(request, unquote(object_id))
            may_delete = row and self.has_delete_permission(request, row)
            if may_delete and history.since(seen(request.POST), self.revisions_of(row)):
                text = _("Others changed it meanwhile: look at it again before you delete it.")
                self.message_user(request, text, messages.WARNING)
                return HttpResponseRedirect(request.get_full_path())
            return super().delete_view(request, object_id, context)

    def history_view(self, request, object_id, extra_context=None):
        if not self.has_history:
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        told = chronicle.chapters_of_row(self.opts.model_name, row.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % row,
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": row,
            "page": Paginator(told, PAGE_SIZE).get_page(request.GET.get("page")),
        }
        return TemplateResponse(request, "admin/associations/history_of_row.html", context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.conflicts = getattr(request, "conflicts", ())
        return form

    def save_model(self, request, obj, form, change):
        # What nobody changed is no news.
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def _meet(self, request, row):
        """Put what others did since into what was posted; return the `Conflict`s to be asked."""
        since = history.since(seen(request.POST), self.revisions_of(row))
        if not since and "asked" not in request.POST:
            return []
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form = self.get_form(request, row, change=True, fields=fields)(request.POST, instance=row)
        formsets, _inlines = self._create_formsets(request, row, change=True)
        meeting = Meeting(request.POST, form, formsets, since)
        request.POST = meeting.data
        request.conflicts = meeting.conflicts
        return meeting.conflicts

    def _deletion(self, key):
        """The last that the history tells of what had this key (text); None if it tells nothing."""
        if not key.isdecimal() or len(key) > 18:
            return None
        revisions = Revision.objects.filter(model=self.opts.model_name, row=int(key))
        return revisions.select_related("changeset__user").last()

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Who looks for a row in whose place another one is by now is led on."""
        deletion = self._deletion(unquote(object_id))
        if deletion and (moved_to := self.moved_to(deletion)):
            self.message_user(request, _("It was merged into this entry."))
            return HttpResponseRedirect(reverse(admin_urlname(opts, "change"), args=[moved_to.pk]))
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def gone(self, request, key, typed=None):
        """Somebody deleted it: what was `typed` (labels and texts; by default all that was posted)
        is shown, so that it can be copied. None if nothing had this key (text)."""
        last = self._deletion(key)
        if not last:
            return None
        moved_to = self.moved_to(last)
        typed = typed or [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if value.strip() and not name.startswith(("csrf", "_", SEEN)) and "_FORMS" not in name
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("It was merged meanwhile") if moved_to else _("It was deleted meanwhile"),
            "opts": self.opts,
            "act": last.changeset,
            "moved_to": moved_to,
            "typed": typed,
        }
        return TemplateResponse(request, "admin/deleted_meanwhile.html", context, status=409)
