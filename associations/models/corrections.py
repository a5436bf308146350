"""What people outside tell us of entries, what became of it, and whom we asked."""

import datetime
import secrets

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..dates import PartialDateField, today
from ..working_days import add_working_days, working_days_between

# An answer is promised within so many working days, and the sender's address is forgotten so many
# days after it.
PROMISED = 10
ADDRESS_KEPT = 30


def new_secret():
    """For an address that nobody guesses."""
    return secrets.token_urlsafe(24)


def key_of_number(text):
    """The key of the correction with this number, in any case; None for what is no number."""
    start, _dash, key = text.strip().upper().rpartition("-")
    is_number = start.startswith("C") and key.isdecimal()
    return int(key[:18]) if is_number else None


class CorrectionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_on=None)

    def answered(self):
        return self.filter(answered_on__isnull=False)

    def overdue(self, on=None):
        """Those without an answer on `on` (default: today) that was promised for a day before."""
        return self.open().filter(due_on__lt=on or timezone.localdate())

    def median_reply(self):
        """The median of the working days until the answer; None before the first; 2 queries."""
        days = self.answered().order_by("reply_days").values_list("reply_days", flat=True)
        number = days.count()
        if not number:
            return None
        middle = days[(number - 1) // 2 : number // 2 + 1]
        return sum(middle) / len(middle)

    def share_in_time(self):
        """The part (0 to 1) of the answers that came by the promised day; None before the first."""
        told = self.answered().aggregate(
            number=models.Count("pk"),
            in_time=models.Count("pk", filter=Q(answered_on__lte=F("due_on"))),
        )
        return told["in_time"] / told["number"] if told["number"] else None

    def with_old_addresses(self, on=None):
        """Those whose sender's address is to be forgotten on `on` (default: today)."""
        last = (on or timezone.localdate()) - datetime.timedelta(days=ADDRESS_KEPT)
        return self.answered().filter(answered_on__lt=last).exclude(email="")


class Correction(models.Model):
    """A message on an entry, or on one that is missing: who sends it is told what became of it.

    What it proposes for single facts are its proposals; what it tells in words is for staff only.
    """

    class Matter(models.TextChoices):
        FACT = "fact", _("something it says is wrong")
        MISSING = "missing", _("something is missing")
        CLOSED = "closed", _("it no longer exists")
        REMOVAL = "removal", _("the entry, or a person in it, is to be removed at our request")
        OTHER = "other", _("something else")
        SUGGESTION = "suggestion", _("an association that is missing here")

    class Sender(models.TextChoices):
        VISITOR = "visitor", _("a visitor")
        ASSOCIATION = "association", _("the association itself")

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        PARTLY = "partly", _("accepted in part")
        REFUSED = "refused", _("not accepted")

    association = models.ForeignKey(
        "Association",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("entry"),
    )
    matter = models.CharField(_("what is wrong"), max_length=10, choices=Matter)
    sender = models.CharField(_("sent by"), max_length=11, choices=Sender, default=Sender.VISITOR)
    name = models.CharField(_("name of the association"), max_length=200, blank=True)
    website = models.CharField(_("website"), max_length=500, blank=True)
    closed_on = PartialDateField(_("closed on"))
    message = models.TextField(_("message"), blank=True, max_length=3000)
    evidence = models.TextField(_("how it is known"), blank=True, max_length=1000)
    email = models.EmailField(_("e-mail of the sender"), blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    secret = models.CharField(max_length=43, unique=True, default=new_secret)
    received_on = models.DateField(_("received on"), default=today)
    due_on = models.DateField(_("answer promised by"))
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, blank=True)
    reason = models.TextField(_("what the sender is told"), blank=True, max_length=2000)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    reply_days = models.PositiveSmallIntegerField(
        null=True, help_text=_("Working days from the receipt to the answer.")
    )

    # An answer that was taken back, as long as there is no other: `corrections.reopening`.
    taken_back = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None, reply_days=None)
                | Q(answer__gt="", answered_on__isnull=False, reply_days__isnull=False),
                name="answered_with_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(answered_on=None), name="correction_open"),
            models.Index(fields=["answered_on", "reply_days"], name="correction_answered"),
        ]

    def __str__(self):
        return self.number

    def save(self, *args, **kwargs):
        if self.due_on is None:
            self.due_on = add_working_days(self.received_on, PROMISED)
        super().save(*args, **kwargs)

    @property
    def number(self):
        """What people call it: short, and told to everybody, so it opens nothing."""
        return f"C-{self.received_on.year}-{self.pk:04}"

    @property
    def is_open(self):
        return self.answered_on is None

    @property
    def is_suggestion(self):
        return self.matter == self.Matter.SUGGESTION

    def days_left(self, on=None):
        """Working days from `on` (default: today) to the promised one; negative after it."""
        on = on or timezone.localdate()
        if on > self.due_on:
            return -working_days_between(self.due_on, on)
        return working_days_between(on, self.due_on)

    def take_answer(self, answer, reason, by):
        """Have this answer, of today, without being saved."""
        self.answer, self.reason, self.answered_by = answer, reason, by
        self.taken_back = {}
        self.answered_on = timezone.localdate()
        self.reply_days = working_days_between(self.received_on, self.answered_on)


class Proposal(models.Model):
    """What a correction says of one fact of the entry, and what became of that.

    `subject` is a key of `corrections.SUBJECTS`; `fact` the key of the fact in its table, none for
    one that is missing. `said` is what the page showed to the sender, `proposed` what they wrote,
    both as `{column: text}`: nothing where the fact is said to be wrong without a better one.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not accepted")
        CONFIRMED = "confirmed", _("checked: it is still right")

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="proposals")
    subject = models.CharField(max_length=20)
    fact = models.BigIntegerField(null=True)
    said = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.subject}: {', '.join(filter(None, self.proposed.values()))}"


class EntryLinkQuerySet(models.QuerySet):
    def usable(self, on=None):
        """Those that still open their page on `on` (default: today)."""
        return self.filter(answer="", revoked_on=None, expires_on__gte=on or timezone.localdate())


class EntryLink(models.Model):
    """A letter to an association: by its address it tells us, once, whether its entry is right.

    The address is signed and not kept: it names this row, which can revoke it.
    """

    class Answer(models.TextChoices):
        RIGHT = "right", _("all is right")
        CHANGED = "changed", _("something has changed")
        CLOSED = "closed", _("it no longer exists")

    association = models.ForeignKey(
        "Association", models.CASCADE, related_name="links", verbose_name=_("entry")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_on = models.DateField(_("made on"), default=today)
    expires_on = models.DateField(_("expires on"))
    sent_to = models.EmailField(_("mailed to"), blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=7, choices=Answer, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    correction = models.OneToOneField(
        Correction,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="link",
        verbose_name=_("correction"),
    )

    objects = EntryLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link for an association")
        verbose_name_plural = _("links for associations")
        ordering = ["-pk"]

    def __str__(self):
        return self.number

    @property
    def number(self):
        return f"L-{self.made_on.year}-{self.pk:04}"

    def is_usable(self, on=None):
        """Whether it still opens its page on `on` (default: today)."""
        on = on or timezone.localdate()
        return not self.answer and self.revoked_on is None and on <= self.expires_on


class SentForm(models.Model):
    """That somebody sent a form, for as long as it counts against the limits: a day.

    Of who it was, and whom we mailed, only digests are kept, made with the site's secret key.
    """

    sent_at = models.DateTimeField(default=timezone.now)
    connection = models.CharField(max_length=64)
    recipient = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("form that was sent")
        verbose_name_plural = _("forms that were sent")
        indexes = [models.Index(fields=["sent_at"], name="sent_form_by_time")]

    def __str__(self):
        return self.connection
