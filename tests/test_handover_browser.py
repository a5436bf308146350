"""Steps in a real browser: with scripts and without, by keyboard, on narrow screens, read aloud."""

import pytest
from playwright.sync_api import expect

from associations.models import OfficeHolder, Succession
from tests.conftest import choose, sign_in
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    OfficeHolderFactory,
    SourceFactory,
)
from tests.looks import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STEPS = ["office", "address", "contact", "name", "confederation", "end"]


@pytest.fixture
def aicco(transactional_db):
    association = AssociationFactory(slug="aicco", name="AICCO")
    OfficeHolderFactory(association=association, name="Anna Bianchi", valid_from="2020")
    AddressFactory(association=association)
    ContactPointFactory(association=association)
    AffiliationFactory(association=association)
    return association


def address_of(step, association):
    return f"/admin/handover/{association.pk}/{step}/"


def test_no_step_breaks_a_rule_of_accessibility_or_is_wider_than_a_phone(staff_page, aicco):
    page = staff_page
    for step in STEPS:
        page.goto(address_of(step, aicco))
        page.locator("[name=valid_from]").fill("2024-13")
        page.locator("#step_form button").click()
        expect(page.locator(".errornote")).to_be_visible()
        expect(page.get_by_role("combobox", name="Source")).to_be_visible()
        assert faults(page) == [], step


def test_what_others_did_meanwhile_breaks_no_rule_either(staff_page, aicco):
    page = staff_page
    page.goto(address_of("office", aicco))
    OfficeHolder.objects.update(valid_from="2021")
    page.locator("[name=name]").fill("Mario Rossi")
    page.locator("#step_form button").click()

    expect(page.locator(".conflict")).to_contain_text("valid from: 2021")
    expect(page.get_by_role("combobox", name="Source")).to_be_visible()
    assert faults(page) == []


def test_a_president_is_followed_by_another_one_with_the_keyboard_alone(staff_page, aicco):
    SourceFactory(title="Yearbook")
    page = staff_page
    page.goto(f"/admin/associations/association/{aicco.pk}/change/")
    page.get_by_role("link", name="New president").focus()
    page.keyboard.press("Enter")
    page.locator("[name=name]").focus()
    page.keyboard.type("Mario Rossi")
    page.keyboard.press("Tab")
    page.keyboard.type("2024-05")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("yearb")
    expect(page.locator(".select2-results__option--highlighted")).to_contain_text("Yearbook")
    page.keyboard.press("Enter")
    page.locator("[name=reason]").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist .success")).to_contain_text("New: President: Mario Rossi")
    assert OfficeHolder.objects.get(name="Anna Bianchi").valid_to == "2024-04"


def test_an_end_with_a_successor_that_is_looked_up(staff_page, aicco):
    AssociationFactory(slug="assocontact", name="Assocontact")
    page = staff_page
    page.goto(address_of("end", aicco))
    page.locator("[name=kind]").select_option("absorbed")
    choose(page, page.locator(".select2-search--inline .select2-search__field"), "Assocontact")
    page.locator("[name=valid_from]").fill("2024")
    page.locator("[name=new_source-title]").fill("Letter")
    page.locator("#step_form button").last.click()

    expect(page.locator(".messagelist .success")).to_contain_text("absorbed")
    assert Succession.objects.get().successor.slug == "assocontact"


def test_without_scripts_a_president_is_followed_by_another_one(
    plain_page, live_server, admin_user, aicco
):
    page = plain_page
    sign_in(page, live_server, "admin", "password")
    page.goto(address_of("office", aicco))
    page.locator("[name=name]").fill("Mario Rossi")
    page.locator("[name=valid_from]").fill("2024-05")
    page.locator("[name=new_source-title]").fill("Letter")
    page.locator("#step_form button").click()

    expect(page.locator(".messagelist .success")).to_contain_text("New: President: Mario Rossi")
    assert OfficeHolder.objects.get(name="Mario Rossi").source.title == "Letter"
