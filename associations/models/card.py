from django.db import connections, models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .. import countries, phones
from ..addresses import address_of
from ..dates import PartialDate, PartialDateField
from ..freshness import DUE_MONTHS, FRESH_MONTHS, Freshness, months_before
from .association import PUBLIC_STATES, Association
from .contacts import ContactPoint
from .imports import ImportRow
from .people import OfficeHolder
from .submissions import Submission
from .visits import Visits


def freshness_rule(state, on=None, prefix=""):
    """That a check, in the column with this prefix, is of this freshness on the date `on`."""
    fresh, due = months_before(FRESH_MONTHS, on), months_before(DUE_MONTHS, on)
    rules = {
        Freshness.FRESH: {"gt": fresh},
        Freshness.DUE: {"gt": due, "lte": fresh},
        Freshness.OVERDUE: {"lte": due},
        Freshness.NEVER: {"isnull": True},
    }
    return Q(*((f"{prefix}checked_on__{told}", day) for told, day in rules[state].items()))


class CardQuerySet(models.QuerySet):
    def public(self):
        return self.filter(state__in=PUBLIC_STATES)

    def listed(self):
        """Those that the directory lists where no state is asked for."""
        return self.filter(state=Association.State.PUBLIC)

    def drafts(self):
        return self.filter(state=Association.State.DRAFT)

    def due(self, on=None):
        """Those that were checked, and are to be checked once more by the date `on`."""
        return self.filter(checked_on__lte=months_before(FRESH_MONTHS, on))

    def to_be_checked(self, on=None):
        """Those that are due, and those of which something was never checked."""
        return self.filter(Q(checked_on__lte=months_before(FRESH_MONTHS, on)) | Q(checked_on=None))

    def visited(self, on=None):
        """Those whose page was read in the month to look at; with `visits`, how often.

        With `visited`, too, the key once more: by the two an index is in the order of the visits.
        """
        visits = "association__visits"
        read = self.filter(**{f"{visits}__month": Subquery(Visits.objects.month(on))})
        return read.annotate(visits=F(f"{visits}__number"), visited=F(f"{visits}__association"))

    def submitted(self):
        """Drafts that an editor holds to be ready, and public ones that an editor tells to have
        ended; with `submitted_at`.
        """
        from .sources import Citation

        ended = Citation.objects.filter(about=Citation.About.DISSOLUTION_DATE)
        waiting = Q(state=Association.State.DRAFT) | Q(
            state=Association.State.PUBLIC, pk__in=ended.values("association")
        )
        # From the few submissions to their cards, not the other way.
        submitted = self.filter(waiting, pk__in=Submission.objects.values("association"))
        return submitted.annotate(submitted_at=F("association__submission__at"))

    def at(self, slugs):
        """Cards of the associations with these slugs."""
        # By the associations' own index: the column here has none.
        return self.filter(association__slug__in=slugs)

    def members_of(self, *confederations, on=None):
        """Cards of those that belong to one of these associations (keys) on the date `on`."""
        from .relations import Affiliation

        held = Affiliation.objects.holding(on).filter(parent__in=confederations)
        return self.filter(pk__in=held.values("association"))

    def in_any(self, slices):
        """Those that are in one of these slices of cards, in no order."""
        parts = [part.values("pk") for part in slices]
        if not connections[self.db].features.supports_slicing_ordering_in_compound:
            parts = [self.filter(pk__in=part).order_by().values("pk") for part in parts]
        return self.filter(pk__in=parts[0].union(*parts[1:], all=True)).order_by()

    def by_news(self):
        """Those that are or were to be read by visitors, what changed last first."""
        return self.exclude(state=Association.State.DRAFT).order_by("-changed_at", "-pk")

    def of_freshness(self, *states, on=None):
        """Cards whose freshness on the date `on` is one of these."""
        wanted = Q()
        for state in states:
            wanted |= freshness_rule(state, on)
        return self.filter(wanted)

    def without_head(self, on=None):
        """Those whose head's term has ended, and no source tells who follows.

        With `ended_on`, when the latest of these terms ended.
        """
        ended = OfficeHolder.objects.of_ended_heads(on)
        latest = ended.filter(association=OuterRef("pk")).order_by("-valid_to")
        without = self.filter(president="", pk__in=ended.values("association"))
        return without.annotate(ended_on=Subquery(latest.values("valid_to")[:1]))

    def missing(self):
        """Those that the newest file of their register no longer has, and nobody has checked since.

        With `missed_at`, when that file came.
        """
        own = ImportRow.objects.left_open().filter(entry=OuterRef("pk")).order_by("-job_id")
        found = self.filter(pk__in=ImportRow.objects.missing_still().values("entry"))
        found = found.annotate(missed_at=Subquery(own.values("job__uploaded_at")[:1]))
        return found.filter(Q(checked_on=None) | Q(checked_on__lt=TruncDate("missed_at")))

    def outdated(self, on=None):
        """Cards that the calendar alone has made wrong: a term ended, an office began."""
        return self.filter(changes_on__lte=on or timezone.localdate())


class Card(models.Model):
    """What a row of the listing shows today; derived, and written by `cards.refresh()` alone."""

    association = models.OneToOneField(Association, models.CASCADE, primary_key=True)
    slug = models.CharField(max_length=100)
    kind = models.CharField(max_length=15, choices=Association.Kind)
    state = models.CharField(max_length=10, choices=Association.State)
    name = models.CharField(max_length=400)
    language = models.CharField(max_length=16, blank=True)
    acronym = models.CharField(max_length=400, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=120, blank=True)
    locality = models.CharField(max_length=120, blank=True)
    confederation = models.ForeignKey(
        Association,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,  # one of those that have any is below
    )
    confederation_name = models.CharField(max_length=400, blank=True)
    confederation_slug = models.CharField(
        max_length=100, blank=True, help_text=_("Empty where visitors may not read its page.")
    )
    confederation_status = models.CharField(max_length=10, blank=True)
    president = models.CharField(max_length=250, blank=True)
    president_role = models.CharField(max_length=20, blank=True, choices=OfficeHolder.Role)
    president_since = PartialDateField()
    president_as_of = PartialDateField()
    phone = models.CharField(max_length=500, blank=True)
    phone_country = models.CharField(max_length=2, blank=True)
    phone_as_of = PartialDateField()
    email = models.CharField(max_length=500, blank=True)
    website = models.CharField(max_length=500, blank=True)
    checked_on = models.DateField(
        null=True, help_text=_("Of its current facts' checks the oldest; none if one is missing.")
    )
    as_of = PartialDateField(
        help_text=_("The newest date for which a source of these facts speaks.")
    )
    sort_key = models.CharField(max_length=200)
    acronym_key = models.CharField(max_length=200, blank=True)
    search_text = models.TextField(blank=True)
    changes_on = models.DateField(
        null=True, help_text=_("The first day on which the calendar alone makes this card wrong.")
    )
    changed_at = models.DateTimeField(
        null=True, help_text=_("When anything of the entry was last written; not derived.")
    )

    # Of one that a search found: whether not every word that was typed stands in the entry.
    is_near_match = False

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("current card")
        verbose_name_plural = _("current cards")
        ordering = ["sort_key", "slug"]
        indexes = [
            # With the key, so that those in order are looked through without their rows.
            models.Index(fields=["sort_key", "slug", "association"], name="card_by_name"),
            models.Index(fields=["acronym_key"], name="card_by_acronym"),
            # With all by which entries of one name in one country are found.
            models.Index(fields=["sort_key", "country", "association"], name="card_by_namesake"),
            # With all that the list of what is due for a check is made of.
            models.Index(
                fields=["checked_on", "as_of", "association", "state"], name="card_by_due"
            ),
            models.Index(
                fields=["confederation", "association"],
                condition=Q(confederation__isnull=False),
                name="card_by_confederation",
            ),
            models.Index(fields=["country", "locality", "association"], name="card_by_locality"),
            models.Index(
                fields=["changes_on"], condition=Q(changes_on__isnull=False), name="card_by_change"
            ),
            # With all that a feed and a sitemap choose by. Not with the state first: SQLite would
            # think that few have the same, and choose it for everything.
            models.Index(fields=["changed_at", "association", "state"], name="card_by_news"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address_of(self.slug)

    @property
    def told(self):
        """All that a row tells of it today, as text."""
        return repr([self.freshness.value, *(getattr(self, name) for name in _TOLD)])

    @property
    def country_name(self):
        """In the active language."""
        return countries.name(self.country) if self.country else ""

    @property
    def place(self):
        """City and country, in the active language."""
        return ", ".join(filter(None, (self.locality, self.country_name)))

    @property
    def freshness(self):
        return Freshness.of(self.checked_on)

    @property
    def is_closed(self):
        return self.state == Association.State.CLOSED

    @property
    def standing(self):
        """In a sentence: whether it exists, and how old what is known of it is."""
        if self.is_closed:
            return _("Closed: it no longer exists.")
        if self.checked_on:
            date = PartialDate(self.checked_on).in_words()
            return _("Checked on %(date)s.") % {"date": date}
        if self.as_of:
            return _("As of %(date)s, not checked since.") % {"date": self.as_of.in_words()}
        return _("Of unknown age, never checked.")

    @cached_property
    def phone_number(self):
        """The `phones.PhoneNumber`; None without a phone or where its writing is odd."""
        return phones.parse(self.phone, self.phone_country) if self.phone else None


CARD_CONTACTS = (ContactPoint.Type.PHONE, ContactPoint.Type.EMAIL, ContactPoint.Type.WEBSITE)
# What is only for finding and sorting is not told.
_NOT_TOLD = ("search_text", "sort_key", "acronym_key", "changes_on", "changed_at")
_TOLD = [field.attname for field in Card._meta.concrete_fields if field.name not in _NOT_TOLD]
