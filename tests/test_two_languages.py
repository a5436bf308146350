"""The site in Italian and in English: each page in both, and nobody is followed for it."""

from urllib.parse import unquote, urlsplit

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories import AddressFactory, AssociationFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

LANGUAGES = ["it", "en"]
QUERY = "q=caff%C3%A8+%26+t%C3%A8&country=IT&country=DE&page_size=5"


@pytest.fixture
def aicco():
    association = AssociationFactory(slug="aicco", name="AICCO")
    AddressFactory(association=association, country="DE", locality="Köln")
    return association


def address_of(language, name="detail", *arguments):
    with translation.override(language):
        return reverse(f"associations:{name}", args=arguments)


def pages(language):
    return [address_of(language, "list"), address_of(language, "detail", "aicco")]


EVERYWHERE = ["list", "detail", "query", "wrong question", "no such entry"]


def find(language, place):
    """The address of one of these places, and the status that it answers with."""
    listing = address_of(language, "list")
    return {
        "list": (listing, 200),
        "detail": (address_of(language, "detail", "aicco"), 200),
        "query": (f"{listing}?{QUERY}", 200),
        "wrong question": (f"{listing}?contry=IT", 400),
        "no such entry": (address_of(language, "detail", "nothing"), 404),
    }[place]


# Which language.


@pytest.mark.parametrize(
    ("accepted", "start"),
    [
        ("it", "/it/"),
        ("it-CH,it;q=0.9,en;q=0.8", "/it/"),
        ("en", "/en/"),
        ("en-GB,en;q=0.9", "/en/"),
        ("de", "/it/"),
        ("de-AT,en;q=0.3", "/en/"),
        ("", "/it/"),
        ("*", "/it/"),
        (";q=x,,\x00é", "/it/"),
        ("x" * 5000, "/it/"),
    ],
)
def test_the_start_is_in_the_language_of_the_browser_or_else_in_italian(client, accepted, start):
    response = client.get("/", headers={"Accept-Language": accepted})

    assert (response.status_code, response.url) == (302, start)
    assert "Accept-Language" in response.headers["Vary"]


def test_the_start_keeps_what_is_asked(client):
    assert client.get("/?q=aicco", headers={"Accept-Language": "en"}).url == "/en/?q=aicco"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_page_is_in_the_language_of_its_address(client, aicco, language, place):
    address, status = find(language, place)

    for accepted in ("de", *LANGUAGES):
        response = client.get(address, headers={"Accept-Language": accepted})
        assert response.status_code == status
        assert read(response).one("html")["lang"] == language
        assert response.headers["Content-Language"] == language


@pytest.mark.parametrize(("language", "country"), [("it", "Germania"), ("en", "Germany")])
def test_countries_are_called_as_the_language_does(client, aicco, language, country):
    for address in pages(language):
        assert country in read(client.get(address)).one("main").text


# From one to the other.


def language_links(page):
    return {a["hreflang"]: a["href"] for a in page.one("nav", id="languages").all("a")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["list", "detail", "query", "wrong question"])
def test_the_links_to_a_language_stay_on_the_page_with_its_query(client, aicco, language, place):
    address, status = find(language, place)

    links = language_links(read(client.get(address)))

    assert {code: unquote(link) for code, link in links.items()} == {
        code: unquote(find(code, place)[0]) for code in LANGUAGES
    }
    for code, link in links.items():
        response = client.get(link)
        assert response.status_code == status
        assert read(response).one("html")["lang"] == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_the_page_is_marked(client, aicco, language):
    for address in pages(language):
        (current,) = [
            a
            for a in read(client.get(address)).one(id="languages").all("a")
            if a.get("aria-current")
        ]
        assert current["hreflang"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_a_wrong_address_the_links_lead_somewhere(client, language):
    page = read(client.get(f"/{language}/nothing/like/it"))

    other = next(code for code in LANGUAGES if code != language)
    assert client.get(language_links(page)[other]).status_code == 200


def test_the_exchanged_part_of_a_page_brings_its_links(client, aicco):
    page = read(client.get("/en/?country=DE", headers={"HX-Request": "true"}))

    assert language_links(page) == {"it": "/it/?country=DE", "en": "/en/?country=DE"}


# For crawlers and caches.


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["list", "detail"])
def test_a_page_names_its_own_address_and_that_in_each_language(client, aicco, language, place):
    address, _status = find(language, place)

    links = read(client.get(f"{address}?utm=x" if place == "detail" else address)).all("link")

    (canonical,) = [link["href"] for link in links if link["rel"] == "canonical"]
    assert canonical == f"http://testserver{address}"
    alternates = {link["hreflang"]: link["href"] for link in links if link.get("hreflang")}
    expected = {code: f"http://testserver{find(code, place)[0]}" for code in LANGUAGES}
    assert alternates == expected | {"x-default": expected["it"]}


@pytest.mark.parametrize("place", ["query", "wrong question", "no such entry"])
def test_what_is_asked_of_the_directory_is_no_page_for_crawlers(client, aicco, place):
    page = read(client.get(find("en", place)[0]))

    assert "noindex" in page.one("meta", name="robots")["content"]


@pytest.mark.parametrize("place", ["list", "detail"])
def test_the_directory_and_its_entries_are_pages_for_crawlers(client, aicco, place):
    assert not read(client.get(find("en", place)[0])).all("meta", name="robots")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_that_is_asked_for_names_the_list_as_its_address(client, aicco, language):
    page = read(client.get(find(language, "query")[0]))

    (canonical,) = [link["href"] for link in page.all("link") if link["rel"] == "canonical"]
    assert urlsplit(canonical).query == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", EVERYWHERE)
def test_no_public_page_sets_a_cookie_or_differs_by_one(client, aicco, language, place):
    address, _status = find(language, place)
    sent = f"sessionid={'x' * 32}; django_language=de"
    for headers in ({}, {"HX-Request": "true"}, {"Cookie": sent}):
        response = client.get(address, headers=headers)

        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("address", ["/", "/robots.txt", "/healthz", "/readyz"])
def test_nothing_else_that_is_public_sets_a_cookie(client, address):
    assert not client.get(address).cookies


def test_no_cookie_changes_the_language(client, aicco):
    client.cookies["django_language"] = "it"

    assert read(client.get("/en/")).one("html")["lang"] == "en"


# The addresses themselves.


def test_the_words_of_an_address_are_of_its_language(client, aicco):
    assert client.get("/en/associations/aicco/").status_code == 200
    assert client.get("/it/associazioni/aicco/").status_code == 200
