"""What search engines read of the pages: schema.org in JSON-LD."""

import json

import pytest

from associations.models import Association, ContactPoint, Name
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    OfficeHolderFactory,
)
from tests.reading import read

pytestmark = pytest.mark.django_db

HERE = "http://testserver"
ID = f"{HERE}/it/associazioni/aicco/#association"


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="Associazione italiana")


def organization(client, slug="aicco"):
    response = client.get(f"/en/associations/{slug}.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json; charset=utf-8"
    return response.json()


def on_the_page(client, path):
    """The JSON-LD of a page, by type."""
    page = read(client.get(path))
    found = {}
    for script in page.all("script", type="application/ld+json"):
        told = json.loads("".join(script.children))
        found |= {each["@type"]: each for each in told.get("@graph", [told])}
    return found


def test_an_association_is_an_organization(client, aicco):
    NameFactory(association=aicco, type=Name.Type.ACRONYM, name="AICCO")
    NameFactory(association=aicco, type=Name.Type.FORMER, name="Casa Vecchia")
    AddressFactory(association=aicco, postal_code="00184", region="Lazio")
    ContactPointFactory(association=aicco, value="06 4541 7542", label="press office")
    ContactPointFactory(association=aicco, type=ContactPoint.Type.EMAIL, value="a@aicco.it")
    for site in ("https://aicco.it", "https://aicco.example"):
        ContactPointFactory(association=aicco, type=ContactPoint.Type.WEBSITE, value=site)
    IdentifierFactory(association=aicco, value="97204050583")
    Association.objects.update(founding_date="2002", description_en="Of call centres.")

    told = organization(client)

    assert told == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": ID,
        "mainEntityOfPage": f"{HERE}/en/associations/aicco/",
        "name": "Associazione italiana",
        "legalName": "Associazione italiana",
        "alternateName": ["AICCO", "Casa Vecchia"],
        "description": "Of call centres.",
        "url": "https://aicco.it",
        "sameAs": ["https://aicco.example"],
        "email": "a@aicco.it",
        "address": [
            {
                "@type": "PostalAddress",
                "streetAddress": "Via Nazionale 243",
                "postalCode": "00184",
                "addressLocality": "Roma",
                "addressRegion": "Lazio",
                "addressCountry": "IT",
            }
        ],
        "contactPoint": [
            {
                "@type": "ContactPoint",
                "contactType": "press office",
                "telephone": "+390645417542",
            },
            {"@type": "ContactPoint", "contactType": "e-mail", "email": "a@aicco.it"},
        ],
        "identifier": [{"@type": "PropertyValue", "propertyID": "it-cf", "value": "97204050583"}],
        "foundingDate": "2002",
    }


def test_what_is_unknown_is_left_out(client, aicco):
    assert organization(client) == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": ID,
        "mainEntityOfPage": f"{HERE}/en/associations/aicco/",
        "name": "Associazione italiana",
        "legalName": "Associazione italiana",
    }


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (
            "800 200111",
            {
                "telephone": "+39800200111",
                "contactOption": "https://schema.org/TollFree",
                "areaServed": "IT",
            },
        ),
        ("848 690606", {"telephone": "+39848690606", "areaServed": "IT"}),
        ("06 4541 7542", {"telephone": "+390645417542"}),
        ("06 45 ask for Anna", {"telephone": "06 45 ask for Anna"}),
    ],
)
def test_a_number_says_whether_it_is_free_and_where_it_can_be_dialled(client, aicco, number, told):
    ContactPointFactory(association=aicco, value=number)

    (point,) = organization(client)["contactPoint"]

    assert point == {"@type": "ContactPoint", "contactType": "telephone", **told}


def test_who_is_in_office_is_told_with_the_office(client, aicco):
    OfficeHolderFactory(association=aicco, name="Anna Rossi", valid_from="2014")
    OfficeHolderFactory(association=aicco, name="Anna Rossi", attested_on="2020")
    OfficeHolderFactory(association=aicco, name="Ugo Bo", valid_from="2001", valid_to="2014")
    OfficeHolderFactory(
        association=aicco, role="director_general", name="Ada Neri", honorific_prefix="Dr."
    )
    OfficeHolderFactory(association=aicco, role="founder", name="Eva Blu")

    told = organization(client)

    assert told["employee"] == [
        {"@type": "Person", "name": "Anna Rossi", "jobTitle": "president"},
        {
            "@type": "Person",
            "honorificPrefix": "Dr.",
            "name": "Ada Neri",
            "jobTitle": "director general",
        },
    ]
    assert told["founder"] == [{"@type": "Person", "name": "Eva Blu"}]


def test_memberships_are_told_on_both_sides(client, aicco):
    parent = AssociationFactory(slug="confindustria", name="Confindustria")
    AffiliationFactory(association=aicco, parent=parent)

    above, below = organization(client), organization(client, "confindustria")

    assert above["memberOf"] == [
        {"@type": "Organization", "@id": below["@id"], "name": "Confindustria"}
    ]
    assert below["subOrganization"] == [
        {"@type": "Organization", "@id": above["@id"], "name": "Associazione italiana"}
    ]


def test_memberships_that_are_over_or_only_announced_are_not_told(client, aicco):
    AffiliationFactory(association=aicco, valid_to="2001")
    AffiliationFactory(association=aicco, status="announced")

    assert "memberOf" not in organization(client)


def test_a_confederation_without_a_page_is_told_by_its_name_alone(client, aicco):
    draft = AssociationFactory(name="Unione", state=Association.State.DRAFT)
    AffiliationFactory(association=aicco, parent=draft)

    assert organization(client)["memberOf"] == [{"@type": "Organization", "name": "Unione"}]


def test_what_is_over_is_not_told(client, aicco):
    ContactPointFactory(association=aicco, valid_to="2001")
    AddressFactory(association=aicco, is_past=True)
    IdentifierFactory(association=aicco, valid_to="2001")

    assert not {"contactPoint", "address", "identifier"} & organization(client).keys()


def test_of_a_closed_association_nothing_is_told_as_present(client, aicco):
    ContactPointFactory(association=aicco)
    AddressFactory(association=aicco)
    OfficeHolderFactory(association=aicco)
    AffiliationFactory(association=aicco)
    AffiliationFactory(parent=aicco)
    Association.objects.filter(pk=aicco.pk).update(state="closed", dissolution_date="2019-05")

    told = organization(client)

    assert told["dissolutionDate"] == "2019-05"
    present = {"contactPoint", "email", "url", "address", "employee", "memberOf", "subOrganization"}
    assert not present & told.keys()


def test_an_association_is_the_same_in_both_languages(client, aicco):
    italian = client.get("/it/associazioni/aicco.jsonld").json()

    assert italian["@id"] == organization(client)["@id"]
    assert italian["mainEntityOfPage"] == f"{HERE}/it/associazioni/aicco/"


def test_the_contact_page_tells_the_same_and_where_it_stands(client, aicco):
    told = on_the_page(client, "/en/associations/aicco/")

    assert {"@context": "https://schema.org", **told["Organization"]} == organization(client)
    way = told["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in way] == [
        (1, "The directory", f"{HERE}/en/"),
        (2, "Associazione italiana", f"{HERE}/en/associations/aicco/"),
    ]


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!--<script>", "A & B 🥖", 'Say "no"; \\ \n']
)
def test_no_name_breaks_out_of_its_script(client, name):
    AssociationFactory(slug="aicco", name=name)

    told = on_the_page(client, "/en/associations/aicco/")

    assert told["Organization"]["name"] == name
    assert organization(client)["name"] == name


def test_the_start_page_says_how_the_site_is_searched(client, aicco):
    site = on_the_page(client, "/en/")["WebSite"]

    template = site["potentialAction"]["target"]["urlTemplate"]
    found = client.get(template.format(search_term_string="italiana").removeprefix(HERE))
    assert "/en/associations/aicco/" in found.text
    assert site["inLanguage"] == "en"


@pytest.mark.parametrize("path", ["/en/?q=italiana", "/en/?kind=association", "/en/?cuntry=IT"])
def test_other_listings_say_nothing_of_the_site(client, aicco, path):
    page = read(client.get(path))

    assert not page.all("script", type="application/ld+json")
    assert page.one("meta", name="robots")["content"] == "noindex, follow"
