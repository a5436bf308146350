"""Staff answer corrections: fact by fact, over nobody else's work, and as a source of its own."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associations import history
from associations.changes import one_change
from associations.merging import merge
from associations.models import (
    Association,
    Card,
    Changeset,
    ContactPoint,
    Correction,
    Name,
    OfficeHolder,
    Revision,
    Source,
)
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    CorrectionFactory,
    NameFactory,
    OfficeHolderFactory,
    ProposalFactory,
)
from tests.reading import filled_in, read

pytestmark = pytest.mark.django_db

QUEUE = "/admin/associations/correction/"


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture
def phone(aicco):
    return ContactPointFactory(association=aicco, value="0645417542")


@pytest.fixture
def proposal(phone):
    """Somebody proposes another telephone number."""
    return ProposalFactory(
        correction__association=phone.association,
        subject="phone",
        fact=phone.pk,
        said={"value": phone.value},
        proposed={"value": "800200111"},
    )


@pytest.fixture(autouse=True)
def in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def address_of(correction):
    return f"{QUEUE}{correction.pk}/change/"


def page_of(browser, correction):
    response = browser.get(address_of(correction))
    assert response.status_code == 200
    return read(response).one("div", "answering")


def form_of(browser, correction):
    """What the browser would send of the page of this correction, with no choice made."""
    data = filled_in(page_of(browser, correction).one("form"))
    return {name: value for name, value in data.items() if name != "csrfmiddlewaretoken"}


def answer(browser, correction, data):
    """Send it: None if it was answered, else the page that came back."""
    response = browser.post(address_of(correction), data)
    if response.status_code == 302:
        correction.refresh_from_db()
        return None
    assert response.status_code == 200
    return read(response).one("div", "answering")


def decide(browser, proposal, decision, reason="", **told):
    """Answer the correction of this one proposal so."""
    data = form_of(browser, proposal.correction)
    told = {f"p{proposal.pk}-{name}": value for name, value in told.items()}
    data |= {f"p{proposal.pk}-decision": decision, "whole-reason": reason, **told}
    return answer(browser, proposal.correction, data)


def decide_whole(browser, correction, decision, reason="", **told):
    """Answer a correction that proposes nothing for a single fact so."""
    data = form_of(browser, correction)
    told = {f"whole-{name}": value for name, value in told.items()}
    return answer(
        browser, correction, data | {"whole-decision": decision, "whole-reason": reason, **told}
    )


def errors(page):
    return " ".join(listed.text for listed in page.all("ul", "errorlist"))


# The queue.


def queue(browser, query=""):
    page = read(browser.get(f"{QUEUE}{query}"))
    return [
        row.one("th", "field-__str__").text
        for row in page.all("tr")
        if row.all("th", "field-__str__")
    ]


def test_the_queue_has_what_waits_the_longest_first(editor):
    late = CorrectionFactory(received_on=datetime.date(2024, 1, 2))
    new = CorrectionFactory()
    answered = CorrectionFactory(answer="accepted", answered_on=timezone.localdate(), reply_days=0)

    assert queue(editor) == [late.number, new.number]
    assert queue(editor, "?answer=overdue") == [late.number]
    assert queue(editor, "?answer=answered") == [answered.number]
    assert len(queue(editor, "?answer=all")) == 3


def test_the_queue_tells_how_many_working_days_are_left(editor, set_today):
    set_today("2026-11-27")
    CorrectionFactory(received_on=datetime.date(2026, 11, 26))
    CorrectionFactory(received_on=datetime.date(2026, 11, 10))

    page = read(editor.get(QUEUE))

    assert [cell.text for cell in page.all("td", "field-left")] == ["3 days late", "9"]


@pytest.mark.parametrize("text", ["{number}", "aicco", "AICCO", "Assocontact"])
def test_a_message_is_found_by_its_number_or_name(editor, aicco, text):
    CorrectionFactory()
    wanted = CorrectionFactory(association=aicco, name="Assocontact")

    assert queue(editor, f"?q={text.format(number=wanted.number)}") == [wanted.number]


@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=C-", "?q=C-2026-99999999999999999999", "?answer=x"]
)
def test_no_query_breaks_the_queue(editor, query):
    assert editor.get(f"{QUEUE}{query}", follow=True).status_code == 200


def test_the_queue_costs_as_many_queries_for_twenty_as_for_one(editor):
    CorrectionFactory()
    with CaptureQueriesContext(connection) as one:
        queue(editor)
    for _number in range(20):
        CorrectionFactory()
    with CaptureQueriesContext(connection) as twenty:
        queue(editor)

    assert len(twenty) == len(one) <= 10


# Accepted.


def test_what_is_accepted_takes_the_place_of_what_is_over(editor, phone, proposal):
    assert decide(editor, proposal, "accepted") is None

    old, new = ContactPoint.objects.order_by("pk")
    assert (old.value, old.is_past) == ("0645417542", True)
    assert (new.value, new.e164, new.attested_on) == (
        "800200111",
        "+39800200111",
        timezone.localdate().isoformat(),
    )
    assert phone.association.card.phone == "800200111"


def test_the_message_is_the_source_of_what_came_by_it(editor, proposal):
    decide(editor, proposal, "accepted")

    source = ContactPoint.objects.latest("pk").source
    assert source.title == f"Correction {proposal.correction.number}"
    assert source.publisher == "a visitor"
    assert source.published_on == timezone.localdate().isoformat()
    assert source.url == ""


def test_saving_is_not_checking_unless_the_editor_says_so(editor, phone, proposal):
    decide(editor, proposal, "accepted")
    assert ContactPoint.objects.latest("pk").checked_on is None

    again = ProposalFactory(
        correction__association=phone.association, subject="phone", proposed={"value": "06123456"}
    )
    decide(editor, again, "accepted", is_checked="on")
    assert ContactPoint.objects.latest("pk").checked_on == timezone.localdate()


def test_the_visitor_sees_what_became_of_it_and_everybody_the_new_number(
    editor, client, proposal, django_capture_on_commit_callbacks
):
    correction = proposal.correction
    correction.email = "anna@example.org"
    correction.save()
    with django_capture_on_commit_callbacks(execute=True):
        decide(editor, proposal, "accepted", reason="Thank you: we rang them.")

    status = client.get(f"/en/corrections/{correction.secret}/").text
    assert "Thank you: we rang them." in status
    assert "accepted" in status
    assert "tel:800200111" in client.get("/en/associations/aicco/").text
    [message] = mail.outbox
    assert (message.to, correction.number in message.subject) == (["anna@example.org"], True)
    assert "Thank you: we rang them." in message.body


def test_the_answer_counts_the_working_days_that_it_took(editor, set_today, proposal):
    proposal.correction.received_on = datetime.date(2026, 11, 20)
    proposal.correction.save()
    set_today("2026-11-27")

    decide(editor, proposal, "accepted")

    correction = proposal.correction
    assert (correction.answer, correction.reply_days) == ("accepted", 5)
    assert (correction.answered_by, correction.answered_on.isoformat()) == (
        editor.user,
        "2026-11-27",
    )


def test_what_several_sources_say_alike_is_over_at_once(editor, phone, proposal):
    ContactPointFactory(association=phone.association, value="+39 06 4541 7542")

    decide(editor, proposal, "accepted")

    page = read(editor.get("/en/associations/aicco/"))
    assert "06 4541 7542" not in page.one("dl", "contact").text


@pytest.mark.parametrize(
    ("since", "end"), [("2026-03-01", "2026-02-28"), ("2026-03", "2026-02"), ("2026", "2025")]
)
def test_where_the_message_tells_since_when_the_old_one_ends_there(
    editor, phone, proposal, since, end
):
    decide(editor, proposal, "accepted", since=since)

    phone.refresh_from_db()
    assert (phone.valid_to, phone.is_past) == (end, False)
    assert ContactPoint.objects.latest("pk").valid_from == since


def test_an_end_before_the_beginning_is_refused_and_nothing_is_saved(editor, phone, proposal):
    phone.valid_from = "2025"
    phone.save()

    page = decide(editor, proposal, "accepted", since="2020")

    assert "is told of 2025, too" in errors(page)
    assert ContactPoint.objects.count() == 1
    assert not Source.objects.filter(title__startswith="Correction").exists()
    proposal.correction.refresh_from_db()
    assert proposal.correction.is_open


def test_what_was_never_right_is_taken_out(editor, phone, proposal):
    decide(editor, proposal, "accepted", old="never")

    assert [point.value for point in ContactPoint.objects.all()] == ["800200111"]


def test_a_further_number_stands_beside_the_old_one(editor, phone, proposal):
    decide(editor, proposal, "accepted", old="stays")

    phone.refresh_from_db()
    assert not phone.is_past
    assert ContactPoint.objects.count() == 2


def test_what_is_wrong_without_a_better_one_is_over(editor, phone, proposal):
    proposal.proposed = {}
    proposal.save()

    decide(editor, proposal, "accepted")

    assert ContactPoint.objects.get().is_past


def test_what_was_missing_is_added(editor, aicco):
    proposal = ProposalFactory(
        correction__association=aicco, subject="person", proposed={"name": "Anna Bianchi"}
    )

    decide(editor, proposal, "accepted", role="president")

    assert aicco.office_holders.get().name == "Anna Bianchi"
    aicco.card.refresh_from_db()
    assert aicco.card.president == "Anna Bianchi"


def test_the_editor_writes_it_better_than_it_was_proposed(editor, proposal):
    decide(editor, proposal, "accepted", value="800 200 111", label="press office")

    point = ContactPoint.objects.latest("pk")
    assert (point.value, point.label) == ("800 200 111", "press office")


def test_a_new_president_follows_the_old_one(editor, aicco):
    old = OfficeHolderFactory(
        association=aicco, name="Leonardo Abbruzzese", honorific_prefix="Dr.", attested_on="2002"
    )
    proposal = ProposalFactory(
        correction__association=aicco,
        subject="person",
        fact=old.pk,
        said={"name": "Leonardo Abbruzzese"},
        proposed={"name": "Anna Bianchi"},
    )

    decide(editor, proposal, "accepted")

    aicco.card.refresh_from_db()
    assert aicco.card.president == "Anna Bianchi"
    assert OfficeHolder.objects.get(pk=old.pk).is_past


def test_a_name_that_changed_becomes_a_former_name(editor, aicco):
    proposal = ProposalFactory(
        correction__association=aicco,
        subject="name",
        fact=aicco.names.get().pk,
        said={"name": "AICCO"},
        proposed={"name": "Assocontact"},
    )

    decide(editor, proposal, "accepted")

    aicco.card.refresh_from_db()
    assert aicco.card.name == "Assocontact"
    assert aicco.names.get(name="AICCO").type == Name.Type.FORMER


def test_an_address_is_proposed_and_written_part_by_part(editor, aicco):
    address = AddressFactory(association=aicco, region="Lazio")
    proposal = ProposalFactory(
        correction__association=aicco,
        subject="address",
        fact=address.pk,
        said={"street_address": "Via Nazionale 243", "postal_code": "", "locality": "Roma"},
        proposed={"street_address": "Corso Como 1", "postal_code": "20154", "locality": "Milano"},
    )

    decide(editor, proposal, "accepted", region="Lombardia")

    new = aicco.addresses.latest("pk")
    assert str(new) == "Corso Como 1, 20154 Milano, Lombardia"
    assert new.country == "IT"


def test_a_confederation_is_an_entry_that_the_editor_chooses(editor, aicco):
    old = AffiliationFactory(association=aicco, parent__slug="confindustria")
    other = AssociationFactory(name="Confcommercio", kind="confederation")
    proposal = ProposalFactory(
        correction__association=aicco,
        subject="member",
        fact=old.pk,
        said={"parent": "Confindustria"},
        proposed={"parent": "Confcommercio"},
    )
    assert "Confcommercio" in page_of(editor, proposal.correction).text

    decide(editor, proposal, "accepted", parent=other.pk)

    aicco.card.refresh_from_db()
    assert aicco.card.confederation == other


def test_the_history_tells_who_accepted_it_and_by_which_message(editor, aicco, proposal):
    decide(editor, proposal, "accepted")

    act = Changeset.objects.first()
    assert (act.user, act.way, act.comment) == (
        editor.user,
        "correction",
        proposal.correction.number,
    )
    assert {each.model for each in act.revisions.all()} == {"contactpoint", "source"}
    history.undo(act)
    assert [(point.value, point.is_past) for point in ContactPoint.objects.all()] == [
        ("0645417542", False)
    ]


def test_several_facts_are_accepted_one_by_one(editor, aicco, phone, proposal):
    other = ProposalFactory(
        correction=proposal.correction, subject="email", proposed={"value": "info@example.org"}
    )
    data = form_of(editor, proposal.correction) | {
        f"p{proposal.pk}-decision": "accepted",
        f"p{other.pk}-decision": "refused",
        "whole-reason": "The address bounces.",
    }

    assert answer(editor, proposal.correction, data) is None

    assert proposal.correction.answer == "partly"
    assert not aicco.contact_points.filter(type="email").exists()
    status = read(editor.get(f"/en/corrections/{proposal.correction.secret}/")).one("main").text
    for text in ("accepted in part", "The address bounces.", "not accepted"):
        assert text in status


def test_a_fact_of_another_entry_is_not_touched(editor, phone):
    proposal = ProposalFactory(
        correction__association=AssociationFactory(),
        subject="phone",
        fact=phone.pk,
        said={"value": phone.value},
        proposed={"value": "800200111"},
    )

    decide(editor, proposal, "accepted")

    phone.refresh_from_db()
    assert not phone.is_past


def test_an_answer_leads_on_to_the_entry(editor, aicco, proposal):
    data = form_of(editor, proposal.correction) | {f"p{proposal.pk}-decision": "accepted"}

    page = read(editor.post(address_of(proposal.correction), data, follow=True))

    link = page.one("ul", "messagelist").one("a")
    assert (link.text, link["href"]) == (
        "AICCO",
        f"/admin/associations/association/{aicco.pk}/change/",
    )


# Refused, and checked.


def test_who_is_refused_is_told_why(editor, phone, proposal):
    page = decide(editor, proposal, "refused")
    assert "Tell the sender why" in errors(page)
    assert "Nothing is saved yet" in page.one("p", "errornote").text

    assert decide(editor, proposal, "refused", reason="Their own page says otherwise.") is None

    assert proposal.correction.answer == "refused"
    assert ContactPoint.objects.get() == phone
    assert "Their own page" in editor.get(f"/en/corrections/{proposal.correction.secret}/").text


def test_what_is_still_right_is_marked_as_checked(editor, phone, proposal):
    twin = ContactPointFactory(association=phone.association, value="06 45417542")

    assert decide(editor, proposal, "confirmed") is None

    for point in (phone, twin):
        point.refresh_from_db()
        assert (point.checked_on, point.is_past) == (timezone.localdate(), False)
    assert proposal.correction.answer == "refused"
    status = editor.get(f"/en/corrections/{proposal.correction.secret}/").text
    assert "checked: it is still right" in status


def test_every_proposal_is_decided(editor, proposal):
    page = answer(editor, proposal.correction, form_of(editor, proposal.correction))

    assert errors(page)
    assert ContactPoint.objects.count() == 1


@pytest.mark.parametrize(
    ("proposed", "old", "told"),
    [({}, "stays", "change nothing"), ({"value": "no digits"}, "over", "has digits")],
)
def test_what_makes_no_sense_is_told_beside_it(editor, proposal, proposed, old, told):
    proposal.proposed = proposed
    proposal.save()

    page = decide(editor, proposal, "accepted", old=old)

    assert told in errors(page)
    assert ContactPoint.objects.count() == 1


# Nobody's work is lost.


def test_what_a_colleague_changed_meanwhile_is_shown_beside_ones_own(editor, phone, proposal):
    data = form_of(editor, proposal.correction) | {f"p{proposal.pk}-decision": "accepted"}
    phone.value = "0612345678"
    phone.save()

    page = answer(editor, proposal.correction, data)

    row = page.one("table", "conflict").one("tbody").one("tr")
    assert [cell.text for cell in row.all("td")] == ["0645417542", "0612345678", "800200111"]
    assert [point.value for point in ContactPoint.objects.all()] == ["0612345678"]
    # Seen, it can be decided again: what was typed and chosen is still there.
    again = filled_in(page.one("form"))
    assert again[f"p{proposal.pk}-value"] == "800200111"
    assert answer(editor, proposal.correction, again) is None
    assert ContactPoint.objects.count() == 2


@pytest.mark.parametrize("decision", ["accepted", "confirmed"])
def test_a_fact_that_is_gone_meanwhile_is_no_broken_page(editor, phone, proposal, decision):
    data = form_of(editor, proposal.correction) | {f"p{proposal.pk}-decision": decision}
    phone.delete()

    page = answer(editor, proposal.correction, data)

    assert "meanwhile" in errors(page)
    assert not ContactPoint.objects.exists()


def test_what_a_colleague_answered_meanwhile_is_left_as_it_is(editor, proposal):
    data = form_of(editor, proposal.correction) | {f"p{proposal.pk}-decision": "accepted"}
    Correction.objects.update(
        answer="refused", answered_on=timezone.localdate(), reply_days=0, reason="No."
    )

    page = answer(editor, proposal.correction, data)

    assert "not accepted" in page.text
    assert ContactPoint.objects.count() == 1


def test_an_answered_message_is_only_read(editor, proposal):
    decide(editor, proposal, "accepted")

    assert not page_of(editor, proposal.correction).all("form")


# What is told in words.


def test_a_fact_is_taken_out_of_the_words_and_decided_on(editor, phone):
    correction = CorrectionFactory(
        association=phone.association, matter="other", message="They have a fax: 06 999999"
    )
    data = form_of(editor, correction) | {"whole-reason": "Thank you", "take": "fax-new"}

    page = read(editor.post(address_of(correction), data | {"_take": "1"}))

    again = filled_in(page.one("div", "answering").one("form"))
    assert again["whole-reason"] == "Thank you"
    proposal = correction.proposals.get()
    again |= {f"p{proposal.pk}-decision": "accepted", f"p{proposal.pk}-value": "06 999999"}
    assert answer(editor, correction, again) is None
    assert correction.association.contact_points.filter(type="fax", value="06 999999").exists()


@pytest.mark.parametrize("key", ["", "x", "fax-1", "phone-99999999999999999999", "\0", "fax-"])
def test_nothing_else_is_taken_out_of_it(editor, phone, key):
    correction = CorrectionFactory(association=phone.association, matter="other", message="x")

    response = editor.post(address_of(correction), {"_take": "1", "take": key})

    assert response.status_code == 200
    assert not correction.proposals.exists()


def test_a_message_in_words_is_answered_in_words(editor, aicco):
    correction = CorrectionFactory(association=aicco, matter="other", message="Nice page.")

    assert decide_whole(editor, correction, "accepted", reason="Thank you.") is None

    assert correction.answer == "accepted"


# Closed, removed, suggested.


def test_a_publisher_closes_what_no_longer_exists(publisher, aicco):
    correction = CorrectionFactory(association=aicco, matter="closed", closed_on="2024")
    assert form_of(publisher, correction)["whole-dissolution_date"] == "2024"

    assert decide_whole(publisher, correction, "accepted") is None

    aicco.refresh_from_db()
    assert (aicco.state, aicco.dissolution_date) == ("closed", "2024")


def test_an_editor_who_accepts_it_asks_publishers_to_close_the_entry(editor, aicco):
    correction = CorrectionFactory(association=aicco, matter="closed", closed_on="2024")
    assert "those who publish are asked to close" in page_of(editor, correction).text

    assert decide_whole(editor, correction, "accepted") is None

    aicco.refresh_from_db()
    assert (aicco.state, aicco.dissolution_date) == ("public", "2024")
    assert aicco.submission.by == editor.user
    assert [card.pk for card in Card.objects.submitted()] == [aicco.pk]
    assert aicco.citations.get().source.title == f"Correction {correction.number}"


def test_what_ended_before_it_began_is_refused_at_its_field(publisher, aicco):
    Association.objects.filter(pk=aicco.pk).update(founding_date="2020")
    correction = CorrectionFactory(association=aicco, matter="closed", closed_on="2019")

    assert "before it is founded" in errors(decide_whole(publisher, correction, "accepted"))

    aicco.refresh_from_db()
    assert aicco.state == "public"


def test_a_publisher_withdraws_an_entry_at_its_request(publisher, aicco):
    correction = CorrectionFactory(association=aicco, matter="removal", message="We ask for it.")
    assert errors(decide_whole(publisher, correction, "accepted"))
    assert errors(decide_whole(publisher, correction, "accepted", withdraw="on"))

    told = {"withdraw": "on", "withdrawal_reason": "Removed at its request."}
    assert decide_whole(publisher, correction, "accepted", **told) is None

    response = publisher.get("/en/associations/aicco/")
    assert response.status_code == 410
    assert "Removed at its request." in response.text


def test_an_editor_does_not_withdraw_an_entry_by_any_form(editor, aicco):
    correction = CorrectionFactory(association=aicco, matter="removal", message="We ask for it.")

    told = {"withdraw": "on", "withdrawal_reason": "x"}
    assert decide_whole(editor, correction, "accepted", **told) is not None

    aicco.refresh_from_db()
    assert aicco.state == "public"


def test_a_person_who_asks_for_it_is_erased(editor, aicco):
    person = OfficeHolderFactory(association=aicco, name="Leonardo Abbruzzese")
    correction = CorrectionFactory(association=aicco, matter="removal", message="It is me.")
    proposal = ProposalFactory(correction=correction, subject="person", fact=person.pk)
    data = form_of(editor, correction) | {
        f"p{proposal.pk}-decision": "accepted",
        f"p{proposal.pk}-old": "erased",
        "whole-decision": "accepted",
    }

    assert answer(editor, correction, data) is None

    assert not OfficeHolder.objects.exists()
    assert Association.objects.get().state == "public"
    told = Revision.objects.filter(model="officeholder")
    assert told.exists()
    assert not [each for each in told if each.before or each.after]
    history.undo(told.latest("pk").changeset)
    assert not OfficeHolder.objects.exists()


def test_with_a_person_goes_each_office_that_they_held(editor, aicco):
    person = OfficeHolderFactory(association=aicco, name="Leonardo Abbruzzese")
    OfficeHolderFactory(association=aicco, name="Leonardo Abbruzzese", role="founder", is_past=True)
    other = OfficeHolderFactory(association=aicco, name="Anna Bianchi", role="director_general")
    proposal = ProposalFactory(
        correction__association=aicco,
        subject="person",
        fact=person.pk,
        said={"name": "Leonardo Abbruzzese"},
    )

    decide(editor, proposal, "accepted", old="erased")

    assert [holder.pk for holder in OfficeHolder.objects.all()] == [other.pk]
    proposal.refresh_from_db()
    assert proposal.said == {}
    assert "Abbruzzese" not in editor.get("/en/associations/aicco/").text


def test_a_suggestion_becomes_a_draft_with_the_message_as_source(editor):
    correction = CorrectionFactory(
        association=None, matter="suggestion", name="Assocontact", website="www.assocontact.it"
    )
    assert form_of(editor, correction)["whole-slug"] == "assocontact"

    page = decide_whole(editor, correction, "accepted")
    assert "whole web address" in errors(page)
    told = {"website": "https://www.assocontact.it", "slug": "asso-contact"}
    assert decide_whole(editor, correction, "accepted", **told) is None

    draft = Association.objects.get()
    assert (draft.slug, draft.state, draft.card.name) == ("asso-contact", "draft", "Assocontact")
    assert draft.card.website == "https://www.assocontact.it"
    assert {fact.source.title for fact in (draft.names.get(), draft.contact_points.get())} == {
        f"Correction {correction.number}"
    }
    assert correction.association == draft


def test_a_suggestion_is_shown_beside_what_is_there_already(editor, aicco):
    NameFactory(association=aicco, type="former", name="Assocontact")
    correction = CorrectionFactory(association=None, matter="suggestion", name="assocontact")

    assert "AICCO" in page_of(editor, correction).one("section", "alike").text
    page = decide_whole(editor, correction, "accepted", slug="aicco")
    assert errors(page)
    assert decide_whole(editor, correction, "refused", reason="It is there: AICCO.") is None
    assert Association.objects.count() == 1


def test_a_message_on_an_entry_that_was_deleted_can_only_be_refused(publisher, aicco, proposal):
    aicco.delete()
    correction = proposal.correction

    assert decide_whole(publisher, correction, "accepted") is not None
    assert decide_whole(publisher, correction, "refused", reason="It is gone.") is None


def test_a_message_on_an_entry_that_was_merged_is_one_on_the_entry_that_stays(
    editor, aicco, proposal
):
    other = AssociationFactory(slug="assocontact", name="Assocontact")

    merge(other, aicco)

    proposal.correction.refresh_from_db()
    assert proposal.correction.association == other
    assert decide(editor, proposal, "accepted") is None
    other.card.refresh_from_db()
    assert other.card.phone == "800200111"


# An answer that is taken back.


def status_of(browser, correction):
    """What the sender is told on top of the page of the message."""
    page = read(browser.get(f"/en/corrections/{correction.secret}/"))
    return page.one("div", "banner").text


def test_a_message_whose_acceptance_is_taken_back_waits_again(editor, set_today, proposal):
    correction = proposal.correction
    set_today("2026-11-27")
    decide(editor, proposal, "accepted", reason="Thank you.")
    set_today("2026-12-01")

    history.undo(Changeset.objects.get(way="correction"))

    correction.refresh_from_db()
    proposal.refresh_from_db()
    assert (correction.is_open, correction.answer, proposal.outcome) == (True, "", "")
    assert correction in Correction.objects.open()
    assert status_of(editor, correction) == (
        "The answer that you had was taken back: your message is looked at again."
        " You have an answer by 16 December 2026."
    )
    assert "the answer was taken back" in page_of(editor, correction).text
    assert decide(editor, proposal, "refused", reason="They do not answer.") is None
    assert status_of(editor, correction).startswith("Answered on 1 December 2026: not accepted.")


def test_who_takes_that_back_too_has_the_answer_again(editor, proposal):
    decide(editor, proposal, "accepted", reason="Thank you.")
    before = Correction.objects.values().get(), proposal.correction.proposals.values().get()

    taken_back = history.undo(Changeset.objects.get(way="correction"))
    history.undo(taken_back)

    assert before == (
        Correction.objects.values().get(),
        proposal.correction.proposals.values().get(),
    )


def test_a_message_stays_answered_anew_when_the_first_answer_is_in_force_again(editor, proposal):
    decide(editor, proposal, "accepted")
    taken_back = history.undo(Changeset.objects.get(way="correction"))
    decide(editor, proposal, "refused", reason="They do not answer.")

    history.undo(taken_back)

    assert Correction.objects.get().answer == "refused"


def test_an_entry_that_is_made_what_it_was_before_reopens_the_message(editor, phone, proposal):
    first = Changeset.objects.earliest("pk")
    decide(editor, proposal, "accepted")

    history.restore(phone.association.pk, first)

    assert Correction.objects.get().is_open


def test_a_suggestion_whose_draft_is_taken_back_waits_again(editor):
    correction = CorrectionFactory(association=None, matter="suggestion", name="Assocontact")
    decide_whole(editor, correction, "accepted")
    draft = correction.association

    taken_back = history.undo(Changeset.objects.get(way="correction"))
    correction.refresh_from_db()
    assert (correction.is_open, correction.association) == (True, None)

    history.undo(taken_back)
    correction.refresh_from_db()
    assert (correction.answer, correction.association) == ("accepted", draft)


def test_other_acts_that_are_taken_back_reopen_nothing(editor, phone, proposal):
    decide(editor, proposal, "accepted")
    with one_change(comment=proposal.correction.number) as change:
        NameFactory(association=phone.association, type="acronym")

    history.undo(change.changeset)

    assert not Correction.objects.get().is_open


# Who may do it, and what no form sends.


def test_spam_is_deleted(editor, proposal):
    address = f"{QUEUE}{proposal.correction.pk}/delete/"
    [form] = [form for form in read(editor.get(address)).all("form") if "post" in filled_in(form)]

    editor.post(address, filled_in(form))

    assert not Correction.objects.exists()


def test_nobody_makes_a_correction_up(publisher):
    assert publisher.get(f"{QUEUE}add/").status_code in (302, 403)


def test_who_may_only_read_answers_nothing(client, django_user_model, proposal):
    user = django_user_model.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_correction"))
    client.force_login(user)

    assert not page_of(client, proposal.correction).all("form")
    told = {f"p{proposal.pk}-decision": "accepted"}
    assert client.post(address_of(proposal.correction), told).status_code == 403
    assert ContactPoint.objects.count() == 1


@pytest.mark.parametrize("key", ["0", "99999999999999999999", "x", "%00"])
def test_a_message_that_is_not_there_is_an_answer_too(editor, key):
    assert editor.get(f"{QUEUE}{key}/change/", follow=True).status_code in (200, 404)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("decision", "x"),
        ("decision", "\0"),
        ("old", "x"),
        ("base", "x"),
        ("base", "[]"),
        ("base", "[1]"),
        ("base", '{"value": 1}'),
        ("base", '{"value": {}}'),
        ("value", "a\0b"),
        ("value", "x" * 501),
        ("country", "XX"),
        ("since", "x"),
    ],
)
def test_no_forged_form_breaks_the_desk(editor, proposal, name, value):
    assert decide(editor, proposal, **({"decision": "accepted"} | {name: value})) is not None
    assert ContactPoint.objects.count() == 1


@pytest.mark.parametrize("value", ["99999999999999999999", "4711", "x", "\0", ""])
def test_no_forged_key_breaks_the_desk(editor, aicco, value):
    proposal = ProposalFactory(
        correction__association=aicco, subject="member", proposed={"parent": "x"}
    )
    data = form_of(editor, proposal.correction) | {
        f"p{proposal.pk}-decision": "accepted",
        f"p{proposal.pk}-parent": value,
    }

    assert editor.post(address_of(proposal.correction), data).status_code in (200, 400)
    assert not aicco.affiliations.exists()
