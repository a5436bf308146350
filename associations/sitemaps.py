"""Every page that may be found elsewhere, with the moment of its last change.

A file is of the entries whose keys are in one range: each costs the same, the last as the first.
"""

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap, x_robots_tag
from django.db.models import BigIntegerField, ExpressionWrapper, F, Max
from django.shortcuts import get_list_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from . import cards
from .models import Card

RANGE = 500  # keys; each may be a page in each language
NUMBER = ExpressionWrapper(F("pk") / RANGE, BigIntegerField())


class InEachLanguage(Sitemap):
    i18n = True
    alternates = True


class Pages(InEachLanguage):
    def items(self):
        return [f"associations:{name}" for name in ("list", "overview", "quality", "about")]

    def location(self, name):
        return reverse(name)


class Entries(InEachLanguage):
    def __init__(self, cards):
        self.cards = cards

    def items(self):
        return self.cards

    def lastmod(self, card):
        return card.changed_at


@x_robots_tag
def index(request):
    """The files, each with its latest change: a pass over an index of the cards."""
    cards.catch_up()
    ranges = Card.objects.public().order_by().annotate(number=NUMBER).values("number")
    ranges = ranges.annotate(changed_at=Max("changed_at")).order_by("number")
    files = [SitemapIndexItem(request.build_absolute_uri(reverse("sitemap_of_pages")))]
    for each in ranges:
        address = reverse("sitemap_of_entries", args=[each["number"]])
        files.append(SitemapIndexItem(request.build_absolute_uri(address), each["changed_at"]))
    return TemplateResponse(
        request, "sitemap_index.xml", {"sitemaps": files}, content_type="application/xml"
    )


def pages(request):
    return sitemap(request, {"pages": Pages()})


def entries(request, number):
    cards.catch_up()
    first = number * RANGE
    of_range = Card.objects.public().filter(pk__gte=first, pk__lt=first + RANGE)
    found = get_list_or_404(of_range.order_by("pk").only("slug", "changed_at"))
    return sitemap(request, {"entries": Entries(found)})
