"""Copying contact data in a real browser: with its clipboard, and where it refuses."""

import pytest
from playwright.sync_api import expect

from associations.models import FormerSlug
from tests.factories import AssociationFactory, ContactPointFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AICCO = "/en/associations/aicco/"
NUMBER = "+39 06 4541 7542"


@pytest.fixture(autouse=True)
def aicco(transactional_db):
    FormerSlug.objects.all().delete()
    ContactPointFactory(association=AssociationFactory(slug="aicco"), value="06 4541 7542")


def test_a_number_is_copied_and_said_to_be(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(AICCO)

    page.get_by_role("button", name=f"Copy {NUMBER}").click()

    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == NUMBER


def test_where_the_clipboard_refuses_the_number_is_selected(page):
    page.goto(AICCO)
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")

    page.get_by_role("button", name=f"Copy {NUMBER}").click()

    expect(page.get_by_role("status")).to_have_text("Selected: copy it with the keyboard")
    assert page.evaluate("getSelection().toString()") == NUMBER


def test_without_scripts_there_is_no_button(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(AICCO)

    expect(page.get_by_text(NUMBER).first).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    context.close()


def test_the_code_is_fetched_when_it_is_unfolded(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(AICCO)
    assert not [url for url in asked if url.endswith("qr.svg")]

    with page.expect_response("**/aicco.qr.svg") as answer:
        page.get_by_text("QR code for a telephone").click()

    assert answer.value.ok
    expect(page.get_by_role("img", name="QR code with the contact data")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_contact_page_fits_one_sheet_of_paper(page, language):
    page.goto(AICCO if language == "en" else "/it/associazioni/aicco/")

    pdf = page.pdf(format="A4")

    assert pdf.count(b"/Type /Page\n") == 1
