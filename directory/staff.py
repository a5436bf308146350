from functools import wraps

from django.contrib.admin import AdminSite
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    """The site of staff: its first page is a desk, with what waits to be done.

    Not in the package of the tables that it shows, which is imported while it is made.
    """

    site_header = _("Contact Centre Associations: staff")
    site_title = site_header
    index_title = _("What waits for you")
    enable_nav_sidebar = False

    def get_urls(self):
        from associations.admin import desk, handover, merging, undoing

        pages = {
            "tasks/<slug:key>/": desk.work,
            "tasks/<slug:key>/next/": desk.work_next,
            "tasks/<slug:key>/<int:entry>/": desk.work_entry,
            "duplicates/": merging.duplicates,
            "merge/<int:entry>/": merging.merge_with,
            "merge/<int:kept>/<int:gone>/": merging.merge_entries,
            "handover/<int:entry>/<slug:step>/": handover.hand_over,
            "undo/<int:number>/": undoing.undo_act,
        }
        return [
            *(path(at, self.admin_view(view), name=view.__name__) for at, view in pages.items()),
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def answer(request, *args, **kwargs):
            if self.has_permission(request):
                stay_signed_in(request)
            elif request.method == "POST" and request.path != reverse("admin:logout"):
                # Not to where one signs in: what was typed would be lost on the way.
                told = {"is_signed_out": True}
                return TemplateResponse(request, "403_csrf.html", told, status=403)
            return inner(request, *args, **kwargs)

        return answer

    def index(self, request, extra_context=None):
        from associations.admin import desk, imports, merging

        told = {
            "waiting": desk.waiting(request),
            "duplicates": merging.duplicates_of_the_desk(request),
            "imports": imports.of_late(request),
            "corrections": desk.messages_waiting(request),
            **(extra_context or {}),
        }
        return super().index(request, told)


def stay_signed_in(request, **kwargs):
    """A session ends so long after the last day of work, not in the middle of it."""
    today = timezone.localdate().isoformat()
    if request.session.get("worked_on") != today:
        request.session["worked_on"] = today
