"""A file through the desk in a browser: by keyboard, without a script, on a telephone."""

import pytest
from playwright.sync_api import expect

from associations.importing import jobs
from associations.models import Association, ImportJob
from tests.conftest import sign_in
from tests.factories import AssociationFactory, ContactPointFactory
from tests.looks import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "Denominazione;Telefono;E-mail\n"
    "Club degli operatori;06 4541 7542;info@example.org\n"
    "Unione dei centri;800 200 111;\n"
    "Federazione;;si veda il sito\n"
)
# What the directory does not know.
UNKNOWN = "Consorzio;+39 1;\n"


@pytest.fixture
def aicco(transactional_db):
    association = AssociationFactory(slug="aicco", name="AICCO")
    ContactPointFactory(association=association, value="800200111")
    return association


def upload(page, text=TEXT):
    page.goto("/admin/associations/importjob/add/")
    page.locator("input[type=file]").set_input_files(
        {"name": "register.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.locator("input.default").click()
    expect(page.locator(".import-columns")).to_be_visible()


def preview(page, text=TEXT):
    upload(page, text)
    page.locator("#id_country").select_option("IT")
    page.locator("input.default").click()
    expect(page.locator(".import-rows")).to_be_visible()


def test_the_pages_of_an_import_break_no_rule_of_accessibility(staff_page, aicco):
    staff_page.goto("/admin/associations/importjob/add/")
    assert faults(staff_page) == []
    upload(staff_page)
    assert faults(staff_page) == []
    preview(staff_page, TEXT + UNKNOWN)
    assert faults(staff_page) == []
    staff_page.get_by_role("button", name="Write what is ticked").click()
    expect(staff_page.locator(".import-counts")).to_be_visible()
    assert faults(staff_page) == []


def test_a_doubtful_row_is_decided_and_written_by_keyboard(staff_page, aicco):
    preview(staff_page)
    staff_page.get_by_role("radio", name="AICCO").focus()
    staff_page.keyboard.press("Space")
    staff_page.get_by_role("button", name="Only keep my choices").focus()
    staff_page.keyboard.press("Enter")
    expect(staff_page.locator(".messagelist")).to_contain_text("Kept.")

    staff_page.get_by_role("button", name="Write what is ticked").focus()
    staff_page.keyboard.press("Enter")

    expect(staff_page.locator(".import-counts")).to_be_visible()
    assert aicco.names.filter(name="Unione dei centri").exists()
    assert Association.objects.count() == 2


def test_a_long_file_shows_its_preview_by_itself_when_it_is_read(staff_page, aicco, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda job: None)
    upload(staff_page)
    staff_page.locator("input.default").click()
    expect(staff_page.locator("#progress progress")).to_be_visible()

    monkeypatch.undo()
    jobs.start(ImportJob.objects.get())

    expect(staff_page.locator(".import-rows")).to_be_visible()


def test_an_import_needs_no_script(browser, live_server, admin_user, aicco):
    context = browser.new_context(
        base_url=live_server.url, locale="en-GB", java_script_enabled=False
    )
    page = context.new_page()
    sign_in(page, live_server, "admin", "password")

    preview(page)
    page.get_by_role("button", name="Write what is ticked").click()

    expect(page.locator(".import-counts")).to_be_visible()
    context.close()
