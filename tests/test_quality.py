"""The directory grades itself in public, by the same rules by which it calls a fact fresh."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.changes import one_change
from associations.checking import mark_checked
from associations.models import Association
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    CorrectionFactory,
    NameFactory,
)
from tests.reading import read

pytestmark = pytest.mark.django_db

ADDRESS = "/en/quality/"


@pytest.fixture(autouse=True)
def today(set_today):
    set_today("2026-11-25")


def see(client, address=ADDRESS):
    response = client.get(address)
    assert response.status_code == 200
    return read(response)


def section(page, key):
    return page.one("section", **{"aria-labelledby": key})


def counted(page):
    """`{freshness: what stands next to it}` of the whole directory."""
    rows = section(page, "facts").one("ul", "freshness-counts").all("li")
    return {row.one("span", "freshness").text: row.one("span", "count").text for row in rows}


def table(page, key):
    rows = section(page, key).one("table").one("tbody").all("tr")
    return {row.one("th").text: [td.text for td in row.all("td", "count")] for row in rows}


def name(checked_on=None, **told):
    """One fact of an entry of its own."""
    return NameFactory(checked_on=checked_on, **told)


def test_each_fact_is_counted_by_its_freshness(client):
    for day in ("2026-11-01", "2025-11-26", "2025-11-25", "2025-05-01", None, None, None, None):
        name(day)

    page = see(client)

    assert section(page, "facts").one("h2").text == "8 facts that hold today"
    assert counted(page) == {
        "checked within 12 months": "2 (25 %)",
        "check due": "1 (13 %)",
        "check overdue": "1 (13 %)",
        "never checked": "4 (50 %)",
    }
    parts = section(page, "facts").one("svg", "freshness-bar").all("rect")
    assert [part["width"] for part in parts] == ["250", "125", "125", "500"]


def test_only_what_holds_today_of_what_the_directory_lists_is_counted(client):
    association = name().association
    ContactPointFactory(association=association, valid_to="2003")
    ContactPointFactory(association=association, is_past=True)
    ContactPointFactory(association=association, attested_on="2002")
    for state in ("draft", "closed", "withdrawn"):
        AssociationFactory(state=state)

    assert section(see(client), "facts").one("h2").text == "2 facts that hold today"


def test_the_ages_are_medians(client):
    for day in ("2026-10-25", "2026-09-25", "2020-01-01"):
        name(day)
    for told in ({"attested_on": "2002"}, {"valid_from": "2016-11"}, {"attested_on": "2026-11-01"}):
        name(**told)

    text = section(see(client), "facts").text

    assert "Half of the checks are younger than 2 months." in text
    assert "Half of what sources date is of the last 10 years." in text


def test_where_nothing_was_checked_it_is_said(client):
    name()

    text = section(see(client), "facts").text

    assert "No fact has been checked yet." in text
    assert "Half of" not in text


def test_countries_are_told_with_their_own_shares(client):
    AddressFactory(association=name("2026-11-01").association, country="IT", attested_on="2016-11")
    AddressFactory(association=AssociationFactory(name=""), country="DE")
    name()

    page = see(client)

    assert table(page, "countries") == {
        "Italy": ["2", "50 %", "0 months", "10 years"],
        "Germany": ["1", "0 %", "–", "–"],
    }
    assert section(page, "countries").links == ["/en/?country=IT", "/en/?country=DE"]


def test_a_confederation_is_told_by_the_facts_of_its_members(client):
    trade, industry = (
        AssociationFactory(slug=slug, name=slug.title(), kind="confederation")
        for slug in ("trade", "industry")
    )
    member = name("2026-11-01").association
    AffiliationFactory(association=member, parent=trade)
    AffiliationFactory(association=member, parent=industry)
    AffiliationFactory(association=AssociationFactory(name=""), parent=trade)

    page = see(client)

    assert table(page, "confederations") == {
        "Trade": ["4", "25 %", "0 months", "–"],
        "Industry": ["3", "33 %", "0 months", "–"],
    }
    assert "/en/?confederation=trade" in section(page, "confederations").links


def test_messages_of_visitors_are_told_with_how_soon_they_are_answered(client):
    day = date(2026, 11, 2)
    for days in (1, 3, 12):
        CorrectionFactory(
            received_on=day,
            answer="accepted",
            answered_on=day + timedelta(days=days),
            reply_days=days,
        )
    CorrectionFactory(received_on=date(2026, 11, 24))
    CorrectionFactory(received_on=date(2026, 10, 1))

    text = section(see(client), "answers").text

    assert "2 messages wait for an answer. One is promised within 10 working days." in text
    assert "1 has waited longer." in text
    assert "3 were answered, half of them within 3 working days; 100 % in time." in text


def test_messages_are_told_by_country_and_confederation_too(client):
    trade = AssociationFactory(slug="trade", name="Trade", kind="confederation")
    italian, german = (
        AddressFactory(association=AssociationFactory(), country=code).association
        for code in ("IT", "DE")
    )
    AffiliationFactory(association=italian, parent=trade)
    day = date(2026, 11, 2)
    for days in (2, 3):
        CorrectionFactory(
            association=italian,
            received_on=day,
            answer="refused",
            answered_on=day + timedelta(days=days),
            reply_days=days,
        )
    CorrectionFactory(association=italian)
    CorrectionFactory(association=german)
    CorrectionFactory(association=None, matter="suggestion")

    page = see(client)

    assert replies(page, "country") == {"Italy": ["1", "2", "2.5"], "Germany": ["1", "0", "–"]}
    assert replies(page, "confederation") == {"Trade": ["1", "2", "2.5"]}
    links = section(page, "answers").links
    assert links == ["/en/?country=IT", "/en/?country=DE", "/en/?confederation=trade"]


def replies(page, what):
    table = page.one("table", **{"aria-labelledby": f"messages-by-{what}"})
    rows = table.one("tbody").all("tr")
    return {row.one("th").text: [td.text for td in row.all("td")] for row in rows}


def test_a_message_is_counted_as_soon_as_it_is_there(client):
    assert "0 messages wait" in section(see(client), "answers").text

    CorrectionFactory()

    assert "1 message waits" in section(see(client), "answers").text


def test_an_empty_directory_has_such_a_page_too(client):
    page = see(client)

    assert section(page, "facts").one("h2").text == "0 facts that hold today"
    assert "No source says it of any of them." in section(page, "countries").text


def test_it_is_told_in_italian_after_it_was_counted_in_english(client):
    AddressFactory(country="DE")
    see(client)

    page = see(client, "/it/qualita/")

    assert list(table(page, "countries")) == ["Germania"]
    assert section(page, "countries").links == ["/it/?country=DE"]


def test_a_check_is_seen_by_the_next_visitor(client):
    association = name().association
    see(client)

    mark_checked(Association.objects.filter(pk=association.pk), date(2026, 11, 25))

    assert counted(see(client))["checked within 12 months"] == "1 (100 %)"


def test_a_large_directory_is_counted_once_a_day(client, monkeypatch, set_today):
    set_today("2031-01-01")  # of which no other test keeps anything
    monkeypatch.setattr("associations.quality.LARGE", 1)
    name()
    name()
    page = see(client)
    assert "So large a directory is counted once a day." in page.one("main").text

    name()

    assert section(see(client), "facts").one("h2").text == "2 facts that hold today"
    set_today("2031-01-02")
    assert section(see(client), "facts").one("h2").text == "3 facts that hold today"


def test_it_costs_the_same_number_of_queries_for_one_entry_and_for_many(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            see(client)
        return len(captured)

    CorrectionFactory(association=AddressFactory(country="IT").association)
    one = queries()
    with one_change():
        for country in ("IT", "DE", "FR"):
            for address in AddressFactory.create_batch(3, country=country):
                CorrectionFactory(association=address.association)

    assert queries() == one


@pytest.mark.parametrize("address", ["/en/overview/", "/en/about-the-data/"])
def test_other_pages_lead_to_it(client, address):
    assert ADDRESS in read(client.get(address)).links


def test_it_is_in_the_sitemap(client):
    assert "/en/quality/" in client.get("/sitemap-pages.xml").text
