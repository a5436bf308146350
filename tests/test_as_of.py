"""The contact page as it was on a day: `?on=2018-04-21`."""

import pytest

from associations.models import Association, Name
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
)
from tests.reading import filled_in, read

pytestmark = pytest.mark.django_db

AICCO = "/en/associations/aicco/"


def visit(client, on, status=200):
    response = client.get(AICCO, {"on": on})
    assert response.status_code == status
    return read(response)


def told(page, section):
    """What a section of the page says; nothing where there is none."""
    return " ".join(each.text for each in page.all("section", **{"aria-labelledby": section}))


@pytest.fixture(autouse=True)
def today(set_today):
    set_today("2024-06-01")


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


def test_it_names_who_presided_on_that_day(client, aicco):
    OfficeHolderFactory(association=aicco, name="First", valid_from="2010", valid_to="2015")
    OfficeHolderFactory(association=aicco, name="Second", valid_from="2016")

    assert "First" in told(visit(client, "2012-05-01"), "people")
    assert "Second" not in told(visit(client, "2012-05-01"), "people")
    assert "Second" in told(visit(client, "2018-04-21"), "people")


def test_it_names_the_confederation_of_that_day(client, aicco):
    for name, since, until in (("Confesercenti", "2000", "2009"), ("Confindustria", "2010", "")):
        parent = AssociationFactory(name=name, kind="confederation")
        AffiliationFactory(association=aicco, parent=parent, valid_from=since, valid_to=until)

    page = visit(client, "2005")

    assert "Confesercenti" in told(page, "confederations")
    assert "Confindustria" not in told(page, "confederations")


def test_its_head_has_the_name_the_acronym_and_the_place_of_that_day(client):
    aicco = AssociationFactory(slug="aicco", name="")
    NameFactory(association=aicco, name="Old body", valid_from="1990", valid_to="2009")
    NameFactory(association=aicco, name="New body", valid_from="2010")
    acronym = Name.Type.ACRONYM
    NameFactory(association=aicco, name="OB", type=acronym, valid_from="1990", valid_to="2009")
    NameFactory(association=aicco, name="NB", type=acronym, valid_from="2010")
    AddressFactory(association=aicco, locality="Milano", valid_from="1990", valid_to="2009")
    AddressFactory(association=aicco, locality="Roma", valid_from="2010")

    page = visit(client, "2005")

    head = page.one("header", "contact-header").text
    assert page.one("h1").text == "Old body"
    assert "OB" in head
    assert "Milano" in head
    assert not [text for text in ("New body", "NB", "Roma") if text in head]


def test_a_former_name_was_the_name_until_it_ended(client, aicco):
    NameFactory(association=aicco, name="Before", type=Name.Type.FORMER, valid_to="2009")

    assert visit(client, "2005").one("h1").text == "Before"
    assert visit(client, "2012").one("h1").text == "AICCO"


def test_its_members_are_those_of_that_day(client, aicco):
    for name, since, until in (("Early", "2000", "2009"), ("Late", "2010", "")):
        member = AssociationFactory(name=f"{name} member")
        AffiliationFactory(association=member, parent=aicco, valid_from=since, valid_to=until)

    page = visit(client, "2005")

    assert "Early member" in told(page, "members")
    assert "Late member" not in told(page, "members")


def test_what_sources_first_tell_of_a_later_day_is_left_out(client, aicco):
    ContactPointFactory(association=aicco, value="0645417542", attested_on="2019")
    OfficeHolderFactory(association=aicco, name="Later", attested_on="2019")

    page = visit(client, "2018-04-21").one("article").text

    assert "4541" not in page
    assert "Later" not in page


def test_a_banner_tells_the_day_and_the_way_back(client, aicco):
    banner = visit(client, "2018-04-21").one("div", "is-as-of")

    assert "21 April 2018" in banner.text
    assert banner.links == [AICCO]


@pytest.mark.parametrize(
    ("on", "day"),
    [("2018", "1 January 2018"), ("2018-04", "1 April 2018"), ("21/4/2018", "21 Apr")],
)
def test_a_year_or_a_month_stands_for_its_first_day(client, aicco, on, day):
    assert day in visit(client, on).one("div", "is-as-of").text


@pytest.mark.parametrize("on", ["yesterday", "2018-02-30", "2018-13", "0000", "20180421", "\0"])
def test_what_is_no_day_is_said_to_be_none(client, aicco, on):
    page = visit(client, on, 400)

    assert page.one("div", role="alert").text
    assert AICCO in page.links


def test_what_will_be_is_not_told(client, aicco):
    assert "up to today" in visit(client, "2024-06-02", 400).one("div", role="alert").text


@pytest.mark.parametrize("on", ["", "2024-06-01"])
def test_the_page_of_today_is_that_without_a_day(client, aicco, on):
    assert not visit(client, on).all("div", "is-as-of")


def test_a_form_on_the_page_asks_for_a_day(client, aicco):
    form = visit(client, "").one("form", "day")

    assert form["action"] == AICCO
    assert filled_in(form) == {"on": ""}
    assert form.one("input")["aria-describedby"] == form.one("span", "hint")["id"]


def test_what_was_typed_wrongly_can_be_put_right(client, aicco):
    form = visit(client, "31/2/2018", status=400).one("form", "day")

    assert filled_in(form) == {"on": "31/2/2018"}


def test_search_engines_are_sent_to_the_page_of_today(client, aicco):
    page = visit(client, "2018-04-21")

    assert page.one("meta", name="robots")["content"] == "noindex"
    assert page.one("link", rel="canonical")["href"].endswith(AICCO)


def test_the_same_day_is_asked_for_in_the_other_language(client, aicco):
    assert "/it/associazioni/aicco/?on=2018-04-21" in visit(client, "2018-04-21").links


def test_a_body_was_not_closed_before_it_was_dissolved(client, aicco):
    Association.objects.update(state="closed", dissolution_date="2015")

    assert not visit(client, "2012").all("div", "is-closed")
    assert visit(client, "2016").all("div", "is-closed")


def test_a_day_before_its_founding_is_told_to_be_one(client, aicco):
    Association.objects.update(founding_date="2002")

    assert "not been founded" in visit(client, "2001-12-31").one("div", "is-as-of").text
    assert "not been founded" not in visit(client, "2002").one("div", "is-as-of").text
