"""The formats beside a contact page are found, moved and gone as the page is, and kept like it."""

import pytest
from django.urls import reverse

from associations.models import Association
from tests.factories import AffiliationFactory, AssociationFactory, ContactPointFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

FORMATS = ["vcard", "vcard_3", "json_ld"]


def address(name, slug="aicco"):
    return reverse(f"associations:{name}", args=[slug])


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.mark.parametrize("name", FORMATS)
def test_a_former_slug_leads_to_the_same_format(client, aicco, name):
    Association.objects.filter(pk=aicco.pk).update(slug="assocontact")

    response = client.get(address(name))

    assert response.status_code == 301
    assert response.headers["Location"] == address(name, "assocontact")


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_withdrawn_is_gone(client, aicco, name):
    aicco.state = Association.State.WITHDRAWN
    aicco.withdrawal_reason = "Removed at its request."
    aicco.save()

    response = client.get(address(name))

    assert response.status_code == 410
    assert "Removed at its request." in response.text


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_deleted_is_gone(client, aicco, name):
    aicco.delete()

    assert client.get(address(name)).status_code == 410


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("slug", ["aicco", "nothing"])
def test_of_a_draft_there_is_as_much_as_of_nothing(client, name, slug):
    AssociationFactory(slug="aicco", state=Association.State.DRAFT)

    assert client.get(address(name, slug)).status_code == 404


@pytest.mark.parametrize("name", FORMATS)
def test_staff_read_a_draft_that_is_kept_nowhere(admin_client, name):
    AssociationFactory(slug="aicco", state=Association.State.DRAFT)

    response = admin_client.get(address(name))

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", FORMATS)
def test_formats_are_only_read(client, aicco, name):
    assert client.post(address(name)).status_code == 405


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_kept_until_the_entry_changes(client, aicco, name, django_assert_num_queries):
    first = client.get(address(name))

    with django_assert_num_queries(1):
        again = client.get(address(name))
    ContactPointFactory(association=aicco, value="06 4541 7542")
    changed = client.get(address(name), headers={"If-None-Match": first.headers["ETag"]})

    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers.get("Content-Disposition") == first.headers.get("Content-Disposition")
    assert changed.status_code == 200
    assert changed.content != first.content


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_costs_the_same_for_one_fact_and_for_twenty(
    client, aicco, name, django_assert_max_num_queries
):
    ContactPointFactory.create_batch(20, association=aicco)
    AffiliationFactory.create_batch(20, association=aicco)
    AffiliationFactory.create_batch(20, parent=aicco)

    with django_assert_max_num_queries(12):
        client.get(address(name))


def test_the_json_beside_the_page_is_that_of_the_api(client, aicco):
    response = client.get("/en/associations/aicco.json")

    assert response.status_code == 301
    assert response.headers["Location"] == "/api/v1/associations/aicco/"


def test_the_contact_page_leads_to_its_formats(client, aicco):
    page = read(client.get("/it/associazioni/aicco/"))

    assert page.one("nav", "formats").links == [
        "/it/associazioni/aicco.vcf",
        "/it/associazioni/aicco.v3.vcf",
        "/api/v1/associations/aicco/",
        "/it/associazioni/aicco.jsonld",
    ]
    offered = {
        link["type"]: link["href"] for link in page.all("link", rel="alternate", hreflang=None)
    }
    assert offered == {
        "application/atom+xml": "/it/feed/",
        "text/vcard": "/it/associazioni/aicco.vcf",
        "application/json": "/api/v1/associations/aicco/",
        "application/ld+json": "/it/associazioni/aicco.jsonld",
    }


@pytest.mark.parametrize("query", ["", "?q=aicco&kind=association"])
def test_the_listing_leads_to_the_same_list_as_data(client, aicco, query):
    page = read(client.get(f"/en/{query}"))

    same = f"/api/v1/associations/{query}"
    files = [f"/en/associations.csv{query}", f"/en/associations.xlsx{query}"]
    assert page.one("nav", "formats").links == [*files, same, "/en/feed/"]
    assert page.one("link", rel="alternate", type="application/json")["href"] == same
    assert client.get(same).json()["count"] == 1


def test_a_wrong_question_has_no_formats(client):
    assert not read(client.get("/en/?cuntry=IT")).all("nav", "formats")


@pytest.mark.parametrize("path", ["/en/", "/en/associations/aicco/"])
def test_each_page_can_be_shown_where_somebody_links_to_it(client, aicco, path):
    page = read(client.get(path))
    told = {m["property"]: m["content"] for m in page.all("meta") if "property" in m.attributes}

    assert told["og:url"] == f"http://testserver{path}"
    assert told["og:locale"] == "en_GB"
    assert told["og:locale:alternate"] == "it_IT"
    assert told["og:site_name"] == "Contact Centre Associations"
    assert told["og:title"] == ("AICCO" if "aicco" in path else "Contact Centre Associations")
    assert told["og:description"] == page.one("meta", name="description")["content"]
    assert told["og:image"] == "http://testserver/static/associations/preview.png"


def test_a_name_with_marks_is_told_as_it_is(client):
    AssociationFactory(slug="bakers", name="Bakers' & Cooks' <Guild>")

    page = read(client.get("/en/associations/bakers/"))

    assert page.one("meta", property="og:title")["content"] == "Bakers' & Cooks' <Guild>"
    assert "Bakers' & Cooks' <Guild>" in page.one("meta", name="description")["content"]
