"""The directory for machines: what the pages list and tell, as JSON."""

from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.changes import one_change
from associations.models import Association, Citation, Name
from associations.search.hits import RANKED
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
    SuccessionFactory,
)
from tests.reading import read

pytestmark = pytest.mark.django_db

LIST, SCHEMA = "/api/v1/associations/", "/api/v1/schema/"
DETAIL = "/api/v1/associations/aicco/"


def ask(client, query="", status=200, address=LIST):
    """What the API answers to `query`: text, or what makes one."""
    if not isinstance(query, str):
        query = urlencode(query, doseq=True)
    response = client.get(f"{address}?{query}" if query else address)
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def slugs(listing):
    return [each["slug"] for each in listing["results"]]


def errors(client, query, address=LIST):
    return ask(client, query, 400, address)["errors"]


def on_the_page(client, query):
    """The slugs of the entries that the page of the directory lists, in its order."""
    rows = read(client.get(f"/en/?{query}")).all("a", "p-name")
    return [a["href"].split("/")[-2] for a in rows]


@pytest.fixture
def aicco():
    """An entry of which much is known."""
    association = AssociationFactory(slug="aicco", name="Associazione italiana", kind="club")
    NameFactory(association=association, type=Name.Type.ACRONYM, name="AICCO")
    NameFactory(association=association, type=Name.Type.FORMER, name="Casa Vecchia")
    AffiliationFactory(
        association=association,
        parent=AssociationFactory(slug="confindustria", name="Confindustria"),
        status="announced",
        attested_on="2002-03-01",
    )
    AddressFactory(association=association, region="Lazio")
    ContactPointFactory(association=association, value="800200111")
    OfficeHolderFactory(association=association, name="Leonardo Abbruzzese")
    IdentifierFactory(association=association, value="97204050583")
    return association


@pytest.fixture
def directory(aicco):
    """Entries of several kinds, places and states."""
    with one_change():
        for number in range(12):
            association = AssociationFactory(
                slug=f"society-{number:02}",
                name=f"{'Contact' if number % 3 else 'Telephone'} society {number:02}",
                kind=("club", "federation")[number % 2],
                state=("public", "closed", "draft", "withdrawn")[number % 4],
            )
            AddressFactory(
                association=association, country=("IT", "DE")[number % 3 % 2], locality="Köln"
            )


# The list.


def test_a_result_tells_what_a_row_of_the_page_tells(client, aicco):
    (result,) = ask(client, "q=aicco")["results"]

    assert result == {
        "slug": "aicco",
        "name": "Associazione italiana",
        "language": "",
        "acronym": "AICCO",
        "kind": "club",
        "state": "public",
        "confederation": {
            "name": "Confindustria",
            "slug": "confindustria",
            "status": "announced",
        },
        "country": "IT",
        "region": "Lazio",
        "locality": "Roma",
        "phone": "800 200 111",
        "email": "",
        "website": "",
        "president": "Leonardo Abbruzzese",
        "identifiers": [{"scheme": "it-cf", "value": "97204050583"}],
        "freshness": "never",
        "checked_on": None,
        "as_of": "2002-03-01",
        "url": "http://testserver/en/associations/aicco/",
        "match": {"kind": "acronym", "text": "AICCO", "respelt": [], "is_near": False},
    }


def test_what_is_not_known_is_empty_or_null(client):
    AssociationFactory()

    (result,) = ask(client)["results"]

    assert result["confederation"] is result["checked_on"] is result["match"] is None
    assert result["phone"] == result["president"] == result["country"] == ""
    assert result["identifiers"] == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=society",
        "q=society&sort=-name",
        "q=contact socity",
        "q=telephone köln",
        "q=society 09 köln zebra",
        "kind=club&kind=federation&country=DE",
        "state=closed",
        "state=closed&state=public&sort=-name",
        "sort=locality&page_size=3&page=2",
        "confederation=confindustria",
        "q=&sort=&country=",
        "region=Lazio&freshness=never",
    ],
)
def test_it_lists_what_the_page_lists_in_its_order(client, directory, query):
    query = urlencode(parse_qsl(query, keep_blank_values=True))

    found = slugs(ask(client, query))

    assert found == on_the_page(client, query)
    assert found


def test_pages_lead_to_each_other(client):
    for number in range(5):
        AssociationFactory(slug=f"n{number}")

    listing, found = ask(client, "page_size=2&kind=association"), []
    assert listing["previous"] is None
    while True:
        found += slugs(listing)
        assert listing["count"] == 5
        if not listing["next"]:
            break
        listing = client.get(listing["next"]).json()

    assert found == [f"n{number}" for number in range(5)]
    assert listing["previous"] == f"http://testserver{LIST}?kind=association&page=2&page_size=2"


def test_there_are_25_results_on_a_page_and_at_most_a_hundred(client):
    for _ in range(26):
        AssociationFactory()

    assert len(slugs(ask(client))) == 25
    assert len(slugs(ask(client, "page_size=100"))) == 26
    assert list(errors(client, "page_size=101")) == ["page_size"]


def test_a_page_beyond_the_last_is_not_there(client, aicco):
    assert list(ask(client, "page=2", 404)["errors"]) == ["page"]


# Why.


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("associazione italiana", "name", "Associazione italiana"),
        ("aicco", "acronym", "AICCO"),
        ("casa vecchia", "former_name", "Casa Vecchia"),
        ("abbruzzese", "person", "Leonardo Abbruzzese"),
        ("97204050583", "number", "97204050583"),
        ("800 200-111", "number", "800200111"),
        ("roma", "place", "Roma"),
        ("lazio", "place", "Lazio"),
        ("italy", "place", "Italy"),
    ],
)
def test_a_result_says_what_matched(client, aicco, text, kind, written):
    (result,) = ask(client, {"q": text})["results"]

    assert (result["match"]["kind"], result["match"]["text"]) == (kind, written)


def test_initials_are_an_abbreviation_of_the_name(client):
    AssociationFactory(name="Associazione Italiana dei Fornai")

    (result,) = ask(client, "q=AIF")["results"]

    assert result["match"]["kind"] == "abbreviation"
    assert result["match"]["text"] == "Associazione Italiana dei Fornai"


def test_a_result_says_which_words_were_respelt(client):
    AssociationFactory(name="Assocallcenter")

    (result,) = ask(client, "q=asocallcenter")["results"]

    assert result["match"]["respelt"] == ["assocallcenter"]


@pytest.mark.parametrize("sort", ["", "name"])
def test_a_near_match_is_said_to_be_one(client, sort):
    AssociationFactory(name="Club of Bakers of Rome")

    (result,) = ask(client, {"q": "bakers rome zebra", "sort": sort})["results"]

    assert result["match"]["is_near"] is True


def test_also_those_that_nobody_ranked_say_what_matched(client):
    with one_change():
        for number in range(RANKED + 2):
            AssociationFactory(name=f"A bakery {number:03}")

    last = ask(client, {"q": "bakery", "page_size": 100, "page": 3})["results"]

    assert {each["match"]["kind"] for each in last} == {"name"}


# Counts of the filters.


def test_facets_are_told_on_request(client, directory):
    told = ask(client, "facets=true&kind=club")["facets"]

    kinds = next(facet for facet in told if facet["parameter"] == "kind")["options"]
    assert {each["value"]: each["count"] for each in kinds if each["count"]} == {
        "association": 1,
        "club": 4,
    }
    assert [each["value"] for each in kinds if each["is_selected"]] == ["club"]
    assert "facets" not in ask(client)
    assert "facets" not in ask(client, "facets=false")


def test_the_page_knows_no_facets(client):
    assert client.get("/en/?facets=true").status_code == 400


# One entry.


def test_an_entry_tells_all_its_facts_with_date_and_source(client, aicco):
    source = SourceFactory(title="Yearbook", publisher="CMMC", published_on="2002-03")
    OfficeHolderFactory(association=aicco, name="Anna", valid_from="2003", source=source)
    aicco.sectors.add(SectorFactory(slug="crm", name_en="Customer relations"))
    Citation.objects.create(association=aicco, about="description", source=source)

    told = ask(client, address=DETAIL)

    assert told["name"] == "Associazione italiana"
    assert told["url"] == "http://testserver/en/associations/aicco/"
    assert told["sectors"] == [{"slug": "crm", "name": "Customer relations"}]
    assert told["office_holders"][0] == {
        "is_current": True,
        "valid_from": "2003",
        "valid_to": None,
        "attested_on": None,
        "checked_on": None,
        "freshness": "never",
        "source": {
            "title": "Yearbook",
            "publisher": "CMMC",
            "url": "",
            "published_on": "2002-03",
            "seen_on": None,
        },
        "name": "Anna",
        "honorific_prefix": "",
        "role": "president",
        "title": "",
    }
    assert told["office_holders"][1]["is_current"] is False
    assert [(each["type"], each["is_current"]) for each in told["names"]] == [
        ("official", True),
        ("acronym", True),
        ("former", False),
    ]
    (phone,) = told["contact_points"]
    assert phone["value"] == "800200111"
    assert phone["number"]["kind"] == "toll_free"
    assert phone["number"]["is_reachable_from_abroad"] is False
    assert told["addresses"][0]["street_address"] == "Via Nazionale 243"
    assert told["identifiers"][0]["value"] == "97204050583"
    assert told["affiliations"][0]["parent"] == {"name": "Confindustria", "slug": "confindustria"}
    assert "Yearbook" in [cited["source"]["title"] for cited in told["sources"]]


def test_an_entry_has_all_that_a_result_has(client, aicco):
    (result,) = ask(client, "kind=club")["results"]

    assert result.keys() - ask(client, address=DETAIL).keys() == {"match"}


def test_an_entry_tells_what_came_before_and_after_it(client, aicco):
    SuccessionFactory(association=aicco, successor=AssociationFactory(slug="new", name="New"))
    SuccessionFactory(association=None, predecessor_name="An old club", successor=aicco)

    told = ask(client, address=DETAIL)["successions"]

    assert [(each["predecessor"]["name"], each["successor"]["name"]) for each in told] == [
        ("An old club", "Associazione italiana"),
        ("Associazione italiana", "New"),
    ]
    assert [each["successor"]["slug"] for each in told] == ["aicco", "new"]


def test_a_confederation_tells_its_members(client, aicco):
    told = ask(client, address="/api/v1/associations/confindustria/")

    assert told["members"] == [{"name": "Associazione italiana", "slug": "aicco"}]
    assert told["member_count"] == 1


def test_a_draft_confederation_is_named_without_its_slug(client, aicco):
    Association.objects.filter(slug="confindustria").update(state="draft")

    assert ask(client, "q=aicco")["results"][0]["confederation"]["slug"] == ""
    parent = ask(client, address=DETAIL)["affiliations"][0]["parent"]
    assert parent == {"name": "Confindustria", "slug": ""}


def test_an_old_slug_leads_to_the_new_one(client, aicco):
    aicco.slug = "aicco-2"
    aicco.save()

    response = client.get(DETAIL)

    assert response.status_code == 301
    assert response.headers["Location"] == "/api/v1/associations/aicco-2/"


def test_a_draft_is_not_there_not_even_for_staff(admin_client, aicco):
    Association.objects.filter(slug="aicco").update(state="draft")

    assert list(ask(admin_client, "", 404, DETAIL)["errors"]) == ["slug"]
    assert slugs(ask(admin_client, "kind=club")) == []


def test_a_withdrawn_entry_is_gone_and_says_why(client, aicco):
    Association.objects.filter(slug="aicco").update(
        state="withdrawn", withdrawal_reason="At its request."
    )

    assert "At its request." in ask(client, "", 410, DETAIL)["errors"]["slug"]


def test_a_deleted_entry_is_gone(client, aicco):
    aicco.delete()

    ask(client, "", 410, DETAIL)


# What is asked wrongly.


@pytest.mark.parametrize(
    ("query", "parameter", "nearest"),
    [
        ("contry=IT", "contry", "country"),
        ("kind=clob", "kind", "club"),
        ("sort=nam", "sort", ""),
        ("page=x", "page", ""),
        ("page=0", "page", ""),
        ("page=1.0", "page", ""),
        ("page=%201", "page", ""),
        ("page_size=1_0", "page_size", ""),
        ("locality=Nowhere", "locality", ""),
        ("q=a%00b", "q", ""),
        ("q=" + "x" * 1001, "q", ""),
        ("facets=yes", "facets", ""),
        ("sort=name&sort=-name", "sort", ""),
        ("format=json", "format", ""),
        ("&".join(f"locality={number}" for number in range(51)), "locality", "50"),
    ],
)
def test_what_is_asked_wrongly_is_said_to_be_wrong(client, query, parameter, nearest):
    told = errors(client, query)

    assert list(told) == [parameter]
    assert nearest in " ".join(told[parameter])


@pytest.mark.parametrize("address", [DETAIL, SCHEMA])
def test_what_takes_no_parameters_refuses_them(client, aicco, address):
    assert list(errors(client, "as_of=2002", address)) == ["as_of"]


def test_errors_are_in_english_whatever_the_browser_says(client):
    response = client.get(f"{LIST}?contry=IT", headers={"Accept-Language": "it"})

    assert "There is no parameter" in response.text
    assert response.headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    "address",
    ["/api/", "/api/v1/", "/api/v2/associations/", "/api/v1/a/b/", f"{LIST}a%0Ab/", f"{LIST}%0A/"],
)
def test_another_address_is_answered_in_json(client, address):
    assert "errors" in ask(client, "", 404, address)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("address", [LIST, DETAIL, SCHEMA, "/api/v1/suggest/"])
def test_it_is_only_read(client, aicco, method, address):
    response = getattr(client, method)(address)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert "errors" in response.json()


# How it is answered.


@pytest.mark.parametrize("address", [LIST, DETAIL, SCHEMA, "/api/v1/suggest/?q=aicco"])
def test_an_answer_depends_on_nothing_but_its_address(client, aicco, address):
    plain = client.get(address)
    other = client.get(address, headers={"Accept": "text/html", "Accept-Language": "it"})

    assert other.content == plain.content
    assert plain.headers["Vary"] == other.headers["Vary"] == "Accept-Encoding"
    assert not plain.cookies


@pytest.mark.parametrize("address", [LIST, DETAIL, SCHEMA, "/api/v1/suggest/?q=aicco"])
def test_who_has_an_answer_is_told_so_until_something_changes(
    client, aicco, address, django_assert_num_queries
):
    etag = client.get(address).headers["ETag"]

    with django_assert_num_queries(1):
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304

    aicco.kind = "federation"
    aicco.save()
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("query", ["", "?facets=true", "?q=society", "?q=society&sort=-name"])
def test_a_list_costs_the_same_for_one_entry_and_for_twenty(client, query):
    def make(numbers):
        with one_change():
            for number in numbers:
                association = AssociationFactory(name=f"Society {number}")
                IdentifierFactory(association=association)
                AffiliationFactory(association=association)
                ContactPointFactory(association=association)

    make(range(6))
    few = queries(client, LIST + query)
    make(range(6, 26))

    assert queries(client, LIST + query) == few


def test_an_entry_costs_the_same_with_one_fact_of_each_kind_and_with_ten(client, aicco):
    factories = (AddressFactory, ContactPointFactory, OfficeHolderFactory, IdentifierFactory)

    def add():
        for factory in (*factories, AffiliationFactory, SuccessionFactory):
            factory(association=aicco)
        AffiliationFactory(parent=aicco)
        NameFactory(association=aicco, type="other")

    add()
    few = queries(client, DETAIL)
    for _ in range(9):
        add()

    assert queries(client, DETAIL) == few


# How it is described.


def parameters(schema, address):
    return {each["name"]: each["schema"] for each in schema["paths"][address]["get"]["parameters"]}


def test_the_description_is_complete(client, aicco, capsys):
    schema = ask(client, address=SCHEMA)

    assert schema["openapi"].startswith("3.1")
    assert list(schema["paths"]) == [LIST, LIST + "{slug}/", "/api/v1/suggest/"]
    answers = {
        address: set(operations["get"]["responses"])
        for address, operations in schema["paths"].items()
    }
    assert answers[LIST] == {"200", "304", "400", "404", "405"}
    assert answers[LIST + "{slug}/"] == {"200", "301", "304", "400", "404", "405", "410"}
    assert "Warning" not in capsys.readouterr().err


def test_the_description_names_the_parameters_of_the_page_with_their_limits(client, aicco):
    told = parameters(ask(client, address=SCHEMA), LIST)

    assert told["page_size"] == {"type": "integer", "minimum": 1, "maximum": 100}
    assert told["kind"]["items"]["enum"] == Association.Kind.values
    assert told["confederation"]["items"]["enum"] == ["confindustria"]
    assert told["locality"]["items"]["enum"] == ["Roma"]
    assert told["q"]["maxLength"] == 1000
    assert set(told) == {
        *("q", "confederation", "country", "region", "locality", "kind", "sector"),
        *("freshness", "state", "sort", "page", "page_size", "facets"),
    }


def test_many_values_are_not_enumerated(client, monkeypatch):
    monkeypatch.setattr("associations.api.ENUMERATED", 1)
    for town in ("Roma", "Milano"):
        AddressFactory(locality=town)

    assert "enum" not in parameters(ask(client, address=SCHEMA), LIST)["locality"]["items"]
