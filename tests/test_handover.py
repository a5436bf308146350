"""One step: what was ends, what follows begins, with one source, no gap and no overlap."""

import datetime

import pytest

from associations import history
from associations.dates import PartialDate, holds
from associations.models import (
    Address,
    Affiliation,
    Association,
    Card,
    Changeset,
    Citation,
    ContactPoint,
    FormerSlug,
    Name,
    OfficeHolder,
    Source,
    Submission,
    Succession,
)
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    OfficeHolderFactory,
    SourceFactory,
    SuccessionFactory,
)
from tests.reading import filled_in, read
from tests.test_staff_desk import errors, errors_of

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2024, 6, 30)


@pytest.fixture(autouse=True)
def today_in_english(set_today, client):
    set_today(TODAY.isoformat())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture
def bianchi(aicco):
    return OfficeHolderFactory(association=aicco, name="Anna Bianchi", valid_from="2020-03")


def address_of(step, association):
    return f"/admin/handover/{association.pk}/{step}/"


def form_of(response):
    return filled_in(read(response).one("form", id="step_form"))


def form_at(browser, step, association):
    """What a browser sends of the form of this step as it is shown."""
    response = browser.get(address_of(step, association))
    assert response.status_code == 200
    return form_of(response)


def send(browser, step, association, data):
    """Send it: the page that comes back, or None if it was done."""
    response = browser.post(address_of(step, association), data)
    if response.status_code == 302:
        return None
    assert response.status_code == 200
    return read(response)


def done(browser, step, association, **values):
    """Fill the form in, with a new source unless another is told, and have it done."""
    source = {} if "source" in values else {"new_source-title": "Letter"}
    data = form_at(browser, step, association) | source | values
    page = send(browser, step, association, data)
    assert page is None, errors(page)


def refused(browser, step, association, **values):
    source = {} if "source" in values else {"new_source-title": "Letter"}
    page = send(browser, step, association, form_at(browser, step, association) | source | values)
    assert page is not None
    return page


def public(client, association):
    return read(client.get(f"/en/associations/{association.slug}/")).one("main")


def folded(page, title):
    [section] = [
        each for each in page.all("details", "earlier") if each.one("summary").text == title
    ]
    return section.text


# A new president.


def test_the_one_who_leaves_ends_the_day_before_the_one_who_follows_begins(editor, aicco, bianchi):
    done(editor, "office", aicco, name="Mario Rossi", valid_from="2024-05-01")

    bianchi.refresh_from_db()
    rossi = OfficeHolder.objects.get(name="Mario Rossi")
    assert (bianchi.valid_from, bianchi.valid_to) == ("2020-03", "2024-04-30")
    assert (rossi.role, rossi.valid_from, rossi.valid_to) == ("president", "2024-05-01", "")


@pytest.mark.parametrize(
    ("change", "end"),
    [
        ("2024", "2023"),
        ("2024-05", "2024-04"),
        ("2024-01", "2023-12"),
        ("2024-03-01", "2024-02-29"),
        ("1/5/2024", "2024-04-30"),
    ],
)
def test_a_change_is_a_year_a_month_or_a_day(editor, aicco, bianchi, change, end):
    done(editor, "office", aicco, name="Mario Rossi", valid_from=change)

    bianchi.refresh_from_db()
    assert bianchi.valid_to == end


@pytest.mark.parametrize("change", ["2024", "2024-02", "2024-03", "2024-12-31", "2024-01-01"])
def test_on_each_day_exactly_one_of_the_two_holds(change):
    change = PartialDate(change)
    day = datetime.date(2022, 12, 1)
    while day.year < 2026:
        told = day.isoformat()
        assert holds("", change.before, "", told) != holds(change, "", "", told), told
        day += datetime.timedelta(days=1)


def test_where_no_source_tells_the_day_one_is_over_and_the_other_attested(editor, aicco, bianchi):
    done(editor, "office", aicco, name="Mario Rossi", attested_on="2024-05")

    bianchi.refresh_from_db()
    rossi = OfficeHolder.objects.get(name="Mario Rossi")
    assert (bianchi.valid_to, bianchi.is_past) == ("", True)
    assert (rossi.valid_from, rossi.attested_on) == ("", "2024-05")


def test_visitors_read_who_presides_and_who_did(editor, aicco, bianchi):
    done(editor, "office", aicco, name="Mario Rossi", valid_from="2024-05-01")

    page = public(editor, aicco)
    assert [person.text for person in page.all("dd", "person")][0] == "Mario Rossi"
    earlier = folded(page, "Earlier office holders")
    assert "Anna Bianchi since March 2020 until 30 April 2024" in earlier
    assert "Mario Rossi" not in earlier
    assert not page.all("p", "disputed")


def test_the_source_is_told_once(editor, aicco, bianchi):
    done(
        editor,
        "office",
        aicco,
        name="Mario Rossi",
        valid_from="2024-05-01",
        **{
            "new_source-title": "New president",
            "new_source-publisher": "AICCO",
            "new_source-url": "https://example.org/news",
            "new_source-published_on": "2024-05-02",
        },
    )

    source = OfficeHolder.objects.get(name="Mario Rossi").source
    assert (source.title, source.publisher, source.url, source.published_on) == (
        "New president",
        "AICCO",
        "https://example.org/news",
        "2024-05-02",
    )


def test_a_source_of_the_directory_is_chosen(editor, aicco, bianchi):
    source = SourceFactory()

    done(editor, "office", aicco, name="Mario Rossi", valid_from="2024", source=source.pk)

    assert OfficeHolder.objects.get(name="Mario Rossi").source == source


def test_a_source_that_is_told_and_known_already_is_that_one(editor, aicco, bianchi):
    source = SourceFactory(title="Letter", publisher="AICCO")

    done(editor, "office", aicco, name="Mario Rossi", valid_from="2024")

    assert OfficeHolder.objects.get(name="Mario Rossi").source == source
    source.refresh_from_db()
    assert source.publisher == "AICCO"


@pytest.mark.parametrize("both", [True, False])
def test_there_is_one_source_no_more_and_no_less(editor, aicco, bianchi, both):
    source = {"source": SourceFactory().pk if both else ""}
    source["new_source-title"] = "Letter" if both else ""

    page = refused(editor, "office", aicco, name="Mario Rossi", valid_from="2024", **source)

    assert errors_of(page, "source")
    assert not OfficeHolder.objects.filter(name="Mario Rossi").exists()


def test_errors_of_the_source_are_at_its_fields_and_nothing_typed_is_lost(editor, aicco, bianchi):
    typed = {"name": "Mario Rossi", "valid_from": "2024-13", "new_source-url": "nowhere at all"}

    page = refused(editor, "office", aicco, **typed, reason="Because.")

    assert errors_of(page, "valid_from")
    assert errors_of(page, "new_source-url")
    sent = filled_in(page.one("form", id="step_form"))
    assert sent.items() >= {**typed, "reason": "Because.", "new_source-title": "Letter"}.items()
    assert sent["ended"] == [str(bianchi.pk)]


def test_an_office_may_be_vacant(editor, aicco, bianchi):
    done(editor, "office", aicco, valid_from="2024-05-01")

    bianchi.refresh_from_db()
    assert bianchi.valid_to == "2024-04-30"
    assert "Who presides is not known" in public(editor, aicco).text
    cited = Citation.objects.get(association=aicco)
    assert (cited.about, cited.source.title) == ("office_holders", "Letter")


def test_a_vacant_office_is_taken(editor, aicco):
    done(editor, "office", aicco, name="Mario Rossi", title="acting president", valid_from="2024")

    aicco.card.refresh_from_db()
    assert aicco.card.president == "Mario Rossi"


def test_one_who_rises_leaves_the_old_office_and_takes_the_new_one(editor, aicco, bianchi):
    vice = OfficeHolderFactory(association=aicco, name="Mario Rossi", role="vice_president")

    both = [bianchi.pk, vice.pk]
    done(editor, "office", aicco, ended=both, name="Mario Rossi", valid_from="2024")

    told = OfficeHolder.objects.order_by("pk").values_list("name", "role", "valid_from", "valid_to")
    assert list(told) == [
        ("Anna Bianchi", "president", "2020-03", "2023"),
        ("Mario Rossi", "vice_president", "", "2023"),
        ("Mario Rossi", "president", "2024", ""),
    ]


def test_there_is_one_president_at_a_time(editor, aicco, bianchi):
    page = refused(editor, "office", aicco, ended=[], name="Mario Rossi", valid_from="2024")

    assert errors_of(page, "ended") == [
        "There is one president at a time. Then there would be, too:"
        " President: Anna Bianchi, since March 2020."
    ]


def test_a_president_who_was_superseded_long_ago_is_no_second_one(editor, aicco, bianchi):
    OfficeHolderFactory(association=aicco, name="Of Old", attested_on="2002")

    done(editor, "office", aicco, name="Mario Rossi", valid_from="2024")

    assert OfficeHolder.objects.filter(name="Mario Rossi").exists()


def test_a_president_who_is_told_to_begin_later_is_a_second_one(editor, aicco):
    OfficeHolderFactory(association=aicco, name="Elected", valid_from="2025")

    page = refused(editor, "office", aicco, name="Mario Rossi", valid_from="2024")

    [error] = errors_of(page, "name")
    assert "There is one president at a time" in error


def test_of_other_offices_that_one_person_has_a_second_one_is_told(editor, aicco):
    OfficeHolderFactory(association=aicco, name="First", role="secretary_general")
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter", "valid_from": "2024"}
    data |= {"name": "Second", "role": "secretary_general", "ended": []}

    response = editor.post(address_of("office", aicco), data, follow=True)

    assert "In the same office, too: Secretary general: First." in response.text


def test_several_vice_presidents_are_normal(editor, aicco):
    OfficeHolderFactory(association=aicco, name="First", role="vice_president")
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter", "valid_from": "2024"}
    data |= {"name": "Second", "role": "vice_president", "ended": []}

    response = editor.post(address_of("office", aicco), data, follow=True)

    assert "In the same office" not in response.text


@pytest.mark.parametrize("told", [{"attested_on": "2024-06-01"}, {"valid_from": "2024-06"}])
def test_nobody_leaves_before_a_source_tells_of_it(editor, aicco, told):
    OfficeHolderFactory(association=aicco, name="Anna Bianchi", **told)

    page = refused(editor, "office", aicco, name="Mario Rossi", valid_from="2024")

    [error] = errors_of(page, "valid_from")
    assert "“Anna Bianchi” is told of" in error


def test_a_day_of_the_future_comes_by_itself(editor, aicco, bianchi, set_today):
    done(editor, "office", aicco, name="Mario Rossi", valid_from="2024-07-01")

    assert public(editor, aicco).all("dd", "person")[0].text == "Anna Bianchi"
    set_today("2024-07-01")
    assert public(editor, aicco).all("dd", "person")[0].text == "Mario Rossi"


@pytest.mark.parametrize("name", ["Mario Rossi", ""])
def test_something_has_to_be_told(editor, aicco, bianchi, name):
    page = refused(editor, "office", aicco, ended=[], name=name)

    assert errors_of(page, "valid_from") if name else errors(page)


def test_saving_is_not_checking(editor, aicco):
    checked = datetime.date(2023, 1, 1)
    old = OfficeHolderFactory(association=aicco, checked_on=checked)

    done(editor, "office", aicco, name="Mario Rossi", valid_from="2024")

    old.refresh_from_db()
    assert old.checked_on == checked
    assert OfficeHolder.objects.get(name="Mario Rossi").checked_on is None


# The history of a step, and the way back.


def test_a_step_is_one_act_in_the_history(editor, aicco, bianchi):
    before = Changeset.objects.count()

    done(editor, "office", aicco, name="Mario Rossi", valid_from="2024-05", reason="Voted on 3 May")

    assert Changeset.objects.count() == before + 1
    act = Changeset.objects.first()
    assert (act.way, act.user.username) == ("handover", "Editors")
    assert act.comment == (
        "Ended: President: Anna Bianchi, since March 2020, until April 2024."
        " New: President: Mario Rossi, since May 2024. Voted on 3 May"
    )


def test_a_step_is_taken_back_by_the_button_in_its_message(editor, aicco, bianchi):
    before = everything()
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter"}
    data |= {"name": "Mario Rossi", "valid_from": "2024-05"}
    response = editor.post(address_of("office", aicco), data, follow=True)

    form = read(response).one("ul", "messagelist").one("form")
    editor.post(form["action"], filled_in(form))

    assert everything() == before


def everything():
    models = (OfficeHolder, Name, Address, Affiliation, Succession, Source, Citation)
    return [list(model.objects.order_by("pk").values()) for model in models]


# A new address, number, confederation.


def test_an_entry_moves(editor, aicco):
    old = AddressFactory(association=aicco, street_address="Via Nazionale 243", locality="Roma")

    done(
        editor,
        "address",
        aicco,
        street_address="Corso Italia 1",
        locality="Milano",
        country="IT",
        valid_from="2024-05",
    )

    old.refresh_from_db()
    assert old.valid_to == "2024-04"
    page = public(editor, aicco)
    assert "Via Nazionale 243" in folded(page, "Earlier addresses and numbers")
    assert "Corso Italia 1" not in folded(page, "Earlier addresses and numbers")
    aicco.card.refresh_from_db()
    assert aicco.card.locality == "Milano"


def test_of_several_numbers_the_one_that_changed_is_ticked(editor, aicco):
    office = ContactPointFactory(association=aicco, value="06 4541 7542")
    press = ContactPointFactory(association=aicco, value="02 7600 1234")
    assert "ended" not in form_at(editor, "contact", aicco)

    new = {"value": "06 4541 7543", "country": "IT"}
    done(editor, "contact", aicco, ended=[office.pk], **new, attested_on="2024-06")

    office.refresh_from_db()
    press.refresh_from_db()
    assert (office.is_past, press.is_past) == (True, False)
    assert ContactPoint.objects.get(value="06 4541 7543").e164 == "+390645417543"
    assert "06 4541 7542" in folded(public(editor, aicco), "Earlier addresses and numbers")


def test_what_nobody_can_be_reached_by_is_an_error_at_its_field(editor, aicco):
    page = refused(editor, "contact", aicco, type="email", value="nobody", attested_on="2024")

    assert errors_of(page, "value")


def test_a_confederation_is_left_for_another_one(editor, aicco):
    old = AffiliationFactory(association=aicco, parent__name="Confcommercio")
    new = AssociationFactory(name="Confindustria", kind="confederation")

    done(editor, "confederation", aicco, parent=new.pk, valid_from="2024")

    old.refresh_from_db()
    assert old.valid_to == "2023"
    assert "Confcommercio" in folded(public(editor, aicco), "Earlier memberships")
    aicco.card.refresh_from_db()
    assert aicco.card.confederation_name == "Confindustria"


def test_a_confederation_that_is_not_ticked_stays(editor, aicco):
    old = AffiliationFactory(association=aicco)
    new = AssociationFactory(kind="confederation")

    done(editor, "confederation", aicco, ended=[], parent=new.pk, valid_from="2024")

    old.refresh_from_db()
    assert (old.valid_to, old.is_past) == ("", False)
    assert aicco.affiliations.holding().count() == 2


@pytest.mark.parametrize("remove", [0, 1])
def test_an_affiliation_in_a_circle_is_an_error_at_its_field(editor, aicco, remove):
    member = AffiliationFactory(parent=aicco).association
    parent = [member, AffiliationFactory(parent=member).association][remove]

    page = refused(editor, "confederation", aicco, parent=parent.pk, valid_from="2024")

    assert errors_of(page, "parent") == [
        "This makes a circle: that one belongs to this one already."
    ]


# A new name.


def test_the_old_name_becomes_a_former_one(editor, aicco):
    done(editor, "name", aicco, name="AICCO Italia", valid_from="2024-05-01", language="it")

    old = Name.objects.get(name="AICCO")
    assert (old.type, old.valid_to) == ("former", "2024-04-30")
    page = public(editor, aicco)
    assert page.one("h1").text == "AICCO Italia"
    assert page.one("div", "is-over").text.startswith("former name AICCO until 30 April 2024")


def test_the_page_keeps_its_address_or_has_one_of_the_new_name(editor, aicco):
    done(editor, "name", aicco, name="AICCO Italia", valid_from="2024")
    aicco.refresh_from_db()
    assert aicco.slug == "aicco"

    done(editor, "name", aicco, name="Città Chiamate", valid_from="2024-05", address="new")

    aicco.refresh_from_db()
    assert aicco.slug == "citta-chiamate"
    assert Changeset.objects.first().comment.endswith("Its page: citta-chiamate")
    response = editor.get("/en/associations/aicco/")
    assert (response.status_code, response["location"]) == (301, "/en/associations/citta-chiamate/")


def test_a_slug_that_another_entry_has_or_had_is_not_taken(editor, aicco):
    AssociationFactory(slug="aicco-italia")
    gone = AssociationFactory(slug="aicco-italia-2")
    gone.delete()

    done(editor, "name", aicco, name="AICCO Italia", valid_from="2024", address="new")

    aicco.refresh_from_db()
    assert aicco.slug == "aicco-italia-3"


def test_a_new_acronym_comes_with_the_name(editor, aicco):
    old = NameFactory(association=aicco, type="acronym", name="ACC")
    official = aicco.names.get(type="official")

    both = [official.pk, old.pk]
    told = {"name": "Associazione Italiana", "acronym": "AI", "valid_from": "2024"}
    done(editor, "name", aicco, ended=both, **told)

    aicco.card.refresh_from_db()
    assert (aicco.card.name, aicco.card.acronym) == ("Associazione Italiana", "AI")
    old.refresh_from_db()
    assert (old.type, old.valid_to) == ("acronym", "2023")


def test_the_old_official_name_has_to_end(editor, aicco):
    page = refused(editor, "name", aicco, ended=[], name="AICCO Italia", valid_from="2024")

    assert errors_of(page, "ended")
    assert aicco.names.count() == 1


def test_no_entry_is_left_without_a_name(editor, aicco):
    page = refused(editor, "name", aicco, acronym="AI", valid_from="2024")

    assert errors_of(page, "name")


def test_a_name_of_the_future_is_no_name_yet(editor, aicco, set_today):
    done(editor, "name", aicco, name="AICCO Italia", valid_from="2024-07-01")

    assert public(editor, aicco).one("h1").text == "AICCO"
    set_today("2024-07-01")
    assert public(editor, aicco).one("h1").text == "AICCO Italia"


def test_descriptions_are_left_as_they_are(editor, aicco):
    Association.objects.update(description_en="AICCO is an association.")

    done(editor, "name", aicco, name="AICCO Italia", valid_from="2024", address="new")

    aicco.refresh_from_db()
    assert aicco.description_en == "AICCO is an association."


# What became of an entry.


def test_an_entry_is_closed(publisher, aicco):
    done(publisher, "end", aicco, kind="closed", valid_from="2024-05")

    aicco.refresh_from_db()
    assert (aicco.state, aicco.dissolution_date) == ("closed", "2024-05")
    banner = public(publisher, aicco).one("div", "is-closed").text
    assert "dissolved, May 2024" in banner
    cited = Citation.objects.get(association=aicco)
    assert (cited.about, cited.source.title) == ("dissolution_date", "Letter")


@pytest.mark.parametrize("kind", ["merged", "absorbed", "renamed", "succeeded"])
def test_an_entry_goes_over_into_another_one(publisher, aicco, kind):
    after = AssociationFactory(name="Assocontact")

    done(publisher, "end", aicco, kind=kind, entries=[after.pk], valid_from="2024")

    succession = Succession.objects.get()
    assert (succession.kind, succession.valid_from) == (kind, "2024")
    assert (succession.association, succession.successor) == (aicco, after)
    banner = public(publisher, aicco).one("div", "is-closed")
    assert "After it came: Assocontact" in banner.text
    assert f"/en/associations/{after.slug}/" in banner.links


def test_an_entry_goes_over_into_bodies_without_entries(publisher, aicco):
    done(publisher, "end", aicco, kind="split", names="North\n\n South ", valid_from="2024")

    told = Succession.objects.order_by("pk").values_list("successor_name", flat=True)
    assert list(told) == ["North", "South"]


def test_what_came_after_is_drafted_in_the_same_step(publisher, aicco):
    before = Changeset.objects.count()

    done(publisher, "end", aicco, kind="merged", names="Nuova", as_drafts="on", valid_from="2024")

    draft = Association.objects.get(slug="nuova")
    assert (draft.state, draft.card.name) == ("draft", "Nuova")
    assert Succession.objects.get().successor == draft
    assert draft.names.get().attested_on == "2024"
    assert Changeset.objects.count() == before + 1


def test_no_draft_is_made_of_what_has_an_entry(publisher, aicco):
    AssociationFactory(name="Assocontact")
    told = {"kind": "merged", "names": "assocontact", "as_drafts": "on", "valid_from": "2024"}

    page = refused(publisher, "end", aicco, **told)

    assert errors_of(page, "names") == [
        "“Assocontact” is in the directory already: choose its entry."
    ]


def test_after_a_split_it_may_still_exist(publisher, aicco):
    told = {"kind": "split", "names": "North", "goes_on": "on", "valid_from": "2024"}
    done(publisher, "end", aicco, **told)

    aicco.refresh_from_db()
    assert (aicco.state, aicco.dissolution_date) == ("public", "")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"kind": "closed", "names": "North"}, "kind"),
        ({"kind": "merged"}, "entries"),
        ({"kind": "closed", "valid_from": "1999"}, "valid_from"),
        ({"kind": "closed", "valid_from": ""}, "valid_from"),
    ],
)
def test_what_does_not_fit_is_an_error_at_its_field(publisher, aicco, told, field):
    Association.objects.update(founding_date="2000")

    assert errors_of(refused(publisher, "end", aicco, **{"valid_from": "2024"} | told), field)

    aicco.refresh_from_db()
    assert aicco.state == "public"


def test_nothing_succeeds_itself_nor_twice(publisher, aicco):
    after = SuccessionFactory(association=aicco).successor

    for entry in (aicco, after):
        told = {"kind": "merged", "entries": [entry.pk], "valid_from": "2024"}
        assert errors_of(refused(publisher, "end", aicco, **told), "entries")


def test_an_editor_tells_the_end_and_those_who_publish_close(editor, aicco):
    done(editor, "end", aicco, kind="closed", valid_from="2024-05")

    aicco.refresh_from_db()
    assert (aicco.state, aicco.dissolution_date) == ("public", "2024-05")
    assert Submission.objects.get().by.username == "Editors"


def test_what_visitors_may_not_read_is_not_made_readable_by_closing_it(publisher):
    for state in ("draft", "withdrawn"):
        association = AssociationFactory(state=state)

        done(publisher, "end", association, kind="closed", valid_from="2024")

        association.refresh_from_db()
        assert association.state == state


def test_an_end_is_taken_back(publisher, aicco):
    told = {"kind": "merged", "names": "Nuova", "as_drafts": "on", "valid_from": "2024"}
    done(publisher, "end", aicco, **told)

    history.undo(Changeset.objects.first())

    aicco.refresh_from_db()
    assert (aicco.state, aicco.dissolution_date) == ("public", "")
    assert not Association.objects.exclude(pk=aicco.pk).exists()
    assert not FormerSlug.objects.exists()


# Somebody else meanwhile.


def met(page):
    """`(what, when it was opened, theirs, yours)` of what the page shows again."""
    return [
        (each.one("h3").text, *(each.one("dd", of).text for of in ("before", "theirs", "mine")))
        for each in page.all("div", "conflict")
    ]


def test_a_second_handover_is_shown_what_the_first_did(editor, admin_client, aicco, bianchi):
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter"}
    data |= {"name": "Mario Rossi", "valid_from": "2024-05", "reason": "Voted."}
    done(admin_client, "office", aicco, name="Carla Verdi", valid_from="2024-04")

    page = send(editor, "office", aicco, data)

    assert met(page) == [
        ("Office holder", "valid to: –", "valid to: 2024-03", "ends right before 2024-05"),
        ("Office holder", "–", "President: Carla Verdi, since April 2024", "president Mario Rossi"),
    ]
    assert "Of admin, " in page.one("section", "conflicts").text
    assert not OfficeHolder.objects.filter(name="Mario Rossi").exists()
    sent = filled_in(page.one("form", id="step_form"))
    typed = {"name": "Mario Rossi", "valid_from": "2024-05", "reason": "Voted."}
    assert sent.items() >= typed.items()


def test_who_has_seen_what_the_first_did_goes_on(editor, admin_client, aicco, bianchi):
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter"}
    data |= {"name": "Mario Rossi", "valid_from": "2024-05"}
    done(admin_client, "office", aicco, name="Carla Verdi", valid_from="2024-04")
    again = filled_in(send(editor, "office", aicco, data).one("form", id="step_form"))
    verdi = OfficeHolder.objects.get(name="Carla Verdi")

    page = send(editor, "office", aicco, again)
    assert errors_of(page, "ended")
    assert send(editor, "office", aicco, again | {"ended": [str(verdi.pk)]}) is None

    told = OfficeHolder.objects.order_by("pk").values_list("name", "valid_from", "valid_to")
    assert list(told) == [
        ("Anna Bianchi", "2020-03", "2024-03"),
        ("Carla Verdi", "2024-04", "2024-04"),
        ("Mario Rossi", "2024-05", ""),
    ]


def test_a_fact_that_another_changed_is_shown_again(editor, aicco, bianchi):
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter"}
    data |= {"name": "Mario Rossi", "valid_from": "2024-05"}
    OfficeHolder.objects.filter(pk=bianchi.pk).update(valid_from="2021")

    page = send(editor, "office", aicco, data)

    assert met(page) == [
        ("Office holder", "valid from: 2020-03", "valid from: 2021", "ends right before 2024-05")
    ]
    bianchi.refresh_from_db()
    assert bianchi.valid_to == ""
    assert send(editor, "office", aicco, filled_in(page.one("form", id="step_form"))) is None


def test_what_was_typed_for_an_entry_that_is_gone_is_shown_to_be_copied(editor, aicco, bianchi):
    source = SourceFactory(title="Yearbook")
    form = form_at(editor, "office", aicco) | {"name": "Carla Verdi", "source": source.pk}
    form |= {"valid_from": "2024-05", "new_source-publisher": "Sole 24 Ore"}
    address = address_of("office", aicco)
    bianchi.delete()
    aicco.delete()

    response = editor.post(address, form)

    assert response.status_code == 409
    page = read(response)
    assert page.one("h1").text == "It was deleted meanwhile"
    labels, texts = ([each.text for each in page.all(tag)] for tag in ("dt", "dd"))
    told = dict(zip(labels, texts, strict=True))
    assert told == {
        "Role": "president",
        "Name": "Carla Verdi",
        "Valid from": "2024-05",
        "Source": "Yearbook",
        "Publisher": "Sole 24 Ore",
    }


def test_a_fact_that_another_deleted_is_told_and_no_error(editor, aicco, bianchi):
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter"}
    data |= {"name": "Mario Rossi", "valid_from": "2024-05"}
    bianchi.delete()

    page = send(editor, "office", aicco, data)

    assert met(page)[0][2] == "deleted"
    assert not errors_of(page, "ended")
    assert send(editor, "office", aicco, filled_in(page.one("form", id="step_form"))) is None


def test_a_fact_that_came_by_the_thousand_is_shown_too(editor, aicco, bianchi):
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter"}
    data |= {"name": "Mario Rossi", "valid_from": "2024-05"}
    row = OfficeHolderFactory.build(association=aicco, source=SourceFactory(), name="Carla Verdi")
    OfficeHolder.objects.insert([row])

    page = send(editor, "office", aicco, data)

    assert met(page)[0][2] == "President: Carla Verdi"


def test_what_others_did_to_other_facts_disturbs_nobody(editor, aicco, bianchi):
    vice = OfficeHolderFactory(association=aicco, role="vice_president")
    data = form_at(editor, "office", aicco) | {"new_source-title": "Letter"}
    data |= {"name": "Mario Rossi", "valid_from": "2024-05"}
    ContactPointFactory(association=aicco)
    OfficeHolder.objects.filter(pk=vice.pk).update(title="first vice-president")

    assert send(editor, "office", aicco, data) is None


def test_a_slug_that_another_changed_is_shown_before_it_is_changed_again(editor, aicco):
    data = form_at(editor, "name", aicco) | {"new_source-title": "Letter"}
    data |= {"name": "AICCO Italia", "valid_from": "2024"}
    Association.objects.update(slug="aicco-it")

    [shown] = met(send(editor, "name", aicco, data | {"address": "new"}))
    assert shown == ("Association", "slug: aicco", "slug: aicco-it", "is made of the new name")
    assert send(editor, "name", aicco, data | {"address": "kept"}) is None
    aicco.refresh_from_db()
    assert aicco.slug == "aicco-it"


def test_an_end_that_another_told_is_shown_before_it_is_told_again(publisher, aicco):
    data = form_at(publisher, "end", aicco) | {"new_source-title": "Letter"}
    data |= {"kind": "closed", "valid_from": "2024"}
    Association.objects.update(dissolution_date="2023", state="closed")

    page = send(publisher, "end", aicco, data)

    [(_what, before, theirs, yours)] = met(page)
    assert set(before.split(", ")) == {"dissolved: –", "state: public"}
    assert set(theirs.split(", ")) == {"dissolved: 2023", "state: closed"}
    assert yours == "it was closed, and nothing came after it, 2024"
    aicco.refresh_from_db()
    assert aicco.dissolution_date == "2023"


# What editors tell to have ended, and publishers close.


def told_to_have_ended(association, django_user_model):
    from associations.handing_over import conclude

    association.dissolution_date = PartialDate("2024-05")
    by = django_user_model.objects.create_user("anna", is_staff=True)
    conclude(association, [], [], SourceFactory(), True, by)


def at_work(association):
    return f"/admin/tasks/submitted/{association.pk}/"


def buttons(browser, association):
    page = read(browser.get(at_work(association)))
    return {each["name"] for each in page.all("button") if each.get("name")}


def press(browser, association, name):
    form = read(browser.get(at_work(association))).one("main").all("form")[0]
    [button] = form.all("button", name=name)
    return browser.post(at_work(association), filled_in(form) | {name: button["value"]})


def test_an_entry_that_is_told_to_have_ended_waits_for_those_who_publish(
    publisher, aicco, django_user_model
):
    told_to_have_ended(aicco, django_user_model)

    assert "AICCO" in read(publisher.get("/admin/tasks/submitted/")).one("main").text
    press(publisher, aicco, "close")

    aicco.refresh_from_db()
    assert aicco.state == "closed"
    assert not Submission.objects.exists()


def test_who_publishes_may_leave_it_public(publisher, aicco, django_user_model):
    told_to_have_ended(aicco, django_user_model)

    press(publisher, aicco, "leave")

    aicco.refresh_from_db()
    assert aicco.state == "public"
    assert not Submission.objects.exists()


def test_an_end_that_was_taken_back_does_not_wait(editor, aicco):
    done(editor, "end", aicco, kind="closed", valid_from="2024-05")
    assert Card.objects.submitted().exists()

    history.undo(Changeset.objects.first())

    assert not Card.objects.submitted().exists()


def test_an_editor_does_not_close(editor, aicco, django_user_model):
    told_to_have_ended(aicco, django_user_model)

    assert not buttons(editor, aicco) & {"close", "leave"}
    for name in ("close", "leave"):
        assert editor.post(at_work(aicco), {name: "x"}).status_code == 403


# Who may.


@pytest.mark.parametrize("step", ["office", "address", "contact", "name", "confederation", "end"])
def test_who_may_not_change_entries_takes_no_step(client, django_user_model, aicco, step):
    client.force_login(django_user_model.objects.create_user("anna", is_staff=True))

    assert client.get(address_of(step, aicco)).status_code == 403
    assert client.post(address_of(step, aicco), {"seen": 1}).status_code == 403


@pytest.mark.parametrize("address", ["/admin/handover/1/nothing/", "/admin/handover/99/office/"])
def test_what_is_no_step_is_not_found(editor, address):
    assert editor.get(address).status_code == 404
    assert editor.post(address, {"seen": "1"}).status_code == 404


@pytest.mark.parametrize(
    "forged",
    [
        {"seen": ""},
        {"seen": "x"},
        {"source": "x"},
        {"ended": "x"},
        {"ended": "99"},
        {"ended": "9" * 18},
        {"entries": "9" * 30},
        {"names": "x" * 500, "kind": "merged"},
        {"names": "x" * 500, "kind": "merged", "as_drafts": "on"},
        {"name": "\0"},
        {"valid_from": "0001"},
        {"role": "king"},
        {"new_source-title": "\0"},
        {"new_source-title": "x" * 500},
    ],
)
@pytest.mark.parametrize("step", ["office", "name", "end"])
def test_no_forged_form_breaks_a_step(editor, aicco, step, forged):
    data = form_at(editor, step, aicco) | {"new_source-title": "Letter", "valid_from": "2024"}
    data |= {"name": "Mario Rossi", "kind": "closed"} | forged

    response = editor.post(address_of(step, aicco), data)

    assert response.status_code in (200, 302, 400)


def test_the_steps_are_reached_from_the_form_and_from_the_desk(editor, aicco):
    for page in (
        f"/admin/associations/association/{aicco.pk}/change/",
        f"/admin/tasks/never/{aicco.pk}/",
    ):
        links = read(editor.get(page)).one("nav", "steps").links
        assert [link.partition("?")[0] for link in links] == [
            address_of(step, aicco)
            for step in ("office", "address", "contact", "name", "confederation", "end")
        ]
        following = editor.get(links[0])
        data = form_of(following)
        assert data["next"] == page


def test_a_step_leads_to_no_other_site(editor, aicco):
    data = form_at(editor, "office", aicco) | {"name": "A", "valid_from": "2024"}
    data |= {"new_source-title": "Letter", "next": "https://else.where/"}

    response = editor.post(address_of("office", aicco), data)

    assert response.url == f"/admin/associations/association/{aicco.pk}/change/"
