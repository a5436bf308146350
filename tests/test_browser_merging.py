"""Two entries are merged in a real browser: by keyboard, on a phone, without scripts."""

import pytest
from playwright.sync_api import expect

from associations.changes import one_change
from associations.models import Association
from tests.conftest import choose, sign_in
from tests.factories import (
    AddressFactory,
    AssociationFactory,
    ContactPointFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
)
from tests.looks import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(transactional_db):
    with one_change():
        kept = AssociationFactory(slug="aicco", name="AICCO", founding_date="1999")
        gone = AssociationFactory(slug="aicco-2", name="AICCO Italia", founding_date="2001")
        for association in (kept, gone):
            ContactPointFactory(association=association, value="800 200111", country="IT")
            AddressFactory(association=association)
            OfficeHolderFactory(association=association)
        gone.sectors.add(SectorFactory())
    return kept, gone


def test_the_pages_can_be_used_by_all(staff_page, pair):
    kept, gone = pair
    pages = {
        "suspected": "/admin/duplicates/",
        "search": f"/admin/merge/{kept.pk}/?q=aicco",
        "merge": f"/admin/merge/{kept.pk}/{gone.pk}/",
    }

    assert faults_of(staff_page, pages) == {}


def test_a_pair_is_merged_by_keyboard_and_taken_apart_again(staff_page, pair):
    page = staff_page
    page.goto("/admin/")
    page.locator("[aria-labelledby=work-duplicates] ol a").focus()
    page.keyboard.press("Enter")
    page.get_by_role("group", name="Founded").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Merge into “AICCO”").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist")).to_contain_text("is merged into “AICCO”")
    assert Association.objects.get().founding_date == "2001"

    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Taken back")
    expect(page.get_by_role("button", name="Merge into “AICCO”")).to_be_visible()


def test_two_entries_are_merged_without_scripts(browser, live_server, admin_user, pair):
    context = browser.new_context(
        base_url=live_server.url, locale="en-GB", java_script_enabled=False
    )
    page = context.new_page()
    sign_in(page, live_server, "admin", "password")
    page.goto(f"/admin/associations/association/{pair[0].pk}/change/")
    page.get_by_role("link", name="Merge with…").click()
    page.get_by_role("searchbox").fill("AICCO Italia")
    page.get_by_role("button", name="Search").click()
    page.locator("#content ol").last.get_by_role("link").click()
    page.get_by_role("button", name="Merge into “AICCO”").click()

    expect(page.locator(".messagelist")).to_contain_text("is merged into “AICCO”")
    context.close()


def test_who_adds_what_is_there_already_is_shown_it_and_may_add_it(staff_page, pair):
    page = staff_page
    source = SourceFactory()
    page.goto("/admin/associations/association/add/")
    page.locator("[name=slug]").fill("new")
    page.locator("#names-group .add-row a").click()
    page.locator("[name=names-0-name]").fill("AICCO")
    page.locator("#names-0 .field-source .select2-selection").click()
    choose(page, page.locator(".select2-dropdown .select2-search__field"), source.title)
    page.locator(".submit-row [name=_save]").click()

    twins = page.get_by_role("region", name="What looks like it")
    expect(twins.get_by_role("link", name="AICCO").first).to_be_visible()
    page.locator(".submit-row [name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Association.objects.filter(slug="new").exists()
