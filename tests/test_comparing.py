"""Associations side by side: chosen in the directory, told fact by fact, with what differs."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.checking import mark_checked
from associations.models import Association
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
)
from tests.reading import filled_in, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakers():
    bakers = AssociationFactory(slug="bakers", name="Guild of Bakers", founding_date="1998")
    NameFactory(association=bakers, type="acronym", name="GOB")
    AddressFactory(association=bakers, locality="Roma", attested_on="2002-03-01")
    ContactPointFactory(association=bakers, value="848690606", attested_on="2002-03-01")
    OfficeHolderFactory(association=bakers, name="Ada Forni", attested_on="2002")
    return bakers


@pytest.fixture
def millers():
    millers = AssociationFactory(slug="millers", name="Union of Millers", founding_date="1998")
    AddressFactory(association=millers, locality="Milano")
    return millers


def compare(client, *slugs, status=200, **others):
    """The page that compares these; `others` are further parameters."""
    query = urlencode({"a": slugs, **others}, doseq=True)
    response = client.get(f"/en/compare/?{query}")
    assert response.status_code == status
    return read(response)


def table(page):
    """`{label: [what it says of each]}` of the comparison."""
    rows = page.one("table", "comparison").one("tbody").all("tr")
    return {row.one("span", "aspect").text: [cell.text for cell in row.all("td")] for row in rows}


def different(page):
    """The labels of the rows that are marked, in words, as different."""
    rows = page.one("table", "comparison").one("tbody").all("tr")
    return [row.one("span", "aspect").text for row in rows if row.all("em", "differs")]


def names(page):
    return [th.one("a").text for th in page.one("table", "comparison").all("th", scope="col")]


# What is told.


def test_they_stand_side_by_side_in_the_order_asked_for(client, bakers, millers):
    assert names(compare(client, "bakers", "millers")) == ["Guild of Bakers", "Union of Millers"]
    assert names(compare(client, "millers", "bakers")) == ["Union of Millers", "Guild of Bakers"]


def test_each_fact_is_told_with_its_date_and_its_check(client, bakers, millers):
    mark_checked(Association.objects.filter(pk=bakers.pk), date(2002, 3, 5))

    told = table(compare(client, "bakers", "millers"))

    assert told["telephone"][0].startswith("848 690 606 shared cost from Italy only")
    assert "as of 1 March 2002 checked on 5 March 2002, check overdue" in told["telephone"][0]
    assert told["president"][0].startswith("Ada Forni as of 2002")
    assert told["address"] == [
        "Via Nazionale 243, Roma as of 1 March 2002 checked on 5 March 2002, check overdue",
        "Via Nazionale 243, Milano undated never checked",
    ]


def test_all_that_people_choose_by_is_compared(client, bakers, millers):
    assert list(table(compare(client, "bakers", "millers"))) == [
        "acronym",
        "kind",
        "country",
        "confederation",
        "president",
        "telephone",
        "e-mail",
        "certified e-mail (PEC)",
        "website",
        "address",
        "founded",
        "members in this directory",
        "sectors",
        "freshness",
    ]


def test_what_no_source_says_is_said_to_be_unknown(client, bakers, millers):
    told = table(compare(client, "bakers", "millers"))

    assert told["e-mail"] == ["not known", "not known"]
    assert told["president"][1] == "not known"
    assert told["members in this directory"] == ["0", "0"]


def test_members_confederations_and_sectors_are_told(client, bakers, millers):
    trade = AssociationFactory(name="Confederation of Trade", kind="confederation")
    AffiliationFactory(association=bakers, parent=trade, status="announced")
    AffiliationFactory(parent=millers)
    millers.sectors.add(SectorFactory(name_en="Flour"), SectorFactory(name_en="Grain"))

    told = table(compare(client, "bakers", "millers"))

    assert told["confederation"][0].startswith("Confederation of Trade (announced)")
    assert told["members in this directory"] == ["0", "1"]
    assert told["sectors"] == ["not known", "Flour Grain"]


def test_a_former_number_is_not_told(client, bakers, millers):
    ContactPointFactory(association=millers, value="06 4541 7542", valid_to="2001")

    assert table(compare(client, "bakers", "millers"))["telephone"][1] == "not known"


def test_a_closed_one_is_marked(client, bakers, millers):
    Association.objects.filter(pk=millers.pk).update(state="closed")

    page = compare(client, "bakers", "millers")

    assert [tag.text for tag in page.all("strong", "tag")] == ["closed"]


# What differs.


def test_rows_that_differ_are_marked_in_words(client, bakers, millers):
    page = compare(client, "bakers", "millers")

    assert different(page) == ["acronym", "president", "telephone", "address"]
    assert "They differ in 4 rows" in page.one("p", "comparison-choice").text


def test_one_number_written_in_two_ways_is_the_same(client, bakers, millers):
    ContactPointFactory(association=millers, value="+39 848 690606", country="")

    assert "telephone" not in different(compare(client, "bakers", "millers"))


def test_the_differences_alone_are_shown_and_everything_again(client, bakers, millers):
    page = compare(client, "bakers", "millers")
    page = read(client.get(page.one("p", "comparison-choice").links[0]))

    assert list(table(page)) == different(page) == ["acronym", "president", "telephone", "address"]

    page = read(client.get(page.one("p", "comparison-choice").links[0]))

    assert "kind" in table(page)


# Choosing.


def test_rows_of_the_directory_are_ticked_in_a_form_of_their_own(client, bakers, millers):
    page = read(client.get("/en/"))

    form = page.one("form", id="comparison")
    ticks = page.all("input", type="checkbox", name="a")
    assert form["action"] == "/en/compare/"
    assert [(tick["value"], tick["form"]) for tick in ticks] == [
        ("bakers", "comparison"),
        ("millers", "comparison"),
    ]
    assert "a" not in filled_in(page.one("form", role="search"))


def test_the_exchanged_part_of_the_directory_brings_the_ticks(client, bakers):
    page = read(client.get("/en/", headers={"HX-Request": "true"}))

    assert page.one("form", id="comparison")
    assert page.one("input", name="a")["value"] == "bakers"


def test_the_contact_page_leads_to_a_comparison_with_it(client, bakers):
    page = read(client.get("/en/associations/bakers/"))

    assert "/en/compare/?a=bakers" in page.one("p", "compare-with").links


def test_one_alone_is_asked_for_another(client, bakers):
    page = compare(client, "bakers")

    assert not page.all("table", "comparison")
    assert "Chosen: Guild of Bakers" in page.one("main").text
    assert page.one("h2", id="adding").text == "Choose another one"
    assert filled_in(page.one("form", role="search")) == {"a": "bakers", "q": ""}


def test_without_any_one_is_asked_for_the_first(client):
    assert compare(client).one("h2", id="adding").text == "Choose the first one"


def test_another_is_found_and_added_without_scripts(client, bakers, millers):
    page = compare(client, "bakers", q="millers")

    (link,) = page.one("ul", "addable").links
    assert link == "/en/compare/?a=bakers&a=millers"
    assert names(read(client.get(link))) == ["Guild of Bakers", "Union of Millers"]


def test_what_is_chosen_already_is_not_offered_again(client, bakers, millers):
    page = compare(client, "bakers", q="bakers")

    assert page.one("ul", "addable").links == []
    assert "No association matches" in page.one("ul", "addable").text


def test_suggestions_are_told_where_the_chosen_one_is_added(client, bakers):
    assert compare(client, "bakers").one("input", id="q")["data-to"] == (
        "/en/compare/?a=bakers&a={slug}"
    )


def test_each_is_taken_out_by_its_link(client, bakers, millers):
    page = compare(client, "bakers", "millers")

    assert [a["href"] for a in page.all("a", "take-out")] == [
        "/en/compare/?a=millers",
        "/en/compare/?a=bakers",
    ]


def test_beside_four_there_is_no_room_for_another(client):
    slugs = [AssociationFactory().slug for _ in range(4)]

    page = compare(client, *slugs)

    assert len(names(page)) == 4
    assert not page.all("section", "adding")


# Asked wrongly, or for what has changed.


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("a=bakers&a=nobody", "“nobody” is not in this directory."),
        ("a=bakers&a=draft", "“draft” is not in this directory."),
        ("a=bakers&a=a%00b", "This is no value of this filter."),
        ("a=1&a=2&a=3&a=4&a=5", "At most 4 values at a time."),
        ("a=bakers&only=names", "Show: Select a valid choice."),
        ("a=bakers&b=millers", "There is no parameter “b”."),
        ("a=bakers&q=x&q=y", "Give this parameter once"),
    ],
)
def test_a_wrong_question_is_said_to_be_wrong(client, bakers, query, told):
    AssociationFactory(slug="draft", state="draft")

    response = client.get(f"/en/compare/?{query}")

    assert response.status_code == 400
    assert told in read(response).one("div", "notice").text


def test_repeated_ones_lead_to_the_comparison_without_the_repetition(client, bakers, millers):
    response = client.get("/en/compare/?a=bakers&a=millers&a=bakers&only=differences")

    assert (response.status_code, response.headers["Location"]) == (
        301,
        "/en/compare/?a=bakers&a=millers&only=differences",
    )


def test_a_former_address_leads_to_the_new_one(client, bakers, millers):
    bakers.slug = "guild-of-bakers"
    bakers.save()

    response = client.get("/en/compare/?a=bakers&a=millers")

    assert (response.status_code, response.headers["Location"]) == (
        301,
        "/en/compare/?a=guild-of-bakers&a=millers",
    )


def test_a_withdrawn_one_is_said_to_be_gone(client, bakers, millers):
    Association.objects.filter(pk=bakers.pk).update(
        state="withdrawn", withdrawal_reason="At its request."
    )

    page = compare(client, "bakers", "millers", status=410)

    notice = page.one("div", "notice")
    assert "There was an entry “bakers”. It was taken out of the directory." in notice.text
    assert "At its request." in notice.text
    assert "/en/compare/?a=millers" in notice.links


def test_a_deleted_one_is_said_to_be_gone(client, bakers):
    bakers.delete()

    page = compare(client, "bakers", status=410)

    assert page.one("div", "notice").links == ["/en/"]


# As a page.


def test_a_comparison_is_no_page_for_crawlers(client, bakers, millers):
    page = compare(client, "bakers", "millers")

    assert "noindex" in page.one("meta", name="robots")["content"]
    assert page.one("link", rel="canonical")["href"] == "http://testserver/en/compare/"


def test_the_language_is_changed_for_the_same_comparison(client, bakers, millers):
    page = compare(client, "bakers", "millers")

    links = {a["hreflang"]: a["href"] for a in page.one("nav", id="languages").all("a")}
    assert links["it"] == "/it/confronta/?a=bakers&a=millers"
    assert "non noto" in table(read(client.get(links["it"])))["e-mail"]


def test_the_table_is_read_aloud_by_its_headings(client, bakers, millers):
    page = compare(client, "bakers", "millers")

    frame = page.one("div", "sideways")
    assert (frame["role"], frame["tabindex"]) == ("region", "0")
    assert page.one("caption", id=frame["aria-labelledby"]).text
    headings = page.one("table", "comparison").one("tbody").all("th")
    assert {th["scope"] for th in headings} == {"row"}


def queries(client, *slugs):
    with CaptureQueriesContext(connection) as captured:
        compare(client, *slugs)
    return len(captured)


def test_an_entry_costs_the_same_number_of_queries_whatever_is_known_of_it(client, bakers, millers):
    AffiliationFactory(parent=millers)  # members are asked for only where there are any
    poor = queries(client, "millers", "bakers")

    for number in range(5):
        ContactPointFactory(association=millers, value=f"06 4541 754{number}")
        AffiliationFactory(association=millers)
        AffiliationFactory(parent=millers)
        OfficeHolderFactory(association=millers)
        millers.sectors.add(SectorFactory())

    assert queries(client, "millers", "bakers") == poor


def test_a_further_entry_costs_some_ten_queries(client, bakers, millers):
    other = AssociationFactory().slug

    two = queries(client, "bakers", "millers")

    assert queries(client, "bakers", "millers", other) - two <= 10


def test_a_comparison_is_kept_and_a_change_is_seen(client, bakers, millers):
    compare(client, "bakers", "millers")
    with CaptureQueriesContext(connection) as captured:
        compare(client, "bakers", "millers")
    assert len(captured) == 1

    OfficeHolderFactory(association=millers, name="Rosa Mulini")

    told = table(compare(client, "bakers", "millers"))
    assert told["president"][1].startswith("Rosa Mulini")


def test_the_title_names_them_shortly(client, bakers, millers):
    title = compare(client, "bakers", "millers").one("title").children[0]

    assert title.startswith("GOB, Union of Millers · Compare associations")
