"""The whole directory at a glance: pictures whose numbers are those of the lists behind them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations import countries, world
from associations.checking import mark_checked
from associations.models import Association
from associations.overview import DECADES, SHADES, overview
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


def see(client, address="/en/overview/"):
    response = client.get(address)
    assert response.status_code == 200
    return read(response)


def picture(page, key):
    """The part of the page under the heading `key`."""
    return page.one("section", **{"aria-labelledby": key})


def bars(page, key):
    """`{label: (number, width of its bar)}`."""
    rows = picture(page, key).one("table", "bars").one("tbody").all("tr")
    return {
        row.one("th").text: (int(row.one("td", "count").text), int(row.one("rect")["width"]))
        for row in rows
    }


def squares(page):
    """`{country code: (what it is called, class of its shade)}` of the squares with entries."""
    return {
        a.one("text", "square-code").text: (a.one("title").children[0], a.one("rect")["class"])
        for a in page.one("svg", "world").all("a")
    }


def in_countries(**numbers):
    for code, number in numbers.items():
        AddressFactory.create_batch(number, country=code)


# The map.


def test_every_country_with_entries_is_a_square_that_says_how_many_and_lists_them(client):
    in_countries(IT=3, DE=1)

    page = see(client)

    assert {code: told for code, (told, _shade) in squares(page).items()} == {
        "IT": "Italy: 3",
        "DE": "Germany: 1",
    }
    links = page.one("svg", "world").links
    assert sorted(links) == ["/en/?country=DE", "/en/?country=IT"]
    assert "3 associations" in read(client.get("/en/?country=IT")).one(id="results-title").text


def test_all_other_countries_are_drawn_faintly_and_without_a_link(client):
    in_countries(IT=1)

    faint = see(client).one("svg", "world").all("rect", "shade-0")

    assert len(faint) == len(world.PLACES) - 1


def test_more_entries_have_a_deeper_shade_that_the_key_explains(client):
    in_countries(IT=9, DE=3, FR=1)

    page = see(client)

    shades = {code: shade for code, (_told, shade) in squares(page).items()}
    assert shades["FR"] < shades["DE"] < shades["IT"]
    key = [li.text for li in page.one("ul", "world-key").all("li")]
    assert key[0] == "1"
    assert key[-2:] == ["6–9", "no entry"]


@pytest.mark.parametrize("numbers", [[1], [2], [1, 1, 1], [1, 2, 3], [40, 7, 1]])
def test_every_number_of_entries_has_a_shade_of_the_key(numbers):
    in_countries(**dict(zip(("IT", "DE", "FR"), numbers, strict=False)))

    seen = overview()

    for square in seen.squares:
        if square.count:
            (shade,) = [s for s in seen.shades if s.least <= square.count <= s.most]
            assert square.shade == shade.number <= SHADES


def test_a_country_without_a_place_on_the_map_is_named_below_it(client):
    in_countries(GP=2)
    assert "GP" not in world.PLACES

    section = picture(see(client), "world")

    assert "Not on the map: Guadeloupe (2)" in section.text
    assert "/en/?country=GP" in section.links


def test_the_map_is_also_told_as_a_table(client):
    in_countries(IT=3, DE=1)

    page = see(client)

    assert bars(page, "world") == {"Italy": (3, 1000), "Germany": (1, 333)}
    assert picture(page, "world").one("details").one("summary").text == "The same as a table"


def test_the_map_has_every_country_once_and_no_two_in_one_place():
    codes = [code for code in world.MAP.split() if code != ".."]

    assert len(set(codes)) == len(codes) == len(set(world.PLACES.values()))
    assert set(codes) <= countries.names("en").keys()
    # Not on it are dependent territories and Antarctica alone.
    assert len(codes) > 200


def test_the_country_with_the_most_entries_is_named(client):
    in_countries(IT=3, DE=1)

    assert "Most entries: Italy, 3 of 4." in picture(see(client), "world").text


def test_none_is_named_where_two_have_as_many(client):
    in_countries(IT=1, DE=1)

    assert "Most entries" not in picture(see(client), "world").text


def test_what_is_in_no_known_country_is_counted(client):
    in_countries(IT=1)
    AssociationFactory.create_batch(2)

    assert "For 2 no source names a country." in picture(see(client), "world").text


# What they belong to, what they are.


def test_confederations_are_bars_that_list_their_members(client):
    trade = AssociationFactory(slug="trade", name="Confederation of Trade", kind="confederation")
    AffiliationFactory.create_batch(2, parent=trade)

    page = see(client)

    assert bars(page, "confederations") == {"Confederation of Trade": (2, 1000)}
    assert picture(page, "confederations").links == ["/en/?confederation=trade"]


def test_kinds_are_bars_that_list_them(client):
    AssociationFactory.create_batch(3)
    AssociationFactory(kind="club")

    page = see(client)

    assert bars(page, "kinds") == {
        "association": (3, 1000),
        "confederation": (0, 0),
        "federation": (0, 0),
        "club": (1, 333),
    }
    assert "/en/?kind=club" in picture(page, "kinds").links


# Since when.


def test_foundings_are_counted_by_decade(client, set_today):
    set_today("2026-11-25")
    for year in ("1886", "1899-05", "1997-03-01", "1990", "2019"):
        AssociationFactory(founding_date=year)
    AssociationFactory()

    page = see(client)

    counted = bars(page, "founded")
    assert len(counted) == DECADES + 1
    assert {label: number for label, (number, _width) in counted.items() if number} == {
        "before 1890": 1,
        "1890–1899": 1,
        "1990–1999": 2,
        "2010–2019": 1,
    }
    assert list(counted)[-1] == "2020–2029"
    assert "Known for 5 of 6. The earliest: 1886." in picture(page, "founded").text


def test_where_no_founding_is_known_it_is_said(client):
    AssociationFactory()

    assert "No source says it of any of them." in picture(see(client), "founded").text


# How fresh.


def test_freshness_is_one_bar_whose_parts_are_as_long_as_they_are_many(client, set_today):
    set_today("2026-11-25")
    ContactPointFactory.create_batch(3)
    fresh = ContactPointFactory().association
    mark_checked(Association.objects.filter(pk=fresh.pk), date(2026, 11, 1))

    section = picture(see(client), "freshness")

    parts = section.one("svg", "freshness-bar").all("rect")
    assert [(part["class"], part["x"], part["width"]) for part in parts] == [
        ("is-fresh", "0", "250"),
        ("is-due", "250", "0"),
        ("is-overdue", "250", "0"),
        ("is-never", "250", "750"),
    ]
    assert "1 of 4 has been checked since its sources were read." in section.text
    assert [li.text for li in section.one("ul", "freshness-counts").all("li")] == [
        "checked within 12 months 1",
        "check due 0",
        "check overdue 0",
        "never checked 3",
    ]
    assert "/en/?freshness=never" in section.links


def test_where_nothing_was_checked_it_is_said(client):
    AssociationFactory()

    assert "None has been checked yet" in picture(see(client), "freshness").text


# As a page.


def test_an_empty_directory_has_an_overview(client):
    assert see(client).one("h1").text == "0 associations at a glance"


def test_only_what_the_directory_lists_is_counted(client):
    for state in ("public", "draft", "closed", "withdrawn"):
        AddressFactory(association=AssociationFactory(state=state, founding_date="2002"))

    page = see(client)

    assert page.one("h1").text == "1 association at a glance"
    assert bars(page, "world") == {"Italy": (1, 1000)}
    assert sum(number for number, _width in bars(page, "founded").values()) == 1


def test_it_is_told_in_italian(client):
    in_countries(IT=2, DE=1)

    page = see(client, "/it/panoramica/")

    assert page.one("h1").text == "3 associazioni in un colpo d'occhio"
    assert squares(page)["DE"][0] == "Germania: 1"
    assert "Il paese con più schede: Italia, 2 su 3." in page.one("main").text


def test_a_change_is_seen_by_the_next_visitor(client):
    association = AssociationFactory(founding_date="2002")
    see(client)

    association.founding_date = "1993"
    association.save()

    assert bars(see(client), "founded")["1990–1999"][0] == 1


def test_it_is_counted_once_for_all_who_look(client):
    in_countries(IT=2)
    see(client)

    with CaptureQueriesContext(connection) as captured:
        see(client)
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        see(client, "/en/overview/?for=another-address")
    assert not [query for query in captured if "founding_date" in query["sql"]]
    assert not [query for query in captured if "columnblock" in query["sql"]]


def test_it_costs_the_same_number_of_queries_for_one_entry_and_for_many(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            see(client)
        return len(captured)

    in_countries(IT=1)
    one = queries()
    in_countries(IT=5, DE=5, FR=5)

    assert queries() == one
