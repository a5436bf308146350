"""Who else has an entry open: told by the form's own page, each minute."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.formats import time_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ..models import Association, Presence


class Presences:
    """Of a `ModelAdmin` of entries: where its form tells that it is open."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.presence_view))
        return [
            path("<int:key>/present/", view, name="associations_association_present"),
            *super().get_urls(),
        ]

    def presence_view(self, request, key):
        """Note that this form is open, and answer with who else has it open: a text or none."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        association = get_object_or_404(Association, pk=key)
        Presence.objects.tell(association, request.user)
        return JsonResponse({"text": _told(Presence.objects.others(association, request.user))})


def _told(others):
    people = [
        _("%(who)s (since %(time)s)")
        % {"who": each.user.get_username(), "time": time_format(localtime(each.since))}
        for each in others[:5]
    ]
    if not people:
        return ""
    text = ngettext(
        "%s has this entry open too. Go on: what you both save will meet.",
        "%s have this entry open too. Go on: what you all save will meet.",
        len(people),
    )
    return text % get_text_list(people, _("and"))
