"""How long ago somebody made sure of a fact. Saving is not checking."""

import datetime
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from associations import cards
from associations.checking import mark_checked
from associations.freshness import Freshness, months_before
from associations.models import Association, Card, OfficeHolder
from tests.factories import (
    AddressFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
)

TODAY = date(2024, 7, 15)


# Thresholds.


@pytest.mark.parametrize(
    ("checked_on", "on", "freshness"),
    [
        (None, "2024-07-15", Freshness.NEVER),
        ("2024-07-15", "2024-07-15", Freshness.FRESH),
        ("2023-07-16", "2024-07-15", Freshness.FRESH),
        ("2023-07-15", "2024-07-15", Freshness.DUE),
        ("2023-01-16", "2024-07-15", Freshness.DUE),
        ("2023-01-15", "2024-07-15", Freshness.OVERDUE),
        ("2002-03-01", "2024-07-15", Freshness.OVERDUE),
        ("2023-03-01", "2024-02-29", Freshness.FRESH),
        ("2023-02-28", "2024-02-29", Freshness.DUE),
        ("2024-02-29", "2025-02-28", Freshness.FRESH),
        ("2024-02-29", "2025-03-01", Freshness.DUE),
        ("2024-02-29", "2025-08-28", Freshness.DUE),
        ("2024-02-29", "2025-08-29", Freshness.OVERDUE),
    ],
)
def test_a_check_is_fresh_for_twelve_months_and_overdue_after_eighteen(checked_on, on, freshness):
    checked_on = checked_on and date.fromisoformat(checked_on)

    assert Freshness.of(checked_on, date.fromisoformat(on)) == freshness


@pytest.mark.parametrize(
    ("on", "months", "before"),
    [
        ("2024-07-15", 12, "2023-07-15"),
        ("2024-07-15", 18, "2023-01-15"),
        ("2024-01-31", 12, "2023-01-31"),
        ("2024-08-31", 18, "2023-02-28"),
        ("2025-08-31", 18, "2024-02-29"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2024-12-01", 12, "2023-12-01"),
    ],
)
def test_months_are_those_of_the_calendar(on, months, before):
    assert months_before(months, date.fromisoformat(on)) == date.fromisoformat(before)


def test_today_is_that_of_the_site(set_today):
    set_today("2024-07-15")
    assert Freshness.of(date(2023, 7, 16)) == Freshness.FRESH

    set_today("2024-07-16")
    assert Freshness.of(date(2023, 7, 16)) == Freshness.DUE


class TestInTheDatabase(TestCase):
    """The rule in SQL and the rule in Python are one rule."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.none() | st.integers(0, 700), max_size=10), st.dates(date(1990, 1, 1)))
    @example([365, 366, 546, 547, 548, 549, 550], date(2024, 2, 29))
    @example([365, 366, 546, 547, 548, 549, 550], date(2025, 8, 31))
    def test_the_database_agrees(self, ages, on):
        associations = Association.objects.bulk_create(
            Association(slug=f"association-{number}") for number in range(len(ages))
        )
        for association, age in zip(associations, ages, strict=True):
            checked_on = None if age is None else on - datetime.timedelta(age)
            Card.objects.filter(pk=association.pk).update(checked_on=checked_on)

        for state in Freshness:
            found = set(Card.objects.of_freshness(state, on=on))

            assert found == {
                card for card in Card.objects.all() if Freshness.of(card.checked_on, on) == state
            }


@pytest.mark.django_db
def test_several_states_are_asked_for_at_once():
    for checked_on in (None, date(2024, 1, 1), date(2023, 6, 1), date(2020, 1, 1)):
        ContactPointFactory(association=AssociationFactory(name=""), checked_on=checked_on)

    found = Card.objects.of_freshness(Freshness.NEVER, Freshness.OVERDUE, on=TODAY)

    assert {card.checked_on for card in found} == {None, date(2020, 1, 1)}
    assert Card.objects.of_freshness(*Freshness, on=TODAY).count() == 4


# Checks.


@pytest.fixture
def aicco(db):
    association = AssociationFactory(slug="aicco", name="AICCO")
    AddressFactory(association=association)
    return association


def checks(association):
    return {
        fact.checked_on
        for facts in (association.names, association.addresses, association.contact_points)
        for fact in facts.all()
    }


def save(association):
    association.save()


def save_fact(association):
    address = association.addresses.get()
    address.street_address = "Via Nazionale 244"
    address.save()


def update_fact(association):
    association.addresses.update(street_address="Via Nazionale 244")


def write_cards_anew(association):
    cards.refresh([association.pk])


@pytest.mark.parametrize("act", [save, save_fact, update_fact, write_cards_anew])
def test_nothing_but_a_check_renews_a_check(aicco, act):
    mark_checked(Association.objects.all(), date(2020, 1, 1))

    act(aicco)

    assert checks(aicco) == {date(2020, 1, 1)}
    assert Card.objects.get().checked_on == date(2020, 1, 1)


def test_a_check_is_of_all_current_facts(aicco):
    number = mark_checked(Association.objects.all(), TODAY)

    assert number == 2
    assert checks(aicco) == {TODAY}
    assert Card.objects.get().checked_on == TODAY


def test_a_check_is_of_the_associations_asked_for_alone(aicco):
    other = AssociationFactory()

    mark_checked(Association.objects.filter(slug="aicco"), TODAY)

    assert checks(other) == {None}


@pytest.mark.parametrize("told", [{"valid_to": "2005"}, {"is_past": True}, {"valid_from": "2030"}])
def test_what_does_not_hold_is_not_checked(aicco, told):
    phone = ContactPointFactory(association=aicco, **told)

    mark_checked(Association.objects.all(), TODAY)

    phone.refresh_from_db()
    assert phone.checked_on is None
    assert Card.objects.get().checked_on == TODAY


def test_of_presidents_the_one_in_office_is_checked(aicco):
    OfficeHolderFactory(association=aicco, name="Abbruzzese", attested_on="2002")
    OfficeHolderFactory(association=aicco, name="Pozzi", attested_on="2003")

    mark_checked(Association.objects.all(), TODAY)

    assert OfficeHolder.objects.get(checked_on=TODAY).name == "Pozzi"


def test_the_oldest_check_counts(aicco):
    mark_checked(Association.objects.all(), date(2024, 1, 1))
    ContactPointFactory(association=aicco, checked_on=date(2021, 1, 1))

    assert Card.objects.get().checked_on == date(2021, 1, 1)


def test_one_fact_that_was_never_checked_counts_most(aicco):
    mark_checked(Association.objects.all(), date(2024, 1, 1))
    ContactPointFactory(association=aicco)

    assert Card.objects.get().checked_on is None
    assert Card.objects.get().freshness == Freshness.NEVER


def test_a_fact_that_the_card_does_not_show_does_not_count(aicco):
    mark_checked(Association.objects.all(), date(2024, 1, 1))
    NameFactory(association=aicco, type="other")

    assert Card.objects.get().checked_on == date(2024, 1, 1)


def queries_to_check(number):
    AssociationFactory.create_batch(number)
    with CaptureQueriesContext(connection) as queries:
        assert mark_checked(Association.objects.filter(card__checked_on=None), TODAY) == number
    return len(queries)


@pytest.mark.usefixtures("one_block")
def test_a_check_costs_the_same_for_one_association_and_for_twenty(db):
    assert queries_to_check(1) == queries_to_check(20)
