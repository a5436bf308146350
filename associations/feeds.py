"""What is new in the directory, in the active language: Atom (RFC 4287)."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from . import cards
from .models import Card
from .models.association import PUBLIC_STATES
from .representations import permanent_id

TOLD = 50  # entries


class AtomWithTombstones(Atom1Feed):
    """Tells of entries that were withdrawn, too, so that nobody keeps them (RFC 6721)."""

    def root_attributes(self):
        told = "http://purl.org/atompub/tombstones/1.0"
        return {**super().root_attributes(), "xmlns:at": told}

    def write_items(self, handler):
        super().write_items(handler)
        for card in self.feed["withdrawn"]:
            gone = {"ref": card.permanent_id, "when": rfc3339_date(card.changed_at)}
            handler.addQuickElement("at:deleted-entry", attrs=gone)


class News(Feed):
    feed_type = AtomWithTombstones
    title = _("Contact Centre Associations: what is new")
    subtitle = _("The entries that were added or changed last.")
    author_name = _("Contact Centre Associations")

    def get_object(self, request):
        """The cards of all that is told: the feed is of them."""
        cards.catch_up()
        told = list(Card.objects.by_news().select_related("association")[:TOLD])
        for card in told:
            card.permanent_id = permanent_id(card.association, request)
        return told

    def link(self, told):
        return reverse("associations:list")

    def items(self, told):
        return [card for card in told if card.state in PUBLIC_STATES]

    def feed_extra_kwargs(self, told):
        return {"withdrawn": [card for card in told if card.state not in PUBLIC_STATES]}

    def item_guid(self, card):
        return card.permanent_id

    def item_title(self, card):
        return f"{card.name} ({card.acronym})" if card.acronym else card.name

    def item_description(self, card):
        told = (card.get_kind_display().capitalize(), card.place)
        return escape(f"{', '.join(filter(None, told))}. {card.standing}")

    def item_pubdate(self, card):
        return card.association.created_at

    def item_updateddate(self, card):
        return card.changed_at
