"""Two who save at the same moment, on a real database each with a transaction of its own."""

import threading
import time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from associations import cards, columns, history
from associations.changes import one_change
from associations.checking import mark_checked
from associations.models import (
    Address,
    Association,
    Card,
    Changeset,
    ContactPoint,
    DataVersion,
    FacetValue,
)
from tests.at_once import alone, at_once, on_file
from tests.factories import AddressFactory, AssociationFactory, ContactPointFactory
from tests.test_staff_desk import change, form_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def real_database(tmp_path):
    take_back = on_file(tmp_path / "directory.sqlite3")
    yield
    take_back()


def browser(name):
    client = Client(headers={"accept-language": "en"})
    user, _ = get_user_model().objects.get_or_create(
        username=name, is_staff=True, is_superuser=True
    )
    client.force_login(user)
    return client


def two_forms():
    """Two browsers, each with the form of the same entry open."""
    association = AssociationFactory(slug="aicco", name="AICCO", founding_date="2001")
    ContactPointFactory(association=association, value="800 200111", label="office")
    both = browser("anna"), browser("berta")
    address = change(association)
    return address, [(each, form_at(each, address)) for each in both]


def posts(address, browser, data, **values):
    return lambda: browser.post(address, data | values).status_code


def test_two_forms_that_change_different_values_keep_both():
    address, [(anna, his), (berta, hers)] = alone(two_forms)

    statuses = at_once(
        posts(address, anna, his, founding_date="1999"),
        posts(address, berta, hers, description_en="Of call centres."),
    )

    assert statuses == [302, 302]
    kept = alone(Association.objects.get)
    assert (kept.founding_date, kept.description_en) == ("1999", "Of call centres.")


def test_two_forms_that_change_the_same_value_ask_the_one_who_is_second():
    address, [(anna, his), (berta, hers)] = alone(two_forms)

    statuses = at_once(
        posts(address, anna, his, founding_date="1999"),
        posts(address, berta, hers, founding_date="2000"),
    )

    assert sorted(statuses) == [200, 302]
    expected = "1999" if statuses[0] == 302 else "2000"
    assert alone(Association.objects.get).founding_date == expected


def test_two_forms_that_change_the_same_fact_keep_both_columns():
    address, [(anna, his), (berta, hers)] = alone(two_forms)

    statuses = at_once(
        posts(address, anna, his, **{"contact_points-0-value": "800 200112"}),
        posts(address, berta, hers, **{"contact_points-0-label": "press"}),
    )

    assert statuses == [302, 302]
    kept = alone(ContactPoint.objects.get)
    assert (kept.value, kept.label) == ("800 200112", "press")


def test_a_form_and_a_check_keep_both():
    address, [(anna, his), _] = alone(two_forms)

    at_once(
        posts(address, anna, his, **{"contact_points-0-label": "press"}),
        lambda: mark_checked(Association.objects.all(), timezone.localdate()),
    )

    kept = alone(ContactPoint.objects.get)
    assert kept.label == "press"
    assert kept.checked_on


def test_of_many_changes_at_once_none_is_lost_and_each_has_a_number_of_its_own():
    key = alone(lambda: AssociationFactory(slug="aicco", description_en="").pk)

    def add_a_letter():
        with one_change():
            entry = Association.objects.get(pk=key)
            Association.objects.filter(pk=key).update(description_en=entry.description_en + "x")

    at_once(*[add_a_letter] * 6)

    assert alone(Association.objects.get).description_en == "xxxxxx"
    numbers = alone(lambda: list(Changeset.objects.values_list("number", flat=True)))
    assert len(set(numbers)) == len(numbers)
    assert alone(DataVersion.objects.current) == max(numbers)


def test_of_two_who_take_the_same_back_one_does():
    def edited():
        association = AssociationFactory(slug="aicco", founding_date="2001")
        with one_change() as act:
            Association.objects.filter(pk=association.pk).update(founding_date="1999")
        return act.changeset

    act = alone(edited)

    def undo():
        try:
            return bool(history.undo(act))
        except history.CannotUndo:
            return False

    assert sorted(at_once(undo, undo)) == [False, True]
    assert alone(Association.objects.get).founding_date == "2001"


# The calendar, which waits for its turn like everybody else.


@pytest.fixture
def calendar(set_today, monkeypatch):
    """`calendar(module, step, meanwhile)`: a day comes that makes cards wrong; `meanwhile()` is
    done between this step of writing them anew and the next.
    """
    set_today("2024-06-30")

    def passes(module, name, meanwhile):
        step, reached = getattr(module, name), threading.Event()

        def step_and_wait(*args):
            result = step(*args)
            if not reached.is_set():
                reached.set()
                time.sleep(0.1)
            return result

        def when_reached():
            assert reached.wait(timeout=10)
            meanwhile()

        monkeypatch.setattr(module, name, step_and_wait)
        set_today("2024-07-01")
        at_once(cards.catch_up, when_reached)
        assert alone(lambda: list(cards.differences())) == []

    return passes


def test_the_calendar_does_not_overwrite_what_is_said_meanwhile(calendar):
    alone(lambda: AddressFactory(locality="Roma", valid_from="2024-07"))

    calendar(cards, "_derived", lambda: Address.objects.update(locality="Torino"))

    assert alone(Card.objects.get).locality == "Torino"


def test_a_value_that_the_calendar_gives_to_another_entry_meanwhile_stays(calendar, monkeypatch):
    def arrange():
        AddressFactory(locality="Roma", valid_from="2024-07")
        AddressFactory(locality="Roma")
        return Changeset.objects.first()

    monkeypatch.setattr(columns, "BLOCK", 1)
    monkeypatch.setattr(columns, "_kept", {})
    act = alone(arrange)

    calendar(columns, "_numbers", lambda: history.undo(act))

    assert alone(FacetValue.objects.filter(value="Roma").exists)
