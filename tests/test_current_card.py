"""Whatever writes what an association's card shows leaves the card right, path by path."""

from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.serializers import serialize
from django.db import DatabaseError, NotSupportedError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from associations import cards
from associations.changes import one_change
from associations.models import (
    Address,
    Affiliation,
    Association,
    Card,
    ContactPoint,
    DataVersion,
    Name,
    OfficeHolder,
    Sector,
    Source,
    Succession,
)
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
)
from tests.test_staff_desk import act

pytestmark = pytest.mark.django_db


def card_of(association):
    """The card of an association, after making sure that every card agrees with its facts."""
    assert not list(cards.differences())
    return Card.objects.get(pk=association.pk)


def cards_written(queries):
    """Those of the captured queries that write cards, one for all that are written together."""
    return [q for q in queries if q["sql"].startswith('INSERT INTO "associations_card"')]


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture
def confindustria():
    return AssociationFactory(slug="confindustria", name="Confindustria", kind="confederation")


@pytest.fixture
def two_members(confindustria):
    return [AffiliationFactory(parent=confindustria).association for _ in range(2)]


# What it shows.


def test_it_shows_what_its_facts_say(aicco, confindustria):
    NameFactory(association=aicco, type=Name.Type.ACRONYM, name="A.I.C.C.O.")
    AddressFactory(association=aicco, region="Lazio")
    ContactPointFactory(association=aicco, value="800200111", attested_on="2002-03-01")
    ContactPointFactory(association=aicco, type="email", value="info@example.org")
    ContactPointFactory(association=aicco, type="website", value="https://example.org")
    OfficeHolderFactory(
        association=aicco, honorific_prefix="Dr.", name="Leonardo Abbruzzese", valid_from="2002"
    )
    AffiliationFactory(association=aicco, parent=confindustria, status="announced")

    card = card_of(aicco)

    assert (card.name, card.acronym, card.slug) == ("AICCO", "A.I.C.C.O.", "aicco")
    assert (card.country, card.region, card.locality) == ("IT", "Lazio", "Roma")
    assert (card.phone, card.phone_country) == ("800200111", "IT")
    assert card.phone_as_of == card.as_of == "2002-03-01"
    assert (card.email, card.website) == ("info@example.org", "https://example.org")
    assert (card.president, card.president_since) == ("Dr. Leonardo Abbruzzese", "2002")
    assert (card.confederation, card.confederation_name) == (confindustria, "Confindustria")
    assert (card.confederation_slug, card.confederation_status) == ("confindustria", "announced")


@pytest.mark.parametrize("dates", [("2002-03-01", "2024"), ("2024", "2002-03-01"), ("", "2024")])
def test_of_two_facts_it_shows_that_of_the_latest_evidence(aicco, dates):
    for date in dates:
        ContactPointFactory(association=aicco, value=f"{date} 06 4541", attested_on=date)

    assert card_of(aicco).phone == "2024 06 4541"


def test_without_a_name_it_shows_the_slug():
    assert card_of(AssociationFactory(slug="nameless", name="")).name == "nameless"


def test_where_no_official_name_holds_it_shows_the_last_one(aicco):
    aicco.names.update(valid_to="2005")

    assert card_of(aicco).name == "AICCO"


# Writing single rows.


def test_saving_a_fact(aicco):
    phone = ContactPointFactory(association=aicco, value="800200111")
    assert card_of(aicco).phone == "800200111"

    phone.value = "848690606"
    phone.save()

    assert card_of(aicco).phone == "848690606"


def test_saving_the_association(aicco):
    aicco.kind, aicco.slug = Association.Kind.FEDERATION, "aicco-italia"
    aicco.save()

    assert (card_of(aicco).kind, card_of(aicco).slug) == ("federation", "aicco-italia")


def test_moving_a_fact_by_saving_it(aicco):
    phone = ContactPointFactory(value="800200111")
    before = phone.association

    phone.association = aicco
    phone.save()

    assert card_of(aicco).phone == "800200111"
    assert card_of(before).phone == ""


def test_moving_a_fact_read_with_some_of_its_columns(aicco):
    before = ContactPointFactory(value="800200111").association

    phone = ContactPoint.objects.only("value").get()
    phone.association = aicco
    phone.save()

    assert card_of(aicco).phone == "800200111"
    assert card_of(before).phone == ""


def test_deleting_a_fact(aicco):
    phone = ContactPointFactory(association=aicco)

    phone.delete()

    assert card_of(aicco).phone == ""


def test_deleting_an_association_deletes_its_card(aicco):
    aicco.delete()

    assert not Card.objects.exists()


def test_get_or_create_and_update_or_create(aicco):
    source = SourceFactory()
    phone = {"association": aicco, "type": "phone", "source": source}

    ContactPoint.objects.get_or_create(**phone, defaults={"value": "800200111"})
    assert card_of(aicco).phone == "800200111"

    ContactPoint.objects.update_or_create(**phone, defaults={"value": "848690606"})
    assert card_of(aicco).phone == "848690606"


# Writing many.


def test_bulk_create_of_facts(aicco):
    ContactPoint.objects.bulk_create(
        [ContactPointFactory.build(association=aicco, source=SourceFactory(), value="800200111")]
    )

    assert card_of(aicco).phone == "800200111"


def test_bulk_create_of_associations():
    [association] = Association.objects.bulk_create([Association(slug="assocallcenter")])

    assert card_of(association).name == "assocallcenter"


@pytest.mark.parametrize(
    "how",
    [
        {"ignore_conflicts": True},
        {"update_conflicts": True, "unique_fields": ["slug"], "update_fields": ["kind"]},
    ],
)
def test_no_bulk_create_of_which_nobody_knows_what_it_wrote(how):
    with pytest.raises(NotSupportedError):
        Association.objects.bulk_create([Association(slug="assocallcenter")], **how)


def test_bulk_update(aicco):
    phone = ContactPointFactory(association=aicco)

    phone.value = "800200111"
    ContactPoint.objects.bulk_update([phone], ["value"])

    assert card_of(aicco).phone == "800200111"


def test_bulk_update_that_moves_facts(aicco):
    phones = [ContactPointFactory(value="800200111"), ContactPointFactory(value="800200111")]
    before = [phone.association for phone in phones]

    for phone in phones:
        phone.association = aicco
    ContactPoint.objects.bulk_update(phones, ["association"])

    assert card_of(aicco).phone == "800200111"
    assert [card_of(association).phone for association in before] == ["", ""]


def test_update_of_a_queryset(aicco):
    ContactPointFactory(association=aicco)

    ContactPoint.objects.filter(association=aicco).update(value="800200111")

    assert card_of(aicco).phone == "800200111"


def test_an_update_by_which_rows_leave_the_queryset(aicco):
    ContactPointFactory(association=aicco, value="800200111")

    ContactPoint.objects.filter(value="800200111").update(value="848690606")

    assert card_of(aicco).phone == "848690606"


@pytest.mark.parametrize(
    "to", [lambda a: {"association": a}, lambda a: {"association_id": a.pk}], ids=["row", "key"]
)
def test_an_update_that_moves_facts_to_another_association(aicco, to):
    before = AddressFactory(locality="Milano").association

    Address.objects.filter(association=before).update(**to(aicco))

    assert card_of(aicco).locality == "Milano"
    assert card_of(before).locality == ""


def test_merging_two_entries_by_moving_all_facts(aicco):
    other = AssociationFactory(slug="aicco-2", name="")
    ContactPointFactory(association=other, value="800200111")
    AddressFactory(association=other, locality="Milano")
    OfficeHolderFactory(association=other, name="Ambrogio Pozzi")
    member = AffiliationFactory(parent=other).association

    with one_change():
        for related in (other.contact_points, other.addresses, other.office_holders):
            related.update(association=aicco)
        other.members.update(parent=aicco)
        other.delete()

    card = card_of(aicco)
    assert (card.phone, card.locality) == ("800200111", "Milano")
    assert card.president == "Ambrogio Pozzi"
    assert card_of(member).confederation_name == "AICCO"


def test_adding_facts_to_an_association_moves_them(aicco):
    address = AddressFactory(locality="Milano")

    aicco.addresses.add(address)

    assert card_of(aicco).locality == "Milano"


def test_deleting_a_queryset(aicco):
    ContactPointFactory.create_batch(2, association=aicco)

    aicco.contact_points.all().delete()

    assert card_of(aicco).phone == ""


# Confederations.


def test_renaming_a_confederation(confindustria, two_members):
    confindustria.names.update(name="Confindustria nazionale")

    for member in two_members:
        assert card_of(member).confederation_name == "Confindustria nazionale"


def test_a_confederation_that_moves_to_another_address(confindustria, two_members):
    Association.objects.filter(pk=confindustria.pk).update(slug="confindustria-it")

    for member in two_members:
        assert card_of(member).confederation_slug == "confindustria-it"


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_confederation_that_visitors_may_not_read_is_named_without_link(
    confindustria, two_members, state
):
    confindustria.state = state
    confindustria.save()

    for member in two_members:
        assert card_of(member).confederation_name == "Confindustria"
        assert card_of(member).confederation_slug == ""


def test_a_confederation_that_is_published_is_linked(two_members, confindustria):
    Association.objects.filter(pk=confindustria.pk).update(state="draft")
    Association.objects.filter(pk=confindustria.pk).update(state="closed")

    for member in two_members:
        assert card_of(member).confederation_slug == "confindustria"


def test_deleting_a_confederation(confindustria, two_members):
    confindustria.delete()

    for member in two_members:
        assert card_of(member).confederation is None
        assert card_of(member).confederation_name == ""


def test_deleting_a_confederation_by_queryset(confindustria, two_members):
    Association.objects.filter(kind="confederation").delete()

    for member in two_members:
        assert card_of(member).confederation_name == ""


def test_an_affiliation_that_changes_to_another_confederation(confindustria, two_members):
    Affiliation.objects.update(parent=AssociationFactory(name="Confcommercio"))

    for member in two_members:
        assert card_of(member).confederation_name == "Confcommercio"


def test_more_members_than_fit_in_a_batch(monkeypatch, confindustria, two_members):
    monkeypatch.setattr(cards, "BATCH", 1)

    confindustria.names.update(name="Confindustria nazionale")

    for member in two_members:
        assert card_of(member).confederation_name == "Confindustria nazionale"


# Sectors: no card shows them, but the path is followed like the others.


def put_in(association, sector):
    association.sectors.add(sector)


def put_in_from_the_other_side(association, sector):
    sector.associations.add(association)


def set_all(association, sector):
    association.sectors.set([sector])


@pytest.mark.parametrize("act", [put_in, put_in_from_the_other_side, set_all])
def test_putting_it_into_a_sector_has_its_card_written_anew(aicco, act):
    Card.objects.update(name="tampered")

    act(aicco, SectorFactory())

    assert card_of(aicco).name == "AICCO"


# Files.


def test_loaddata(aicco, tmp_path):
    ContactPointFactory(association=aicco, value="800200111")
    NameFactory(association=aicco, type=Name.Type.ACRONYM, name="A.I.C.C.O.")
    aicco.sectors.add(SectorFactory())
    file = tmp_path / "aicco.json"
    models = (ContactPoint, Name, Association, Source, Sector)
    rows = [row for model in models for row in model.objects.all()]
    file.write_text(serialize("json", rows))
    ContactPoint.objects.all().delete()
    Name.objects.filter(type=Name.Type.ACRONYM).delete()
    assert card_of(aicco).phone == ""

    call_command("loaddata", file, verbosity=0)

    assert (card_of(aicco).phone, card_of(aicco).acronym) == ("800200111", "A.I.C.C.O.")


def test_the_shipped_directory():
    call_command("load_directory", verbosity=0, stdout=StringIO())

    assert card_of(Association.objects.get(slug="aicco")).confederation_name == "Confindustria"


def test_an_import(aicco, tmp_path):
    AddressFactory(association=aicco)
    file = tmp_path / "register.csv"
    file.write_text("name,country,phone\nAICCO,IT,800200111\nAssocallcenter,IT,848690606\n")

    call_command("import_associations", file, stdout=StringIO())

    assert card_of(aicco).phone == "800200111"
    assert card_of(Association.objects.get(slug="assocallcenter")).phone == "848690606"


# Staff.

FORMSETS = [
    "names",
    "contact_points",
    "addresses",
    "office_holders",
    "affiliations",
    "identifiers",
    "predecessors",
    "successors",
    "citations",
]


def form_of(association, **rows):
    """What the admin form of `association` posts, with these rows in its inlines."""
    data = {"slug": association.slug, "kind": association.kind, "state": association.state}
    data["seen"] = DataVersion.objects.current()
    for prefix in FORMSETS:
        told = rows.get(prefix, [])
        data[f"{prefix}-TOTAL_FORMS"] = len(told)
        data[f"{prefix}-INITIAL_FORMS"] = sum("id" in row for row in told)
        for number, row in enumerate(told):
            data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
            data[f"{prefix}-{number}-association"] = association.pk or ""
    return data


def official_name(association):
    name = association.names.get(type=Name.Type.OFFICIAL)
    return {"id": name.pk, "type": name.type, "name": name.name, "source": name.source_id}


def test_the_form_of_staff(admin_client, aicco):
    address = reverse("admin:associations_association_change", args=[aicco.pk])
    phone = {"type": "phone", "value": "800200111", "country": "IT", "source": SourceFactory().pk}
    name = official_name(aicco) | {"name": "AICCO Italia"}

    with CaptureQueriesContext(connection) as queries:
        response = admin_client.post(address, form_of(aicco, names=[name], contact_points=[phone]))

    assert response.status_code == 302
    assert len(cards_written(queries)) == 1
    assert (card_of(aicco).name, card_of(aicco).phone) == ("AICCO Italia", "800200111")


def test_a_fact_that_staff_deletes_in_the_form(admin_client, aicco):
    phone = ContactPointFactory(association=aicco)
    address = reverse("admin:associations_association_change", args=[aicco.pk])
    row = {"id": phone.pk, "type": "phone", "value": "1", "source": phone.source_id, "DELETE": "on"}

    admin_client.post(address, form_of(aicco, names=[official_name(aicco)], contact_points=[row]))

    assert card_of(aicco).phone == ""


def test_a_new_entry_of_staff(admin_client):
    new = Association(slug="assocallcenter", kind="association", state="draft")
    name = {"type": "official", "name": "Assocallcenter", "source": SourceFactory().pk}

    admin_client.post(reverse("admin:associations_association_add"), form_of(new, names=[name]))

    assert card_of(Association.objects.get()).name == "Assocallcenter"


@pytest.mark.parametrize(
    ("action", "state"), [("publish", "public"), ("close", "closed"), ("withdraw", "withdrawn")]
)
def test_an_action_of_staff_on_many(admin_client, action, state):
    associations = AssociationFactory.create_batch(2, state="draft")

    act(admin_client, action, *associations)

    assert [card_of(each).state for each in associations] == [state, state]


def test_entries_that_staff_delete(admin_client, confindustria, two_members):
    act(admin_client, "delete_selected", confindustria)

    for member in two_members:
        assert card_of(member).confederation_name == ""


# The calendar.


def test_a_term_that_ends_makes_way_when_the_day_comes(set_today, aicco):
    set_today("2024-06-30")
    OfficeHolderFactory(association=aicco, name="Ambrogio Pozzi", valid_to="2024-06-30")
    assert card_of(aicco).president == "Ambrogio Pozzi"

    set_today("2024-07-01")
    assert cards.catch_up() == 1

    assert card_of(aicco).president == ""


def test_an_office_begins_when_the_day_comes(set_today, aicco):
    set_today("2024-06-30")
    OfficeHolderFactory(association=aicco, name="Ambrogio Pozzi", valid_from="2024-07")
    assert card_of(aicco).president == ""

    set_today("2024-07-01")
    cards.catch_up()

    assert card_of(aicco).president == "Ambrogio Pozzi"


def test_a_confederation_takes_its_new_name_when_the_day_comes(set_today, confindustria):
    set_today("2024-06-30")
    member = AffiliationFactory(parent=confindustria).association
    confindustria.names.update(valid_to="2024-06-30")
    NameFactory(association=confindustria, name="Confindustria nuova", valid_from="2024-07-01")
    assert card_of(member).confederation_name == "Confindustria"

    set_today("2024-07-01")
    cards.catch_up()

    assert card_of(member).confederation_name == "Confindustria nuova"


def test_nothing_is_written_while_the_calendar_changes_nothing(set_today, aicco):
    set_today("2024-06-29")
    OfficeHolderFactory(association=aicco, valid_to="2024-06-30")

    set_today("2024-06-30")

    with CaptureQueriesContext(connection) as queries:
        assert cards.catch_up() == 0
    assert len(queries) == 1


def test_whether_the_calendar_changes_anything_is_asked_once_a_day_and_version(set_today, aicco):
    set_today("2024-06-30")
    OfficeHolderFactory(association=aicco, name="Ambrogio Pozzi", valid_to="2024-06-30")
    version = DataVersion.objects.current()
    cards.catch_up(version)

    with CaptureQueriesContext(connection) as queries:
        assert cards.catch_up(version) == 0
    assert not queries.captured_queries
    set_today("2024-07-01")
    assert cards.catch_up(version) == 1
    assert DataVersion.objects.current() > version


def test_the_first_visit_of_a_day_catches_up(client, set_today, aicco):
    set_today("2024-06-30")
    OfficeHolderFactory(association=aicco, name="Ambrogio Pozzi", valid_to="2024-06-30")

    set_today("2024-07-01")
    client.get(reverse("associations:list"), {"page": "nonsense"})

    assert card_of(aicco).president == ""


# Its cost.


def queries_to_refresh(associations):
    with CaptureQueriesContext(connection) as queries:
        assert cards.refresh([each.pk for each in associations]) == len(associations)
    return len(queries)


@pytest.mark.usefixtures("one_block")
def test_twenty_cards_cost_as_many_queries_as_one():
    associations = [
        AffiliationFactory(association=ContactPointFactory().association).association
        for _ in range(20)
    ]

    assert queries_to_refresh(associations[:1]) == queries_to_refresh(associations)


def test_a_change_of_many_rows_writes_each_card_once(aicco):
    with CaptureQueriesContext(connection) as queries, one_change():
        ContactPointFactory.create_batch(3, association=aicco, source=SourceFactory())

    assert len(cards_written(queries)) == 1


# Making sure.


def test_reindex_mends_a_card(aicco, capsys):
    Card.objects.update(name="tampered")

    call_command("reindex")

    assert card_of(aicco).name == "AICCO"
    assert capsys.readouterr().out == "1 cards written.\n"


def test_reindex_makes_a_card_that_is_missing(aicco):
    Card.objects.all().delete()

    call_command("reindex", stdout=StringIO())

    assert card_of(aicco).name == "AICCO"


@pytest.mark.parametrize("field", [field.name for field in cards.DERIVED[1:]])
def test_the_check_names_a_card_that_differs_in_any_column(aicco, field, capsys):
    AffiliationFactory(parent=aicco)
    other = AssociationFactory(slug="other")
    values = {"confederation": other, "checked_on": "2024-01-01", "changes_on": "2099-01-01"}
    dates = {"president_since": "1999", "president_as_of": "1999", "phone_as_of": "1999"}
    values |= dates | {"as_of": "1999", "kind": "club", "state": "closed"}
    Card.objects.filter(pk=aicco.pk).update(**{field: values.get(field, "xx")})

    with pytest.raises(CommandError, match="1 cards differ") as raised:
        call_command("reindex", check=True)

    assert raised.value.returncode == 1
    assert capsys.readouterr().err == "aicco\n"


def test_the_check_names_an_association_without_card(aicco, capsys):
    Card.objects.all().delete()

    with pytest.raises(CommandError):
        call_command("reindex", check=True)

    assert capsys.readouterr().err == "aicco\n"


def test_the_check_writes_nothing(aicco):
    Card.objects.update(name="tampered")

    with pytest.raises(CommandError):
        call_command("reindex", check=True, stderr=StringIO())

    assert Card.objects.get().name == "tampered"


def test_the_check_passes_where_every_card_is_right(aicco, capsys):
    call_command("reindex", check=True)

    assert capsys.readouterr().out == "Every card is right.\n"


# One transaction.


class Refused(Exception):
    pass


def test_a_write_that_is_taken_back_leaves_the_card_as_it_was(aicco):
    ContactPointFactory(association=aicco, value="800200111")

    with suppress(Refused), transaction.atomic():
        aicco.contact_points.update(value="848690606")
        raise Refused

    assert card_of(aicco).phone == "800200111"


def test_a_change_that_fails_halfway_leaves_the_card_as_it_was(aicco):
    with suppress(Refused), one_change():
        ContactPointFactory(association=aicco)
        raise Refused

    assert card_of(aicco).phone == ""
    ContactPointFactory(association=aicco, value="800200111")
    assert card_of(aicco).phone == "800200111"


def save(aicco):
    aicco.names.get().save()


def bulk_create(aicco):
    Name.objects.bulk_create(
        [
            Name(
                association=aicco,
                type="acronym",
                name="A.I.C.C.O.",
                source=aicco.names.get().source,
            )
        ]
    )


def update(aicco):
    aicco.names.update(name="AICCO Italia")


def delete(aicco):
    aicco.names.get().delete()


def delete_many(aicco):
    aicco.names.all().delete()


@pytest.mark.parametrize("write", [save, bulk_create, update, delete, delete_many])
def test_no_fact_is_written_without_its_card(aicco, monkeypatch, write):
    before = list(Name.objects.values())

    def fail(keys, are_news):
        raise DatabaseError("disk full")

    monkeypatch.setattr(cards, "_write", fail)
    with pytest.raises(DatabaseError, match="disk full"):
        write(aicco)

    assert list(Name.objects.values()) == before


def test_a_card_shows_nothing_of_successions():
    """They have a page of their own: here only that writing them is followed."""
    association = AssociationFactory()
    Card.objects.update(name="tampered")

    Succession.objects.create(
        association=association, successor_name="Nobody", source=SourceFactory()
    )

    assert card_of(association).name != "tampered"


def test_both_sides_of_a_succession_are_followed():
    before, after = AssociationFactory.create_batch(2)
    Card.objects.update(name="tampered")

    Succession.objects.create(association=before, successor=after, source=SourceFactory())

    assert "tampered" not in (card_of(before).name, card_of(after).name)


@pytest.mark.parametrize("model", [Address, ContactPoint, Name, OfficeHolder, Affiliation])
def test_a_fact_that_is_over_leaves_the_card(model, aicco):
    factories = {
        Address: (AddressFactory, "locality"),
        ContactPoint: (ContactPointFactory, "phone"),
        OfficeHolder: (OfficeHolderFactory, "president"),
        Affiliation: (AffiliationFactory, "confederation_name"),
        Name: (NameFactory, "acronym"),
    }
    factory, column = factories[model]
    told = {"type": "acronym"} if model is Name else {}
    fact = factory(association=aicco, **told)
    assert getattr(card_of(aicco), column)

    model.objects.filter(pk=fact.pk).update(is_past=True)

    assert getattr(card_of(aicco), column) == ""
