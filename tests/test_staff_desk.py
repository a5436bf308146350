"""The desk of staff: what they may do, what they are told, and what visitors see of it at once."""

import datetime
import re
from itertools import cycle
from urllib.parse import urljoin

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from associations.changes import one_change
from associations.models import Association, ContactPoint, Name, OfficeHolder, Source
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
    SourceFactory,
)
from tests.reading import filled_in, read

pytestmark = pytest.mark.django_db

LIST = "/admin/associations/association/"
ADD = f"{LIST}add/"
TODAY = datetime.date(2024, 6, 30)


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


def change(association):
    return reverse("admin:associations_association_change", args=[association.pk])


def form_at(browser, address):
    """What the browser would send of the form at this address."""
    response = browser.get(address)
    assert response.status_code == 200
    return filled_in(read(response).one("form", id="association_form"))


def add(data, prefix, **values):
    """Fill in one more row of the inline forms `prefix`, as "Add another" does."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = number + 1
    empty = f"{prefix}-__prefix__-"
    row = {key.removeprefix(empty): data[key] for key in data if key.startswith(empty)}
    for name, value in (row | values).items():
        data[f"{prefix}-{number}-{name}"] = value


def save(browser, address, data):
    """Send the form: the page that comes back, or None if all was saved."""
    response = browser.post(address, data)
    if response.status_code == 302:
        return None
    assert response.status_code == 200
    return read(response)


def errors(page):
    return [error.text for listed in page.all("ul", "errorlist") for error in listed.all("li")]


def errors_of(page, field):
    """What the page says of one field, where assistive technology finds it."""
    listed = page.all("ul", id=f"id_{field}_error")
    return [error.text for each in listed for error in each.all("li")]


# The list.


def listed(browser, query=""):
    page = read(browser.get(f"{LIST}{query}"))
    return [cell.text for cell in page.all("th", "field-name")]


def test_the_list_shows_every_entry_in_the_order_of_its_name(admin_client):
    for state, name in (("draft", "élan"), ("public", "Zeta"), ("withdrawn", "Alfa")):
        AssociationFactory(state=state, name=name)

    assert listed(admin_client) == ["Alfa", "élan", "Zeta"]


@pytest.mark.parametrize("text", ["CITTA", "città", "vecchia", "pozzi", "roma", "800 200111"])
def test_searching_finds_drafts_too_without_accents_and_case(admin_client, text):
    association = AssociationFactory(name="Unione della Città", state="draft")
    NameFactory(association=association, type=Name.Type.FORMER, name="Casa Vecchia")
    OfficeHolderFactory(association=association, name="Ambrogio Pozzi")
    AddressFactory(association=association)
    ContactPointFactory(association=association, value="800200111")
    AssociationFactory(name="Another one")

    assert listed(admin_client, f"?q={text}") == ["Unione della Città"]


@pytest.mark.parametrize(
    "query",
    ["?state__exact=draft", "?kind__exact=club", "?freshness=never", "?country=IT", "?q=aicco"],
)
def test_the_list_can_be_narrowed(admin_client, query):
    aicco = AssociationFactory(name="AICCO", state="draft", kind="club")
    AddressFactory(association=aicco)
    other = AssociationFactory(name="Other")
    other.names.update(checked_on=datetime.date.today())

    assert listed(admin_client, query) == ["AICCO"]


@pytest.mark.parametrize(
    "query",
    ["?country=XX", "?freshness=x", "?state__exact=x", "?p=99", "?o=99.x", "?q=%00", "?x=1"],
)
def test_no_query_breaks_the_list(admin_client, aicco, query):
    assert admin_client.get(f"{LIST}{query}", follow=True).status_code == 200


def test_the_list_costs_as_many_queries_for_twenty_entries_as_for_one(admin_client, aicco):
    one = queries_to_list(admin_client)
    with one_change():
        for _ in range(20):
            AddressFactory(association=AssociationFactory())
    twenty = queries_to_list(admin_client)

    assert twenty == one <= 10


def filters(browser, query=""):
    """`{filter: [its values, each as it stands there]}`."""
    nav = read(browser.get(f"{LIST}{query}")).one("nav", id="changelist-filter")
    return {
        each.one("summary").text: [a.text for a in each.all("a")] for each in nav.all("details")
    }


def test_each_value_of_a_filter_tells_how_many_entries_it_would_show(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for state, kind in (("draft", "club"), ("public", "club"), ("public", "association")):
        AddressFactory(association=AssociationFactory(state=state, kind=kind))

    told = filters(admin_client, "?kind__exact=club")

    assert told["State"] == ["All", "draft (1)", "public (1)", "closed (0)", "withdrawn (0)"]
    assert told["Kind"][1:] == [
        "association (1)",
        "confederation (0)",
        "federation (0)",
        "club (2)",
    ]
    assert told["Country"] == ["All", "Italy (2)"]
    assert told["Freshness"][-1] == "never checked (2)"


def test_next_to_a_search_the_filters_count_what_it_finds(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for state, name in (("draft", "Lion"), ("public", "Lion"), ("public", "Tiger")):
        AddressFactory(association=AssociationFactory(state=state, name=f"{name} Club"))

    told = filters(admin_client, "?q=lion&state__exact=draft")

    assert told["State"][1:3] == ["draft (1)", "public (1)"]
    assert told["Country"] == ["All", "Italy (1)"]


@pytest.mark.parametrize("column", [*range(1, 8), *range(-7, 0)])
@pytest.mark.parametrize("sorted_at_once", [4000, 2])
def test_what_is_searched_stands_in_the_order_of_the_column(
    admin_client, monkeypatch, column, sorted_at_once
):
    monkeypatch.setattr("associations.search.hits.SORTED", sorted_at_once)
    states, kinds, countries = cycle(["public", "draft"]), cycle(["club", "federation"]), "IT DE FR"
    with one_change():
        for number, letter in enumerate("BADCFEHG"):
            entry = AssociationFactory(name=f"{letter} Club", state=next(states), kind=next(kinds))
            AddressFactory(association=entry, country=countries.split()[number % 3])
            if number % 2:
                NameFactory(association=entry, name=letter, type=Name.Type.ACRONYM)
                entry.names.update(checked_on=datetime.date(2026, 1, number % 5 + 1))
            AssociationFactory(name=f"{letter} Circle")

    everything = listed(admin_client, f"?o={column}")
    monkeypatch.setattr("associations.admin.association.AssociationAdmin.list_per_page", 4)
    first, second = (listed(admin_client, f"?q=club&o={column}&p={page}") for page in (1, 2))

    assert first + second == [name for name in everything if name.endswith("Club")]


def test_the_list_marks_the_column_by_which_it_is_sorted(admin_client, aicco):
    def marked(query):
        return [cell.text for cell in read(admin_client.get(f"{LIST}{query}")).all("th", "sorted")]

    assert len(marked("")) == len(marked("?q=aicco&o=3")) == 1
    assert marked("?q=aicco") == []  # in the order of the search


def test_what_a_narrowed_list_counts_is_what_it_shows(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    AssociationFactory.create_batch(2, state="draft")
    AssociationFactory()

    page = read(admin_client.get(f"{LIST}?state__exact=draft"))

    assert page.one("p", "paginator").text.startswith("2 associations")


def test_the_form_costs_as_many_queries_for_twenty_facts_as_for_one(admin_client, aicco):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(change(aicco)).status_code == 200
        return len(captured)

    tell(aicco)
    AffiliationFactory(association=aicco)
    queries()  # what is looked up once, for all requests
    few = queries()
    with one_change():
        for _ in range(5):
            tell(aicco)
            AffiliationFactory(association=aicco)

    assert queries() == few <= 25


def queries_to_list(browser):
    with CaptureQueriesContext(connection) as queries:
        listed(browser)
    return len(queries)


def tell(aicco):
    ContactPointFactory(association=aicco)
    AddressFactory(association=aicco)
    OfficeHolderFactory(association=aicco)


# The form.


def test_boxes_of_facts_that_say_the_same_are_told_apart(editor, aicco):
    source = SourceFactory()
    ContactPointFactory.create_batch(2, association=aicco, value="800 200111", source=source)
    page = read(editor.get(change(aicco)))

    ids = [each["id"] for each in page.all() if each.get("id")]
    assert len(ids) == len(set(ids))
    for part in ("value", "country", "source", "valid_from", "is_past"):
        for prefix in ("contact_points-0", "contact_points-1", "contact_points-__prefix__"):
            name = f"{prefix}-{part}"
            (box,) = (each for each in page.all() if each.get("name") == name)
            assert page.one("label", **{"for": box["id"]}).text


@pytest.mark.parametrize("address", ["{}/change/", "../../handover/{}/office/"])
def test_each_choice_has_words(editor, aicco, address):
    page = read(editor.get(urljoin(LIST, address.format(aicco.pk))))
    assert all(option.text for option in page.all("option"))


def test_boxes_of_facts_that_say_something_else_have_it_letter_by_letter(editor, aicco):
    labels = ['"<b>&amp;', "__prefix__", ""]
    for label in labels:
        ContactPointFactory(association=aicco, label=label)

    sent = form_at(editor, change(aicco))

    assert [sent[f"contact_points-{index}-label"] for index in range(3)] == labels


def test_a_new_entry_begins_as_a_draft(editor):
    data = form_at(editor, ADD) | {"slug": "assocallcenter"}
    add(data, "names", type="official", name="Assocallcenter", source=SourceFactory().pk)

    assert save(editor, ADD, data) is None

    association = Association.objects.get(slug="assocallcenter")
    assert (association.state, association.card.name) == ("draft", "Assocallcenter")


def test_an_entry_without_a_name_is_called_by_its_slug(editor):
    data = form_at(editor, ADD) | {"slug": "assocallcenter"}

    assert save(editor, ADD, data) is None

    assert listed(editor) == ["assocallcenter"]
    assert editor.get("/en/associations/assocallcenter/").status_code == 200


def test_what_is_said_of_a_save_calls_the_entry_as_it_was_saved(editor):
    def said(data, address):
        page = read(editor.post(address, data, follow=True))
        return page.one("ul", "messagelist").text

    data = form_at(editor, ADD) | {"slug": "assocallcenter"}
    add(data, "names", type="official", name="Assocallcenter", source=SourceFactory().pk)
    assert "«Assocallcenter»" in said(data, ADD)

    address = change(Association.objects.get())
    data = form_at(editor, address) | {"names-0-name": "Assocontact"}
    assert "«Assocontact»" in said(data, address)


def test_what_staff_edit_is_on_the_public_page_at_once(editor, aicco):
    phone = ContactPointFactory(association=aicco, value="0645417542")
    data = form_at(editor, change(aicco))
    assert data["contact_points-0-id"] == str(phone.pk)
    data["contact_points-0-value"] = "800200111"
    add(data, "office_holders", name="Leonardo Abbruzzese", source=phone.source_id)

    assert save(editor, change(aicco), data) is None

    page = editor.get(reverse("associations:detail", args=["aicco"])).text
    listing = editor.get(reverse("associations:list"), {"q": "abbruzzese"}).text
    listing = listing.replace("<mark>", "").replace("</mark>", "")
    for text in ("tel:800200111", "Leonardo Abbruzzese"):
        assert text in page
        assert text in listing


def test_a_form_that_is_sent_back_as_it_is_changes_nothing(editor, aicco):
    tell(aicco)
    before = facts()

    assert save(editor, change(aicco), form_at(editor, change(aicco))) is None

    assert facts() == before


def facts():
    return [list(model.objects.values()) for model in (Name, ContactPoint, OfficeHolder)]


def test_a_fact_needs_a_source_and_nothing_typed_is_lost(editor, aicco):
    data = form_at(editor, change(aicco))
    add(data, "contact_points", value="800 200111", label="the desk")
    add(data, "office_holders", name="Leonardo Abbruzzese", attested_on="2002-03")

    page = save(editor, change(aicco), data)

    assert errors_of(page, "contact_points-0-source")
    assert errors_of(page, "office_holders-0-source")
    sent = filled_in(page.one("form", id="association_form"))
    assert sent["contact_points-0-value"] == "800 200111"
    assert sent["contact_points-0-label"] == "the desk"
    assert sent["office_holders-0-name"] == "Leonardo Abbruzzese"
    assert sent["office_holders-0-attested_on"] == "2002-03"
    assert not ContactPoint.objects.exists()


@pytest.mark.parametrize(
    ("written", "kept"), [("2002", "2002"), ("3/2002", "2002-03"), ("1/3/2002", "2002-03-01")]
)
def test_a_date_is_a_year_a_month_or_a_day(editor, aicco, written, kept):
    data = form_at(editor, change(aicco)) | {"names-0-attested_on": written}

    assert save(editor, change(aicco), data) is None

    assert aicco.names.get().attested_on == kept


@pytest.mark.parametrize("written", ["20022", "2002-13", "2002-02-30", "soon", "0000", "²⁰⁰²"])
def test_what_is_no_date_is_an_error_at_its_field(editor, aicco, written):
    data = form_at(editor, change(aicco)) | {
        "names-0-attested_on": written,
        "founding_date": written,
    }

    page = save(editor, change(aicco), data)

    assert errors_of(page, "names-0-attested_on")
    assert errors_of(page, "founding_date")


def test_a_term_that_ends_before_it_begins_is_an_error(editor, aicco):
    data = form_at(editor, change(aicco))
    data |= {"names-0-valid_from": "2004", "names-0-valid_to": "2003"}

    assert errors(save(editor, change(aicco), data))


@pytest.mark.parametrize(
    ("kind", "value"), [("phone", "none"), ("email", "x"), ("website", "javascript:alert(1)")]
)
def test_what_nobody_can_be_reached_by_is_an_error_at_its_field(editor, aicco, kind, value):
    data = form_at(editor, change(aicco))
    add(data, "contact_points", type=kind, value=value, source=SourceFactory().pk)

    assert errors_of(save(editor, change(aicco), data), "contact_points-0-value")


def test_what_is_odd_is_saved_and_told(admin_client, aicco):
    data = form_at(admin_client, change(aicco))
    source = SourceFactory().pk
    add(data, "addresses", postal_code="12100", locality="Roma", country="IT", source=source)

    response = admin_client.post(
        change(aicco), data, follow=True, headers={"accept-language": "en"}
    )

    assert aicco.addresses.get().postal_code == "12100"
    assert "Odd, and saved: The postal code 12100 is of Cuneo, the city is Roma." in response.text


def test_what_is_odd_is_told_beside_its_field_as_it_was_saved(admin_client, aicco):
    AddressFactory(association=aicco, postal_code="00184", locality="Roma", country="IT")
    AddressFactory(association=aicco, postal_code="12100", locality="Roma", country="IT")
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    page = read(admin_client.get(change(aicco)))

    [odd] = page.all("div", "odd")
    assert odd.text == "The postal code 12100 is of Cuneo, the city is Roma."
    field = page.one("input", name="addresses-1-postal_code")
    assert field["value"] == "12100"
    assert odd["id"] in field["aria-describedby"].split()
    another = page.one("input", name="addresses-0-postal_code")
    assert "addresses-1" not in another.get("aria-describedby", "")


def test_what_is_odd_is_told_when_it_is_saved_and_not_with_every_save(admin_client, aicco):
    AddressFactory(association=aicco, postal_code="12100")
    data = form_at(admin_client, change(aicco)) | {"description_en": "A body."}

    response = admin_client.post(change(aicco), data, follow=True)

    assert "12100" not in read(response).one("ul", "messagelist").text


# Names.


def test_two_official_names_at_a_time_are_an_error(editor, aicco):
    data = form_at(editor, change(aicco))
    add(data, "names", type="official", name="AICCO Italia", source=SourceFactory().pk)

    assert errors(save(editor, change(aicco), data))

    assert aicco.names.count() == 1


@pytest.mark.parametrize("end", [{"valid_to": "2003"}, {"is_past": "on"}, {"type": "former"}])
def test_one_save_ends_the_official_name_and_begins_the_next(editor, aicco, end):
    data = form_at(editor, change(aicco))
    data |= {f"names-0-{name}": value for name, value in end.items()}
    add(data, "names", type="official", name="AICCO Italia", source=SourceFactory().pk)

    assert save(editor, change(aicco), data) is None

    aicco.card.refresh_from_db()
    assert aicco.card.name == "AICCO Italia"


@pytest.mark.parametrize("official", [0, 1])
def test_one_save_swaps_which_of_two_names_is_the_official_one(editor, aicco, official):
    NameFactory(association=aicco, type=Name.Type.OTHER, name="Other name")
    if official == 1:  # the second row is the official one before
        first, second = aicco.names.order_by("pk")
        Name.objects.filter(pk=first.pk).update(type="other")
        Name.objects.filter(pk=second.pk).update(type="official")
    data = form_at(editor, change(aicco))
    types = [data["names-0-type"], data["names-1-type"]]
    assert types == (["other", "official"] if official else ["official", "other"])
    data["names-0-type"], data["names-1-type"] = reversed(types)

    assert save(editor, change(aicco), data) is None

    assert [name.type for name in aicco.names.order_by("pk")] == types[::-1]


# Relations and addresses.


def test_an_affiliation_to_itself_is_an_error(editor, aicco):
    data = form_at(editor, change(aicco))
    add(data, "affiliations", parent=aicco.pk, source=SourceFactory().pk)

    assert errors_of(save(editor, change(aicco), data), "affiliations-0-parent")


def test_an_affiliation_in_a_circle_is_an_error(editor, aicco):
    middle = AffiliationFactory(parent=aicco).association
    member = AffiliationFactory(parent=middle).association
    data = form_at(editor, change(aicco))
    add(data, "affiliations", parent=member.pk, source=SourceFactory().pk)

    assert errors_of(save(editor, change(aicco), data), "affiliations-0-parent")


def test_a_new_entry_may_belong_to_another_one(editor, aicco):
    data = form_at(editor, ADD) | {"slug": "new"}
    add(data, "affiliations", parent=aicco.pk, source=SourceFactory().pk)

    assert save(editor, ADD, data) is None

    assert Association.objects.get(slug="new").card.confederation_name == "AICCO"


@pytest.mark.parametrize("prefix", ["predecessors", "successors"])
def test_a_succession_to_itself_is_an_error(editor, aicco, prefix):
    side = {"predecessors": "association", "successors": "successor"}[prefix]
    data = form_at(editor, change(aicco))
    add(data, prefix, **{side: aicco.pk}, source=SourceFactory().pk)

    assert errors(save(editor, change(aicco), data))


def test_a_succession_of_nobody_is_an_error(editor, aicco):
    data = form_at(editor, change(aicco))
    add(data, "successors", kind="merged", source=SourceFactory().pk)

    assert errors(save(editor, change(aicco), data))


@pytest.mark.parametrize("deleted", [True, False])
def test_the_address_of_a_former_entry_is_not_given_again(editor, aicco, deleted):
    if deleted:
        aicco.delete()
    else:
        aicco.slug = "aicco-italia"
        aicco.save()
    data = form_at(editor, ADD) | {"slug": "aicco"}

    assert errors_of(save(editor, ADD, data), "slug")


def test_an_entry_may_have_its_own_old_address_back(editor, aicco):
    for slug in ("aicco-italia", "aicco"):
        data = form_at(editor, change(aicco)) | {"slug": slug}
        assert save(editor, change(aicco), data) is None

    assert editor.get("/en/associations/aicco/").status_code == 200
    assert editor.get("/en/associations/aicco-italia/").status_code == 301


@pytest.mark.parametrize("slug", ["", "with space", "ü", "a/b", "x" * 101])
def test_what_is_no_address_is_an_error_at_its_field(editor, aicco, slug):
    data = form_at(editor, change(aicco)) | {"slug": slug}

    assert errors_of(save(editor, change(aicco), data), "slug")


# Checks.


def test_saving_does_not_renew_a_check(editor, aicco):
    day = datetime.date(2020, 1, 1)
    ContactPointFactory(association=aicco, value="0645417542", checked_on=day)
    data = form_at(editor, change(aicco)) | {"contact_points-0-value": "800200111"}
    data |= {"contact_points-0-checked_on": "2024-06-30", "names-0-checked_on": "2024-06-30"}

    assert save(editor, change(aicco), data) is None

    assert aicco.contact_points.get().checked_on == day
    assert aicco.names.get().checked_on is None


def act(browser, action, *associations, **told):
    """Choose an action for these entries, and say yes to what the page tells of it."""
    chosen = {"action": action, "_selected_action": [a.pk for a in associations]}
    asked = browser.post(LIST, chosen)
    if asked.status_code != 200:
        return asked
    seen = [each["value"] for each in read(asked).all("input", name="seen")]
    return browser.post(LIST, chosen | {"seen": seen, "post": "yes", **told})


def test_somebody_who_made_sure_says_so_by_an_action(editor, set_today, aicco):
    set_today(TODAY.isoformat())
    ContactPointFactory(association=aicco)
    old = ContactPointFactory(association=aicco, valid_to="2003")
    other = ContactPointFactory()

    assert act(editor, "confirm", aicco, how="phoned").status_code == 302

    checks = dict(ContactPoint.objects.values_list("pk", "checked_on"))
    assert (checks.pop(old.pk), checks.pop(other.pk)) == (None, None)
    assert list(checks.values()) == [TODAY]
    assert aicco.names.get().checked_on == TODAY
    page = editor.get(reverse("associations:detail", args=["aicco"])).text
    assert TODAY.isoformat() in page


# Who may do what.


def test_an_editor_reads_the_state_and_cannot_change_it(editor, aicco):
    data = form_at(editor, change(aicco))
    assert "state" not in data

    forged = data | {"state": "withdrawn", "withdrawal_reason": "Because"}
    assert save(editor, change(aicco), forged) is None

    aicco.refresh_from_db()
    assert (aicco.state, aicco.withdrawal_reason) == ("public", "")


def test_an_editor_cannot_add_a_public_entry(editor):
    save(editor, ADD, form_at(editor, ADD) | {"slug": "new", "state": "public"})

    assert Association.objects.get().state == "draft"


@pytest.mark.parametrize("action", ["publish", "close", "withdraw", "delete_selected"])
def test_an_editor_is_not_offered_and_cannot_forge_what_publishers_do(editor, action):
    draft = AssociationFactory(state="draft")
    offered = read(editor.get(LIST)).one("select", name="action").all("option")
    assert action not in [option["value"] for option in offered]

    act(editor, action, draft, post="yes")

    assert Association.objects.get().state == "draft"


@pytest.mark.parametrize("who", ["editor", "publisher"])
def test_staff_close_entries_and_delete_none(request, aicco, who):
    browser = request.getfixturevalue(who)
    address = reverse("admin:associations_association_delete", args=[aicco.pk])

    assert browser.get(address).status_code == 403
    assert browser.post(address, {"post": "yes"}).status_code == 403
    assert Association.objects.exists()


@pytest.mark.parametrize(
    ("action", "state"), [("publish", "public"), ("close", "closed"), ("withdraw", "withdrawn")]
)
def test_a_publisher_decides_what_visitors_see(publisher, action, state):
    draft = AssociationFactory(state="draft")

    assert act(publisher, action, draft).status_code == 302

    assert Association.objects.get().state == state
    assert publisher.get(draft.get_absolute_url()).status_code == (
        410 if state == "withdrawn" else 200
    )


def test_a_publisher_withdraws_an_entry_with_a_reason(publisher, aicco):
    data = form_at(publisher, change(aicco))
    data |= {"state": "withdrawn", "withdrawal_reason": "At its request."}

    assert save(publisher, change(aicco), data) is None

    response = publisher.get("/en/associations/aicco/")
    assert response.status_code == 410
    assert "At its request." in response.text


@pytest.mark.parametrize("address", [LIST, ADD, f"{LIST}1/change/", "/admin/", "/admin/x/"])
def test_who_is_not_signed_in_is_asked_to_sign_in(client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/?next=")
    assert client.post(address, {}).status_code == 403


def test_an_account_that_is_not_of_staff_is_asked_to_sign_in(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("visitor"))

    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("state", Association.State.values)
def test_the_form_leads_to_the_page_on_the_site(admin_client, state):
    association = AssociationFactory(slug="aicco", state=state)

    links = read(admin_client.get(change(association))).links

    assert reverse("associations:detail", args=["aicco"]) in links


# What no form sends.


def forged(data, **told):
    return {name: value for name, value in (data | told).items() if value is not None}


@pytest.mark.parametrize(
    "told",
    [
        {"names-TOTAL_FORMS": None},
        {"names-INITIAL_FORMS": None},
        {"names-TOTAL_FORMS": "-1"},
        {"names-TOTAL_FORMS": "x"},
        {"names-TOTAL_FORMS": "1999"},
        {"names-TOTAL_FORMS": "99999999999999999999"},
        {"names-INITIAL_FORMS": "7"},
        {"names-0-id": "99999999999999999999"},
        {"names-0-id": "x"},
        {"names-0-id": ""},
        {"names-0-id": "\0"},
        {"names-0-association": "99999999999999999999"},
        {"names-0-source": "99999999999999999999"},
        {"names-0-source": "4711"},
        {"names-0-source": "\0"},
        {"names-0-source": "x"},
        {"names-0-type": "x"},
        {"names-0-name": "a\0b"},
        {"names-0-name": "x" * 100_000},
        {"names-0-name": ""},
        {"names-0-valid_from": "\0"},
        {"names-0-language": "📞" * 20},
        {"slug": "\0"},
        {"kind": "\0"},
        {"description_it": "a\0b"},
        {"description_en": "\u202e<script>alert(1)</script>"},
        {"sectors": ["99999999999999999999"]},
        {"sectors": ["\0"]},
        {"sectors": ["x"]},
    ],
)
def test_no_forged_form_breaks_the_desk(editor, aicco, told):
    data = forged(form_at(editor, change(aicco)), **told)

    response = editor.post(change(aicco), data)

    assert response.status_code in (200, 302, 400)
    assert aicco.names.count() == 1
    assert "<script>alert(1)" not in editor.get(change(aicco)).text


def test_a_form_for_a_row_of_another_entry_does_not_change_it(editor, aicco):
    other = AssociationFactory(name="Other")
    data = form_at(editor, change(aicco))
    data |= {"names-0-id": other.names.get().pk, "names-0-name": "Taken over"}

    editor.post(change(aicco), data)

    assert not Name.objects.filter(name="Taken over").exists()


@pytest.mark.parametrize("key", ["0", "99999999999999999999", "x", "-1", "_5F", "%00"])
def test_an_entry_that_is_not_there_is_an_answer_too(admin_client, key):
    response = admin_client.get(f"{LIST}{key}/change/", follow=True)

    assert response.status_code in (200, 404)


@pytest.mark.parametrize(
    "told",
    [
        {"action": "x", "_selected_action": ["1"]},
        {"action": "publish", "_selected_action": ["x"]},
        {"action": "publish", "_selected_action": ["99999999999999999999"]},
        {"action": "publish", "_selected_action": ["\0"]},
        {"action": "confirm", "_selected_action": []},
        {"action": "\0", "_selected_action": ["1"], "index": "x"},
        {},
    ],
)
def test_no_forged_action_breaks_the_desk(admin_client, aicco, told):
    assert admin_client.post(LIST, told).status_code in (200, 302, 400, 404)


def test_a_deleted_source_would_take_its_facts_so_it_is_kept(admin_client, aicco):
    source = aicco.names.get().source
    address = reverse("admin:associations_source_delete", args=[source.pk])

    admin_client.post(address, {"post": "yes"})

    assert Source.objects.filter(pk=source.pk).exists()


@pytest.mark.parametrize("model", ["source", "sector", "formerslug"])
def test_the_other_tables_can_be_read_and_searched(admin_client, aicco, model):
    aicco.slug = "aicco-italia"
    aicco.save()

    for query in ("", "?q=a", "?q=%00"):
        assert (
            admin_client.get(f"/admin/associations/{model}/{query}", follow=True).status_code == 200
        )


@pytest.mark.parametrize("term", ["aic", "AÏC", "\0", "' OR 1=1", ""])
def test_an_entry_is_found_by_its_name_where_one_is_chosen(admin_client, aicco, term):
    told = {"app_label": "associations", "model_name": "affiliation", "field_name": "parent"}

    response = admin_client.get("/admin/autocomplete/", told | {"term": term})

    assert response.status_code == 200
    found = [each["text"] for each in response.json()["results"]]
    assert found == (["AICCO"] if term in ("aic", "AÏC", "\0", "") else [])


# What Django says.


def test_a_list_is_called_what_it_holds(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "it"

    assert read(admin_client.get(LIST)).one("h1").text == "Associazioni"


def test_what_is_saved_is_told_in_italian_of_any_gender(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "it"
    data = {"title": "Comunicato", "_save": "Salva"}

    page = read(admin_client.post("/admin/associations/source/add/", data, follow=True))

    assert page.one("ul", "messagelist").text == "Salvato: fonte «Comunicato»."


@pytest.mark.parametrize("address", ["/admin/auth/user/add/", "/admin/password_change/"])
def test_the_pages_of_accounts_are_in_italian(admin_client, address):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "it"

    text = read(admin_client.get(address)).one("main").text

    assert not re.search(r"\b(the|you|your|password-based)\b", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "date"), [("en", "30 June 2024, 14:05"), ("it", "30/06/2024 14:05")]
)
def test_dates_are_written_as_europeans_read_them(language, date):
    with translation.override(language):
        assert date_format(datetime.datetime(2024, 6, 30, 14, 5), "DATETIME_FORMAT") == date


def test_who_signed_in_anew_meanwhile_is_told_how_to_save(aicco, django_user_model):
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    browser.force_login(django_user_model.objects.create_superuser("other"))

    response = browser.post(change(aicco), {"slug": "other"})

    assert response.status_code == 403
    assert "what you typed is still there" in read(response).one("main").text


def test_who_is_no_longer_signed_in_is_told_how_to_save(client, aicco):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    response = client.post(change(aicco), {"slug": "other"})

    assert response.status_code == 403
    page = read(response)
    assert "what you typed is still there" in page.one("main").text
    assert page.one("a", target="_blank")["href"] == reverse("admin:login")
    assert client.post(reverse("admin:logout")).status_code == 302


def test_who_works_every_week_stays_signed_in(admin_client, set_today):
    def end():
        return Session.objects.get().expire_date

    set_today("2026-11-23")
    admin_client.get("/admin/")
    Session.objects.update(expire_date=timezone.now() + datetime.timedelta(hours=1))
    before = end()
    admin_client.get("/admin/")
    assert end() == before
    set_today("2026-11-30")
    admin_client.get("/admin/")
    assert end() > before + datetime.timedelta(days=13)
