"""Steps that meet at the same moment, on a real database each with a transaction of its own."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from associations.models import Association, Changeset, Name, OfficeHolder
from tests.at_once import alone, at_once, on_file
from tests.factories import AssociationFactory, OfficeHolderFactory
from tests.reading import filled_in, read
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


def directory():
    association = AssociationFactory(slug="aicco", name="AICCO")
    OfficeHolderFactory(association=association, name="Anna Bianchi", valid_from="2020")
    return association, browser("anna"), browser("berta")


def step(browser, association, key, **values):
    """What sends the form of a step as it is shown now, filled in."""
    address = f"/admin/handover/{association.pk}/{key}/"
    data = filled_in(read(browser.get(address)).one("form", id="step_form"))
    data |= {"new_source-title": "Letter", **values}
    return lambda: browser.post(address, data).status_code


def test_of_two_handovers_one_is_done_and_the_other_shown_it():
    def forms():
        association, anna, berta = directory()
        return [
            step(anna, association, "office", name="Mario Rossi", valid_from="2024-05"),
            step(berta, association, "office", name="Carla Verdi", valid_from="2024-04"),
        ]

    statuses = at_once(*alone(forms))

    assert sorted(statuses) == [200, 302]
    first = "Mario Rossi" if statuses[0] == 302 else "Carla Verdi"
    told = alone(lambda: list(OfficeHolder.objects.holding().values_list("name", flat=True)))
    assert told == [first]
    assert alone(Changeset.objects.filter(way="handover").count) == 1


def test_a_handover_and_a_form_that_change_the_same_fact_lose_nothing():
    def forms():
        association, anna, berta = directory()
        address = change(association)
        data = form_at(berta, address) | {"office_holders-0-valid_to": "2023"}
        return [
            step(anna, association, "office", name="Mario Rossi", valid_from="2024-05"),
            lambda: berta.post(address, data).status_code,
        ]

    statuses = at_once(*alone(forms))

    assert sorted(statuses) == [200, 302]
    end = "2024-04" if statuses[0] == 302 else "2023"
    assert alone(lambda: OfficeHolder.objects.get(name="Anna Bianchi").valid_to) == end


def test_a_handover_and_a_form_that_change_different_facts_keep_both():
    def forms():
        association, anna, berta = directory()
        address = change(association)
        data = form_at(berta, address) | {"description_en": "Of call centres."}
        return [
            step(anna, association, "office", name="Mario Rossi", valid_from="2024-05"),
            lambda: berta.post(address, data).status_code,
        ]

    assert at_once(*alone(forms)) == [302, 302]

    assert alone(Association.objects.get).description_en == "Of call centres."
    assert alone(OfficeHolder.objects.filter(name="Mario Rossi").exists)


def test_of_two_new_names_one_is_the_official_one():
    def forms():
        association, anna, berta = directory()
        told = {"valid_from": "2024", "address": "new"}
        return [
            step(anna, association, "name", name="AICCO Italia", **told),
            step(berta, association, "name", name="AICCO Europa", **told),
        ]

    assert sorted(at_once(*alone(forms))) == [200, 302]

    official = alone(lambda: Name.objects.filter(type="official").count())
    assert official == 1
