from django.contrib.admin import AdminSite
from django.urls import path
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
