"""A message comes in: it has a number, is answered by a promised day, and is then forgotten."""

from django.db import transaction
from django.utils.translation import get_language

from ..models import Correction, Proposal
from . import mail, protection


def receive(form, request, association=None, **told):
    """Keep what a valid form tells; return the `Correction`.

    The same form sent twice is one message.
    """
    data = form.cleaned_data
    names = ("matter", "name", "website", "closed_on", "message", "evidence", "email")
    with transaction.atomic():
        forget_addresses()
        correction, is_new = Correction.objects.get_or_create(
            secret=form.seal.secret,
            defaults={
                "association": association,
                "language": get_language(),
                **{name: data[name] for name in names if name in data},
                **told,
            },
        )
        if is_new:
            protection.remember(request, correction.email)
            proposals = form.proposals()
            for proposal in proposals:
                proposal.correction = correction
            Proposal.objects.bulk_create(proposals)
            mail.send_after_commit(correction, "received", request)
    return correction


def forget_addresses(on=None):
    """Delete the e-mail addresses of senders who were answered long enough before `on` (default:
    today); return how many."""
    return Correction.objects.with_old_addresses(on).update(email="")
