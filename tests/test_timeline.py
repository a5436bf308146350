"""The history of a body, from its dated facts."""

import pytest

from associations.models import Association, Citation, Name
from associations.timeline import LONG
from tests.factories import (
    AffiliationFactory,
    AssociationFactory,
    NameFactory,
    OfficeHolderFactory,
    SourceFactory,
    SuccessionFactory,
)
from tests.reading import read

pytestmark = pytest.mark.django_db

AICCO = "/en/associations/aicco/"


def history(client):
    return read(client.get(AICCO)).one("section", **{"aria-labelledby": "history"})


def events(client):
    """`[(date, what), …]` as the page tells them, without the numbers of sources."""
    return [
        (li.one("time")["datetime"], li.one("span", "what").text)
        for li in history(client).all("li")
    ]


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


def test_it_tells_what_happened_in_the_order_of_time(client, aicco):
    Association.objects.update(founding_date="1999", dissolution_date="2011-05", state="closed")
    parent = AssociationFactory(name="Confindustria")
    AffiliationFactory(association=aicco, parent=parent, valid_from="2002-03", valid_to="2010")
    OfficeHolderFactory(association=aicco, name="Abbruzzese", valid_from="2002-03-01")
    NameFactory(association=aicco, name="ACC", type=Name.Type.FORMER, valid_to="2001")
    SuccessionFactory(
        association=aicco, successor=None, successor_name="Assocontact", valid_from="2011-05-02"
    )

    assert events(client) == [
        ("1999", "founded"),
        ("2001", "former name: ACC, until then"),
        ("2002-03", "member of: Confindustria, from then on"),
        ("2002-03-01", "president: Abbruzzese, from then on"),
        ("2010", "member of: Confindustria, until then"),
        ("2011-05", "dissolved"),
        ("2011-05-02", "after it (succeeded): Assocontact"),
    ]


def test_an_attestation_is_not_told_as_a_beginning(client, aicco):
    OfficeHolderFactory(association=aicco, name="Abbruzzese", attested_on="2002-03-01")

    assert events(client) == [("2002-03-01", "president: Abbruzzese, at that time")]


def test_a_succession_that_is_only_attested_happened_by_then(client, aicco):
    SuccessionFactory(association=None, predecessor_name="ACC", successor=aicco, attested_on="2002")

    assert events(client) == [("2002", "before it (succeeded): ACC, by then")]


def test_what_ended_in_a_year_comes_after_what_happened_in_it(client, aicco):
    OfficeHolderFactory(association=aicco, name="Old", valid_to="2003")
    OfficeHolderFactory(association=aicco, name="New", valid_from="2003-06")

    assert [text.split(",")[0] for _date, text in events(client)] == [
        "president: New",
        "president: Old",
    ]


def test_what_several_sources_say_is_told_once_with_all_of_them(client, aicco):
    for _ in range(2):
        OfficeHolderFactory(association=aicco, name="Abbruzzese", valid_from="2002")

    (told,) = history(client).all("li")

    assert len(told.links) == 2


def test_founding_names_the_sources_that_are_cited_for_it(client, aicco):
    Association.objects.update(founding_date="1997")
    statute = SourceFactory(title="Statute")
    Citation.objects.create(association=aicco, about="founding_date", source=statute)

    page = read(client.get(AICCO))

    (link,) = page.one("section", **{"aria-labelledby": "history"}).one("li").links
    assert "Statute" in page.one("li", id=link[1:]).text


def test_who_was_something_else_than_its_head_is_left_out(client, aicco):
    OfficeHolderFactory(association=aicco, name="Board", role="board_member", valid_from="2002")

    assert "dates anything" in history(client).text


def test_what_is_yet_to_come_is_left_out(client, aicco, set_today):
    set_today("2024-06-01")
    OfficeHolderFactory(association=aicco, name="Now", valid_from="2020", valid_to="2030")

    assert [date for date, _text in events(client)] == ["2020"]


@pytest.mark.parametrize(("number", "is_open"), [(LONG, True), (LONG + 1, False)])
def test_a_long_history_is_folded(client, aicco, number, is_open):
    for year in range(number):
        OfficeHolderFactory(association=aicco, valid_from=str(2000 + year))

    assert ("open" in history(client).one("details", "timeline").attributes) == is_open
