"""What is suggested to somebody who is still typing."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AddressFactory, AssociationFactory, NameFactory

pytestmark = pytest.mark.django_db

SUGGEST = "/api/v1/suggest/"


def ask(client, status=200, **asked):
    response = client.get(f"{SUGGEST}?{urlencode(asked)}")
    assert response.status_code == status, response.text
    return response.json()


def suggested(client, text):
    return [each["slug"] for each in ask(client, q=text)["results"]]


@pytest.fixture
def aicco():
    association = AssociationFactory(slug="aicco", name="Associazione italiana")
    NameFactory(association=association, type="acronym", name="AICCO")
    AddressFactory(association=association)
    return association


def test_a_suggestion_tells_name_acronym_and_place(client, aicco):
    assert ask(client, q="aic")["results"] == [
        {
            "slug": "aicco",
            "name": "Associazione italiana",
            "language": "",
            "acronym": "AICCO",
            "place": "Roma, Italy",
            "url": "http://testserver/en/associations/aicco/",
            "is_near": False,
        }
    ]


def test_place_and_address_are_in_the_language_of_the_page_that_asks(client, aicco):
    response = client.get(f"{SUGGEST}?q=aic&lang=it")
    (suggestion,) = response.json()["results"]

    assert response.headers["Content-Language"] == "it"
    assert suggestion["place"] == "Roma, Italia"
    assert suggestion["url"] == "http://testserver/it/associazioni/aicco/"


@pytest.mark.parametrize("text", ["society", "socity", "society 0", "a society of zebras"])
def test_the_first_eight_of_the_directory_are_suggested_in_its_order(client, text):
    for number in range(12):
        AssociationFactory(slug=f"n{number}", name=f"Society {number:02}")
    AssociationFactory(name="Society closed", state="closed")
    AssociationFactory(name="Society draft", state="draft")
    AssociationFactory(name="Society withdrawn", state="withdrawn")

    listed = client.get("/api/v1/associations/", {"q": text}).json()["results"]

    assert suggested(client, text) == [each["slug"] for each in listed][:8]
    assert len(suggested(client, text)) == 8


def test_a_near_match_is_said_to_be_one(client):
    AssociationFactory(name="Club of Bakers of Rome")

    (suggestion,) = ask(client, q="bakers rome zebra")["results"]

    assert suggestion["is_near"] is True


@pytest.mark.parametrize("asked", [{}, {"q": ""}, {"q": " "}])
def test_nothing_is_suggested_to_who_typed_nothing(client, aicco, asked):
    assert ask(client, **asked) == {"results": []}


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"q": "x", "lang": "de"}, "lang"),
        ({"qq": "x"}, "qq"),
        ({"q": "x", "country": "IT"}, "country"),
        ({"q": "x" * 1001}, "q"),
        ({"q": "\0"}, "q"),
    ],
)
def test_what_is_asked_wrongly_is_said_to_be_wrong(client, asked, parameter):
    assert list(ask(client, 400, **asked)["errors"]) == [parameter]


def test_suggestions_cost_the_same_for_one_and_for_eight(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            ask(client, q="society")
        return len(captured)

    for number in range(6):
        AddressFactory(association=AssociationFactory(name=f"Society {number}"))
    few = queries()
    for number in range(6):
        AddressFactory(association=AssociationFactory(name=f"Society {number}"))

    assert queries() == few
