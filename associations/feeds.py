"""What is new in the directory, in the active language: Atom (RFC 4287)."""

from operator import attrgetter

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from . import cards
from .models import Association, Card
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
        for ref, moment in self.feed["withdrawn"]:
            gone = {"ref": ref, "when": rfc3339_date(moment)}
            handler.addQuickElement("at:deleted-entry", attrs=gone)


class News(Feed):
    feed_type = AtomWithTombstones
    title = _("Contact Centre Associations: what is new")
    subtitle = _("The entries that were added or changed last.")
    author_name = _("Contact Centre Associations")

    def get_object(self, request):
        return request

    def link(self, request):
        return reverse("associations:list")

    def feed_extra_kwargs(self, request):
        withdrawn = _newest(Association.State.WITHDRAWN)
        return {
            "withdrawn": [(permanent_id(c.association, request), c.changed_at) for c in withdrawn]
        }

    def items(self, request):
        cards.catch_up()
        changed = [card for state in PUBLIC_STATES for card in _newest(state)]
        changed = sorted(changed, key=attrgetter("changed_at"), reverse=True)[:TOLD]
        for card in changed:
            card.permanent_id = permanent_id(card.association, request)
        return changed

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


def _newest(state):
    return Card.objects.newest(state, TOLD).select_related("association")
