"""What is new: when each entry was last changed, and the feed that tells it."""

from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associations.cards import catch_up
from associations.changes import one_change
from associations.checking import mark_checked
from associations.models import Association, Card, Name
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    OfficeHolderFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


@pytest.fixture
def bakers():
    return AssociationFactory(slug="bakers", name="Bakers' Guild")


def changed_at(association):
    return Card.objects.get(association=association).changed_at


# When an entry was changed.


def describe(association):
    association.description_en = "Of all who bake."
    association.save()


def rename(association):
    Name.objects.filter(association=association).update(name="Guild of Bakers")


def give_a_number(association):
    IdentifierFactory(association=association)


def put_in_a_sector(association):
    association.sectors.add(SectorFactory())


def check(association):
    mark_checked(Association.objects.filter(pk=association.pk), timezone.localdate())


def take_a_fact_away(association):
    association.names.all().delete()


@pytest.mark.parametrize(
    "change", [describe, rename, give_a_number, put_in_a_sector, check, take_a_fact_away]
)
def test_an_entry_is_changed_with_its_facts(bakers, change):
    other = AssociationFactory()
    before, of_other = changed_at(bakers), changed_at(other)

    change(bakers)

    assert changed_at(bakers) > before
    assert changed_at(other) == of_other


def test_an_entry_is_changed_when_the_calendar_ends_a_fact(bakers, set_today):
    set_today("2024-02-29")
    OfficeHolderFactory(association=bakers, valid_from="2020", valid_to="2024-02-29")
    before = changed_at(bakers)

    set_today("2024-03-01")
    catch_up()

    assert changed_at(bakers) > before


def test_an_entry_is_changed_when_its_confederation_is_called_otherwise(bakers):
    parent = AssociationFactory()
    AffiliationFactory(association=bakers, parent=parent)
    before = changed_at(bakers)

    Name.objects.filter(association=parent).update(name="Union of Guilds")

    assert changed_at(bakers) > before


def test_to_derive_everything_anew_is_no_news(bakers):
    before = changed_at(bakers)

    call_command("reindex", verbosity=0)

    assert changed_at(bakers) == before


def test_when_an_entry_was_changed_is_not_derived_from_its_facts(bakers):
    Card.objects.update(changed_at="2020-01-01T00:00:00Z")

    call_command("reindex", "--check")


# The feed.


def feed(client, address="/en/feed/"):
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_the_feed_tells_what_was_changed_last_first(client, bakers):
    AssociationFactory(name="Coopers' Guild")
    rename(bakers)

    assert titles(feed(client)) == ["Guild of Bakers", "Coopers' Guild"]


def test_an_entry_of_the_feed_leads_to_its_page_and_says_how_old_it_is(client, bakers):
    AddressFactory(association=bakers, attested_on="2002-03")

    (entry,) = feed(client).iter(f"{ATOM}entry")

    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/en/associations/bakers/"
    assert entry.findtext(f"{ATOM}summary") == (
        "Association, Roma, Italy. As of March 2002, not checked since."
    )
    assert entry.findtext(f"{ATOM}updated") == changed_at(bakers).isoformat()


def test_an_entry_of_the_feed_stays_the_same_when_it_moves(client, bakers):
    def identity():
        return feed(client).findtext(f"{ATOM}entry/{ATOM}id")

    before = identity()
    Association.objects.update(slug="bakers-and-cooks")

    assert identity() == before


def test_the_feed_is_in_the_language_of_its_address(client, bakers):
    italian = feed(client, "/it/feed/")

    assert italian.get("{http://www.w3.org/XML/1998/namespace}lang") == "it"
    assert italian.findtext(f"{ATOM}title") == "Associazioni dei contact center: novità"
    (entry,) = italian.iter(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/it/associazioni/bakers/"


def test_the_feed_without_a_language_is_in_the_first_one_of_the_site(client, bakers):
    response = client.get("/feed/", headers={"Accept-Language": "en"})

    assert response.status_code == 200
    assert response.headers["Content-Language"] == "it"
    assert "Associazioni dei contact center: novità" in response.text
    assert "Vary" not in response.headers or "Language" not in response.headers["Vary"]


def test_the_feed_says_which_entries_are_closed(client, bakers):
    Association.objects.update(state="closed")

    (entry,) = feed(client).iter(f"{ATOM}entry")

    assert "Closed: it no longer exists." in entry.findtext(f"{ATOM}summary")


def test_the_feed_says_which_entries_were_withdrawn(client, bakers):
    identity = feed(client).findtext(f"{ATOM}entry/{ATOM}id")

    Association.objects.update(state="withdrawn")

    told = feed(client)
    assert titles(told) == []
    (gone,) = told.iter(TOMBSTONE)
    assert gone.attrib == {"ref": identity, "when": changed_at(bakers).isoformat()}


def test_the_feed_has_no_drafts(client):
    AssociationFactory(state="draft")

    assert titles(feed(client)) == []


@pytest.mark.parametrize("name", ["</title><script>", "A & B; 🥖", "C]]>"])
def test_no_name_breaks_the_feed(client, name):
    AssociationFactory(name=name)

    assert titles(feed(client)) == [name]


def test_the_feed_costs_the_same_for_one_entry_and_for_sixty(client, bakers):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            feed(client)
        return len(captured)

    few = queries()
    with one_change():
        AssociationFactory.create_batch(60)

    assert queries() == few
    assert len(titles(feed(client))) == 50
    ContactPointFactory(association=bakers)
    assert titles(feed(client))[0] == "Bakers' Guild"
