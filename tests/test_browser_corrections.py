"""A message from outside in a real browser: sent, answered, published, seen by who sent it."""

import re

import pytest
from playwright.sync_api import expect

from associations.changes import one_change
from associations.corrections import links, protection
from associations.models import Correction, FormerSlug
from tests.conftest import choose, sign_in
from tests.factories import (
    AddressFactory,
    AssociationFactory,
    ContactPointFactory,
    OfficeHolderFactory,
)
from tests.looks import faults, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def aicco(transactional_db, monkeypatch):
    FormerSlug.objects.all().delete()
    monkeypatch.setattr(protection, "SHORTEST", 0)  # a script is quicker than a person
    with one_change():
        association = AssociationFactory(slug="aicco", name="AICCO")
        ContactPointFactory(association=association, value="0645417542")
        ContactPointFactory(association=association, type="email", value="info@example.org")
        AddressFactory(association=association)
        OfficeHolderFactory(association=association, name="Leonardo Abbruzzese")
    return association


@pytest.fixture
def staff(browser, live_server, admin_user):
    """The page of somebody of staff, in a browser of their own."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(10_000)  # milliseconds
    sign_in(page, live_server, "admin", "password")
    yield page
    context.close()


def own_address(aicco, live_server, rf):
    link = links.make_link(aicco, None)
    path = links.address_of(link, "en", rf.get("/")).removeprefix("http://testserver")
    return f"{live_server.url}{path}"


def test_what_a_visitor_corrects_is_accepted_published_and_in_the_history(plain_page, staff, aicco):
    visitor = plain_page
    visitor.goto("/en/associations/aicco/")
    visitor.locator("section", has=visitor.locator("#contact")).get_by_role(
        "link", name="Report a mistake"
    ).click()
    visitor.get_by_label("Telephone").fill("800 200 111")
    visitor.get_by_label("How do you know?").fill("I rang them.")
    visitor.get_by_role("button", name="Send the correction").click()
    expect(visitor.get_by_text("Received: thank you.")).to_be_visible()
    number = Correction.objects.get().number
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(number)

    staff.goto("/admin/")
    staff.get_by_role("link", name=number).click()
    staff.get_by_label("accepted", exact=True).check()
    staff.get_by_label("What the sender is told").fill("Thank you: it is right.")
    staff.get_by_role("button", name="Answer").click()
    expect(staff.get_by_text(f"{number} is answered: accepted.")).to_be_visible()

    visitor.reload()
    expect(visitor.get_by_text("Thank you: it is right.")).to_be_visible()
    visitor.get_by_role("link", name="AICCO").click()
    expect(visitor.get_by_role("link", name="800 200 111")).to_be_visible()
    expect(visitor.get_by_text(f"Correction {number}")).to_be_visible()
    visitor.goto("/en/associations/aicco/changes/")
    expect(visitor.locator("main")).to_contain_text("800 200 111")
    expect(visitor.locator("main")).to_contain_text("correction by a visitor")


def test_the_pages_of_a_message_break_no_rule(page, aicco, live_server, rf):
    page.goto("/en/associations/aicco/correction/")
    page.get_by_role("button", name="Send the correction").click()
    expect(page.get_by_text("It has not been sent yet.")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("In your words").fill("Wrong.")
    page.get_by_role("button", name="Send the correction").click()
    expect(page.get_by_text("Received: thank you.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Italiano").click()
    expect(page).to_have_url(re.compile("/it/segnalazioni/"))
    Correction.objects.update(answer="refused", answered_on="2026-11-27", reply_days=1)
    page.reload()
    assert faults(page) == []


def test_an_association_answers_with_the_keyboard_alone(page, aicco, live_server, rf):
    page.goto(own_address(aicco, live_server, rf))
    assert faults(page) == []
    page.reload()

    page.locator("summary", has_text="It no longer exists").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("2024")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Received: thank you.")).to_be_visible()
    assert Correction.objects.get().closed_on == "2024"
    page.go_back()
    expect(page.get_by_text("You answered")).to_be_visible()
    assert faults(page) == []


def test_without_scripts_an_association_says_that_all_is_right(plain_page, aicco, live_server, rf):
    page = plain_page
    page.goto(own_address(aicco, live_server, rf))

    page.get_by_role("button", name="All of this is right").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.goto("/en/associations/aicco/")
    expect(page.locator("dl.contact").get_by_text("checked on").first).to_be_visible()


def test_the_pages_of_staff_break_no_rule(staff, page, aicco):
    page.goto("/en/associations/aicco/correction/")
    page.get_by_label("Telephone").fill("800 200 111")
    page.locator("[name^=email-]").fill("")
    page.get_by_role("button", name="Send the correction").click()
    expect(page.get_by_text("Received: thank you.")).to_be_visible()
    correction = Correction.objects.get()

    pages = {
        "desk": "/admin/",
        "correction": f"/admin/associations/correction/{correction.pk}/change/",
        "own link": f"/admin/associations/entrylink/add/?association={aicco.pk}",
    }
    assert faults_of(staff, pages) == {}


def test_staff_choose_a_confederation_under_the_same_policy(staff, aicco):
    AssociationFactory(name="Confindustria", kind="confederation")
    correction = Correction.objects.create(
        association=aicco, matter="missing", language="en", message="They are in Confindustria."
    )
    trouble = []
    staff.on("console", lambda message: trouble.append(message.text))
    staff.goto(f"/admin/associations/correction/{correction.pk}/change/")

    staff.get_by_label("The message tells more: decide on").select_option("member-new")
    staff.get_by_role("button", name="Add to this page").click()
    staff.get_by_label("accepted", exact=True).check()
    staff.locator(".select2-selection").click()
    choose(staff, staff.locator(".select2-dropdown .select2-search__field"), "Confindustria")
    staff.get_by_role("button", name="Answer").click()

    expect(staff.get_by_text(f"{correction.number} is answered: accepted.")).to_be_visible()
    assert aicco.affiliations.get().parent.card.name == "Confindustria"
    assert not trouble
