"""What is true on a day, by what sources say of beginnings and ends, or only of their own day."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from associations.models import Card, ContactPoint, Name, OfficeHolder
from associations.models.people import in_office
from tests.factories import (
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
)

pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


def in_office_on(text):
    """The names of those in office on a day, as the database tells it."""
    names = {holder.name for holder in OfficeHolder.objects.holding(day(text))}
    loaded = OfficeHolder.objects.order_by("association")
    assert names == {holder.name for holder in in_office(loaded, day(text))}
    return names


# Beginnings and ends.


@pytest.mark.parametrize("on", ["2002-01-01", "2002-06-15", "2002-12-31"])
def test_a_fact_known_by_its_year_alone_holds_on_every_day_of_it(on):
    ContactPointFactory(valid_from="2002", valid_to="2002")

    assert ContactPoint.objects.holding(day(on)).exists()


@pytest.mark.parametrize("on", ["2001-12-31", "2003-01-01"])
def test_and_on_no_other_day(on):
    ContactPointFactory(valid_from="2002", valid_to="2002")

    assert not ContactPoint.objects.holding(day(on)).exists()


def test_a_fact_without_any_date_holds_always():
    ContactPointFactory()

    assert ContactPoint.objects.holding(day("1900-01-01")).exists()


def test_an_attestation_tells_from_when_it_is_known():
    fact = ContactPointFactory(attested_on="2002-03-01")

    assert not fact.holds(day("2002-02-28"))
    assert fact.holds(day("2002-03-01"))


def test_an_attestation_is_no_beginning():
    fact = OfficeHolderFactory(attested_on="2002-03-01")

    assert fact.valid_from == ""
    assert Card.objects.get(pk=fact.association_id).president_since == ""


def test_where_the_beginning_is_known_an_attestation_does_not_delay_it():
    fact = OfficeHolderFactory(valid_from="1997", attested_on="2002-03-01")

    assert fact.holds(day("1998-01-01"))
    assert in_office_on("1998-01-01") == {fact.name}


def test_what_a_source_calls_over_holds_on_no_day():
    fact = ContactPointFactory(is_past=True, attested_on="2002")

    assert fact.is_over(day("2002-06-01"))
    assert not fact.holds(day("2002-06-01"))
    assert not ContactPoint.objects.holding(day("2002-06-01")).exists()


@pytest.mark.parametrize(
    ("valid_to", "on", "is_over"),
    [
        ("", "2024-01-01", False),
        ("2002", "2002-12-31", False),
        ("2002", "2003-01-01", True),
        ("2002-03", "2002-03-31", False),
        ("2002-03", "2002-04-01", True),
        ("2002-03-01", "2002-03-01", False),
    ],
)
def test_a_fact_is_over_after_the_last_day_that_its_end_may_mean(valid_to, on, is_over):
    assert ContactPointFactory(valid_to=valid_to).is_over(day(on)) is is_over


def test_what_has_not_begun_is_not_over():
    fact = ContactPointFactory(valid_from="2030")

    assert not fact.is_over(day("2024-01-01"))
    assert not fact.holds(day("2024-01-01"))


def test_a_former_name_is_over_without_any_date():
    assert NameFactory(type=Name.Type.FORMER).is_over(day("2024-01-01"))


def test_today_is_that_of_the_site(set_today):
    fact = ContactPointFactory(valid_to="2024-06-30")

    set_today("2024-06-30")
    assert fact.holds()
    assert ContactPoint.objects.holding().exists()

    set_today("2024-07-01")
    assert not fact.holds()
    assert not ContactPoint.objects.holding().exists()


def test_members_are_those_of_the_day():
    affiliation = AffiliationFactory(valid_from="2002", valid_to="2005")
    members = Card.objects.members_of

    assert (
        members(affiliation.parent_id, on=day("2003-01-01")).get().pk == affiliation.association_id
    )
    assert not members(affiliation.parent_id, on=day("2006-01-01"))


# People in office.


@pytest.fixture
def association():
    return AssociationFactory()


@pytest.mark.parametrize(
    ("on", "name"), [("2002-06-01", "Abbruzzese"), ("2003-05-30", "Pozzi"), ("2024-01-01", "Pozzi")]
)
def test_of_several_attested_presidents_the_latest_by_that_day_is_in_office(association, on, name):
    OfficeHolderFactory(association=association, name="Pozzi", attested_on="2003-05-30")
    OfficeHolderFactory(association=association, name="Abbruzzese", attested_on="2002-03-01")

    assert in_office_on(on) == {name}


def test_who_ends_leaves_the_office_to_nobody(association):
    OfficeHolderFactory(
        association=association, name="Pozzi", attested_on="2003", valid_to="2005-06"
    )

    assert in_office_on("2005-06-30") == {"Pozzi"}
    assert in_office_on("2005-07-01") == set()


def test_a_successor_who_ends_does_not_bring_the_predecessor_back_by_error(association):
    OfficeHolderFactory(
        association=association, name="Abbruzzese", valid_from="2002", valid_to="2003"
    )
    OfficeHolderFactory(association=association, name="Pozzi", valid_from="2003", valid_to="2005")

    assert in_office_on("2006-01-01") == set()


def test_presidents_of_the_same_evidence_are_in_office_together(association):
    for name in ("Abbruzzese", "Pozzi"):
        OfficeHolderFactory(association=association, name=name, attested_on="2002-03-01")

    assert in_office_on("2002-03-01") == {"Abbruzzese", "Pozzi"}


def test_a_newer_attestation_of_one_person_leaves_the_other_out(association):
    for name in ("Abbruzzese", "Pozzi"):
        OfficeHolderFactory(association=association, name=name, attested_on="2002-03-01")
    OfficeHolderFactory(association=association, name="Pozzi", attested_on="2003")

    assert in_office_on("2003-01-01") == {"Pozzi"}


def test_offices_do_not_rival_one_another(association):
    OfficeHolderFactory(association=association, name="Pozzi", attested_on="2003")
    OfficeHolderFactory(association=association, name="Massone", role="founder", attested_on="1997")

    assert in_office_on("2004-01-01") == {"Pozzi", "Massone"}


def test_associations_do_not_rival_one_another():
    OfficeHolderFactory(name="Pozzi", attested_on="2003")
    OfficeHolderFactory(name="Abbruzzese", attested_on="2002")

    holding = OfficeHolder.objects.holding(day("2004-01-01"))
    assert {holder.name for holder in holding} == {"Pozzi", "Abbruzzese"}


def test_a_later_attestation_says_nothing_of_the_days_before_it(association):
    OfficeHolderFactory(
        association=association, name="Abbruzzese", valid_from="2000", attested_on="2010"
    )
    OfficeHolderFactory(association=association, name="Pozzi", valid_from="2003")

    assert in_office_on("2005-01-01") == {"Pozzi"}
    assert in_office_on("2010-01-01") == {"Abbruzzese"}


def test_who_was_president_rivals_nobody(association):
    OfficeHolderFactory(association=association, name="Pozzi", attested_on="2003", is_past=True)
    OfficeHolderFactory(association=association, name="Abbruzzese", attested_on="2002")

    assert in_office_on("2004-01-01") == {"Abbruzzese"}


dates = st.sampled_from(["", "2001", "2002", "2002-03", "2002-03-01", "2003", "2003-05-30"])
holders = st.tuples(dates, dates, dates, st.booleans(), st.sampled_from(["president", "chair"]))


class TestInTheDatabase(TestCase):
    """The rule in SQL and the rule in Python are one rule."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(holders.filter(lambda h: not h[1] or h[0] <= h[1]), max_size=8),
        st.dates(datetime.date(2000, 12, 1), datetime.date(2004, 2, 1)),
    )
    def test_the_database_agrees(self, drawn, on):
        known = OfficeHolderFactory(is_past=True)
        OfficeHolder.objects.bulk_create(
            OfficeHolder(
                association=known.association,
                source=known.source,
                name=str(number),
                valid_from=start,
                valid_to=end,
                attested_on=attested,
                is_past=is_past,
                role=role,
            )
            for number, (start, end, attested, is_past, role) in enumerate(drawn)
        )

        found = {holder.name for holder in OfficeHolder.objects.holding(on)}

        assert found == {holder.name for holder in in_office(OfficeHolder.objects.all(), on)}
