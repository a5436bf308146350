"""Links by which associations answer for themselves: made here, shown once, revoked here."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..corrections import links, mail
from ..models import Association, ContactPoint, EntryLink
from .forged import KEY
from .tables import Desk

MAILED = (ContactPoint.Type.EMAIL, ContactPoint.Type.PEC)


class NewLinkForm(forms.Form):
    """In which language an association is asked, and whether by mail."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    recipient = forms.ChoiceField(
        label=_("Mail it to"),
        required=False,
        help_text=_("An e-mail address of the entry. By mail or not, the link is shown once."),
    )

    def __init__(self, data=None, *, association):
        super().__init__(data, label_suffix="")
        points = association.contact_points.filter(type__in=MAILED)
        found = dict.fromkeys(point.value for point in points if not point.is_over())
        self.fields["recipient"].choices = [("", _("nobody")), *((each, each) for each in found)]


@admin.register(EntryLink)
class EntryLinkAdmin(Desk):
    list_display = [
        *("__str__", "association", "made_on", "expires_on", "made_by", "sent_to"),
        *("answer", "answered_on", "revoked_on"),
    ]
    list_filter = ["answer"]
    list_select_related = ["association__card", "made_by"]
    list_per_page = 50
    list_display_links = None
    show_full_result_count = False
    search_fields = ["=pk", "association__slug"]
    search_help_text = _("Number of a link, slug of an entry.")
    actions = ["revoke"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("association__card")

    def has_change_permission(self, request, obj=None):
        # What it says was said to somebody: it is revoked, never rewritten.
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_revoke_permission(self, request):
        return super().has_change_permission(request)

    @admin.action(description=_("Revoke: the links open nothing any more"), permissions=["revoke"])
    def revoke(self, request, queryset):
        number = queryset.usable().update(revoked_on=timezone.localdate())
        text = ngettext("%d link is revoked.", "%d links are revoked.", number) % number
        self.message_user(request, text, messages.SUCCESS)

    def add_view(self, request, form_url="", extra_context=None):
        """Make a link for the entry that `?association=` names, and show it, this once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "association" not in request.GET:
            self.message_user(request, _("Choose an entry, then: “Ask the association”."))
            return HttpResponseRedirect(reverse("admin:associations_association_changelist"))
        association = self.asked(request)
        form = NewLinkForm(request.POST or None, association=association)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("A link for the association"),
            "association": association,
            "form": form,
            "open_links": association.links.usable(),
        }
        if form.is_valid():
            context |= self.make(request, association, **form.cleaned_data)
        return TemplateResponse(request, "admin/associations/entrylink/make.html", context)

    def make(self, request, association, language, recipient):
        link = links.make_link(association, request.user)
        address = links.address_of(link, language, request)
        self.log_addition(request, link, [{"added": {}}])
        if recipient:
            link.sent_to = recipient
            link.save(update_fields=["sent_to"])
            if mail.send_link(link, language, address):
                self.message_user(request, _("The mail has been sent."), messages.SUCCESS)
            else:
                self.message_user(request, _("The mail could not be sent."), messages.ERROR)
        return {"link": link, "address": address}

    def asked(self, request):
        key = request.GET["association"]
        entries = Association.objects.exclude(state=Association.State.WITHDRAWN).with_card()
        association = entries.filter(pk=key).first() if KEY.fullmatch(key) and key else None
        if association is None:
            raise Http404
        return association
