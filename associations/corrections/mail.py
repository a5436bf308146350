"""What senders are told by mail, if they gave an address. Nothing that they typed is in it: who
writes somebody else's address in the form must not make us carry a message there."""

import logging
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from ..dates import PartialDate

logger = logging.getLogger(__name__)


def status_address(correction, request):
    """Where the sender reads what became of it, in the language of the message."""
    with translation.override(correction.language):
        path = reverse("associations:correction_status", args=[correction.secret])
    return request.build_absolute_uri(path)


def send_after_commit(correction, what, request):
    """Tell the sender by the template `what` that it was received, or answered."""
    if correction.email:
        address = status_address(correction, request)
        context = {"correction": correction, "address": address, "day": correction.due_on}
        send = partial(_send, correction.email, f"correction_{what}", correction.language, context)
        transaction.on_commit(send, robust=True)


def send_link(link, language, address):
    """Ask the association whether its entry is right; whether the mail went out."""
    return _send(
        link.sent_to,
        "own_link",
        language,
        {"link": link, "address": address, "day": link.expires_on},
    )


def _send(recipient, template, language, context):
    """Whether it went out. What could not be sent is in the log: the page says the same."""
    with translation.override(language):
        day = PartialDate(context["day"].isoformat()).in_words()
        text = render_to_string(f"associations/mail/{template}.txt", {**context, "day": day})
    subject, body = text.strip().split("\n\n", 1)
    try:
        EmailMessage(" ".join(subject.split()), f"{body}\n", to=[recipient]).send()
    except OSError:  # what smtplib raises, and what the network does
        logger.exception("A mail could not be sent.")
        return False
    return True
