"""What is done with several entries at once: shown before it is done, and with what it is done to.

What somebody else changed meanwhile is left alone.
"""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from ..checking import How, check_entries, numbers_of_facts
from ..models import Association
from ..publishing import PUBLISH, decide, delete, submit
from ..seen import version
from .undoing import tell

MOST = 500  # entries at once


class EntryActions:
    """The actions of the list of entries, each with a page that asks first."""

    actions = ["confirm", "submit", "publish", "close", "withdraw", "delete_selected"]

    def has_publish_permission(self, request):
        return request.user.has_perm(PUBLISH)

    @admin.action(
        description=gettext_lazy("Checked, still right: all current facts"),
        permissions=["change"],
    )
    def confirm(self, request, queryset):
        today = timezone.localdate()
        seen = _seen(request, queryset)
        how = request.POST.get("how", "")
        if seen and how in How.values:
            request.session["how"] = how
            checked = check_entries(seen, today, how, request.user)
            text = ngettext(
                "%d fact is checked as of today.",
                "%d facts are checked as of today.",
                checked.facts,
            )
            tell(request, text % checked.facts, checked.changeset)
            return _tell_what_was_left(self, request, checked.changed)
        if seen:
            self.message_user(request, _("Say how you made sure."), messages.ERROR)
        entries = _entries(request, queryset)
        numbers = numbers_of_facts([entry.pk for entry in entries], today)
        effects = [
            ngettext("%d fact", "%d facts", numbers[entry.pk]) % numbers[entry.pk]
            for entry in entries
        ]
        about = _("All that is told of these entries today is marked as checked today.")
        hows = {"hows": How.choices, "how": request.session.get("how", "")}
        return self._ask(request, entries, effects, about, **hows)

    @admin.action(
        description=gettext_lazy("Ready for review: ask publishers to decide"),
        permissions=["change"],
    )
    def submit(self, request, queryset):
        if _seen(request, queryset):
            number = submit(queryset, request.user)
            text = ngettext("%d draft waits for a review.", "%d drafts wait for a review.", number)
            self.message_user(request, text % number, messages.SUCCESS)
            return None
        entries = _entries(request, queryset)
        effects = [
            _("waits for a review") if entry.state == Association.State.DRAFT else _("no draft")
            for entry in entries
        ]
        return self._ask(request, entries, effects, _("Publishers see these drafts first."))

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        about = _("Visitors will read these entries.")
        return self._decide(request, queryset, Association.State.PUBLIC, about)

    @admin.action(
        description=gettext_lazy("Close: keep readable, marked as no longer active"),
        permissions=["publish"],
    )
    def close(self, request, queryset):
        about = _("These entries stay readable, and are told to exist no longer.")
        return self._decide(request, queryset, Association.State.CLOSED, about)

    @admin.action(
        description=gettext_lazy("Withdraw: no longer readable, nor imported again"),
        permissions=["publish"],
    )
    def withdraw(self, request, queryset):
        about = _("Nobody will read these entries, and no import will bring them back.")
        return self._decide(request, queryset, Association.State.WITHDRAWN, about)

    @admin.action(description=gettext_lazy("Delete: leave nothing to read"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        """In the place of Django's own, which does not know what the page that asked showed."""
        if seen := _seen(request, queryset):
            deleted, left, changeset = delete(seen, request.user)
            self.log_deletions(request, deleted)
            text = ngettext("%d entry is deleted.", "%d entries are deleted.", len(deleted))
            tell(request, text % len(deleted), changeset)
            return _tell_what_was_left(self, request, left)
        entries = _entries(request, queryset)
        deleted = pgettext("entry", "deleted")
        effects = [f"{entry.get_state_display()} → {deleted}" for entry in entries]
        about = _(
            "These entries go with all their facts, and links from elsewhere lead to nothing."
            " Closed ones stay readable: deleting is for what never was one."
        )
        return self._ask(request, entries, effects, about)

    def _decide(self, request, queryset, state, about):
        if not self.has_publish_permission(request):
            raise PermissionDenied
        if seen := _seen(request, queryset):
            changed, left, changeset = decide(state, seen, request.user)
            for association in changed:
                self.log_change(request, association, [{"changed": {"fields": ["state"]}}])
            text = ngettext(
                "%(number)d entry is now: %(state)s.",
                "%(number)d entries are now: %(state)s.",
                len(changed),
            )
            told = {"number": len(changed), "state": state.label}
            tell(request, text % told, changeset)
            return _tell_what_was_left(self, request, left)
        entries = _entries(request, queryset)
        effects = [
            _("is so already")
            if entry.state == state
            else f"{entry.get_state_display()} → {state.label}"
            for entry in entries
        ]
        return self._ask(request, entries, effects, about)

    def _ask(self, request, entries, effects, about, **further):
        """The page that tells what will become of these entries, and asks."""
        if len(entries) > MOST:
            text = _("These are too many at once: choose %d at the most.")
            self.message_user(request, text % MOST, messages.ERROR)
            return None
        action = request.POST["action"]
        context = {
            **self.admin_site.each_context(request),
            "title": self.get_actions(request)[action][2],
            "opts": self.opts,
            "about": about,
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
            "rows": [
                (entry, version(entry), effect)
                for entry, effect in zip(entries, effects, strict=True)
            ],
            **further,
        }
        return TemplateResponse(request, "admin/desk/action.html", context)


def _entries(request, queryset):
    """What an action is asked for: one more than the most at once where it is for more."""
    return list(queryset.with_card()[: MOST + 1])


def _seen(request, queryset):
    """`{key: version}` of the entries that the page that asked showed; empty before it did."""
    if "post" not in request.POST:
        return {}
    keys = set(queryset.order_by().values_list("pk", flat=True))
    pairs = [each.partition("@") for each in request.POST.getlist("seen")]
    if not all(key.isdecimal() for key, _at, _version in pairs):
        raise BadRequest("seen is no key and version")
    return {int(key): told for key, _at, told in pairs if int(key) in keys}


def _tell_what_was_left(model_admin, request, number):
    if number:
        text = ngettext(
            "%d entry was changed since you saw it, and is left as it is: look again.",
            "%d entries were changed since you saw them, and are left as they are: look again.",
            number,
        )
        model_admin.message_user(request, text % number, messages.WARNING)
