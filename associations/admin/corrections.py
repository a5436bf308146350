"""What people outside told us: the queue, and the page on which one message is answered."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..corrections.answering import Answering, answer
from ..models import Affiliation, Correction
from ..models.corrections import key_of_number
from .forged import refuse_forged
from .tables import Desk


class WaitingFilter(admin.SimpleListFilter):
    """Those that wait for an answer, unless others are asked for."""

    title = _("answer")
    parameter_name = "answer"
    choices_of_it = [
        (None, _("waiting")),
        ("overdue", _("waiting for too long")),
        ("answered", _("answered")),
        ("all", _("all")),
    ]

    def lookups(self, request, model_admin):
        return self.choices_of_it[1:]

    def choices(self, changelist):
        for value, label in self.choices_of_it:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string(
                    {self.parameter_name: value} if value else {},
                    [] if value else [self.parameter_name],
                ),
                "display": label,
            }

    def queryset(self, request, queryset):
        return {
            None: queryset.open,
            "overdue": queryset.overdue,
            "answered": queryset.answered,
        }.get(self.value(), queryset.all)()


@admin.register(Correction)
class CorrectionAdmin(Desk):
    list_display = ["__str__", "about", "matter", "sender", "received_on", "left", "answer"]
    list_filter = [WaitingFilter, "matter", "sender"]
    list_select_related = ["association__card"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["=pk", "association__slug", "association__card__name", "name"]
    search_help_text = _("Number, name of the association.")

    def has_add_permission(self, request):
        return False

    def get_search_results(self, request, queryset, search_term):
        """The number as people write it is found by its last part: it is the key."""
        if key := key_of_number(search_term):
            return queryset.filter(pk=key), False
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    @admin.display(description=_("entry"), ordering="association__card__sort_key")
    def about(self, correction):
        return correction.association or correction.name

    @admin.display(description=_("working days left"), ordering="due_on")
    def left(self, correction):
        if not correction.is_open:
            return ""
        left = correction.days_left()
        if left < 0:
            return ngettext("%d day late", "%d days late", -left) % -left
        return left

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None:
            raise PermissionDenied  # nobody makes one up
        refuse_forged(request.POST)
        correction = self.get_object(request, unquote(object_id))
        if correction is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, correction):
            raise PermissionDenied
        if request.method != "POST":
            return self.page(request, Answering(correction, request.user, widgets=self.widgets()))
        if not self.has_change_permission(request, correction):
            raise PermissionDenied
        if "_take" in request.POST and correction.is_open:
            return self.page(request, self.take(request, correction))
        answering, is_done = answer(correction, request, self.widgets())
        if not is_done:
            return self.page(request, answering)
        self.log_change(request, answering.correction, [{"changed": {"fields": ["answer"]}}])
        text = _("%(number)s is answered: %(answer)s.") % {
            "number": answering.correction.number,
            "answer": answering.correction.get_answer_display(),
        }
        if entry := answering.correction.association:
            address = reverse("admin:associations_association_change", args=[entry.pk])
            text = format_html('{} <a href="{}">{}</a>', text, address, entry)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:associations_correction_changelist"))

    def take(self, request, correction):
        """One more fact to decide on, that the message tells in words; what was typed stays."""
        Answering(correction, request.user).take(request.POST.get("take", ""))
        return Answering(correction, request.user, typed=request.POST, widgets=self.widgets())

    def widgets(self):
        parent = Affiliation._meta.get_field("parent")
        return {"parent": AutocompleteSelect(parent, self.admin_site)}

    def page(self, request, answering):
        correction = answering.correction
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": correction.number,
            "correction": correction,
            "answering": answering,
            "days_left": correction.days_left(),
            "may_change": self.has_change_permission(request, correction),
            "may_delete": self.has_delete_permission(request, correction),
            "today": timezone.localdate(),
            "media": self.media + self.widgets()["parent"].media,
        }
        return TemplateResponse(request, "admin/associations/correction/answer.html", context)
