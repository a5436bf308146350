"""The desk of staff in a real browser: by keyboard, read aloud, on a phone, light and dark."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from associations.changes import one_change
from associations.models import Association
from tests.conftest import sign_in
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
)
from tests.looks import DESKTOP, PHONE, faults, faults_of, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/associations/association/"


@pytest.fixture
def entries(transactional_db):
    with one_change():
        for year, name in (("2001", "First"), ("2002", "Second"), ("2003", "Third")):
            association = NameFactory(
                association__state="public", name=name, attested_on=year
            ).association
            ContactPointFactory(association=association, attested_on=year)
        AddressFactory(association=association, attested_on="2003", postal_code="00184")
        OfficeHolderFactory(association=association, attested_on="2003")
        association.sectors.add(SectorFactory())
        AssociationFactory(name="A draft", state="draft")
        AssociationFactory(name="Withdrawn", state="withdrawn")
        AffiliationFactory(
            association=association,
            parent=AssociationFactory(name="Over", state="draft", kind="confederation"),
            attested_on="2003",
        )
    return association


def addresses(entry):
    return {
        "desk": "/admin/",
        "work list": "/admin/tasks/never/",
        "empty work list": "/admin/tasks/due/",
        "entry at work": f"/admin/tasks/never/{entry.pk}/",
        "list": LIST,
        "results": f"{LIST}?q=third",
        "filtered list": f"{LIST}?state__exact=draft",
        "form": f"{LIST}{entry.pk}/change/",
        "new entry": f"{LIST}add/",
        "delete": f"{LIST}{entry.pk}/delete/",
        "sources": "/admin/associations/source/",
        "source": f"/admin/associations/source/{entry.names.get().source_id}/change/",
        "account": f"/admin/auth/user/{User.objects.get().pk}/change/",
        "password": "/admin/password_change/",
    }


# What is to be filled in and stands out of its line, which hides it.
CUT_OFF = """() => [...document.querySelectorAll(".form-row :is(input, select, textarea)")]
    .filter(box => box.getClientRects().length)
    .filter(box => box.getBoundingClientRect().right
        > box.closest(".form-row").getBoundingClientRect().right)
    .map(box => box.name)"""


def test_no_page_of_staff_breaks_a_rule_or_is_wider_than_a_phone(staff_page, entries):
    pages = addresses(entries)
    forms = {name: pages.pop(name) for name in ("form", "new entry")}

    assert faults_of(staff_page, pages) == {}
    for address in forms.values():  # with boxes that a script makes, and another one calls
        staff_page.goto(address)
        expect(staff_page.get_by_role("searchbox", name="Sectors")).to_be_visible()
        assert faults(staff_page) == []


def test_the_page_that_signs_in_breaks_no_rule(page):
    page.goto("/admin/login/")

    assert faults(page) == []


def test_the_page_that_asks_before_an_action_breaks_no_rule(staff_page, entries):
    staff_page.goto(LIST)
    staff_page.locator("tbody input[type=checkbox]").first.check()
    staff_page.locator("select[name=action]").select_option("confirm")
    staff_page.get_by_role("button", name="Go").click()

    expect(staff_page.get_by_role("heading", level=1)).to_contain_text("Checked, still right")
    assert faults(staff_page) == []


def test_nothing_to_be_filled_in_is_cut_off(staff_page, entries):
    for name, address in addresses(entries).items():
        staff_page.goto(address)
        for width in (PHONE, DESKTOP):
            staff_page.set_viewport_size({"width": width, "height": 700})
            assert staff_page.evaluate(CUT_OFF) == [], (name, width)


def test_the_box_of_a_search_has_room_on_a_phone(staff_page, entries):
    staff_page.set_viewport_size({"width": PHONE, "height": 700})
    staff_page.goto(LIST)

    assert staff_page.locator("#searchbar").bounding_box()["width"] > PHONE / 3


def test_a_fact_that_is_added_is_written_at_once_and_all_its_boxes_have_names(staff_page, entries):
    staff_page.goto(f"{LIST}add/")
    staff_page.locator("#affiliations-group .add-row a").press("Enter")
    staff_page.locator("#names-group .add-row a").press("Enter")

    expect(staff_page.locator("#id_names-0-type")).to_be_focused()
    assert violations(staff_page) == []


def heading(page):
    return page.get_by_role("heading", level=1)


def wait_for(page, name):
    """Until the page of this entry listens to keys."""
    expect(heading(page)).to_have_text(name)
    expect(page.get_by_role("button", name="Keys")).to_be_visible()


def test_a_list_is_worked_through_by_keys_alone(staff_page, entries):
    page = staff_page
    page.goto("/admin/tasks/never/next/")
    wait_for(page, "First")
    page.keyboard.press("h")
    page.keyboard.press("t")  # telephoned
    page.keyboard.press("Tab")

    page.keyboard.press("1")
    expect(page.locator(".messagelist")).to_contain_text("First: 1 fact is checked as of today.")
    wait_for(page, "First")
    page.keyboard.press("a")
    wait_for(page, "Second")
    page.keyboard.press("n")
    expect(heading(page)).to_have_text("Third")

    assert Association.objects.get(card__name="First").contact_points.get().checked_on
    assert not Association.objects.get(card__name="Second").contact_points.get().checked_on


def test_the_box_of_several_values_shows_that_it_has_the_focus(staff_page, entries):
    staff_page.goto(f"{LIST}add/")
    staff_page.get_by_role("searchbox", name="Sectors").focus()

    frame = staff_page.locator(".field-sectors .select2-selection")
    assert frame.evaluate("box => getComputedStyle(box).outlineStyle") == "solid"


def test_a_telephone_shows_no_keys(browser, live_server, admin_user, entries):
    context = browser.new_context(base_url=live_server.url, is_mobile=True, has_touch=True)
    page = context.new_page()
    sign_in(page, live_server, "admin", "password")
    page.goto(f"/admin/tasks/never/{entries.pk}/")

    expect(page.locator("button[value=all]")).to_have_attribute("aria-keyshortcuts", "a")
    expect(page.locator("kbd").first).to_be_hidden()
    expect(page.locator(".shortcuts")).to_be_hidden()
    context.close()


def test_the_last_check_is_taken_back_by_a_key(staff_page, entries):
    page = staff_page
    page.goto(f"/admin/tasks/never/{entries.pk}/")
    page.locator("#how").select_option("website")
    page.keyboard.press("Tab")
    page.keyboard.press("1")
    expect(page.locator(".messagelist")).to_contain_text("1 fact is checked as of today.")

    wait_for(page, "Third")
    page.keyboard.press("u")

    expect(page.locator(".messagelist")).to_contain_text("Taken back")
    assert not entries.names.exclude(checked_on=None).exists()


def test_keys_are_switched_off_for_good(staff_page, entries):
    page = staff_page
    page.goto(f"/admin/tasks/never/{entries.pk}/")
    page.get_by_role("button", name="Keys").click()
    page.reload()
    wait_for(page, "Third")

    page.keyboard.press("n")

    expect(page.get_by_role("button", name="Keys")).to_have_attribute("aria-pressed", "false")
    expect(heading(page)).to_have_text("Third")


def test_without_a_script_the_buttons_do_it(browser, live_server, admin_user, entries):
    context = browser.new_context(
        base_url=live_server.url, locale="en-GB", java_script_enabled=False
    )
    page = context.new_page()
    sign_in(page, live_server, "admin", "password")
    page.goto("/admin/")
    page.locator("a[href='/admin/tasks/never/next/']").click()
    page.locator("#how").select_option("phoned")
    page.get_by_role("button", name="All checked, still right").click()

    expect(heading(page)).to_have_text("Second")
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text("Taken back")
    context.close()


def test_a_draft_is_seen_and_published(staff_page, entries):
    page = staff_page
    page.goto("/admin/tasks/drafts/next/")
    expect(heading(page)).to_have_text("A draft")

    page.get_by_role("button", name="Publish").click()

    expect(page.locator(".messagelist")).to_contain_text("A draft is public now.")
    assert Association.objects.get(card__name="A draft").state == "public"
