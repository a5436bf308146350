"""An association answers for itself by a link that staff make: for a while, and once."""

import datetime
import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from associations.corrections import links
from associations.models import (
    Association,
    Changeset,
    Citation,
    ContactPoint,
    Correction,
    EntryLink,
)
from tests.factories import (
    AddressFactory,
    AssociationFactory,
    ContactPointFactory,
    OfficeHolderFactory,
)
from tests.reading import filled_in, read
from tests.test_corrections import aged

pytestmark = pytest.mark.django_db

LINKS = "/admin/associations/entrylink/"


@pytest.fixture
def aicco():
    association = AssociationFactory(slug="aicco", name="AICCO")
    ContactPointFactory(association=association, type="email", value="info@example.org")
    OfficeHolderFactory(association=association, name="Leonardo Abbruzzese")
    return association


@pytest.fixture
def editor(client, django_user_model):
    user = django_user_model.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def link(aicco):
    return links.make_link(aicco, None)


@pytest.fixture
def address(link, rf):
    """Where the association reads its entry."""
    return links.address_of(link, "en", rf.get("/")).removeprefix("http://testserver")


@pytest.fixture
def association():
    """A browser that would notice if a form depended on a cookie."""
    return Client(enforce_csrf_checks=True)


def forms_at(browser, address):
    """`{answer: what the browser would send with it}` of the three forms of the page."""
    forms = read(browser.get(address)).all("form", "form")
    return {form.one("button")["value"]: filled_in(form) for form in forms}


def answer(browser, address, with_what, seconds=30, **told):
    data = forms_at(browser, address)[with_what]
    seal = aged(data["seal"], seconds)
    return browser.post(address, data | {"seal": str(seal), "answer": with_what} | told)


def checks(association):
    facts = (association.names, association.contact_points, association.office_holders)
    return {fact.checked_on for related in facts for fact in related.all()}


# What it shows.


def test_it_shows_what_the_entry_says_and_three_answers(association, address):
    page = read(association.get(address)).one("main")

    for text in ("AICCO", "info@example.org", "Leonardo Abbruzzese"):
        assert text in page.one("dl", "facts").text
    assert set(forms_at(association, address)) == {"right", "changed", "closed"}


def test_to_open_it_answers_nothing(association, address, link, aicco):
    for _time in range(3):
        association.get(address)
        association.head(address)

    link.refresh_from_db()
    assert link.answer == ""
    assert checks(aicco) == {None}


def test_it_is_kept_by_no_cache_no_crawler_and_no_cookie(association, address):
    response = association.get(address)

    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


# All right.


def test_all_right_is_a_check_of_each_fact_and_a_source(association, address, link, aicco):
    response = answer(association, address, "right")

    assert response.status_code == 302
    assert checks(aicco) == {timezone.localdate()}
    aicco.card.refresh_from_db()
    assert aicco.card.checked_on == timezone.localdate()
    assert {each.about for each in Citation.objects.filter(association=aicco)} == {
        "name",
        "contact_points",
        "office_holders",
    }
    source = Citation.objects.first().source
    assert (source.title, source.publisher) == (
        f"Answer of the association, {link.number}",
        "AICCO",
    )
    act = Changeset.objects.first()
    assert (act.way, act.user, act.comment) == ("answer", None, link.number)
    assert source.title in association.get("/en/associations/aicco/").text


def test_what_is_over_is_not_checked_by_it(association, address, aicco):
    over = ContactPointFactory(association=aicco, value="0612345678", is_past=True)

    answer(association, address, "right")

    over.refresh_from_db()
    assert over.checked_on is None


def test_what_changed_while_the_page_was_open_is_looked_at_once_more(association, address, aicco):
    data = forms_at(association, address)["right"]
    seal = aged(data["seal"], 60)
    AddressFactory(association=aicco)

    response = association.post(address, data | {"seal": str(seal), "answer": "right"})

    assert response.status_code == 409
    assert "changed while this page was open" in read(response).one("div", "notice").text
    assert checks(aicco) == {None}
    assert answer(association, address, "right").status_code == 302


@pytest.mark.parametrize("with_what", ["right", "changed", "closed"])
def test_it_is_good_for_one_answer(association, address, link, with_what):
    data = {name: form | {"answer": name} for name, form in forms_at(association, address).items()}
    answer(association, address, with_what, message="So it is.")

    page = read(association.get(address))
    assert "You answered" in page.one("main").text
    for form in data.values():
        assert association.post(address, form).status_code == 200
    assert EntryLink.objects.get().answer == with_what
    assert Correction.objects.count() == (0 if with_what == "right" else 1)


# Changed, closed.


def test_what_has_changed_is_a_correction_of_the_association(association, address, link, aicco):
    point = aicco.contact_points.get()

    response = answer(
        association, address, "changed", **{f"email-{point.pk}-value": "new@example.org"}
    )

    correction = Correction.objects.get()
    assert (correction.sender, correction.association) == ("association", aicco)
    assert correction.proposals.get().proposed == {"value": "new@example.org"}
    assert EntryLink.objects.get().correction == correction
    assert correction.number in association.get(response.url).text
    assert ContactPoint.objects.get().value == "info@example.org"


def test_its_own_word_is_a_source_and_a_check_once_it_is_accepted(
    association, editor, address, aicco
):
    point = aicco.contact_points.get()
    answer(association, address, "changed", **{f"email-{point.pk}-value": "new@example.org"})
    correction = Correction.objects.get()
    page = f"/admin/associations/correction/{correction.pk}/change/"
    data = filled_in(read(editor.get(page)).one("div", "answering").one("form"))

    editor.post(page, data | {f"p{correction.proposals.get().pk}-decision": "accepted"})

    new = ContactPoint.objects.latest("pk")
    assert (new.value, new.source.publisher) == ("new@example.org", "AICCO")
    assert new.checked_on == timezone.localdate()


def test_that_it_has_closed_is_a_correction_with_its_date(association, address):
    answer(association, address, "closed", closed_on="3/2024", message="Assocontact")

    correction = Correction.objects.get()
    assert (correction.matter, correction.closed_on) == ("closed", "2024-03")


def test_nothing_typed_is_lost_by_a_mistake(association, address):
    response = answer(association, address, "closed", closed_on="soon", message="Assocontact")

    assert response.status_code == 400
    [opened] = [each for each in read(response).all("details") if "open" in each.attributes]
    again = filled_in(opened.one("form"))
    assert (again["closed_on"], again["message"]) == ("soon", "Assocontact")
    assert EntryLink.objects.get().answer == ""


# What opens nothing.


def test_it_opens_nothing_after_its_day(association, address, link):
    EntryLink.objects.update(expires_on=timezone.localdate() - datetime.timedelta(days=1))

    assert association.get(address).status_code == 410
    assert association.post(address, {"answer": "right"}).status_code == 410


def test_it_opens_nothing_once_it_is_revoked(association, editor, address, link):
    told = {"action": "revoke", "_selected_action": [link.pk]}
    assert editor.post(LINKS, told).status_code == 302

    assert association.get(address).status_code == 410


def test_it_opens_nothing_once_the_entry_is_withdrawn(association, address, aicco):
    aicco.state = Association.State.WITHDRAWN
    aicco.save()

    assert association.get(address).status_code == 410


@pytest.mark.parametrize("token", ["x", "a:b:c", "é", "%00", "x" * 2000])
def test_no_guess_opens_anything(association, db, token):
    assert association.get(f"/en/your-entry/{token}/").status_code == 410


def test_what_was_signed_for_something_else_opens_nothing(association, link):
    told = {"link": link.pk, "entry": link.association_id}
    token = signing.TimestampSigner(salt="something else").sign_object(told)

    assert association.get(f"/en/your-entry/{token}/").status_code == 410


@pytest.mark.parametrize("told", [{}, {"answer": "x"}, {"answer": "\0"}, {"answer": "right"}])
def test_no_forged_answer_is_one(association, address, aicco, told):
    assert association.post(address, told).status_code == 400
    assert checks(aicco) == {None}


# Made by staff.


def make(editor, association, **told):
    page = f"{LINKS}add/?association={association.pk}"
    return read(editor.post(page, {"language": "en", "recipient": ""} | told))


def test_an_editor_makes_a_link_from_the_entry_and_sees_it_once(editor, association, aicco):
    form = editor.get(f"/admin/associations/association/{aicco.pk}/change/")
    assert f"{LINKS}add/?association={aicco.pk}" in read(form).links

    address = make(editor, aicco).one("input", id="address")["value"]

    assert address.startswith("http://testserver/en/your-entry/")
    assert association.get(address).status_code == 200
    token = address.rstrip("/").rpartition("/")[2]
    assert token not in editor.get(LINKS).text
    assert EntryLink.objects.get().number in editor.get(LINKS).text


def test_a_link_is_mailed_to_an_address_of_the_entry_alone(editor, aicco):
    make(editor, aicco, recipient="evil@example.com")
    assert not mail.outbox

    make(editor, aicco, recipient="info@example.org", language="it")

    [message] = mail.outbox
    assert message.to == ["info@example.org"]
    assert re.search("http://testserver/it/la-vostra-scheda/[^/ ]+/", message.body)
    assert "AICCO" in message.subject


@pytest.mark.parametrize("key", ["", "x", "4711", "99999999999999999999", "%00"])
def test_a_link_is_of_an_entry(editor, db, key):
    assert editor.get(f"{LINKS}add/?association={key}").status_code == 404


def test_who_names_no_entry_is_led_to_the_entries(editor, db):
    response = editor.get(f"{LINKS}add/")

    assert response.url == "/admin/associations/association/"


def test_links_are_never_rewritten(editor, link):
    assert editor.post(f"{LINKS}{link.pk}/change/", {"answer": "right"}).status_code == 403
    assert editor.post(f"{LINKS}{link.pk}/delete/", {"post": "yes"}).status_code == 403
