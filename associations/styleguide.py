"""Every element of the public pages on one page: what is changed in the stylesheet is looked at
here, in both languages, light and dark, on a telephone and on paper."""

from datetime import timedelta

from django.contrib.admin.views.decorators import staff_member_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from . import phones
from .corrections.forms import CorrectionForm
from .corrections.protection import Seal
from .corrections.subjects import SUBJECTS, Box
from .dates import PartialDate
from .facets import Facet, Option
from .filters import AssociationFilter
from .freshness import DUE_MONTHS, FRESH_MONTHS
from .models import Association, Card, ContactPoint
from .views import AppliedFilter

COLOURS = (
    *("paper", "shade", "line", "line-strong", "control", "ink", "ink-soft", "link", "visited"),
    *("mark", "mark-ink", "mark-soft", "fresh", "due", "overdue", "closed"),
)
SIZES = ("title", "number", "section", "name", "text", "note", "small")
# A day in a month, in days.
MONTH = 31


@staff_member_required
def styleguide(request):
    """The page; nothing on it is of the directory, and nothing is kept."""
    paginator = Paginator(range(1000), 25)
    return render(
        request,
        "associations/styleguide.html",
        {
            "colours": COLOURS,
            "sizes": SIZES,
            "banners": ["draft", "closed", "as-of", "old"],
            "sources": [1, 2],
            "numbers": [_point(number.e164) for number in phones.examples("IT")],
            "others": [
                ContactPoint(type="email", value="info@example.org", label="Segreteria"),
                ContactPoint(type="pec", value="example@pec.example.org"),
                ContactPoint(type="website", value="https://www.example.org/a/rather/long/address"),
            ],
            "cards": cards(timezone.localdate()),
            "facet": facet(),
            "applied": [AppliedFilter("q", "Q", "aicco", "#"), AppliedFilter("a", "A", "B", "#")],
            "page_obj": paginator.page(7),
            "page_range": paginator.get_elided_page_range(7, on_each_side=2, on_ends=1),
            "errors": {"country": ["“XX”?"]},
            "form": AssociationFilter().form,
            "message_form": message_form(),
        },
    )


def _point(e164):
    return ContactPoint(type="phone", value=e164, e164=e164)


def message_form():
    """A form of visitors with something wrong in it, and a box of several columns."""
    box = Box.empty(SUBJECTS["address"])
    told = {"matter": "other", "email": "info", "message": "..."}
    return CorrectionForm(told, seal=Seal("", [box.sealed()]))


def facet():
    """A filter with a value that is in force and one that nothing has."""
    kinds = [
        Option(kind.value, kind.label, 39 - 13 * place, is_selected=place == 1)
        for place, kind in enumerate(Association.Kind)
    ]
    return Facet("kind", AssociationFilter().filters["kind"].label, kinds, more=[])


def cards(day):
    """Rows with much and with little: each freshness, each length, several scripts."""
    due = day - timedelta(days=MONTH * FRESH_MONTHS)
    overdue = day - timedelta(days=MONTH * DUE_MONTHS)
    return [
        Card(
            slug="example",
            kind="association",
            state="public",
            name="Associazione nazionale di esempio",
            acronym="ANE",
            country="IT",
            locality="Roma",
            confederation_name="Confederazione di esempio",
            confederation_slug="example",
            confederation_status="announced",
            president="Maria Rossi",
            president_role="president",
            president_since=PartialDate("2024-03"),
            phone="+39800123456",
            phone_country="IT",
            checked_on=day,
        ),
        Card(
            slug="example",
            state="public",
            name="Bundesverband der Telekommunikationsdienstleistungsunternehmen in Deutschland",
            language="de",
            country="DE",
            email="info@example.org",
            checked_on=due,
        ),
        Card(
            slug="example",
            state="public",
            name="一般社団法人日本コールセンター協会",
            language="ja",
            acronym="CCAJ",
            country="JP",
            website="https://www.example.org/",
            checked_on=overdue,
        ),
        Card(slug="example", state="closed", name="Club", as_of=PartialDate("2002-03-01")),
        Card(slug="example", state="public", name="X"),
    ]
