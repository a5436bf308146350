"""The way of a visitor in a real browser: with scripts and without, seen and read aloud."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from associations.changes import one_change
from associations.models import Association, Citation, FormerSlug
from tests.conftest import choose
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
    SuccessionFactory,
)
from tests.looks import faults, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def directory(transactional_db):
    """Some thirty entries; of one all is known that a page can show."""
    # On SQLite the tables are emptied between two tests row by row: entries leave their addresses.
    FormerSlug.objects.all().delete()
    with one_change():
        return make_directory()


def make_directory():
    confederation = AssociationFactory(name="Confindustria", kind="confederation")
    association = AssociationFactory(
        slug="an-italian-body",
        name="Associazione italiana",
        description_en="A body of call centres.",
        founding_date="2002",
    )
    NameFactory(association=association, type="acronym", name="AICCO", attested_on="2002-03-01")
    NameFactory(association=association, type="former", name="A former name", language="it")
    AddressFactory(association=association, region="Lazio", attested_on="2002-03-01")
    ContactPointFactory(association=association, value="800200111", attested_on="2002-03-01")
    ContactPointFactory(association=association, value="0645417542", valid_to="2001")
    ContactPointFactory(association=association, type="email", value="info@example.org")
    ContactPointFactory(
        association=association,
        type="website",
        value="https://www.example.org/a-rather-long-address/that-no-narrow-screen-has-room-for",
    )
    OfficeHolderFactory(association=association, name="Leonardo Abbruzzese", attested_on="2002")
    OfficeHolderFactory(association=association, name="An earlier president", valid_to="2001")
    AffiliationFactory(association=association, parent=confederation, status="announced")
    AffiliationFactory(parent=association)
    SuccessionFactory(association=association)
    association.sectors.add(SectorFactory(name_en="Call centres"))
    Citation.objects.create(association=association, about="description", source=SourceFactory())
    for number in range(28):
        other = AssociationFactory(slug=f"verband-{number:02}", name=f"Verband Nummer {number:02}")
        AddressFactory(
            association=other, country="DE", locality=f"Stadt {number}", street_address=""
        )
    return association


def results(page):
    return page.locator("#results .association-row .p-name")


def open_filters(page):
    if not page.locator("#country-IT").is_visible():
        page.locator("#filters > summary").click()


# The main path.


def test_a_visitor_searches_opens_an_entry_and_reads_it_in_italian(page, directory):
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.evaluate("window.isTheSamePage = true")

    page.get_by_role("combobox", name="Search the directory").fill("aicco")
    page.keyboard.press("Enter")

    expect(results(page)).to_have_text(["Associazione italiana"])
    expect(page).to_have_url(re.compile(r"/en/\?q=aicco$"))
    assert page.evaluate("window.isTheSamePage")
    expect(page).to_have_title(re.compile("aicco"))

    results(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Associazione italiana")
    number = page.get_by_role("link", name="800 200 111")
    expect(number).to_have_attribute("href", "tel:800200111")

    page.get_by_role("link", name="Italiano").click()
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Associazione italiana")
    with translation.override("it"):
        address = reverse("associations:detail", args=["an-italian-body"])
    expect(page).to_have_url(re.compile(f"{address}$"))


def test_a_ticked_filter_changes_the_results_and_the_address_and_back_undoes_it(page, directory):
    page.goto("/en/")
    page.evaluate("window.isTheSamePage = true")
    first = results(page).first.text_content()  # waits for it
    open_filters(page)

    page.locator("#country-IT").check()

    expect(results(page)).to_have_text(["Associazione italiana"])
    expect(page.locator("#country-IT")).to_be_checked()
    expect(page.locator("#country-IT")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/en/\?country=IT$"))
    assert page.evaluate("window.isTheSamePage")

    page.go_back()

    expect(results(page)).to_have_count(25)
    expect(results(page).first).to_have_text(first)
    expect(page.locator("#country-IT")).not_to_be_checked()
    expect(page).to_have_url(re.compile("/en/$"))

    page.go_forward()
    expect(results(page)).to_have_text(["Associazione italiana"])


def test_a_filter_in_force_is_taken_away_by_its_link(page, directory):
    page.goto("/en/?country=IT&q=italiana")

    page.locator(".applied a", has_text="Italy").click()

    expect(page.locator(".applied")).not_to_contain_text("Italy")
    expect(page).to_have_url(re.compile(r"/en/\?q=italiana$"))
    expect(page.get_by_role("combobox", name="Search the directory")).to_have_value("italiana")


def test_an_order_is_chosen(page, directory):
    page.goto("/en/")

    page.locator("#sort").click(trial=True)  # nothing lies over it
    page.locator("#sort").select_option("-name")

    expect(results(page).first).to_have_text("Verband Nummer 27")
    expect(page).to_have_url(re.compile(r"/en/\?sort=-name$"))


def test_the_language_is_changed_for_the_results_shown(page, directory):
    page.goto("/en/")
    page.get_by_role("combobox", name="Search the directory").fill("aicco")
    page.keyboard.press("Enter")
    expect(results(page)).to_have_count(1)

    page.get_by_role("link", name="Italiano").click()

    expect(page).to_have_url(re.compile(r"/it/\?q=aicco$"))
    expect(results(page)).to_have_text(["Associazione italiana"])


def test_the_number_of_results_is_announced(page, directory):
    page.goto("/en/")
    status = page.locator("#listing-status")

    page.get_by_role("combobox", name="Search the directory").fill("aicco")
    page.keyboard.press("Enter")

    expect(status).to_contain_text("1")


def test_it_is_used_with_the_keyboard_alone(page, directory):
    page.goto("/en/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    expect(page).to_have_url(re.compile("#content$"))
    page.keyboard.press("Tab")
    page.keyboard.type("aicco")
    page.keyboard.press("Enter")

    expect(results(page)).to_have_count(1)


# Suggestions while typing.


def search_box(page):
    return page.get_by_role("combobox", name="Search the directory")


def suggestions(page):
    return page.get_by_role("listbox").get_by_role("option")


def chosen(page):
    """The text of the suggestion that a screen reader reads; None where it reads the box."""
    key = search_box(page).get_attribute("aria-activedescendant")
    return (
        page.locator(f"#{key}[aria-selected=true] .suggestion-name").text_content() if key else None
    )


def type_and_wait(page, text="verband", number=8):
    search_box(page).press_sequentially(text)
    expect(suggestions(page)).to_have_count(number)
    expect(search_box(page)).to_have_attribute("aria-expanded", "true")


def test_what_is_typed_is_suggested_and_counted_aloud(page, directory):
    page.goto("/en/")
    expect(search_box(page)).to_have_attribute("aria-expanded", "false")

    type_and_wait(page, "aicc", 1)

    expect(suggestions(page)).to_have_text(
        [re.compile("Associazione italiana.*AICCO.*Roma, Italy")]
    )
    expect(page.locator("#q-status")).to_have_text("1 suggestion")
    search_box(page).press_sequentially("zzzz")
    expect(page.locator("#q-status")).to_have_text("No suggestions")
    expect(search_box(page)).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_a_suggestion_is_chosen_with_the_keyboard(page, directory):
    page.goto("/it/")
    box = page.locator("#q")
    box.press_sequentially("verband")
    expect(suggestions(page)).to_have_count(8)

    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(page.locator("#q-suggestions > [aria-selected=true]")).to_have_count(1)
    expect(page.locator("#q")).to_be_focused()
    box.press("Enter")

    expect(page).to_have_url(re.compile("/it/associazioni/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Verband Nummer 01")


def test_a_late_answer_leaves_what_is_chosen_already(page, directory):
    page.goto("/en/")
    type_and_wait(page, "verban")
    late = []
    page.route("**/suggest/?*q=verband", lambda route: late.append(route))
    with page.expect_request("**/suggest/?*q=verband"):
        search_box(page).press("d")
    assert chosen(page) is None
    search_box(page).press("ArrowDown")
    search_box(page).press("ArrowDown")

    with page.expect_response("**/suggest/?*q=verband"):
        late.pop().continue_()
    expect(page.locator("#q-status")).to_have_text("8 suggestions")

    assert chosen(page) == "Verband Nummer 01"


def test_the_keys_of_the_list_do_what_screen_readers_expect(page, directory):
    page.goto("/en/")
    type_and_wait(page)
    box = search_box(page)
    assert chosen(page) is None

    for key, expected in [
        ("ArrowDown", "Verband Nummer 00"),
        ("ArrowUp", "Verband Nummer 07"),
        ("ArrowDown", "Verband Nummer 00"),
        ("Home", None),
        ("ArrowUp", "Verband Nummer 07"),
        ("End", None),
    ]:
        box.press(key)
        assert chosen(page) == expected, key
    assert box.evaluate("box => box.selectionStart") == len("verband")

    box.press("Escape")
    expect(suggestions(page)).to_have_count(0)
    expect(box).to_have_value("verband")
    box.press("ArrowDown")
    assert chosen(page) == "Verband Nummer 00"
    box.press("Alt+ArrowUp")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Alt+ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert chosen(page) is None
    box.press("Tab")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_focused()


def test_a_suggestion_is_chosen_with_the_mouse(page, directory):
    page.goto("/en/")
    type_and_wait(page)

    suggestions(page).nth(2).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Verband Nummer 02")


def test_a_suggestion_is_chosen_by_touch(browser, live_server, directory):
    context = browser.new_context(base_url=live_server.url, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto("/en/")
    type_and_wait(page)

    suggestions(page).nth(1).tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("Verband Nummer 01")
    context.close()


def test_without_a_choice_enter_searches(page, directory):
    page.goto("/en/")
    type_and_wait(page)

    page.keyboard.press("Enter")

    expect(page.locator("#results-title")).to_contain_text("28 associations")
    expect(page).to_have_url(re.compile(r"/en/\?q=verband$"))
    expect(suggestions(page)).to_have_count(0)


def test_results_that_were_exchanged_come_with_a_box_that_suggests(page, directory):
    page.goto("/en/")
    type_and_wait(page, "aicco", 1)
    page.keyboard.press("Enter")
    expect(results(page)).to_have_count(1)

    search_box(page).fill("")
    type_and_wait(page)
    page.keyboard.press("ArrowDown")

    assert chosen(page) == "Verband Nummer 00"


def test_only_the_last_of_what_was_typed_is_asked_for(page, directory):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/en/")

    type_and_wait(page, "aicco", 1)

    asked = [url for url in asked if "/suggest/" in url]
    assert asked[-1].endswith("/api/v1/suggest/?lang=en&q=aicco")
    assert len(asked) < len("aicco")


def test_an_open_list_breaks_no_rule_of_accessibility(page, directory):
    page.goto("/en/")
    type_and_wait(page)
    page.keyboard.press("ArrowDown")
    assert faults(page) == []


def test_the_page_that_was_not_found_suggests_too(page, directory):
    page.goto(PAGES["not found"])
    type_and_wait(page, "aicco", 1)


# Ticked to be compared.


def ticks(page):
    return page.locator("#results .tick input")


def compared(page):
    return page.locator(".comparison thead th a")


def test_entries_are_ticked_counted_and_compared_with_the_keyboard_alone(page, directory):
    page.goto("/en/?country=DE")
    ticks(page).nth(0).focus()

    for number in range(1, 5):
        page.keyboard.press("Space")
        expect(page.get_by_role("status").filter(has_text="ticked")).to_have_text(
            f"{number} of 4 ticked"
        )
        page.keyboard.press("Tab")  # a row of these has no other link than its name
        page.keyboard.press("Tab")

    expect(ticks(page).nth(4)).to_be_disabled()
    expect(ticks(page).nth(0)).to_be_enabled()
    ticks(page).nth(3).focus()
    page.keyboard.press("Space")
    expect(ticks(page).nth(4)).to_be_enabled()
    page.get_by_role("button", name="Compare the ticked ones").focus()
    page.keyboard.press("Enter")

    expect(compared(page)).to_have_text([f"Verband Nummer 0{number}" for number in range(3)])
    expect(page).to_have_url(re.compile(r"/en/compare/\?a=verband-00&a=verband-01&a=verband-02$"))


def test_the_way_to_the_comparison_is_in_sight_of_who_ticks(page, directory):
    page.goto("/en/")
    button = page.get_by_role("button", name="Compare the ticked ones")
    expect(button).not_to_be_in_viewport()

    ticks(page).nth(0).check()

    expect(button).to_be_in_viewport()


def test_results_that_were_exchanged_are_ticked_and_compared_too(page, directory):
    page.goto("/en/")
    open_filters(page)
    page.locator("#country-DE").check()
    expect(results(page).first).to_have_text("Verband Nummer 00")
    expect(page).to_have_url(re.compile("country=DE$"))

    ticks(page).nth(0).check()
    ticks(page).nth(2).check()

    expect(page.locator(".ticked-count")).to_have_text("2 of 4 ticked")
    page.get_by_role("button", name="Compare the ticked ones").click()
    expect(compared(page)).to_have_text(["Verband Nummer 00", "Verband Nummer 02"])


def test_a_suggestion_is_added_to_the_comparison(page, directory):
    page.goto("/en/compare/?a=an-italian-body")
    type_and_wait(page)

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(compared(page)).to_have_text(["Associazione italiana", "Verband Nummer 00"])


def test_on_a_narrow_screen_the_comparison_is_moved_sideways_under_its_labels(page, directory):
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto("/en/compare/?a=an-italian-body&a=verband-00&a=verband-01")
    label = page.locator(".comparison tbody th").first
    before = label.bounding_box()["x"]

    page.locator(".sideways").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")

    expect(compared(page).nth(2)).to_be_in_viewport()
    assert label.bounding_box()["x"] == before
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


# Without scripts.


def test_without_scripts_entries_are_ticked_and_compared(plain_page, directory):
    page = plain_page
    page.goto("/en/?country=DE&page=2")

    ticks(page).nth(0).check()
    ticks(page).nth(1).check()
    page.get_by_role("button", name="Compare the ticked ones").click()

    expect(compared(page)).to_have_text(["Verband Nummer 25", "Verband Nummer 26"])
    page.get_by_role("searchbox").fill("aicco")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".addable a").click()
    expect(compared(page)).to_have_count(3)


def test_without_scripts_all_the_same_is_found(plain_page, directory):
    page = plain_page
    page.goto("/")

    page.get_by_role("searchbox").fill("aicco")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url(re.compile(r"/en/\?q=aicco&sort=$"))
    expect(results(page)).to_have_text(["Associazione italiana"])

    results(page).click()
    number = page.get_by_role("link", name="800 200 111")
    expect(number).to_have_attribute("href", "tel:800200111")
    page.get_by_role("link", name="Italiano").click()
    expect(page.locator("html")).to_have_attribute("lang", "it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Associazione italiana")


def test_without_scripts_filters_work_with_their_button(plain_page, directory):
    page = plain_page
    page.goto("/en/")
    open_filters(page)

    page.locator("#country-IT").check()
    page.locator("button.show-results").click()

    expect(page).to_have_url(re.compile("country=IT"))
    expect(results(page)).to_have_text(["Associazione italiana"])
    expect(page.locator("#country-IT")).to_be_checked()

    page.go_back()
    expect(results(page)).to_have_count(25)


def test_without_scripts_there_are_further_pages(plain_page, directory):
    page = plain_page
    page.goto("/en/?country=DE")

    page.locator("a[rel=next]").click()

    expect(page).to_have_url(re.compile("country=DE"))
    expect(results(page)).to_have_count(3)


# Seen and read aloud.

PAGES = {
    "directory": "/en/",
    "results": "/en/?q=italiana&country=IT",
    "second page": "/en/?page=2&country=DE",
    "empty result": "/en/?q=nothing-like-it&kind=club",
    "error": "/en/?contry=IT",
    "no such page": "/en/?page=99",
    "contact page": "/en/associations/an-italian-body/",
    "not found": "/en/associations/nothing-like-it/",
    "overview": "/en/overview/",
    "quality": "/en/quality/",
    "about the data": "/en/about-the-data/",
    "comparison": "/en/compare/?a=an-italian-body&a=verband-00",
    "one to compare": "/en/compare/?a=an-italian-body&q=verband",
    "error in a comparison": "/en/compare/?a=nobody",
    "correction": "/en/associations/an-italian-body/correction/?about=contact",
    "suggestion": "/en/suggest/",
}


def test_no_page_breaks_a_rule_of_accessibility_or_is_wider_than_a_phone(page, directory):
    assert faults_of(page, PAGES) == {}


def test_the_closed_and_the_gone_break_no_rule_either(page, directory):
    Association.objects.filter(pk=directory.pk).update(state="closed", dissolution_date="2004")
    closed = {"contact page": PAGES["contact page"], "results": "/en/?state=closed"}
    assert faults_of(page, closed) == {}
    Association.objects.filter(pk=directory.pk).update(
        state="withdrawn", withdrawal_reason="At its request."
    )
    assert faults_of(page, {"gone": PAGES["contact page"]}) == {}


# The desk of staff.


def test_staff_add_a_fact_under_the_same_policy(staff_page, directory):
    page = staff_page
    page.goto(f"/admin/associations/association/{directory.pk}/change/")

    row = "office_holders-2"
    page.locator("#office_holders-group .add-row a").click()
    page.locator(f"[name={row}-name]").fill("A new president")
    page.locator(f"#{row} .field-source .select2-selection").click()
    choose(page, page.locator(".select2-dropdown .select2-search__field"), "Yearbook")
    page.locator("[name=_save]").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert directory.office_holders.filter(name="A new president").exists()
