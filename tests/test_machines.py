"""What machines ask of the site: what there is to find, and how to search it."""

import datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.models import Association, Card
from associations.sitemaps import RANGE
from tests.factories import AddressFactory, AssociationFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
HERE = "http://testserver"


def xml(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml"
    return ElementTree.fromstring(response.content)


def addresses(tree):
    return [loc.text.removeprefix(HERE) for loc in tree.iter(f"{MAP}loc")]


def found(client):
    """Every address to which the sitemap leads."""
    files = addresses(xml(client, "/sitemap.xml"))
    return [address for file in files for address in addresses(xml(client, file))]


# The sitemap.


def test_the_sitemap_has_every_public_page_in_each_language(client):
    AssociationFactory(slug="aicco")
    AssociationFactory(slug="cmmc", state=Association.State.CLOSED)
    AssociationFactory(slug="draft", state=Association.State.DRAFT)
    AssociationFactory(slug="gone", state=Association.State.WITHDRAWN)

    assert sorted(found(client)) == [
        "/en/",
        "/en/about-the-data/",
        "/en/associations/aicco/",
        "/en/associations/cmmc/",
        "/en/overview/",
        "/en/quality/",
        "/it/",
        "/it/associazioni/aicco/",
        "/it/associazioni/cmmc/",
        "/it/dati/",
        "/it/panoramica/",
        "/it/qualita/",
    ]


def test_the_sitemap_leads_to_each_page_in_the_other_language(client):
    AssociationFactory(slug="aicco")
    (file,) = addresses(xml(client, "/sitemap.xml"))[1:]

    for url in xml(client, file).iter(f"{MAP}url"):
        assert {link.get("hreflang"): link.get("href") for link in url.iter(LINK)} == {
            "it": f"{HERE}/it/associazioni/aicco/",
            "en": f"{HERE}/en/associations/aicco/",
        }


def test_the_sitemap_says_when_an_entry_was_changed(client):
    AssociationFactory(slug="aicco")
    Card.objects.update(changed_at=datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC))

    index = xml(client, "/sitemap.xml")
    (file,) = addresses(index)[1:]

    assert index.find(f"{MAP}sitemap[2]/{MAP}lastmod").text.startswith("2024-02-29")
    assert {e.text for e in xml(client, file).iter(f"{MAP}lastmod")} == {"2024-02-29"}


def test_a_file_of_the_sitemap_is_of_a_range_of_keys(client):
    first = AssociationFactory(slug="first")
    AssociationFactory(slug="far", pk=first.pk + 2 * RANGE)

    index = addresses(xml(client, "/sitemap.xml"))

    assert len(index) == 3
    assert len(found(client)) == 2 * 4 + 4
    assert client.get("/sitemap-999999.xml").status_code == 404


def test_a_file_of_the_sitemap_costs_the_same_for_one_entry_and_for_twenty(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            found(client)
        return len(captured)

    first = AssociationFactory(pk=10_000)
    few = queries()
    for number in range(1, 20):
        AssociationFactory(pk=first.pk + number)

    assert queries() == few


def test_the_sitemap_is_kept(client, django_assert_num_queries):
    AssociationFactory()
    files = ["/sitemap.xml", *addresses(xml(client, "/sitemap.xml"))]
    for file in files:
        client.get(file)

    with django_assert_num_queries(len(files)):
        for file in files:
            assert "noindex" in client.get(file).headers["X-Robots-Tag"]


# robots.txt


def test_crawlers_are_led_to_the_sitemap_and_away_from_data_and_combinations_of_filters(client):
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"] == "text/plain"
    lines = response.text.splitlines()
    assert f"Sitemap: {HERE}/sitemap.xml" in lines
    assert {"Disallow: /admin/", "Disallow: /api/", "Disallow: /*?"} <= set(lines)


# security.txt (RFC 9116)


def test_who_finds_a_hole_learns_whom_to_tell(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    settings.SECURITY_EXPIRES = datetime.date(2027, 12, 31)

    response = client.get("/.well-known/security.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "Contact: mailto:security@example.org",
        "Expires: 2027-12-31T00:00:00Z",
        "Preferred-Languages: it, en",
        f"Canonical: {HERE}/.well-known/security.txt",
    ]


@pytest.mark.parametrize("missing", ["SECURITY_CONTACT", "SECURITY_EXPIRES"])
def test_without_its_settings_there_is_no_such_file(client, settings, missing):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    settings.SECURITY_EXPIRES = datetime.date(2027, 12, 31)
    setattr(settings, missing, None)

    assert client.get("/.well-known/security.txt").status_code == 404


# OpenSearch

SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def description(client, language):
    response = client.get(f"/{language}/opensearch.xml")
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml"
    return ElementTree.fromstring(response.content)


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_browser_learns_how_to_search_the_directory(client, language):
    AssociationFactory(slug="aicco", name="Associazione italiana")
    told = description(client, language)

    templates = {url.get("type"): url.get("template") for url in told.iter(f"{SEARCH}Url")}
    for type in ("text/html", "application/json", "application/x-suggestions+json"):
        path = templates[type].removeprefix(HERE).replace("{searchTerms}", "italiana")
        response = client.get(path)
        assert response.headers["Content-Type"].partition(";")[0] == type
        assert "/aicco/" in response.text
    assert len(told.findtext(f"{SEARCH}ShortName")) <= 16
    assert len(told.findtext(f"{SEARCH}LongName")) <= 48


def test_each_page_leads_to_its_description(client):
    page = read(client.get("/en/"))

    assert page.one("link", rel="search")["href"] == "/en/opensearch.xml"
    unnamed = client.get("/opensearch.xml", headers={"Accept-Language": "en"})
    assert unnamed.content == client.get("/it/opensearch.xml").content


def test_a_browser_suggests_what_somebody_types(client):
    association = AssociationFactory(slug="bakers", name="Bakers' Guild")
    AddressFactory(association=association)

    assert client.get("/it/suggestions.json?q=bak").json() == [
        "bak",
        ["Bakers' Guild"],
        ["Roma, Italia"],
        [f"{HERE}/it/associazioni/bakers/"],
    ]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%00", "?q=" + "x" * 5000, "?p=1"])
def test_for_nothing_or_nonsense_nothing_is_suggested(client, query):
    AssociationFactory(name="Bakers' Guild")

    response = client.get(f"/en/suggestions.json{query}")

    assert response.status_code == 200
    assert response.json()[1:] == [[], [], []]
