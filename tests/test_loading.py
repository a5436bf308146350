"""The shipped directory is loaded once: what was loaded is staff's, whatever they make of it."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from associations import cards
from associations.freshness import Freshness
from associations.loading import load
from associations.models import (
    FACTS,
    Affiliation,
    Association,
    Card,
    ContactPoint,
    Identifier,
    Sector,
    Source,
    Succession,
)
from associations.phones import PhoneKind
from tests.factories import (
    AffiliationFactory,
    AssociationFactory,
    IdentifierFactory,
    SectorFactory,
)
from tests.tables import everything

pytestmark = pytest.mark.django_db

FOLDER = settings.FIXTURE_DIRS[0]


# A small release.


def fact(**told):
    return {"valid_from": "", "valid_to": "", "attested_on": "2002", "source": "cmmc"} | told


def phone(value):
    return fact(type="phone", value=value, country="IT", label="")


def member_of(parent):
    return fact(parent=parent, status="member")


def name(text, type="official"):
    return fact(type=type, name=text, language="")


def entry(slug, **told):
    return {
        "slug": slug,
        "kind": "association",
        "state": "public",
        "description_it": "",
        "description_en": "",
        "founding_date": "",
        "dissolution_date": "",
        "sectors": [],
        "names": [name(slug.title())],
        "citations": [],
    } | told


@pytest.fixture
def release(tmp_path):
    """`release(entry(…), …)`: load a release of these entries; returns the report."""

    def ship(*entries):
        source = {
            "title": "CMMC on line",
            "publisher": "Club CMMC",
            "url": "",
            "published_on": "2002-03-01",
            "seen_on": "2026-11-01",
        }
        label = {"slug": "call-center", "name_en": "Call centres", "name_it": "Call center"}
        sectors, directory = tmp_path / "sectors.json", tmp_path / "directory.json"
        sectors.write_text(json.dumps({"sectors": [label]}))
        directory.write_text(
            json.dumps({"sources": {"cmmc": source}, "associations": list(entries)})
        )
        return load(sectors, directory)

    return ship


def values(association):
    return {point.value for point in association.contact_points.all()}


def test_an_entry_is_loaded_with_its_facts_and_sectors(release):
    report = release(
        entry("aicco", contact_points=[phone("1")], affiliations=[member_of("confindustria")]),
        entry(
            "confindustria",
            sectors=["call-center"],
            citations=[{"about": "name", "source": "cmmc"}],
        ),
    )

    aicco, confindustria = Association.objects.all()
    assert (report.associations, report.facts, report.left_alone) == (2, 5, 0)
    assert aicco.affiliations.get().parent == confindustria
    assert aicco.contact_points.get().source.title == "CMMC on line"
    assert confindustria.sectors.get().name_en == "Call centres"
    assert confindustria.citations.get().about == "name"


def test_a_second_time_changes_nothing(release):
    entries = [
        entry("aicco", contact_points=[phone("1")], affiliations=[member_of("confindustria")]),
        entry("confindustria", sectors=["call-center"]),
    ]
    release(*entries)
    before = everything()

    report = release(*entries)

    assert (report.associations, report.facts) == (0, 0)
    assert everything() == before


def test_a_later_release_adds_what_it_ships_anew(release):
    release(entry("aicco", contact_points=[phone("1")]))

    report = release(
        entry("aicco", contact_points=[phone("1"), phone("2")]),
        entry("assocallcenter", affiliations=[member_of("aicco")]),
    )

    aicco, assocallcenter = Association.objects.all()
    assert (report.associations, report.facts) == (1, 3)
    assert values(aicco) == {"1", "2"}
    assert assocallcenter.affiliations.get().parent == aicco
    assert not list(cards.differences())


def edit(aicco):
    ContactPoint.objects.update(value="3")
    aicco.kind, aicco.description_it = "club", "Di staff."
    aicco.save()


def end(aicco):
    ContactPoint.objects.update(valid_to="2005")


def delete_fact(aicco):
    ContactPoint.objects.all().delete()


def withdraw(aicco):
    Association.objects.update(state="withdrawn")


def delete(aicco):
    aicco.delete()


def rename(aicco):
    Association.objects.update(slug="aicco-italia")


def empty_sectors(aicco):
    aicco.sectors.clear()


def delete_sector(aicco):
    Sector.objects.all().delete()


@pytest.mark.parametrize(
    "act",
    [edit, end, delete_fact, withdraw, delete, rename, empty_sectors, delete_sector],
)
def test_what_staff_made_of_it_stays(release, act):
    shipped = entry("aicco", contact_points=[phone("1")], sectors=["call-center"])
    release(shipped)
    act(Association.objects.get())
    before = everything()

    report = release(shipped)

    assert (report.associations, report.facts) == (0, 0)
    assert everything() == before


@pytest.mark.parametrize("act", [withdraw, delete])
def test_an_entry_that_staff_took_away_gets_no_new_facts(release, act):
    release(entry("aicco"))
    act(Association.objects.get())

    report = release(entry("aicco", contact_points=[phone("1")]))

    assert (report.facts, report.left_alone) == (0, 1)
    assert not ContactPoint.objects.exists()


def test_an_entry_that_staff_renamed_gets_new_facts(release):
    release(entry("aicco"))
    rename(Association.objects.get())

    release(entry("aicco", contact_points=[phone("1")]))

    assert values(Association.objects.get()) == {"1"}


def test_an_entry_that_staff_made_by_hand_is_left_alone(release):
    AssociationFactory(slug="aicco", name="By hand")
    before = everything()

    for numbers in (["1"], ["1", "2"]):
        report = release(entry("aicco", contact_points=[phone(number) for number in numbers]))
        assert (report.associations, report.facts) == (0, 0)
        assert everything() == before


def test_an_entry_that_staff_made_by_hand_and_deleted_is_left_away(release):
    AssociationFactory(slug="aicco").delete()

    release(entry("aicco"))

    assert not Association.objects.exists()


def test_an_entry_made_by_hand_is_a_confederation_like_others(release):
    confindustria = AssociationFactory(slug="confindustria")

    release(entry("aicco", affiliations=[member_of("confindustria")]), entry("confindustria"))

    assert Affiliation.objects.get().parent == confindustria


def succession(**told):
    return {
        "kind": "merged",
        "predecessor": "",
        "predecessor_name": "",
        "successor": "",
        "successor_name": "",
        "date": "2014",
        "attested_on": "",
        "source": "cmmc",
    } | told


@pytest.mark.parametrize(
    "lists",
    [
        {"affiliations": [member_of("gone")]},
        {"successions": [succession(predecessor="aicco", successor="gone")]},
        {"successions": [succession(predecessor="gone", successor="aicco")]},
    ],
)
def test_a_relation_to_an_entry_that_staff_deleted_is_left_away(release, lists):
    release(entry("aicco"), entry("gone"))
    Association.objects.get(slug="gone").delete()

    report = release(entry("aicco", **lists), entry("gone"))

    assert (report.facts, report.left_alone) == (0, 1)
    assert release(entry("aicco", **lists), entry("gone")).left_alone == 0


def test_a_relation_to_an_entry_that_staff_renamed_leads_to_it(release):
    release(entry("aicco"), entry("confindustria"))
    Association.objects.filter(slug="confindustria").update(slug="confindustria-it")

    release(entry("aicco", affiliations=[member_of("confindustria")]), entry("confindustria"))

    assert Affiliation.objects.get().parent.slug == "confindustria-it"


def test_a_succession_knows_its_sides_and_its_date(release):
    release(
        entry("ata", successions=[succession(predecessor="ata", successor="auscontact")]),
        entry(
            "auscontact", successions=[succession(predecessor_name="Anna", successor="auscontact")]
        ),
    )

    merged, named = Succession.objects.order_by("predecessor_name")
    assert (merged.association.slug, merged.successor.slug) == ("ata", "auscontact")
    assert merged.valid_from == "2014"
    assert (named.association, named.predecessor_name) == (None, "Anna")


def test_a_new_fact_that_contradicts_what_staff_made_is_left_away(release):
    release(entry("aicco"))

    report = release(entry("aicco", names=[name("Aicco"), name("Another official name")]))

    assert (report.facts, report.left_alone) == (0, 1)


def test_an_affiliation_that_would_make_a_circle_is_left_away(release):
    release(entry("aicco"), entry("confindustria"))
    aicco, confindustria = Association.objects.all()
    AffiliationFactory(association=confindustria, parent=aicco)

    release(entry("aicco", affiliations=[member_of("confindustria")]), entry("confindustria"))

    assert not aicco.affiliations.exists()


def test_a_number_that_staff_gave_to_another_entry_is_left_away(release):
    known = IdentifierFactory(value="1")

    report = release(entry("aicco", identifiers=[fact(scheme="it-cf", value="1")]))

    assert Identifier.objects.get() == known
    assert report.left_alone == 1


def test_a_source_and_a_sector_that_are_there_are_used(release):
    release(entry("aicco", sectors=["call-center"]))
    Sector.objects.update(name_en="Staff's word")

    release(entry("aicco"), entry("assocallcenter", sectors=["call-center"]))

    assert Source.objects.count() == 1
    assert Sector.objects.get().name_en == "Staff's word"
    assert Sector.objects.get().associations.count() == 2


def test_a_sector_of_staff_with_the_same_slug_is_used(release):
    sector = SectorFactory(slug="call-center")

    release(entry("aicco", sectors=["call-center"]))

    assert Association.objects.get().sectors.get() == sector


def test_nothing_is_loaded_of_a_release_with_a_mistake(release):
    with pytest.raises(KeyError):
        release(entry("aicco"), entry("assocallcenter", names=[fact(source="nowhere", name="A")]))

    assert not Association.objects.exists()


# What we ship.


@pytest.fixture
def shipped():
    return json.loads((FOLDER / "contact_centres.json").read_text(encoding="utf-8"))


@pytest.fixture
def loaded():
    return load(FOLDER / "sectors.json", FOLDER / "contact_centres.json")


def all_facts():
    return [fact for model in FACTS for fact in model.objects.select_related("source")]


def test_all_that_we_ship_is_loaded(loaded, shipped):
    assert loaded.associations == Association.objects.count() == len(shipped["associations"]) >= 169
    assert loaded.left_alone == 0
    lists = ("names", "addresses", "contact_points", "office_holders", "affiliations")
    assert sum(len(entry[name]) for entry in shipped["associations"] for name in lists) == sum(
        model.objects.count() for model in FACTS if model not in (Succession, Identifier)
    )
    assert not list(cards.differences())


def test_loading_what_we_ship_a_second_time_changes_nothing(loaded):
    before = everything()

    report = load(FOLDER / "sectors.json", FOLDER / "contact_centres.json")

    assert (report.associations, report.facts) == (0, 0)
    assert everything() == before


def test_the_command_tells_what_it_loaded(shipped):
    out = StringIO()

    call_command("load_directory", stdout=out)

    assert out.getvalue().startswith(f"{len(shipped['associations'])} associations and ")


def test_what_we_ship_passes_the_rules_of_our_forms(loaded):
    rows = [*Association.objects.all(), *Source.objects.all(), *Sector.objects.all(), *all_facts()]
    for row in rows:
        row.full_clean()


def test_nothing_that_we_ship_claims_to_be_checked(loaded):
    assert {fact.freshness for fact in all_facts()} == {Freshness.NEVER}


def test_every_fact_that_we_ship_has_a_source_that_can_be_looked_up(loaded):
    for fact in all_facts():
        assert fact.source.title
        assert fact.source.url or fact.source.publisher


def test_all_sources_that_we_ship_support_something(loaded, shipped):
    assert Source.objects.count() == len(shipped["sources"])


def test_drafts_are_entries_of_which_little_but_the_name_is_known(loaded):
    drafts = Association.objects.filter(state="draft")

    assert drafts
    for draft in drafts:
        assert not draft.addresses.exclude(street_address="")
        assert not draft.contact_points.all()
        assert not draft.office_holders.all()
        assert not draft.affiliations.all()


def test_every_entry_that_we_ship_has_an_official_name(loaded):
    assert not Association.objects.exclude(names__type="official").exists()
    assert not Card.objects.filter(name="").exists()


# The three entries that the directory began with, as the source of 2002 tells them.


def of(slug):
    return Association.objects.get(slug=slug)


def test_aicco_is_as_its_source_says(loaded):
    aicco = of("aicco")

    assert [(name.type, name.name) for name in aicco.names.all()] == [("official", "AICCO")]
    address = aicco.addresses.get()
    assert (address.street_address, address.locality) == ("Via Nazionale 243", "Roma")
    assert (address.postal_code, address.region, address.country) == ("", "", "IT")
    phone = aicco.contact_points.get()
    assert (phone.value, phone.number.kind) == ("800200111", PhoneKind.TOLL_FREE)
    president = aicco.office_holders.get()
    assert (str(president), president.role) == ("Dr. Leonardo Abbruzzese", "president")
    assert (president.valid_from, president.attested_on) == ("", "2002-03-01")
    affiliation = aicco.affiliations.get()
    assert (affiliation.parent.slug, affiliation.status) == ("confindustria", "announced")
    assert not aicco.successors.exists()
    facts = (aicco.names.get(), address, phone, president, affiliation)
    assert {fact.source.published_on for fact in facts} == {"2002-03-01"}


def test_assocallcenter_is_as_its_sources_say(loaded):
    assocallcenter = of("assocallcenter")

    assert [name.name for name in assocallcenter.names.all()] == ["Assocallcenter"]
    address = assocallcenter.addresses.get()
    assert (address.street_address, address.locality) == ("Corso Porta Vittoria 13", "Milano")
    phone = assocallcenter.contact_points.get()
    assert (phone.value, phone.number.kind) == ("848690606", PhoneKind.SHARED_COST)
    presidents = assocallcenter.office_holders.order_by("attested_on")
    assert [(str(p), p.role, p.attested_on, p.valid_from) for p in presidents] == [
        ("Dr. Ambrogio Pozzi", "president", "2002-03-01", ""),
        ("Ambrogio Pozzi", "president", "2003-05-30", ""),
    ]
    affiliations = assocallcenter.affiliations.order_by("attested_on")
    assert [(a.parent.slug, a.status, a.attested_on) for a in affiliations] == [
        ("confcommercio", "announced", "2002-03-01"),
        ("confcommercio", "member", "2003-07-19"),
    ]
    assert not assocallcenter.successors.exists()


def test_of_club_cmmc_nothing_is_invented(loaded):
    club = of("club-cmmc")

    assert (club.kind, club.founding_date) == ("club", "1997")
    assert {name.name for name in club.names.filter(type__in=["official", "acronym"])} == {
        "Club CMMC",
        "CMMC",
    }
    assert not club.addresses.exclude(street_address="").exists()
    assert not club.contact_points.filter(type__in=["phone", "fax"]).exists()
    assert not club.office_holders.filter(role__in=["president", "chair"]).exists()
    assert not club.affiliations.filter(
        parent__slug__in=["confindustria", "confcommercio"]
    ).exists()
    assert (of("club-cmmc").card.phone, of("club-cmmc").card.president) == ("", "")
