"""What makes no sense is refused by the database on every path, and by forms in plain words."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import override

from associations.models import (
    FACTS,
    Affiliation,
    Association,
    Citation,
    FormerSlug,
    Identifier,
    Name,
    Source,
    Succession,
)
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    OfficeHolderFactory,
    SourceFactory,
    SuccessionFactory,
)

pytestmark = pytest.mark.django_db


def refused(write, *args, **kwargs):
    """Whether the database refuses a write; the transaction around it goes on."""
    try:
        with transaction.atomic():
            write(*args, **kwargs)
    except IntegrityError:
        return True
    return False


def complaints(row):
    """What a form would say of `row`, in English."""
    try:
        row.full_clean()
    except ValidationError as error:
        return error.messages
    return []


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


# Terms.

A_FACT_OF_EACH = [
    NameFactory,
    IdentifierFactory,
    AddressFactory,
    ContactPointFactory,
    OfficeHolderFactory,
    AffiliationFactory,
    SuccessionFactory,
]
each_fact = pytest.mark.parametrize(
    "factory", A_FACT_OF_EACH, ids=[factory._meta.model.__name__ for factory in A_FACT_OF_EACH]
)


def test_there_is_a_factory_for_each_fact():
    assert [factory._meta.model for factory in A_FACT_OF_EACH] == list(FACTS)


@each_fact
@pytest.mark.parametrize(
    "term", [("2005", "2004"), ("2005-03", "2005-02"), ("2005-03-02", "2005-02")]
)
def test_no_term_ends_before_it_begins(factory, term):
    fact = factory()
    model = type(fact)

    fact.valid_from, fact.valid_to = term

    assert refused(fact.save)
    assert refused(model.objects.update, valid_from=term[0], valid_to=term[1])
    assert refused(model.objects.bulk_update, [fact], ["valid_from", "valid_to"])
    fact.pk = None
    assert refused(model.objects.bulk_create, [fact])
    assert "A term cannot end before it begins." in complaints(fact)


@each_fact
@pytest.mark.parametrize(
    "term",
    [
        ("", "2004"),
        ("2005", ""),
        ("2005", "2005"),
        ("2005-03", "2005"),
        ("2005-03-02", "2005-03"),
        ("2005", "2005-03"),
        ("2005-03-01", "2005-03-01"),
    ],
)
def test_a_term_may_end_within_what_is_known_of_its_beginning(factory, term):
    fact = factory(valid_from=term[0], valid_to=term[1])

    assert complaints(fact) == []


@pytest.mark.parametrize(
    ("dates", "is_refused"),
    [
        (("2005", "2004"), True),
        (("2005-03", "2005-02"), True),
        (("2005-03", "2005"), False),
        (("", "2004"), False),
    ],
)
def test_no_association_is_dissolved_before_it_is_founded(dates, is_refused):
    association = AssociationFactory()
    association.founding_date, association.dissolution_date = dates
    changed = {"founding_date": dates[0], "dissolution_date": dates[1]}

    assert refused(association.save) == is_refused
    assert refused(Association.objects.update, **changed) == is_refused
    new = Association(slug="new", **changed)
    assert bool(complaints(new)) == is_refused
    assert refused(Association.objects.bulk_create, [new]) == is_refused
    if is_refused:
        assert complaints(new) == ["An association cannot be dissolved before it is founded."]


# Names.


def another_name(association, **told):
    return NameFactory.build(association=association, source=SourceFactory(), **told)


def test_there_is_one_official_name_at_a_time():
    name = another_name(AssociationFactory())

    assert refused(Name.objects.bulk_create, [name])
    assert refused(name.save)
    assert complaints(name) == [
        "There is an official name already: end that one, or make it a former name."
    ]


@pytest.mark.parametrize(
    "told", [{"type": "acronym"}, {"type": "former"}, {"valid_to": "2001"}, {"is_past": True}]
)
def test_beside_the_official_name_there_are_others(told):
    name = another_name(AssociationFactory(), **told)

    assert complaints(name) == []
    assert not refused(name.save)


def test_an_old_name_does_not_become_official_again_beside_the_new_one():
    association = AssociationFactory()
    NameFactory(association=association, is_past=True)

    assert refused(association.names.update, is_past=False)


# Identifiers, sources, citations.


def test_an_identifier_is_that_of_one_association():
    known = IdentifierFactory()
    other = Identifier(
        association=AssociationFactory(), source=known.source, scheme="it-cf", value=known.value
    )

    assert complaints(other) == ["Another association has this identifier."]
    assert refused(Identifier.objects.bulk_create, [other])
    other.scheme = "lei"
    assert not refused(other.save)
    assert refused(Identifier.objects.update, scheme="it-cf")


def test_a_source_stands_in_the_directory_once():
    SourceFactory(title="Annuario", url="https://example.org", published_on="2024")
    again = Source(title="Annuario", url="https://example.org", published_on="2024")

    assert complaints(again) == ["This source is already in the directory: choose it."]
    assert refused(Source.objects.bulk_create, [again])
    again.published_on = "2025"
    assert not refused(again.save)


def test_a_source_is_cited_once_for_a_thing():
    told = {"association": AssociationFactory(), "about": "name", "source": SourceFactory()}
    Citation.objects.create(**told)

    assert complaints(Citation(**told)) == ["This source is already cited for this."]
    assert refused(Citation.objects.bulk_create, [Citation(**told)])


def test_a_source_that_something_leans_on_is_not_deleted():
    fact = ContactPointFactory()

    with pytest.raises(IntegrityError):
        fact.source.delete()


@each_fact
def test_no_fact_is_without_a_source(factory):
    fact = factory()
    fact.source = None

    assert refused(fact.save)
    assert complaints(fact)


# Affiliations.


def chain(length):
    """`length` associations, each a member of the one before."""
    associations = AssociationFactory.create_batch(length)
    for parent, member in zip(associations, associations[1:], strict=False):
        AffiliationFactory(association=member, parent=parent)
    return associations


def affiliation(association, parent):
    return Affiliation(association=association, parent=parent, source=SourceFactory())


def test_no_association_belongs_to_itself():
    association = AssociationFactory()
    to_itself = affiliation(association, association)

    assert "An association cannot belong to itself." in complaints(to_itself)
    assert refused(to_itself.save)
    assert refused(Affiliation.objects.bulk_create, [to_itself])


@pytest.mark.parametrize("length", [2, 3, 4, 7])
def test_affiliations_make_no_circle(length):
    top, *_, bottom = chain(length)
    circle = affiliation(top, bottom)

    assert complaints(circle) == ["This makes a circle: that one belongs to this one already."]
    assert refused(circle.save)
    assert refused(Affiliation.objects.bulk_create, [circle])


@pytest.mark.parametrize("length", [2, 4])
def test_no_update_makes_a_circle(length):
    top, *_, bottom = chain(length)
    elsewhere = affiliation(top, AssociationFactory())
    elsewhere.save()

    assert refused(Affiliation.objects.filter(pk=elsewhere.pk).update, parent=bottom)
    elsewhere.parent = bottom
    assert refused(elsewhere.save)
    assert refused(Affiliation.objects.bulk_update, [elsewhere], ["parent"])


def test_one_bulk_create_makes_no_circle():
    one, two = AssociationFactory.create_batch(2)

    assert refused(Affiliation.objects.bulk_create, [affiliation(one, two), affiliation(two, one)])


def test_several_confederations_at_a_time_are_no_circle():
    top, middle, bottom = chain(3)

    assert complaints(affiliation(bottom, top)) == []
    assert not refused(affiliation(bottom, top).save)
    assert not refused(affiliation(middle, AssociationFactory()).save)


def test_an_affiliation_may_be_saved_again():
    chain(2)
    known = Affiliation.objects.get()

    assert complaints(known) == []
    assert not refused(known.save)
    assert not refused(Affiliation.objects.update, parent=known.parent)


# Successions.


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({}, "Name the predecessor: an entry, or a name without one."),
        ({"predecessor_name": "Anna"}, "Name the successor: an entry, or a name without one."),
        (
            {"predecessor_name": "Anna", "association": "a", "successor": "b"},
            "Name the predecessor: an entry, or a name without one.",
        ),
        (
            {"association": "a", "successor": "b", "successor_name": "Bruna"},
            "Name the successor: an entry, or a name without one.",
        ),
        (
            {"predecessor_name": "Anna", "successor_name": "Bruna"},
            "One of the two is an entry of this directory.",
        ),
        ({"association": "a", "successor": "a"}, "An association cannot succeed itself."),
    ],
)
def test_a_succession_has_two_sides_and_one_of_them_is_an_entry(told, complaint):
    entries = {"a": AssociationFactory(), "b": AssociationFactory()}
    succession = Succession(
        source=SourceFactory(), **{name: entries.get(value, value) for name, value in told.items()}
    )

    assert complaint in complaints(succession)
    assert refused(succession.save)
    assert refused(Succession.objects.bulk_create, [succession])


@pytest.mark.parametrize(
    "told",
    [
        {"association": "a", "successor": "b"},
        {"association": "a", "successor_name": "Bruna"},
        {"predecessor_name": "Anna", "successor": "b"},
    ],
)
def test_either_side_of_a_succession_may_be_a_name_alone(told):
    entries = {"a": AssociationFactory(), "b": AssociationFactory()}
    succession = Succession(
        source=SourceFactory(), **{name: entries.get(value, value) for name, value in told.items()}
    )

    assert complaints(succession) == []
    assert not refused(succession.save)


# Slugs.


def former_slugs():
    return {former.slug: former.association for former in FormerSlug.objects.all()}


def rename_by_saving(association):
    association.slug = "new"
    association.save()


def rename_by_updating(association):
    Association.objects.filter(pk=association.pk).update(slug="new")


def rename_by_bulk_update(association):
    association.slug = "new"
    Association.objects.bulk_update([association], ["slug"])


@pytest.mark.parametrize("rename", [rename_by_saving, rename_by_updating, rename_by_bulk_update])
def test_an_old_address_leads_to_the_association_for_ever(rename):
    association = AssociationFactory(slug="old")

    rename(association)

    assert former_slugs() == {"old": association}


def delete_one(association):
    association.delete()


def delete_many(association):
    Association.objects.all().delete()


@pytest.mark.parametrize("delete", [delete_one, delete_many])
def test_the_addresses_of_a_deleted_association_are_kept(delete):
    association = AssociationFactory(slug="old")
    rename_by_updating(association)

    delete(association)

    assert former_slugs() == {"old": None, "new": None}


def test_saving_without_another_slug_keeps_nothing():
    AssociationFactory().save()

    assert former_slugs() == {}


@pytest.mark.parametrize("make_free", [rename_by_updating, delete_one])
def test_an_address_is_never_given_to_another(make_free):
    make_free(AssociationFactory(slug="old"))
    other = AssociationFactory(slug="other")
    new = Association(slug="old")

    assert complaints(new) == ["This slug was another entry's address: it leads there for ever."]
    assert refused(new.save)
    assert refused(Association.objects.bulk_create, [Association(slug="old")])
    assert refused(Association.objects.filter(pk=other.pk).update, slug="old")
    other.slug = "old"
    assert complaints(other)
    assert refused(other.save)


def test_an_association_may_take_its_own_old_address_back():
    association = AssociationFactory(slug="old")
    rename_by_saving(association)

    association.slug = "old"

    assert complaints(association) == []
    assert not refused(association.save)
    assert former_slugs() == {"new": association}


def test_a_rename_that_is_taken_back_keeps_nothing():
    association = AssociationFactory(slug="old")

    with suppress(ZeroDivisionError), transaction.atomic():
        rename_by_updating(association)
        raise ZeroDivisionError

    assert former_slugs() == {}


def test_a_slug_is_that_of_one_association():
    AssociationFactory(slug="aicco")

    assert complaints(Association(slug="aicco"))
    assert refused(Association.objects.bulk_create, [Association(slug="aicco")])


# Values.


@pytest.mark.parametrize(
    ("type", "value", "complaint"),
    [
        ("phone", "on request", "A telephone number has digits, as in 06 4541 7542."),
        ("fax", "none", "A telephone number has digits, as in 06 4541 7542."),
        ("email", "info", "Write an e-mail address, as in info@example.org."),
        ("pec", "info", "Write an e-mail address, as in info@example.org."),
        ("website", "example.org", "Write a whole web address, as in https://example.org."),
        ("website", "javascript:x", "Write a whole web address, as in https://example.org."),
    ],
)
def test_a_contact_has_the_form_of_its_type(type, value, complaint):
    assert complaints(ContactPointFactory(type=type, value=value)) == [complaint]


# Migrations.


@pytest.mark.django_db(transaction=True)
def test_the_rules_of_the_database_can_be_taken_away_and_put_back():
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("associations")
    before = [("associations", "0001_initial")]
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(before)
        models = executor.loader.project_state(before).apps.get_app_config("associations")
        associations = models.get_model("Association").objects
        associations.create(slug="old")
        associations.filter(slug="old").update(slug="new")
        associations.filter(slug="new").delete()
        assert not models.get_model("FormerSlug").objects.exists()
        associations.create(slug="old")
    finally:
        MigrationExecutor(connection).migrate(latest)

    Association.objects.get().delete()
    assert former_slugs() == {"old": None}
    one, two = AssociationFactory.create_batch(2)
    assert not refused(affiliation(one, two).save)
    assert refused(affiliation(two, one).save)
