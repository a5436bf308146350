"""The first page of staff: what waits for them, and how it is worked through."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.changes import one_change
from associations.models import (
    Association,
    Changeset,
    ContactPoint,
    ImportJob,
    ImportRow,
    Submission,
    Visits,
)
from associations.worklists import LISTS
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    OfficeHolderFactory,
    SourceFactory,
    SuccessionFactory,
)
from tests.reading import filled_in, read

pytestmark = pytest.mark.django_db

DESK = "/admin/"
LIST = "/admin/associations/association/"
TODAY = datetime.date(2024, 6, 30)


@pytest.fixture(autouse=True)
def today_in_english(set_today, client):
    set_today(TODAY.isoformat())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def checked(name, day, **told):
    """An entry whose facts were all checked on a day."""
    association = AssociationFactory(name="", **told)
    NameFactory(association=association, name=name, checked_on=day)
    return association


def waiting(browser, key):
    """The names in a list on the first page."""
    section = read(browser.get(DESK)).one("section", **{"aria-labelledby": f"work-{key}"})
    return [li.one("a").text for li in section.all("li")]


def number(browser, key):
    return read(browser.get(DESK)).one("h2", id=f"work-{key}").one("span", "number").text


def at_work(key, association):
    return f"/admin/tasks/{key}/{association.pk}/"


def press(browser, address, **button):
    """Press a button of the form at this address; `how` and all else as the page has it."""
    form = filled_in(read(browser.get(address)).one("main").one("form"))
    readings = read(browser.get(address)).one("main").all("input", name="reading")
    form["reading"] = [each["value"] for each in readings]
    return browser.post(address, form | button, follow=True)


def told(response):
    """What the page says on top."""
    return [li.text for ul in read(response).all("ul", "messagelist") for li in ul.all("li")]


# The lists.


def test_what_was_never_checked_waits_in_the_order_of_its_sources(editor):
    for name, day in (("Of 2010", "2010"), ("Of unknown age", ""), ("Of 2002", "2002-03")):
        NameFactory(name=name, attested_on=day)
    checked("Checked", TODAY)

    assert waiting(editor, "never") == ["Of unknown age", "Of 2002", "Of 2010"]


def test_what_was_checked_long_ago_waits_for_another_check_the_oldest_first(editor):
    for day in ("2023-06-30", "2021-01-01", "2023-07-01"):
        checked(f"Of {day}", day)

    assert waiting(editor, "due") == ["Of 2021-01-01", "Of 2023-06-30"]


@pytest.mark.parametrize("key", ["never", "due", "headless"])
@pytest.mark.parametrize("state", ["draft", "closed", "withdrawn"])
def test_only_what_the_directory_lists_waits_for_a_check(editor, key, state):
    for day in (None, "2020-01-01"):
        association = checked("Not listed", day, state=state)
        OfficeHolderFactory(association=association, valid_to="2023")

    assert waiting(editor, key) == []


def test_a_president_whose_term_has_ended_waits_for_a_successor(editor):
    for name, end in (("Without since 2020", "2020"), ("Without since 2018", "2018-05")):
        OfficeHolderFactory(association=AssociationFactory(name=name), valid_to=end)
    followed = OfficeHolderFactory(association=AssociationFactory(), valid_to="2020").association
    OfficeHolderFactory(association=followed, valid_from="2020")
    OfficeHolderFactory(valid_to="2024")  # to its end
    OfficeHolderFactory(valid_to="2020", role="spokesperson")

    assert waiting(editor, "headless") == ["Without since 2018", "Without since 2020"]


def imported(day, state="done", **outcomes):
    """A file of that day was imported, with a row of this outcome for each of these entries."""
    job = ImportJob.objects.create(file_name="register.csv", packed=b"", digest="", state=state)
    ImportJob.objects.filter(pk=job.pk).update(uploaded_at=f"{day}T12:00:00Z")
    for slug, outcome in outcomes.items():
        entry = Association.objects.get(slug=slug)
        ImportRow.objects.create(
            job=job, line=0, entry=entry.pk, outcome=outcome, is_ticked=outcome == "same"
        )
    return job


def test_what_the_newest_file_of_a_register_no_longer_has_is_to_be_checked(editor):
    for slug in ("bakers", "millers", "brewers"):
        checked(slug.title(), "2024-01-01", slug=slug)
    imported("2024-05-01", bakers="gone", millers="same", brewers="gone")
    imported("2024-05-02", bakers="same", state="previewed")
    assert waiting(editor, "missing") == ["Bakers", "Brewers"]

    imported("2024-06-01", bakers="same", millers="gone", brewers="gone")

    assert waiting(editor, "missing") == ["Millers", "Brewers"]


def test_who_is_gone_waits_until_somebody_has_checked_or_closed_it(editor):
    for slug in ("bakers", "millers", "brewers"):
        checked(slug.title(), "2024-01-01", slug=slug)
    imported("2024-05-01", bakers="gone", millers="gone", brewers="gone")
    Association.objects.filter(slug="brewers").update(state="closed")
    assert waiting(editor, "missing") == ["Bakers", "Millers"]

    bakers = Association.objects.get(slug="bakers")
    press(editor, at_work("missing", bakers), check="all", how="phoned")

    assert waiting(editor, "missing") == ["Millers"]


def test_drafts_wait_in_the_order_of_their_last_change(editor):
    first = AssociationFactory(name="First", state="draft")
    AssociationFactory(name="Second", state="draft")
    AssociationFactory(name="Public")
    assert waiting(editor, "drafts") == ["First", "Second"]

    ContactPointFactory(association=first)

    assert waiting(editor, "drafts") == ["Second", "First"]


def test_the_first_page_shows_the_first_of_each_list_and_counts_them(editor):
    with one_change():
        AssociationFactory.create_batch(7)

    assert len(waiting(editor, "never")) == 5
    assert number(editor, "never") == "7"
    assert number(editor, "due") == "0"


def test_an_entry_is_searched_for_from_the_first_page(editor):
    AssociationFactory(name="Lion Club")
    AssociationFactory(name="Tiger Club")

    form = read(editor.get("/admin/")).one("form", role="search")
    found = read(editor.get(form["action"], filled_in(form) | {"q": "lion"}))

    assert [
        row.one("a").text for row in found.one("table", id="result_list").all("th", "field-name")
    ] == ["Lion Club"]


def test_more_than_a_thousand_are_not_counted(editor, monkeypatch):
    monkeypatch.setattr("associations.worklists.MOST", 3)
    AssociationFactory.create_batch(4)

    assert number(editor, "never") == "more than 3"


def test_a_whole_list_comes_page_by_page(editor, monkeypatch):
    monkeypatch.setattr("associations.admin.desk.LISTED", 2)
    for year in ("2001", "2002", "2003"):
        NameFactory(name=f"Of {year}", attested_on=year)

    first = read(editor.get("/admin/tasks/never/"))
    second = read(editor.get(first.one("a", rel="next")["href"]))

    names = [[li.one("a").text for li in page.one("ol").all("li")] for page in (first, second)]
    assert names == [["Of 2001", "Of 2002"], ["Of 2003"]]
    assert not second.all("a", rel="next")


@pytest.mark.parametrize("key", LISTS)
def test_a_list_goes_on_after_each_of_its_entries_once(editor, key):
    for year in ("2001", "2001", "2003"):
        one_for_every_list(year)
    seen, address = [], f"/admin/tasks/{key}/next/"
    while len(seen) < 9:
        response = editor.get(address, follow=True)
        if "That was the last one of this list." in told(response):
            break
        seen.append(read(response).one("h1").text)
        address = read(response).one("a", **{"data-key": "n"})["href"]

    assert len(seen) == len(set(seen)) >= 3


def one_for_every_list(year):
    old = checked(f"Checked {SourceFactory().pk}", f"{year}-01-01")
    OfficeHolderFactory(association=old, valid_to=year, checked_on=f"{year}-01-01")
    Visits.objects.create(association=old, month=TODAY.replace(day=1), number=int(year))
    draft = AssociationFactory(state="draft")
    Submission.objects.create(association=draft, at=f"{year}-01-01T00:00:00Z")
    NameFactory(attested_on=year)
    imported(f"{year}-06-01", **{old.slug: "gone"})


@pytest.mark.parametrize(
    "place", ["x", "2002", "2002~1~1", "~x", "\0~1", f"2002~{10**20}", "9" * 30 + "~1"]
)
def test_a_place_that_is_none_is_an_error_and_breaks_nothing(editor, place):
    AssociationFactory()

    lists = ("/admin/tasks/never/", "/admin/tasks/visited/")
    for address in (*lists, "/admin/tasks/never/next/"):
        response = editor.get(address, {"after": place}, follow=True)
        assert response.status_code in (200, 400)


def test_a_list_that_is_none_is_not_found(editor):
    assert editor.get("/admin/tasks/x/").status_code == 404
    assert editor.get("/admin/tasks/never/4711/").status_code == 404


# Checks.


def everything_of(association):
    AddressFactory(association=association)
    ContactPointFactory(association=association)
    ContactPointFactory(association=association, type="website", value="https://example.org")
    ContactPointFactory(association=association, type="email", value="info@example.org")
    OfficeHolderFactory(association=association)
    AffiliationFactory(association=association)
    IdentifierFactory(association=association)
    SuccessionFactory(association=association)


def test_every_fact_of_today_is_shown_with_its_source_and_where_to_look(editor):
    association = AssociationFactory(name="AICCO")
    everything_of(association)
    ContactPointFactory(association=association, value="0612345678", valid_to="2003")

    page = read(editor.get(at_work("never", association))).one("main")

    assert len(page.one("table").one("tbody").all("tr")) == 9
    assert {"tel:+390645417542", "https://example.org", "mailto:info@example.org"} <= set(
        page.links
    )


def test_the_facts_stand_in_the_order_of_their_checks(editor):
    association = AssociationFactory(name="")
    for name, day, check in (
        ("Checked in 2020", "", "2020-01-01"),
        ("Of 2022", "2022", None),
        ("Of 2002", "2002", None),
        ("Of unknown age", "", None),
    ):
        NameFactory(
            association=association, type="other", name=name, attested_on=day, checked_on=check
        )

    page = read(editor.get(at_work("never", association)))

    assert [each.text for each in page.all("span", "fact-value")] == [
        "Of unknown age",
        "Of 2002",
        "Checked in 2020",
        "Of 2022",
    ]


def test_one_fact_is_checked_by_its_button(editor):
    association = AssociationFactory()
    phone = ContactPointFactory(association=association)
    address = at_work("never", association)
    [button] = [
        b
        for b in read(editor.get(address)).all("button", name="check")
        if b["value"].startswith(f"contactpoint-{phone.pk}-")
    ]

    response = press(editor, address, check=button["value"], how="phoned")

    phone.refresh_from_db()
    assert phone.checked_on == TODAY
    assert association.names.get().checked_on is None
    assert response.redirect_chain[-1][0] == address
    assert any("1 fact is checked as of today." in text for text in told(response))


def test_all_facts_are_checked_by_one_button_and_the_next_entry_comes(editor):
    first = NameFactory(name="First", attested_on="2001").association
    everything_of(first)
    NameFactory(name="Second", attested_on="2002")

    response = press(editor, at_work("never", first), check="all", how="letter")

    assert read(response).one("h1").text == "Second"
    first.card.refresh_from_db()
    assert first.card.checked_on == TODAY
    assert not first.contact_points.filter(checked_on=None).exists()


def test_how_it_was_made_sure_is_asked_and_remembered(editor):
    association = AssociationFactory()
    address = at_work("never", association)

    response = press(editor, address, check="all", how="")
    assert told(response) == ["Say how you made sure."]
    assert association.names.get().checked_on is None

    press(editor, address, check="all", how="phoned")
    chosen = read(editor.get(address)).one("select", name="how").all("option", selected=None)
    assert "phoned" in [option["value"] for option in chosen if "selected" in option.attributes]


def test_what_was_changed_since_it_was_seen_is_not_checked(editor):
    association = AssociationFactory()
    phone = ContactPointFactory(association=association)
    address = at_work("never", association)
    page = read(editor.get(address))
    readings = [each["value"] for each in page.all("input", name="reading")]
    phone.value = "800 200111"
    phone.save()

    response = editor.post(
        address, {"check": "all", "how": "phoned", "reading": readings}, follow=True
    )

    phone.refresh_from_db()
    assert phone.checked_on is None
    assert association.names.get().checked_on == TODAY
    assert any("was changed since you saw it" in text for text in told(response))


def test_what_was_added_since_the_page_was_seen_is_not_checked(editor):
    association = AssociationFactory()
    readings = [
        each["value"]
        for each in read(editor.get(at_work("never", association))).all("input", name="reading")
    ]
    phone = ContactPointFactory(association=association)

    editor.post(
        at_work("never", association), {"check": "all", "how": "phoned", "reading": readings}
    )

    phone.refresh_from_db()
    assert phone.checked_on is None


def test_a_fact_of_another_entry_is_not_checked(editor):
    other = AssociationFactory()
    reading = read(editor.get(at_work("never", other))).one("input", name="reading")["value"]

    editor.post(at_work("never", AssociationFactory()), {"check": reading, "how": "phoned"})

    assert other.names.get().checked_on is None


@pytest.mark.parametrize(
    "sent", [{}, {"check": "x", "how": "phoned"}, {"check": "\0", "how": "\0"}, {"x": "y"}]
)
def test_no_forged_button_breaks_the_desk(editor, sent):
    response = editor.post(at_work("never", AssociationFactory()), sent, follow=True)

    assert response.status_code in (200, 400)
    assert not ContactPoint.objects.exclude(checked_on=None).exists()


# Drafts.


def test_an_editor_says_that_a_draft_is_ready_and_publishers_see_it_first(editor):
    draft = AssociationFactory(name="New one", state="draft")

    press(editor, at_work("drafts", draft), submit="review")

    assert waiting(editor, "submitted") == ["New one"]
    assert draft.submission.by.username == "Editors"
    assert Association.objects.get().state == "draft"
    lists = [each["aria-labelledby"] for each in read(editor.get(DESK)).all("section", "work-list")]
    assert next(each for each in lists if each[5:] in LISTS) == "work-submitted"


def test_a_publisher_publishes_what_was_submitted(publisher):
    draft = AssociationFactory(name="New one", state="draft")
    Submission.objects.create(association=draft, at="2024-01-01T00:00:00Z")

    address = at_work("submitted", draft)
    button = read(publisher.get(address)).one("button", name="publish")

    press(publisher, address, publish=button["value"])

    assert Association.objects.get().state == "public"
    assert waiting(publisher, "submitted") == []
    assert not Submission.objects.exists()


def test_an_editor_is_not_offered_and_cannot_forge_the_button_that_publishes(editor):
    draft = AssociationFactory(state="draft")
    address = at_work("drafts", draft)
    assert not read(editor.get(address)).all("button", name="publish")

    assert editor.post(address, {"publish": "public"}).status_code == 403
    assert Association.objects.get().state == "draft"


@pytest.mark.parametrize("state", ["closed", "withdrawn", "public"])
def test_what_is_decided_on_already_is_not_published_by_the_button_for_drafts(publisher, state):
    association = AssociationFactory(state=state)

    publisher.post(at_work("drafts", association), {"publish": "public"})

    assert Association.objects.get().state == state


def test_the_page_of_a_draft_is_seen_before_it_is_public(editor, client):
    draft = AssociationFactory(name="New one", state="draft")
    link = read(editor.get(at_work("drafts", draft))).one("a", **{"data-key": "p"})

    response = editor.get(link["href"])

    assert link.text == "Preview of its page"
    assert read(response).one("h1").text == "New one"
    assert response.headers["Cache-Control"] == "private, no-store"
    client.logout()
    assert client.get(link["href"]).status_code == 404


def test_a_draft_that_was_changed_since_it_was_seen_is_not_published(publisher):
    draft = AssociationFactory(state="draft")
    address = at_work("drafts", draft)
    button = read(publisher.get(address)).one("button", name="publish")
    ContactPointFactory(association=draft)

    response = press(publisher, address, publish=button["value"])

    assert Association.objects.get().state == "draft"
    assert any("was changed since you saw it" in text for text in told(response))


# Several at once.


def choose(browser, action, *associations, **further):
    """The page that asks whether the action is meant."""
    keys = [association.pk for association in associations]
    return browser.post(LIST, {"action": action, "_selected_action": keys, **further})


def say_yes(browser, response, **told):
    """Press the button of the page that asks."""
    form = read(response).one("main").one("form")
    data = filled_in(form) | told | {"post": "yes"}
    for name in ("seen", "_selected_action"):
        data[name] = [each["value"] for each in form.all("input", name=name)]
    return browser.post(form["action"], data, follow=True)


def test_an_action_tells_what_becomes_of_each_entry_before_it_is_done(publisher):
    draft = AssociationFactory(name="Draft", state="draft")
    public = AssociationFactory(name="Public")

    response = choose(publisher, "publish", draft, public)

    rows = read(response).one("main").one("tbody").all("tr")
    assert [[row.one("th").text, row.one("td").text] for row in rows] == [
        ["Draft", "draft → public"],
        ["Public", "is so already"],
    ]
    assert read(response).one("h1").text == "Publish"
    assert Association.objects.get(pk=draft.pk).state == "draft"


def test_a_check_of_several_entries_tells_of_how_many_facts(editor):
    association = AssociationFactory(name="AICCO")
    ContactPointFactory(association=association)
    ContactPointFactory(association=association, valid_to="2003")

    response = choose(editor, "confirm", association)

    assert read(response).one("main").one("tbody").one("td").text == "2 facts"


def test_an_action_leaves_alone_what_was_changed_since_it_asked(publisher):
    first, second = AssociationFactory.create_batch(2, state="draft")
    asked = choose(publisher, "publish", first, second)
    ContactPointFactory(association=first)

    response = say_yes(publisher, asked)

    states = dict(Association.objects.values_list("pk", "state"))
    assert states == {first.pk: "draft", second.pk: "public"}
    assert any("1 entry was changed since you saw it" in text for text in told(response))


def test_what_was_changed_since_is_not_deleted_with_others(admin_client):
    first, second = AssociationFactory(name="First"), AssociationFactory(name="Second")
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    asked = choose(admin_client, "delete_selected", first, second)
    rows = read(asked).one("main").one("tbody").all("tr")
    assert [row.one("td").text for row in rows] == ["public → deleted"] * 2
    ContactPointFactory(association=first)

    response = say_yes(admin_client, asked)

    assert Association.objects.get() == first
    assert any("1 entry is deleted." in text for text in told(response))
    assert any("1 entry was changed since you saw it" in text for text in told(response))
    undo(admin_client, response)
    assert set(Association.objects.all()) == {first, second}


def test_an_action_is_not_for_more_than_can_be_looked_at(publisher, monkeypatch):
    monkeypatch.setattr("associations.admin.actions.MOST", 2)
    drafts = AssociationFactory.create_batch(3, state="draft")

    response = choose(publisher, "publish", *drafts[:2], select_across="1", follow=True)

    assert response.status_code == 302
    assert told(publisher.get(LIST)) == ["These are too many at once: choose 2 at the most."]


def test_several_drafts_are_submitted_at_once(editor):
    drafts = AssociationFactory.create_batch(2, state="draft")

    say_yes(editor, choose(editor, "submit", *drafts, AssociationFactory()))

    assert set(Submission.objects.values_list("association", flat=True)) == {
        draft.pk for draft in drafts
    }


@pytest.mark.parametrize("seen", ["x", "x@y", "@", "\0@\0", "1"])
def test_no_forged_answer_breaks_an_action(publisher, seen):
    draft = AssociationFactory(state="draft")

    response = choose(publisher, "publish", draft, seen=seen, post="yes")

    assert response.status_code in (200, 302, 400)
    assert Association.objects.get().state == "draft"


# The way back.


def undo(browser, response):
    """Press the button in the message on top of this page."""
    form = read(response).one("ul", "messagelist").one("form")
    return browser.post(form["action"], filled_in(form), follow=True)


def test_a_check_is_taken_back_by_the_button_in_its_message(editor):
    association = AssociationFactory()
    done = press(editor, at_work("never", association), check="all", how="phoned")
    assert association.names.get().checked_on == TODAY

    response = undo(editor, done)

    assert association.names.get().checked_on is None
    assert told(response) == ["Taken back: all is as it was before."]


def test_an_action_is_taken_back_by_the_button_in_its_message(publisher):
    drafts = AssociationFactory.create_batch(2, state="draft")
    done = say_yes(publisher, choose(publisher, "publish", *drafts))
    assert set(Association.objects.values_list("state", flat=True)) == {"public"}

    undo(publisher, done)

    assert set(Association.objects.values_list("state", flat=True)) == {"draft"}


def test_a_check_tells_the_history_who_made_it_and_how(editor):
    press(editor, at_work("never", AssociationFactory()), check="all", how="phoned")

    act = Changeset.objects.filter(way="check").get()

    assert (act.user.username, act.comment) == ("Editors", "telephoned")


def test_an_editor_does_not_publish_by_taking_back(editor, django_user_model):
    association = AssociationFactory()
    with one_change(by=django_user_model.objects.get(), way="admin") as own:
        Association.objects.update(state="draft")

    response = editor.post(f"/admin/undo/{own.changeset.pk}/")

    assert response.status_code == 403
    association.refresh_from_db()
    assert association.state == "draft"


def test_an_editor_does_not_delete_by_taking_back(editor, django_user_model):
    with one_change(by=django_user_model.objects.get(), way="admin") as own:
        AssociationFactory()

    assert editor.post(f"/admin/undo/{own.changeset.pk}/").status_code == 403
    assert Association.objects.exists()


def test_an_editor_takes_back_own_acts_alone(editor):
    phone = ContactPointFactory(value="800 200111")
    with one_change(way="admin") as other:
        ContactPoint.objects.update(value="800 200112")

    assert editor.post(f"/admin/undo/{other.changeset.pk}/").status_code == 403
    phone.refresh_from_db()
    assert phone.value == "800 200112"


def test_nothing_is_taken_back_by_a_link(editor):
    association = AssociationFactory()
    press(editor, at_work("never", association), check="all", how="phoned")
    act = Changeset.objects.get(way="check")

    response = editor.get(f"/admin/undo/{act.pk}/", follow=True)

    assert association.names.get().checked_on == TODAY
    assert told(response) == ["Nothing was taken back. It can be, in the history."]


def test_what_was_changed_since_is_not_taken_back(editor):
    association = AssociationFactory(name="AICCO")
    done = press(editor, at_work("never", association), check="all", how="phoned")
    association.names.update(checked_on="2024-07-01")

    response = undo(editor, done)

    assert told(response) == ["Changed since, and not to be lost: AICCO."]


@pytest.mark.parametrize("address", ["https://else.where/", "//else.where/", "javascript:x"])
def test_taking_back_leads_to_no_other_site(editor, address):
    done = press(editor, at_work("never", AssociationFactory()), check="all", how="phoned")
    form = read(done).one("ul", "messagelist").one("form")

    response = editor.post(form["action"], {"next": address})

    assert response.url == DESK


# Who may see it.


def test_who_may_not_read_entries_has_no_lists(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("anna", is_staff=True))
    association = AssociationFactory()

    assert not read(client.get(DESK)).all("section", "work-list")
    for address in (
        "/admin/tasks/never/",
        "/admin/tasks/never/next/",
        at_work("never", association),
    ):
        assert client.get(address).status_code == 403


def test_who_may_only_read_checks_and_submits_nothing(client, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("anna", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_association"))
    client.force_login(user)
    address = at_work("drafts", AssociationFactory(state="draft"))

    page = read(client.get(address)).one("main")
    assert not page.all("button", name="check") + page.all("button", name="submit")
    for sent in ({"check": "all", "how": "phoned"}, {"submit": "x"}, {"publish": "x"}):
        assert client.post(address, sent).status_code == 403


@pytest.mark.parametrize(
    "address", ["/admin/tasks/never/", "/admin/tasks/never/next/", "/admin/tasks/never/1/"]
)
def test_who_is_not_signed_in_is_asked_to_sign_in(client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/?next=")
    assert client.post(address).status_code == 403


# Costs.


def test_the_desk_costs_the_same_for_many_entries_as_for_few(editor):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(address).status_code == 200
        return len(captured)

    association = AssociationFactory()
    everything_of(association)
    addresses = (DESK, "/admin/tasks/never/", at_work("never", association))
    few = [queries(address) for address in addresses]
    with one_change():
        for _ in range(20):
            one_for_every_list("2001")
        everything_of(association)

    assert [queries(address) for address in addresses] == few
