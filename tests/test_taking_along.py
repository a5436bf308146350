"""Taking contact data along: copied, as a code for a telephone, as a card for the address book."""

import re

import pytest

from associations import phones
from associations.models import Association
from tests.factories import (
    AddressFactory,
    AssociationFactory,
    ContactPointFactory,
    OfficeHolderFactory,
    SourceFactory,
)
from tests.reading import read

pytestmark = pytest.mark.django_db

AICCO, CODE = "/en/associations/aicco/", "/en/associations/aicco.qr.svg"


@pytest.fixture
def aicco():
    association = AssociationFactory(slug="aicco", name="AICCO")
    ContactPointFactory(association=association, value="06 4541 7542")
    ContactPointFactory(association=association, type="email", value="info@example.org")
    AddressFactory(association=association, street_address="Via Nazionale 243", locality="Roma")
    return association


def article(client):
    return read(client.get(AICCO)).one("article")


def test_number_e_mail_and_address_can_be_copied_where_scripts_run(client, aicco):
    buttons = article(client).all("button", "copy")

    assert [button["data-copy"] for button in buttons] == [
        "+39 06 4541 7542",
        "info@example.org",
        "Via Nazionale 243, Roma, Italy",
    ]
    assert all("hidden" in button.attributes for button in buttons)
    assert read(client.get(AICCO)).one("p", role="status", id="copied")


def test_a_number_is_written_for_its_own_country_too(client, aicco):
    assert "within Italy: 06 4541 7542" in article(client).text


def test_who_pays_is_known_from_a_release_of_the_numbering_plans(client, aicco):
    assert phones.METADATA in article(client).one("p", "numbering").text


def test_the_card_and_the_code_are_beside_the_page(client, aicco):
    page = article(client)

    assert "/en/associations/aicco.vcf" in page.links
    assert page.one("img")["src"] == CODE
    assert "AICCO" in page.one("img")["alt"]


def test_the_code_is_an_image_of_the_site(client, aicco):
    response = client.get(CODE)

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.text.startswith("<svg")
    assert not re.search("style=|<script|href=", response.text)


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("withdrawn", 410)])
def test_there_is_no_code_of_an_entry_that_visitors_may_not_read(client, aicco, state, status):
    Association.objects.update(state=state)

    assert client.get(CODE).status_code == status


def test_a_closed_body_is_not_for_telephones(client, aicco):
    Association.objects.update(state="closed")

    assert not article(client).all("img")


def test_a_card_of_many_long_words_has_a_code(client):
    AssociationFactory(slug="aicco", name="日本コンタクトセンター協会" * 20)

    assert client.get(CODE).status_code == 200


# Who presides.


def president(aicco, name, **told):
    return OfficeHolderFactory(association=aicco, name=name, attested_on="2003", **told)


def test_two_presidents_of_two_sources_are_both_told_and_said_to_disagree(client, aicco):
    for name in ("One", "Two"):
        president(aicco, name)

    page = article(client)

    assert "sources disagree" in page.one("p", "disputed").text
    assert [dd.text for dd in page.all("dd", "person")] == ["One", "Two"]


def test_two_presidents_of_one_source_share_the_office(client, aicco):
    source = SourceFactory()
    for name in ("One", "Two"):
        president(aicco, name, source=source)

    assert not article(client).all("p", "disputed")
