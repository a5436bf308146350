from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView, View
from django_filters.views import FilterView

from . import cards, chronicle, comparing, phones
from .facets import Facets
from .filters import LISTED, PAGE_SIZE, AssociationFilter, DayForm, unknown
from .freshness import DUE_MONTHS, FRESH_MONTHS
from .gathering import entry_at
from .models import Association, Card, FormerSlug
from .overview import overview
from .profile import Profile
from .quality import answers, quality
from .reasons import explain
from .representations import schema_org
from .search import search


class Selection:
    """The associations a visitor asks for: the same in the page and in the API."""

    filterset_class = AssociationFilter

    def get_queryset(self):
        cards.catch_up(self.request.data_version)
        return Card.objects.all()


@dataclass(frozen=True, slots=True)
class AppliedFilter:
    """One thing asked for, and the address of the same listing without it."""

    name: str
    label: str
    value: str
    url: str


@method_decorator(vary_on_headers("HX-Request"), name="dispatch")
class AssociationList(Selection, FilterView):
    """The directory. Whatever is asked wrongly is said to be wrong, and answered with a 400."""

    template_name = "associations/association_list.html"
    fragment_name = "associations/_listing.html"
    most_compared = comparing.MOST

    def get_template_names(self):
        htmx = self.request.htmx
        is_fragment = htmx and not htmx.history_restore_request
        return [self.fragment_name if is_fragment else self.template_name]

    def get(self, request, *args, **kwargs):
        # An unbound filterset would skip its own checks where nothing at all is asked.
        self.filterset = AssociationFilter(
            request.GET, queryset=self.get_queryset(), request=request
        )
        if not self.filterset.is_valid():
            return self.answer(400, errors=self.filterset.errors)
        asked = self.filterset.form.cleaned_data
        # First of all: to count the values is to count the hits.
        listed = Facets(self.filterset)
        paginator = Paginator(self.filterset.qs, asked["page_size"] or PAGE_SIZE)
        try:
            page = paginator.page(asked["page"] or 1)
        except InvalidPage:
            return self.answer(404, last_page=paginator.num_pages)
        hits, told = self.filterset.hits, ""
        page.object_list = list(page.object_list)
        if asked["q"]:
            explain(page.object_list, hits)
            for position, card in enumerate(page.object_list, page.start_index()):
                card.position = position
                # Sorted otherwise they stand among the others.
                card.is_near_match = card.is_near_match and not asked["sort"]
        else:
            told = "".join(card.told for card in page.object_list)
        applied = self.applied(listed)
        return self.answer(
            200,
            page_obj=page,
            hits=hits,
            told=told,
            spellings=self.spellings(hits) if asked["q"] and not page.object_list else [],
            page_range=paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            facets=listed,
            applied=applied,
            structured=self.structured(page, applied),
        )

    def answer(self, status, **context):
        query = self.request.GET.urlencode()
        context |= {
            "filter": self.filterset,
            "asked": self.asked(),
            "query": f"?{query}" if query else "",
            "view": self,
        }
        return render(self.request, self.get_template_names(), context, status=status)

    def asked(self):
        """What the form shows again: the text and the sort, as they were typed."""
        data = self.request.GET
        return {name: data.get(name, "")[:200] for name in ("q", "sort", "page_size")}

    def applied(self, listed):
        """The filters in force, each with the address that takes it away."""
        found = []
        if text := self.filterset.form.cleaned_data["q"]:
            found.append(AppliedFilter("q", _("Search"), text, self.without("q", text)))
        for facet, option in listed.selected:
            url = self.without(facet.name, option.value)
            found.append(AppliedFilter(facet.name, facet.label, option.label, url))
        return found

    def structured(self, page, applied):
        """The site for search engines, on the page by which they are to find it; None on others."""
        is_start = page.number == 1 and not applied
        return schema_org.text(schema_org.website(self.request)) if is_start else None

    def spellings(self, hits):
        """The nearest things that could be searched instead: `(text, address)`."""
        found = []
        for text in hits.spellings():
            query = self.request.GET.copy()
            query.pop("page", None)
            query["q"] = text
            found.append((text, f"{self.request.path}?{query.urlencode()}"))
        return found

    def without(self, name, value):
        """The address of this listing without one value of one parameter, on its first page."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query.setlist(name, [each for each in query.getlist(name) if each.strip() != value])
        return (
            f"{self.request.path}?{query.urlencode()}" if query.urlencode() else self.request.path
        )


class Entry:
    """The association at an address: the same for the contact page and for the API."""

    def find(self, slug):
        """Which one has or had this address; None if it was deleted. Raises `Http404`."""
        cards.catch_up(self.request.data_version)
        return entry_at(slug) or self._moved(slug)

    def _moved(self, slug):
        former = FormerSlug.objects.filter(slug=slug).select_related("association").first()
        if former is None:
            raise Http404
        return former.association


class EntryView(Entry, View):
    """What shows one association: an old address leads to it, a withdrawn one is gone, and a draft
    is for staff."""

    http_method_names = ["get", "head"]

    def get(self, request, slug):
        association = self.find(slug)
        if association is None or association.state == Association.State.WITHDRAWN:
            return gone(request, association)
        if not association.is_public and not may_preview(request.user):
            raise Http404
        if association.slug != slug:
            here = request.resolver_match.view_name
            response = HttpResponsePermanentRedirect(reverse(here, args=[association.slug]))
        else:
            response = self.show(association)
        if not association.is_public:
            response.headers["Cache-Control"] = "private, no-store"
        return response


class AssociationDetail(EntryView):
    """The contact page of today, or of the day that is asked for: a 400 where that is none."""

    def show(self, association):
        context = {"association": association, "typed": self.request.GET.get("on", "").strip()}
        day = None
        if context["typed"]:
            context["asked"] = asked = DayForm(self.request.GET)
            if not asked.is_valid():
                return render(self.request, "associations/wrong_day.html", context, status=400)
            day = asked.cleaned_data["on"]
        context["profile"] = profile = Profile(association, day)
        if profile.on is None:
            context["structured"] = schema_org.text(
                schema_org.organization(profile, self.request),
                schema_org.breadcrumbs(association.card, self.request),
            )
        return render(self.request, "associations/association_detail.html", context)


class Changes(EntryView):
    """What was changed in an entry since it was published: when, by which way, from what to what.

    Who did it is for staff.
    """

    page_size = 50

    def show(self, association):
        paginator = Paginator(chronicle.public(association), self.page_size)
        try:
            page = paginator.page(self.request.GET.get("page", 1))
        except InvalidPage:
            raise Http404 from None
        context = {"association": association, "page": page}
        response = render(self.request, "associations/changes.html", context)
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def may_preview(user):
    """Whether this user may read a draft as visitors will see it."""
    return user.is_staff and user.has_perm("associations.view_association")


def gone(request, association=None):
    """410: there was such an entry, and it is not coming back by itself."""
    return render(request, "associations/gone.html", {"association": association}, status=410)


@dataclass(frozen=True, slots=True)
class Compared:
    """An association of a comparison, and the address of the same comparison without it."""

    association: Association
    url: str


class Comparison(Entry, View):
    """A few associations side by side; with less than two it helps to choose others.

    Former addresses and repeated ones lead to the comparison of what they stand for.
    """

    suggested = 8

    def get(self, request):
        form = comparing.ComparisonForm(request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        entries, lost = self.entries(form, asked.get("a", ()))
        if form.errors:
            return self.answer(400, form=form, errors=form.errors)
        slugs = list(dict.fromkeys(association.slug for association in entries))
        if lost:
            return self.answer(410, lost=lost, rest=slugs and self.address(slugs))
        others = {name: asked[name] for name in ("only", "q") if asked[name]}
        if slugs != request.GET.getlist("a"):
            return HttpResponsePermanentRedirect(self.address(slugs, **others))
        rows = comparing.rows([Profile(association) for association in entries])
        differing = [row for row in rows if row.differs]
        return self.answer(
            200,
            compared=[
                Compared(association, self.address([s for s in slugs if s != association.slug]))
                for association in entries
            ],
            rows=differing if asked["only"] else rows,
            differing=differing,
            asked=asked,
            everything=self.address(slugs),
            differences=self.address(slugs, only="differences"),
            can_add=len(slugs) < comparing.MOST,
            # The script that suggests puts the slug of the chosen one in place of the word.
            adding=self.address([*slugs, "{slug}"]).replace("%7Bslug%7D", "{slug}"),
            found=self.found(asked["q"], slugs),
        )

    def answer(self, status, **context):
        context = {"most": comparing.MOST, **context}
        return render(self.request, "associations/comparison.html", context, status=status)

    def entries(self, form, slugs):
        """Those that visitors may read, and `(slug, association or None)` of those that are gone.

        Of what never was the form has the error.
        """
        found, lost = [], []
        for slug in slugs:
            try:
                association = self.find(slug)
                if association is None or association.state == Association.State.WITHDRAWN:
                    lost.append((slug, association))
                elif association.is_public:
                    found.append(association)
                else:
                    raise Http404
            except Http404:
                form.add_error("a", unknown(_("“%(value)s” is not in this directory."), slug, ()))
        return found, lost

    def found(self, text, slugs):
        """The best of what the directory would list: cards with the addresses that add them."""
        hits = search(text, LISTED).suggest(self.suggested) if text else []
        return [
            (card, self.address([*slugs, card.slug])) for card in hits if card.slug not in slugs
        ]

    def address(self, slugs, **others):
        query = urlencode({"a": slugs, **others}, doseq=True)
        return f"{reverse('associations:compare')}{query and '?'}{query}"


class Overview(TemplateView):
    """The whole directory at a glance."""

    template_name = "associations/overview.html"

    def get_context_data(self, **kwargs):
        cards.catch_up()
        return super().get_context_data(overview=overview(), **kwargs)


class QualityOfTheData(TemplateView):
    """The directory grades itself. What it counts is kept, the page is not: messages come between
    two versions of the data."""

    template_name = "associations/quality.html"

    def get_context_data(self, **kwargs):
        cards.catch_up()
        return super().get_context_data(quality=quality(), answers=answers(), **kwargs)


class AboutTheData(TemplateView):
    """What a fact is, how old it may be, how the search works, what numbers cost."""

    template_name = "associations/about.html"
    extra_context = {
        "fresh_months": FRESH_MONTHS,
        "due_months": DUE_MONTHS,
        "plan_version": phones.METADATA,
    }

    def get_context_data(self, **kwargs):
        return super().get_context_data(numbers=phones.examples("IT"), **kwargs)
