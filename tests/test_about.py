"""The page about the data says what the site does, and every page leads to it."""

import phonenumbers
import pytest

from associations import freshness
from tests.factories import AssociationFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

PAGES = {
    "Directory": ("/en/", "/it/"),
    "Overview": ("/en/overview/", "/it/panoramica/"),
    "About the data": ("/en/about-the-data/", "/it/dati/"),
}


def about(client, address="/en/about-the-data/"):
    response = client.get(address)
    assert response.status_code == 200
    return read(response)


def test_the_thresholds_are_those_by_which_freshness_is_told(client):
    told = [li.text for li in about(client).one("ul", "meanings").all("li")]

    assert told[:3] == [
        f"fresh: checked less than {freshness.FRESH_MONTHS} months ago",
        f"check due: checked {freshness.FRESH_MONTHS} to {freshness.DUE_MONTHS} months ago",
        f"check overdue: checked {freshness.DUE_MONTHS} months ago or earlier",
    ]


def test_each_freshness_leads_to_what_is_so(client):
    links = about(client).one("ul", "meanings").links

    assert links == [f"/en/?freshness={state}" for state in freshness.Freshness.values]
    assert {client.get(link).status_code for link in links} == {200}


def test_kinds_of_numbers_are_told_with_an_example_of_the_numbering_plan(client):
    section = about(client).one("section", **{"aria-labelledby": "numbers"})

    told = {
        fact.one("dt").text: fact.one("dd").text for fact in section.one("dl").all("div", "fact")
    }
    assert list(told) == ["toll-free", "shared cost", "geographic", "mobile", "premium rate"]
    assert told["toll-free"].startswith("800 ")
    assert told["shared cost"].startswith("848 ")
    assert told["shared cost"].endswith("Not to be called from abroad.")
    assert "abroad" not in told["geographic"]
    assert f"release {phonenumbers.__version__}" in section.text


def test_machines_are_shown_where_the_same_is_to_be_had(client):
    links = about(client).one("section", **{"aria-labelledby": "machines"}).links

    assert links == ["/api/v1/associations/", "/api/v1/schema/"]
    assert {client.get(link).status_code for link in links} == {200}


def test_it_leads_nowhere_in_vain(client):
    page = about(client)

    for link in {each for each in page.links if not each.startswith("#")}:
        assert client.get(link).status_code == 200, link
    for anchor in (each for each in page.links if each.startswith("#")):
        assert page.one(id=anchor[1:])


def test_what_the_overview_explains_here_is_here(client):
    (link,) = [
        link for link in about(client, "/en/overview/").links if "about" in link and "#" in link
    ]

    address, _sharp, anchor = link.partition("#")
    assert about(client, address).one("h2", id=anchor)


# The way around the site.


def navigation(page):
    return {a.text: a for a in page.one("nav", "navigation").all("a")}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_leads_to_the_others_and_marks_its_own(client, name):
    links = navigation(about(client, PAGES[name][0]))

    assert {text: a["href"] for text, a in links.items()} == {
        text: english for text, (english, _italian) in PAGES.items()
    }
    assert [text for text, a in links.items() if a.get("aria-current") == "page"] == [name]


def test_a_contact_page_is_none_of_them(client):
    AssociationFactory(slug="bakers")

    links = navigation(about(client, "/en/associations/bakers/"))

    assert not [a for a in links.values() if "aria-current" in a.attributes]


def test_a_wrong_address_leads_to_them_too(client):
    assert navigation(read(client.get("/en/nothing/like/it"))).keys() == PAGES.keys()


@pytest.mark.parametrize(("english", "italian"), PAGES.values())
def test_each_is_changed_for_the_same_page_in_the_other_language(client, english, italian):
    def languages(address):
        page = about(client, address)
        return {a["hreflang"]: a["href"] for a in page.one("nav", id="languages").all("a")}

    assert languages(english) == languages(italian) == {"en": english, "it": italian}


@pytest.mark.parametrize("address", ["/en/overview/", "/en/about-the-data/", "/it/dati/"])
def test_each_has_a_title_and_a_description_of_its_own(client, address):
    home = about(client, "/en/")
    page = about(client, address)

    assert page.one("title").children != home.one("title").children
    described = page.one("meta", name="description")["content"]
    assert described != home.one("meta", name="description")["content"]
    assert not page.all("meta", name="robots")
