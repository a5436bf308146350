"""Where a contact page leads on to: neighbours, and the members of a confederation by country."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.changes import one_change
from associations.profile import MEMBERS_SHOWN
from tests.factories import AddressFactory, AffiliationFactory, AssociationFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

AICCO, CONFINDUSTRIA = "/en/associations/aicco/", "/en/associations/confindustria/"


def section(client, address, name):
    (found,) = read(client.get(address)).all("section", **{"aria-labelledby": name}) or [None]
    return found


@pytest.fixture
def confindustria():
    return AssociationFactory(slug="confindustria", name="Confindustria", kind="confederation")


def member(confederation, locality="", country="IT", **told):
    association = AssociationFactory(**told)
    if confederation:
        AffiliationFactory(association=association, parent=confederation)
    AddressFactory(association=association, locality=locality, country=country)
    return association


def test_some_with_the_same_confederation_and_the_way_to_all(client, confindustria):
    member(confindustria, slug="aicco")
    with one_change():
        for number in range(9):
            member(confindustria, name=f"Body {number}")

    neighbours = section(client, AICCO, "neighbours")

    assert [text for text in ("Body 0", "Body 3") if text not in neighbours.text] == []
    assert "Body 4" not in neighbours.text
    assert "/en/?confederation=confindustria" in neighbours.links


def test_some_of_the_same_city_and_the_way_to_all(client):
    member(None, "Roma", slug="aicco")
    member(None, "Roma", name="Body of Rome")
    member(None, "Roma", "US", name="Body of Rome, Georgia")

    neighbours = section(client, AICCO, "neighbours")

    assert [a.text for a in neighbours.all("a")] == ["Body of Rome", "All in Roma"]
    (all_of_them,) = [link for link in neighbours.links if "locality" in link]
    assert client.get(all_of_them).status_code == 200


def test_closed_ones_are_no_neighbours_but_have_some(client, confindustria):
    member(confindustria, slug="aicco", state="closed")
    member(confindustria, slug="other", name="Other body")

    assert "Other body" in section(client, AICCO, "neighbours").text
    assert section(client, "/en/associations/other/", "neighbours") is None


def test_nobody_has_neighbours_for_want_of_an_address(client):
    for slug in ("aicco", "other"):
        AssociationFactory(slug=slug)

    assert section(client, AICCO, "neighbours") is None


def test_many_members_are_counted_by_country_as_the_directory_lists_them(client, confindustria):
    with one_change():
        for _ in range(10):
            member(confindustria)
        for _ in range(3):
            member(confindustria, country="SM")
        member(confindustria, state="closed")

    counted = section(client, CONFINDUSTRIA, "members").one("p", "of-which")

    assert counted.text == "Italy 10 San Marino 3"
    for link, number in zip(counted.links, (10, 3), strict=True):
        listing = read(client.get(link))
        assert len(listing.all("li", "association-row")) == number


def test_more_members_than_are_shown_are_counted_all_the_same(client, confindustria):
    with one_change():
        for _ in range(MEMBERS_SHOWN):
            member(confindustria)
        member(confindustria, country="SM")

    section(client, CONFINDUSTRIA, "members")
    with CaptureQueriesContext(connection) as queries:
        members = section(client, CONFINDUSTRIA + "?again", "members")

    assert len(queries) <= 8
    assert members.one("p", "of-which").text == f"Italy {MEMBERS_SHOWN} San Marino 1"
    assert f"{MEMBERS_SHOWN + 1} members" in members.one("h2").text
    assert "/en/?confederation=confindustria" in members.links
