"""Entries that look like one body: found, shown while one is added, merged or told apart."""

import pytest
from django.utils import translation

from associations import duplicates, history
from associations.merging import merge
from associations.models import Association, Changeset, ContactPoint, Distinction
from tests.factories import (
    AddressFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    SourceFactory,
)
from tests.reading import filled_in, read
from tests.test_staff_desk import ADD, add, change, form_at, save

pytestmark = pytest.mark.django_db

LIST = "/admin/duplicates/"


@pytest.fixture(autouse=True)
def in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def merging(kept, gone):
    return f"/admin/merge/{kept.pk}/{gone.pk}/"


@pytest.fixture
def kept():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture
def gone():
    return AssociationFactory(slug="aicco-2", name="Associazione contact center")


def suspected():
    """`{(slug, slug): signs}`."""
    pairs = duplicates.loaded(duplicates.suspected().items())
    return {(pair.first.slug, pair.second.slug): set(map(str, pair.signs)) for pair in pairs}


# Those that are there.


def test_entries_with_the_same_telephone_in_any_writing_are_suspected(kept, gone):
    ContactPointFactory(association=kept, value="06 4541 7542", country="IT")
    ContactPointFactory(association=gone, value="+39 0645417542", type="fax")

    assert list(suspected()) == [("aicco", "aicco-2")]


@pytest.mark.parametrize("value", ["https://www.aicco.example/chi-siamo", "http://AICCO.example"])
def test_entries_with_the_same_website_are_suspected(kept, gone, value):
    ContactPointFactory(association=kept, type="website", value="https://aicco.example/")
    ContactPointFactory(association=gone, type="website", value=value)

    assert list(suspected()) == [("aicco", "aicco-2")]


def test_entries_with_one_number_in_two_registers_are_suspected(kept, gone):
    IdentifierFactory(association=kept, scheme="it-cf", value="97204050583")
    IdentifierFactory(association=gone, scheme="it-piva", value="97204050583")

    assert list(suspected()) == [("aicco", "aicco-2")]


def test_a_short_number_says_nothing_without_its_register(kept, gone):
    IdentifierFactory(association=kept, scheme="a", value="1234")
    IdentifierFactory(association=gone, scheme="b", value="1234")

    assert suspected() == {}


@pytest.mark.parametrize(("country", "number"), [("IT", 1), ("FR", 0)])
def test_entries_of_one_name_are_suspected_within_a_country(country, number):
    for where in ("IT", country):
        association = AssociationFactory(name="Unione della Città")
        AddressFactory(association=association, country=where)

    assert len(suspected()) == number


def test_what_many_have_in_common_says_nothing():
    for _ in range(5):
        ContactPointFactory(value="06 4541 7542", country="IT")

    assert suspected() == {}


def test_what_has_more_in_common_comes_first(kept, gone):
    other = AssociationFactory(slug="other")
    another = AssociationFactory(slug="another")
    for association in (kept, other):
        ContactPointFactory(association=association, value="800 200111", country="IT")
    for association in (gone, another):
        ContactPointFactory(association=association, value="800 200112", country="IT")
        ContactPointFactory(association=association, type="website", value="https://a.example")

    assert list(suspected()) == [("aicco-2", "another"), ("aicco", "other")]


@pytest.fixture
def pair(kept, gone):
    for association in (kept, gone):
        ContactPointFactory(association=association, value="06 4541 7542", country="IT")
    return kept, gone


def test_a_withdrawn_entry_is_no_duplicate_as_it_is_not_merged(pair):
    Association.objects.filter(slug="aicco").update(state="withdrawn")

    assert suspected() == {}


def test_what_somebody_knows_to_be_two_bodies_is_not_suspected_again(pair):
    Distinction.objects.mark(pair[1].pk, pair[0].pk)

    assert suspected() == {}


@pytest.mark.parametrize("number", [1, 20])
def test_what_is_suspected_costs_the_same_for_one_and_for_many(django_assert_num_queries, number):
    for each in range(number):
        for _ in range(2):
            ContactPointFactory(value=f"06 4541 {7000 + each}", country="IT")

    with django_assert_num_queries(8):
        duplicates.suspected()


# Pages.


def test_the_first_page_of_publishers_shows_what_is_suspected(publisher, pair):
    page = read(publisher.get("/admin/"))

    section = page.one("section", **{"aria-labelledby": "work-duplicates"})
    assert f"{merging(*pair)}?list=1" in section.links
    assert "same telephone or fax" in section.text


def test_a_pair_is_told_apart_and_the_undo_tells_it_together_again(publisher, pair):
    answer = publisher.post(f"{merging(*pair)}?list=1", {"distinct": "yes"}, follow=True)

    assert "are two bodies" in read(answer).text
    assert suspected() == {}
    history.undo(Changeset.objects.first())
    assert len(suspected()) == 1


def test_another_entry_is_found_to_be_merged_with(publisher, pair):
    other = AssociationFactory(name="Unione della Città")

    page = read(publisher.get(f"/admin/merge/{pair[0].pk}/", {"q": "unione"}))

    assert merging(pair[0], pair[1]) in page.links  # it looks like it
    assert merging(pair[0], other) in page.links


def test_the_form_of_an_entry_leads_there_for_publishers_only(publisher, kept):
    assert f"/admin/merge/{kept.pk}/" in read(publisher.get(change(kept))).links


def test_the_form_of_an_entry_does_not_lead_editors_there(editor, kept):
    assert f"/admin/merge/{kept.pk}/" not in read(editor.get(change(kept))).links


def preview(browser, *pair):
    response = browser.get(merging(*pair))
    assert response.status_code == 200
    return filled_in(read(response).one("main").one("form", method="post"))


def test_two_entries_are_merged_by_the_page_that_shows_both(publisher, pair):
    kept, gone = pair
    Association.objects.filter(pk=kept.pk).update(founding_date="1999")
    Association.objects.filter(pk=gone.pk).update(founding_date="2001")
    form = preview(publisher, *pair)
    chosen = {"choice-founding_date": "gone", "comment": "One register", "merge": "yes"}

    answer = publisher.post(merging(*pair), form | chosen, follow=True)

    assert "is merged into" in read(answer).text
    assert answer.redirect_chain[-1][0] == change(kept)
    assert Association.objects.get().founding_date == "2001"
    act = Changeset.objects.first()
    assert (act.way, act.user.username) == ("merge", "Publishers")
    assert act.comment.endswith("One register")
    undo = read(answer).one("form", "undo")
    publisher.post(undo["action"], filled_in(undo))
    assert Association.objects.count() == 2


def test_the_form_of_what_was_merged_leads_to_the_one_that_stays(publisher, pair):
    kept, gone = pair
    merge(kept, gone)

    answer = publisher.get(change(gone), follow=True)

    assert answer.redirect_chain == [(change(kept), 302)]
    assert "It was merged into this entry." in read(answer).text


def test_of_what_both_say_otherwise_the_page_asks(publisher, pair):
    Association.objects.filter(pk=pair[0].pk).update(description_en="One")
    Association.objects.filter(pk=pair[1].pk).update(description_en="Other")

    page = read(publisher.get(merging(*pair)))

    asked = {each.one("legend").text: each for each in page.all("fieldset", "conflict")}
    assert set(asked) == {"Official name", "Description in English"}
    assert [s.text for s in asked["Description in English"].all("strong")] == ["One", "Other"]


def test_what_was_changed_since_is_looked_at_again_and_no_choice_is_lost(
    publisher,
    pair,
):
    form = preview(publisher, *pair)
    ContactPoint.objects.filter(association=pair[1]).update(label="press")
    chosen = {"choice-name": "gone", "comment": "One register", "merge": "yes"}

    page = read(publisher.post(merging(*pair), form | chosen))

    assert Association.objects.count() == 2
    assert "Others changed one of the two meanwhile" in page.text
    again = filled_in(page.one("main").one("form", method="post"))
    assert (again["choice-name"], again["comment"]) == (["gone"], "One register")
    publisher.post(merging(*pair), again | {"merge": "yes"})
    assert str(Association.objects.with_card().get()) == "Associazione contact center"


def test_what_cannot_be_merged_is_shown_with_the_reason_and_no_button(
    publisher,
    pair,
):
    told = {"state": "withdrawn", "withdrawal_reason": "Removed at its request."}
    form = preview(publisher, *pair)
    Association.objects.filter(pk=pair[1].pk).update(**told)

    page = read(publisher.get(merging(*pair)))

    assert "Removed at its request." in page.text
    assert not page.all("button", name="merge")
    publisher.post(merging(*pair), form | {"merge": "yes"})
    assert Association.objects.count() == 2


@pytest.mark.parametrize("at", ["/admin/duplicates/", "/admin/merge/{0}/", "/admin/merge/{0}/{1}/"])
def test_what_is_a_publishers_is_refused_to_an_editor(editor, pair, at):
    address = at.format(*(each.pk for each in pair))

    assert editor.get(address).status_code == 403
    assert editor.post(address, {"merge": "yes", "distinct": "yes"}).status_code == 403
    assert Association.objects.count() == 2
    assert not Distinction.objects.exists()
    assert "work-duplicates" not in editor.get("/admin/").text


def test_a_form_that_does_not_tell_what_it_shows_is_refused(publisher, pair):
    assert publisher.post(merging(*pair), {"merge": "yes"}).status_code == 400
    assert Association.objects.count() == 2


# While one is added.


def new(browser, **values):
    """What is typed for a new entry."""
    data = form_at(browser, ADD) | {"slug": "new"}
    source = SourceFactory().pk
    for prefix, told in values.items():
        add(data, prefix, source=source, **told)
    return data


NEW = {"names": {"type": "official", "name": "Federation of Bakers"}}


def twins(page):
    """`{name: what is said of it}` of what is shown to look like the new one."""
    if not page.all("section", "conflicts"):
        return {}
    return {
        li.one("a").text.removesuffix(" (opens a new tab)"): li.one("span", "note").text
        for li in page.one("section", "conflicts").all("li")
    }


def test_what_looks_like_a_new_entry_is_shown_before_it_is_saved(editor):
    there = AssociationFactory(name="Federation of Bakers", state="draft")

    page = save(editor, ADD, new(editor, **NEW))

    assert twins(page) == {"Federation of Bakers": "draft · same name"}
    assert change(there) in page.links
    assert Association.objects.count() == 1


def test_it_is_added_all_the_same_by_who_has_seen_it(editor):
    AssociationFactory(name="Federation of Bakers")
    page = save(editor, ADD, new(editor, **NEW))

    again = filled_in(page.one("form", id="association_form"))

    assert save(editor, ADD, again) is None
    assert Association.objects.count() == 2


def test_who_types_another_name_then_is_shown_what_looks_like_that(editor):
    AssociationFactory(name="Federation of Bakers")
    AssociationFactory(name="Union of Millers")
    page = save(editor, ADD, new(editor, **NEW))
    again = filled_in(page.one("form", id="association_form"))

    page = save(editor, ADD, again | {"names-0-name": "Union of Millers"})

    assert list(twins(page)) == ["Union of Millers"]


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("Federation of the Bakers", "similar name"),
        ("FEDERATION OF BAKERS", "same name"),
        ("FOB", "same acronym"),
    ],
)
def test_a_name_that_is_nearly_the_same_is_shown(editor, name, sign):
    there = AssociationFactory(name="Federation of Bakers")
    NameFactory(association=there, type="acronym", name="FOB")

    page = save(editor, ADD, new(editor, names={"type": "official", "name": name}))

    assert sign in twins(page)["Federation of Bakers"]


@pytest.mark.parametrize(
    ("value", "kind"), [("0645417542", "phone"), ("https://bakers.example/about", "website")]
)
def test_what_has_the_same_telephone_or_website_is_shown(editor, value, kind):
    there = AssociationFactory(name="Federation of Bakers")
    ContactPointFactory(association=there, value="06 4541 7542", country="IT")
    ContactPointFactory(association=there, type="website", value="http://www.bakers.example")

    told = {"type": kind, "value": value, "country": "IT"}
    page = save(
        editor, ADD, new(editor, names={"type": "official", "name": "X"}, contact_points=told)
    )

    assert list(twins(page)) == ["Federation of Bakers"]


def test_what_asked_not_to_be_listed_is_shown_as_such(editor):
    AssociationFactory(name="Federation of Bakers", state="withdrawn")

    page = save(editor, ADD, new(editor, **NEW))

    assert twins(page) == {"Federation of Bakers": "withdrawn: not to be listed · same name"}


def test_what_looks_like_nothing_is_added_at_once(editor):
    AssociationFactory(name="Union of Millers")

    assert save(editor, ADD, new(editor, **NEW)) is None


def test_an_entry_that_is_changed_is_not_compared(editor, pair):
    data = form_at(editor, change(pair[0]))

    assert save(editor, change(pair[0]), data | {"description_en": "Text"}) is None


# The history.


def test_the_history_of_both_tells_of_the_merge(publisher, pair):
    kept, gone = pair
    with translation.override("en"):
        merge(kept, gone)

    for key in (kept.pk, gone.pk):
        page = read(publisher.get(f"/admin/associations/association/{key}/history/"))
        assert "“Associazione contact center” (aicco-2) merged into “AICCO”" in page.text
    public = read(publisher.get("/en/associations/aicco/"))
    assert "Associazione contact center" in public.text
