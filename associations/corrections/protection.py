"""What keeps machines from the forms of visitors, who have no account and get no cookie.

A form carries a seal: what it showed, when, and the secret of the one message that it can become.
So a form is sent once, by somebody who had it before them for a moment, and what was changed in it
is told from what it showed.
"""

import ipaddress
import time
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from axes.helpers import get_client_ip_address
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ..models import SentForm
from ..models.corrections import new_secret

SALT = "associations.corrections"
# Seconds that a person takes at least, and that a form is good for.
SHORTEST, LONGEST = 3, 24 * 3600
LARGEST = 200_000  # bytes
# Within a day: of one connection, to one e-mail address. Within an hour: of all together.
MOST_OF_ONE, MOST_TO_ONE, MOST_OF_ALL = 10, 5, 60
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class Seal:
    """Of which page a form is, what it showed (anything that JSON can say), when it was made."""

    page: str
    shown: list
    secret: str = field(default_factory=new_secret)
    at: int = field(default_factory=lambda: int(time.time()))

    def __str__(self):
        return signing.Signer(salt=SALT).sign_object(asdict(self), compress=True)

    @classmethod
    def read(cls, text, page):
        """The seal that a form of this page came back with; None for any other one."""
        try:
            seal = cls(**signing.Signer(salt=SALT).unsign_object(text))
        except signing.BadSignature:
            return None
        return seal if seal.page == page else None

    @property
    def age(self):
        """In seconds."""
        return time.time() - self.at


class SealedForm(forms.Form):
    """A form for anybody. One that comes too soon, too late or forged is shown again as it was
    typed, with a seal that is good."""

    required_css_class = "is-required"
    # Found by programs that fill in whatever they find: people do not see it.
    company = forms.CharField(
        required=False,
        label=_("Leave this box empty"),
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data=None, *, seal, is_known=True, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(data, **kwargs)
        self.seal = seal
        self.is_known = is_known

    def clean(self):
        told = super().clean()
        if told.get("company"):
            raise ValidationError(_("One box, which people do not see, is to be left empty."))
        if not self.is_known or self.seal.age > LONGEST:
            self.seal = Seal(self.seal.page, self.seal.shown)
            raise ValidationError(
                _(
                    "This page had been open for long. What you typed is still here: look at it"
                    " once more, and send it again."
                )
            )
        if self.seal.age < SHORTEST:
            raise ValidationError(
                _(
                    "That was quick. What you typed is still here: look at it once more, and send"
                    " it again."
                )
            )
        return told


def is_too_large(request):
    """Whether more was sent than any form of ours holds; it is not read then."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST


def is_too_often(request, email=""):
    """Whether the limits are reached: of this connection, of this address to mail to, of all."""
    now = timezone.now()
    lately = SentForm.objects.filter(sent_at__gt=now - DAY)
    return (
        lately.filter(sent_at__gt=now - HOUR).count() >= MOST_OF_ALL
        or lately.filter(connection=_digest(_connection(request))).count() >= MOST_OF_ONE
        or (email and lately.filter(recipient=_digest(email)).count() >= MOST_TO_ONE)
    )


def remember(request, email=""):
    """Count a form against the limits, and forget those of the day before."""
    SentForm.objects.filter(sent_at__lte=timezone.now() - DAY).delete()
    SentForm.objects.create(
        connection=_digest(_connection(request)), recipient=_digest(email) if email else ""
    )


def _connection(request):
    """The address of the sender; of IPv6 the network, of which everybody has a whole one."""
    address = get_client_ip_address(request)
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if version == 6 else address


def _digest(text):
    return salted_hmac(SALT, text.casefold(), algorithm="sha256").hexdigest()
