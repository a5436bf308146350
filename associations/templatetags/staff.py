"""What pages of staff lead to."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from ..admin.steps import STEPS

register = template.Library()


@register.inclusion_tag("admin/handover/_steps.html", takes_context=True)
def in_one_step(context, association):
    """Links to the steps by which this user may change an entry, and from there back here."""
    request = context["request"]
    here = urlencode({"next": request.get_full_path()})
    return {
        "steps": [
            (f"{reverse('admin:hand_over', args=[association.pk, key])}?{here}", form.title)
            for key, form in STEPS.items()
            if request.user.has_perms(form.permissions())
        ]
    }
