"""A visitor says that something is wrong: what they send, what they are told, who is kept out."""

import datetime
import re
from urllib.parse import urlsplit

import pytest
from django.core import mail, signing
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from associations.corrections import protection
from associations.corrections.protection import Seal
from associations.models import Correction, DataVersion, SentForm
from associations.models.corrections import ADDRESS_KEPT
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    CorrectionFactory,
    NameFactory,
    OfficeHolderFactory,
)
from tests.reading import filled_in, read

pytestmark = pytest.mark.django_db

PAGE = "/en/associations/aicco/correction/"
SUGGEST = "/en/suggest/"


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture
def phone(aicco):
    return ContactPointFactory(association=aicco, value="0645417542")


@pytest.fixture
def visitor():
    """A browser that would notice if a form depended on a cookie."""
    return Client(enforce_csrf_checks=True)


def form_at(browser, address=PAGE):
    """What the browser would send of the form at this address."""
    response = browser.get(address)
    assert response.status_code == 200
    return filled_in(read(response).one("form", "form"))


def send(browser, data, address=PAGE, seconds=30, **headers):
    """Send what somebody filled in for some seconds; return the answer."""
    seal = aged(data["seal"], seconds)
    return browser.post(address, data | {"seal": str(seal)}, **headers)


def aged(text, seconds):
    """The seal of a form that somebody has had before them for so long."""
    seal = Seal(**signing.Signer(salt=protection.SALT).unsign_object(text))
    seal.at -= seconds
    return seal


def sent(browser, data, address=PAGE):
    """Send it; return the `Correction` that it became."""
    response = send(browser, data, address)
    assert response.status_code == 302, read(response).one("main").text
    return Correction.objects.get(secret=response.url.rstrip("/").rpartition("/")[2])


def what_is_wrong(response):
    assert response.status_code == 400
    return read(response).one("div", "notice").text


# What is sent.


def test_what_a_visitor_writes_over_is_proposed(visitor, aicco, phone):
    data = form_at(visitor)
    assert data[f"phone-{phone.pk}-value"] == "0645417542"

    correction = sent(visitor, data | {f"phone-{phone.pk}-value": " 800  200111"})

    proposal = correction.proposals.get()
    assert (proposal.subject, proposal.fact) == ("phone", phone.pk)
    assert (proposal.said, proposal.proposed) == (
        {"value": "0645417542"},
        {"value": "800 200111"},
    )
    assert (correction.association, correction.sender) == (aicco, "visitor")


def test_an_emptied_box_says_that_it_is_wrong(visitor, phone):
    data = form_at(visitor) | {f"phone-{phone.pk}-value": ""}

    assert sent(visitor, data).proposals.get().proposed == {}


def test_each_kind_of_fact_has_its_box(visitor, aicco, phone):
    AddressFactory(association=aicco)
    OfficeHolderFactory(association=aicco, name="Leonardo Abbruzzese")
    AffiliationFactory(association=aicco, parent=AssociationFactory(name="Confindustria"))
    NameFactory(association=aicco, type="acronym", name="AIC")

    told = form_at(visitor).values()

    for text in ("0645417542", "Via Nazionale 243", "Roma", "Leonardo Abbruzzese", "AICCO", "AIC"):
        assert text in told
    assert "Confindustria" in told


def test_what_is_not_known_has_an_empty_box(visitor, aicco):
    correction = sent(visitor, form_at(visitor) | {"email-new-value": "info@example.org"})

    proposal = correction.proposals.get()
    assert (proposal.subject, proposal.fact) == ("email", None)
    assert proposal.proposed == {"value": "info@example.org"}


def test_what_changed_meanwhile_is_not_taken_for_the_visitors_word(visitor, aicco, phone):
    data = form_at(visitor) | {"message": "The president is another one."}
    phone.value = "800200111"
    phone.save()

    assert not sent(visitor, data).proposals.exists()


@pytest.mark.parametrize("name", ["fact", "about"])
def test_the_link_of_a_block_or_fact_brings_its_box_first(visitor, phone, name):
    OfficeHolderFactory(association=phone.association)
    query = {"fact": f"phone-{phone.pk}", "about": "contact"}[name]

    page = read(visitor.get(PAGE, {name: query}))

    key = f"phone-{phone.pk}-value"
    rest = page.one("details", "more-boxes")
    assert page.all("input", name=key)
    assert not rest.all("input", name=key)
    assert any(each["name"].startswith("person-") for each in rest.all("input"))


@pytest.mark.parametrize("query", ["?fact=x", "?about=%00", "?fact=phone-1&about=contact", "?x"])
def test_no_link_breaks_the_page(visitor, phone, query):
    assert visitor.get(f"{PAGE}{query}").status_code == 200


def test_a_message_that_says_nothing_is_not_sent(visitor, phone):
    assert "Nothing was changed" in what_is_wrong(send(visitor, form_at(visitor)))
    assert not Correction.objects.exists()


def test_that_it_has_closed_needs_no_words(visitor, aicco):
    assert sent(visitor, form_at(visitor) | {"matter": "closed"}).matter == "closed"


def test_who_wants_something_removed_says_who_they_are(visitor, aicco):
    response = send(visitor, form_at(visitor) | {"matter": "removal"})

    assert "Say who you are" in what_is_wrong(response)


def test_nothing_typed_is_lost_by_a_mistake(visitor, phone):
    data = form_at(visitor)
    data |= {f"phone-{phone.pk}-value": "800 200111", "message": "Ring & see", "email": "no"}

    response = send(visitor, data)

    again = filled_in(read(response).one("form", "form"))
    for name in (f"phone-{phone.pk}-value", "message", "email"):
        assert again[name] == data[name]
    sent(visitor, again | {"email": "anna@example.org"})


def test_a_suggestion_is_a_correction_without_an_entry(visitor):
    data = form_at(visitor, f"{SUGGEST}?name=Assocontact")
    assert data["name"] == "Assocontact"

    correction = sent(visitor, data | {"website": "www.assocontact.it"}, SUGGEST)

    assert (correction.matter, correction.association) == ("suggestion", None)
    assert (correction.name, correction.website) == ("Assocontact", "www.assocontact.it")


# Where it begins.


def test_a_contact_page_leads_there_from_each_block_and_as_a_whole(client, aicco):
    links = read(client.get("/en/associations/aicco/")).links

    assert {link for link in links if link.startswith(PAGE)} == {
        PAGE,
        f"{PAGE}?about=contact",
        f"{PAGE}?about=people",
        f"{PAGE}?about=about",
    }


def test_an_empty_result_leads_to_the_suggestion_of_what_was_looked_for(client, aicco):
    links = read(client.get("/en/?q=asso+%26+contact")).links

    assert f"{SUGGEST}?name=asso%20%26%20contact" in links


def test_every_page_leads_to_the_suggestion(client, aicco):
    assert SUGGEST in read(client.get("/en/about-the-data/")).one("footer").links


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("closed", 200), ("withdrawn", 410)])
def test_an_entry_that_nobody_reads_is_not_corrected(visitor, aicco, state, status):
    data = form_at(visitor) | {"message": "Wrong."}
    aicco.state = state
    aicco.save()

    assert visitor.get(PAGE).status_code == status
    assert send(visitor, data).status_code == (302 if status == 200 else 404)


def test_an_old_address_leads_to_the_form_and_takes_what_was_sent(visitor, aicco):
    data = form_at(visitor) | {"message": "Wrong."}
    aicco.slug = "aicco-italia"
    aicco.save()

    assert visitor.get(PAGE).url == "/en/associations/aicco-italia/correction/"
    assert sent(visitor, data).association == aicco


# What the sender is told.


def test_a_message_has_a_number_and_a_page_of_its_own(visitor, phone, set_today):
    set_today("2026-11-27")
    data = form_at(visitor) | {f"phone-{phone.pk}-value": "800 200111"}

    page = read(visitor.get(send(visitor, data).url)).one("main")

    correction = Correction.objects.get()
    assert correction.number == f"C-2026-{correction.pk:04}"
    assert correction.number in page.text
    assert "waiting for an answer" in page.text
    # Ten working days: weekends and the Immaculate Conception (8 December) are none.
    assert page.all("time", datetime="2026-12-14")


def test_nothing_that_was_typed_is_shown_again(visitor, phone):
    data = form_at(visitor) | {
        f"phone-{phone.pk}-value": "900 123456",
        "message": "Buy at https://evil.example",
        "evidence": "https://evil.example/2",
        "email": "anna@example.org",
    }

    text = visitor.get(send(visitor, data).url).text

    for typed in ("900 123456", "evil", "anna"):
        assert typed not in text
    assert "evil" not in visitor.get("/en/associations/aicco/").text


def test_the_page_of_a_message_is_for_who_has_its_address(visitor, aicco):
    response = send(visitor, form_at(visitor) | {"message": "Wrong."})
    status = visitor.get(response.url)

    assert len(urlsplit(response.url).path.split("/")[-2]) >= 32
    assert "no-store" in status.headers["Cache-Control"]
    assert "noindex" in status.headers["X-Robots-Tag"]
    assert status.headers["Referrer-Policy"] == "no-referrer"
    assert read(status).one("meta", name="robots")["content"] == "noindex"
    assert visitor.get("/en/corrections/guessed/").status_code == 404


def test_who_gave_an_address_is_told_by_mail_in_their_language(
    visitor, aicco, django_capture_on_commit_callbacks
):
    address = "/it/associazioni/aicco/segnalazione/"
    data = form_at(visitor, address) | {"message": "Spam!", "email": "anna@example.org"}
    with django_capture_on_commit_callbacks(execute=True):
        correction = sent(visitor, data, address)

    [message] = mail.outbox
    assert message.to == ["anna@example.org"]
    assert correction.number in message.subject
    assert f"/it/segnalazioni/{correction.secret}/" in message.body
    assert "AICCO" in message.body
    assert "Spam!" not in message.body


def test_a_mail_that_cannot_be_sent_loses_no_message(
    visitor, aicco, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    data = form_at(visitor) | {"message": "Wrong.", "email": "anna@example.org"}

    with django_capture_on_commit_callbacks(execute=True):
        sent(visitor, data)

    assert Correction.objects.exists()


def test_the_address_of_a_sender_is_forgotten_some_days_after_the_answer(capsys):
    today = timezone.localdate()
    days = {"recent": ADDRESS_KEPT, "old": ADDRESS_KEPT + 1}
    for name, number in days.items():
        CorrectionFactory(
            email=f"{name}@example.org",
            answer="accepted",
            answered_on=today - datetime.timedelta(days=number),
            reply_days=1,
        )
    CorrectionFactory(email="open@example.org")

    call_command("forget_senders")

    kept = {each.email for each in Correction.objects.all()}
    assert kept == {"recent@example.org", "open@example.org", ""}
    assert capsys.readouterr().out == "1 e-mail address deleted.\n"


# Who is kept out.


def test_the_forms_set_no_cookie_and_need_none(visitor, aicco):
    response = visitor.get(PAGE)
    answer = send(visitor, form_at(visitor) | {"message": "Wrong."})

    assert answer.status_code == 302
    assert not response.cookies
    assert not answer.cookies
    assert not visitor.get(answer.url).cookies


def test_a_message_leaves_the_kept_pages_as_they_are(visitor, aicco):
    before = DataVersion.objects.current()

    sent(visitor, form_at(visitor) | {"message": "Wrong."})

    assert DataVersion.objects.current() == before


def test_who_fills_in_the_box_that_people_do_not_see_sends_nothing(visitor, aicco):
    page = read(visitor.get(PAGE))
    assert page.one("div", "trap").one("input", name="company")

    response = send(visitor, form_at(visitor) | {"message": "Wrong.", "company": "Evil Ltd"})

    assert "left empty" in what_is_wrong(response)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "quick"), (25 * 3600, "open for long")], ids=["soon", "late"]
)
def test_who_comes_too_soon_or_too_late_is_asked_once_more(visitor, phone, seconds, told):
    data = form_at(visitor) | {f"phone-{phone.pk}-value": "800 200111"}

    response = send(visitor, data, seconds=seconds)

    assert told in what_is_wrong(response)
    again = filled_in(read(response).one("form", "form"))
    assert sent(visitor, again).proposals.get().proposed == {"value": "800 200111"}


@pytest.mark.parametrize("seal", ["", "x", "a:b", "\0", "e30:x", "é" * 5000])
def test_a_forged_form_is_asked_once_more(visitor, phone, seal):
    data = form_at(visitor) | {f"phone-{phone.pk}-value": "800 200111", "seal": seal}

    response = visitor.post(PAGE, data)

    assert "once more" in what_is_wrong(response)
    again = filled_in(read(response).one("form", "form"))
    assert sent(visitor, again).proposals.exists()


def test_the_form_of_one_entry_says_nothing_of_another(visitor, phone):
    AssociationFactory(slug="other", name="Other")
    data = form_at(visitor) | {f"phone-{phone.pk}-value": "800 200111"}

    response = send(visitor, data, "/en/associations/other/correction/")

    assert "once more" in what_is_wrong(response)
    again = filled_in(read(response).one("form", "form"))
    assert f"phone-{phone.pk}-value" not in again


def test_a_form_that_is_sent_twice_is_one_message(visitor, aicco):
    data = form_at(visitor) | {"message": "Wrong."}

    assert send(visitor, data).url == send(visitor, data).url
    assert Correction.objects.count() == 1


def test_one_connection_sends_so_many_messages_a_day(visitor, aicco):
    for _number in range(protection.MOST_OF_ONE):
        sent(visitor, form_at(visitor) | {"message": "Wrong."})

    refused = send(visitor, form_at(visitor) | {"message": "Wrong."})
    other = send(visitor, form_at(visitor) | {"message": "Wrong."}, REMOTE_ADDR="192.0.2.7")

    assert "More messages than usual" in what_is_wrong(refused)
    assert other.status_code == 302
    SentForm.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=25))
    sent(visitor, form_at(visitor) | {"message": "Wrong."})


def test_a_network_of_ipv6_is_one_connection(visitor, aicco):
    for number in range(protection.MOST_OF_ONE + 1):
        data = form_at(visitor) | {"message": "Wrong."}
        response = send(visitor, data, REMOTE_ADDR=f"2001:db8::{number:x}")

    assert response.status_code == 400


def test_nobody_has_somebody_else_mailed_without_end(visitor, aicco):
    data = {"message": "Wrong.", "email": "victim@example.org"}
    for number in range(protection.MOST_TO_ONE + 1):
        response = send(visitor, form_at(visitor) | data, REMOTE_ADDR=f"192.0.2.{number}")

    assert response.status_code == 400


def test_all_together_send_so_many_messages_an_hour(visitor, aicco):
    SentForm.objects.bulk_create(
        SentForm(connection=str(number)) for number in range(protection.MOST_OF_ALL)
    )

    response = send(visitor, form_at(visitor) | {"message": "Wrong."})

    assert "More messages than usual" in what_is_wrong(response)


def test_of_a_connection_only_a_digest_is_kept_and_for_a_day(visitor, aicco):
    old = timezone.now() - datetime.timedelta(hours=25)
    SentForm.objects.create(connection="x", sent_at=old)

    sent(visitor, form_at(visitor) | {"message": "Wrong.", "email": "anna@example.org"})

    form = SentForm.objects.get()
    assert re.fullmatch("[0-9a-f]{64}", form.connection)
    assert re.fullmatch("[0-9a-f]{64}", form.recipient)


@pytest.mark.parametrize(
    "told",
    [
        {"message": "x" * 3001},
        {"evidence": "x" * 1001},
        {"email": f"{'x' * 300}@example.org"},
        {"message": "a\0b"},
        {"matter": "suggestion"},
        {"matter": "x"},
        {"phone-new-value": "x" * 501},
        {"phone-new-value": "\0"},
    ],
)
def test_what_is_too_long_or_forged_is_refused_with_a_reason(visitor, aicco, told):
    response = send(visitor, form_at(visitor) | {"message": "Wrong."} | told)

    assert what_is_wrong(response)
    assert not Correction.objects.exists()


def test_more_than_any_form_holds_is_not_even_read(visitor, aicco):
    response = visitor.post(PAGE, {"message": "x" * protection.LARGEST})

    assert response.status_code == 413


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("address", [PAGE, SUGGEST, "/en/corrections/x/"])
def test_nothing_else_is_done_with_these_pages(client, aicco, method, address):
    assert getattr(client, method)(address).status_code == 405


def test_crawlers_are_kept_from_the_forms(client):
    robots = client.get("/robots.txt").text

    for address in ("/en/suggest/", "/it/proponi/", "/en/associations/*/correction/"):
        assert f"Disallow: {address}\n" in robots


# How well we keep our word.


def test_the_median_of_the_replies_and_the_share_in_time():
    assert Correction.objects.median_reply() is None
    assert Correction.objects.share_in_time() is None
    day = datetime.date(2026, 6, 1)
    for days in (1, 2, 4, 30):
        CorrectionFactory(
            received_on=day,
            answer="accepted",
            answered_on=day + datetime.timedelta(days=days),
            reply_days=days,
        )
    CorrectionFactory(received_on=day)

    assert Correction.objects.median_reply() == 3
    assert Correction.objects.share_in_time() == 0.75
    assert Correction.objects.open().count() == 1
    assert Correction.objects.overdue(datetime.date(2026, 6, 17)).count() == 1
    assert not Correction.objects.overdue(datetime.date(2026, 6, 16)).exists()
