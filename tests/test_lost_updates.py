"""Two people, one entry: whatever the order in which they save, nothing is lost."""

import pytest

from associations.models import (
    Association,
    Changeset,
    ContactPoint,
    OfficeHolder,
    Sector,
    Source,
)
from tests.factories import (
    AssociationFactory,
    ContactPointFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
)
from tests.reading import filled_in, read
from tests.test_staff_desk import add, change, form_at, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def aicco():
    association = AssociationFactory(slug="aicco", name="AICCO", founding_date="2001")
    ContactPointFactory(association=association, value="800 200111", label="office")
    return association


@pytest.fixture
def anna(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


@pytest.fixture
def berta(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("berta"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def saved_by(browser, association, **values):
    """What the form shows is changed so, and saved."""
    data = form_at(browser, change(association))
    assert save(browser, change(association), data | values) is None


def told(page):
    """`{what: (when it was opened, yours, theirs)}` of what is to be chosen."""
    return {
        each.one("legend").text: (
            each.one("span", "before").text,
            *(strong.text for strong in each.all("strong")),
        )
        for each in page.all("fieldset", "conflict")
    }


def again(page, **values):
    """The form of the page as a browser sends it, with these values."""
    return filled_in(page.one("form", id="association_form")) | values


# Different values of one entry.


def test_changes_of_different_values_meet_by_themselves(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, description_en="Of call centres.")

    assert save(berta, change(aicco), hers | {"founding_date": "1999"}) is None

    kept = Association.objects.get()
    assert (kept.description_en, kept.founding_date) == ("Of call centres.", "1999")


def test_changes_of_different_values_of_one_fact_meet_too(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, **{"contact_points-0-value": "800 200112"})

    assert save(berta, change(aicco), hers | {"contact_points-0-label": "press"}) is None

    kept = ContactPoint.objects.get()
    assert (kept.value, kept.label) == ("800 200112", "press")


def test_facts_that_both_added_are_both_there(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    source = SourceFactory()
    his = form_at(anna, change(aicco))
    add(his, "office_holders", name="Anna Bianchi", role="president", source=source.pk)
    assert save(anna, change(aicco), his) is None
    add(hers, "office_holders", name="Berta Verdi", role="founder", source=source.pk)

    assert save(berta, change(aicco), hers) is None

    assert {row.name for row in OfficeHolder.objects.all()} == {"Anna Bianchi", "Berta Verdi"}


def test_sectors_that_one_adds_and_one_takes_away_are_no_quarrel(anna, berta, aicco):
    first, second, third = SectorFactory(), SectorFactory(), SectorFactory()
    aicco.sectors.set([first, second])
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, sectors=[str(first.pk)])

    chosen = {"sectors": [str(first.pk), str(second.pk), str(third.pk)]}
    assert save(berta, change(aicco), hers | chosen) is None

    assert set(aicco.sectors.all()) == {first, third}


def test_a_fact_that_another_deleted_and_nobody_else_touched_stays_deleted(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, **{"contact_points-0-DELETE": "on"})

    assert save(berta, change(aicco), hers | {"founding_date": "1999"}) is None

    assert not ContactPoint.objects.exists()
    assert Association.objects.get().founding_date == "1999"


def test_what_a_program_did_meanwhile_is_not_lost_either(berta, aicco):
    hers = form_at(berta, change(aicco))
    ContactPoint.objects.update(value="02 7600 1234")

    assert save(berta, change(aicco), hers | {"contact_points-0-label": "press"}) is None

    assert ContactPoint.objects.get().value == "02 7600 1234"


# The same value.


def test_of_the_same_value_all_three_are_shown_and_nothing_is_saved(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, founding_date="1999")

    page = save(
        berta, change(aicco), hers | {"founding_date": "2000", "description_en": "A long text."}
    )

    assert told(page) == {"Founded": ("2001", "2000", "1999")}
    assert "admin" in page.one("fieldset", "conflict").text
    assert page.one("textarea", name="description_en").text == "A long text."
    kept = Association.objects.get()
    assert (kept.founding_date, kept.description_en) == ("1999", "")


@pytest.mark.parametrize(("choice", "expected"), [("mine", "2000"), ("theirs", "1999")])
def test_the_editor_chooses(anna, berta, aicco, choice, expected):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, founding_date="1999")
    data = hers | {"founding_date": "2000", "description_en": "A long text."}
    page = save(berta, change(aicco), data)

    chosen = {"choice-founding_date": choice}
    assert save(berta, change(aicco), again(page, **chosen)) is None

    kept = Association.objects.get()
    assert (kept.founding_date, kept.description_en) == (expected, "A long text.")


def test_who_does_not_choose_is_asked_again(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, founding_date="1999")
    page = save(berta, change(aicco), hers | {"founding_date": "2000"})

    page = save(berta, change(aicco), again(page))

    assert told(page) == {"Founded": ("2001", "2000", "1999")}
    assert Association.objects.get().founding_date == "1999"


def test_what_changes_while_somebody_chooses_is_asked_anew(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, founding_date="1999")
    page = save(berta, change(aicco), hers | {"founding_date": "2000"})
    saved_by(anna, aicco, founding_date="1998")

    page = save(berta, change(aicco), again(page, **{"choice-founding_date": "mine"}))

    assert told(page) == {"Founded": ("1999", "2000", "1998")}


def test_both_who_typed_the_same_agree(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, founding_date="1999")

    assert save(berta, change(aicco), hers | {"founding_date": "1999"}) is None


def test_of_a_fact_it_is_said_which_it_is(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, **{"contact_points-0-value": "800 200112"})

    page = save(berta, change(aicco), hers | {"contact_points-0-value": "800 200113"})

    assert told(page) == {
        "Contact point “800 200112”: Value": ("800 200111", "800 200113", "800 200112")
    }


@pytest.mark.parametrize(("choice", "left"), [("mine", 0), ("theirs", 1)])
def test_a_fact_to_be_deleted_that_another_changed_is_asked_for(anna, berta, aicco, choice, left):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, **{"contact_points-0-value": "800 200112"})

    page = save(berta, change(aicco), hers | {"contact_points-0-DELETE": "on"})

    [(before, mine, theirs)] = told(page).values()
    assert (before, mine, theirs) == ("800 200111", "to be deleted", "800 200112")
    assert ContactPoint.objects.get().value == "800 200112"
    chosen = {"choice-contact_points-0-DELETE": choice}
    assert save(berta, change(aicco), again(page, **chosen)) is None
    assert ContactPoint.objects.count() == left


@pytest.mark.parametrize(("choice", "left"), [("mine", ["800 200113"]), ("theirs", [])])
def test_a_changed_fact_that_another_deleted_is_asked_for(anna, berta, aicco, choice, left):
    OfficeHolderFactory(association=aicco)
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, **{"contact_points-0-DELETE": "on"})

    page = save(berta, change(aicco), hers | {"contact_points-0-value": "800 200113"})

    [(before, mine, theirs)] = told(page).values()
    assert before.startswith("telephone, 800 200111, office")
    assert mine.startswith("telephone, 800 200113, office")
    assert theirs == "deleted"
    chosen = {"choice-contact_points-0-row": choice}
    assert save(berta, change(aicco), again(page, **chosen)) is None
    assert [row.value for row in ContactPoint.objects.all()] == left
    assert OfficeHolder.objects.exists()


def test_what_was_typed_for_a_deleted_entry_is_shown_to_be_copied(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    Association.objects.all().delete()

    response = berta.post(change(aicco), hers | {"description_en": "A long text."})

    assert response.status_code == 409
    assert "A long text." in read(response).text
    assert not Association.objects.exists()


# Sources and sectors are shared, and edited by several too.


def test_a_source_is_guarded_too(anna, berta):
    source = SourceFactory(title="Yearbook", publisher="A publisher")
    address = f"/admin/associations/source/{source.pk}/change/"
    hers = filled_in(read(berta.get(address)).one("form", id="source_form"))
    Source.objects.filter(pk=source.pk).update(title="Almanac")

    response = berta.post(address, hers | {"title": "Calendar", "publisher": "Another"})

    assert told(read(response)) == {"Title": ("Yearbook", "Calendar", "Almanac")}
    assert Source.objects.get().publisher == "A publisher"


# Other ways.


def test_what_was_changed_since_is_not_deleted_unseen(anna, berta, aicco):
    address = f"/admin/associations/association/{aicco.pk}/delete/"
    hers = filled_in(read(berta.get(address)).all("form")[-1])
    saved_by(anna, aicco, founding_date="1999")

    response = berta.post(address, hers, follow=True)

    assert Association.objects.exists()
    assert "Others changed it meanwhile" in read(response).text
    hers = filled_in(read(response).all("form")[-1])
    berta.post(address, hers)
    assert not Association.objects.exists()


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, None])
def test_a_form_that_does_not_tell_what_it_shows_is_refused(berta, aicco, seen):
    data = form_at(berta, change(aicco)) | {"founding_date": "1999", "seen": seen}
    data = {name: value for name, value in data.items() if value is not None}

    assert berta.post(change(aicco), data).status_code == 400
    assert Association.objects.get().founding_date == "2001"


@pytest.mark.parametrize("asked", ["", "x", "{}", "[]", '["a"]', "3"])
def test_a_forged_question_is_refused(berta, aicco, asked):
    data = form_at(berta, change(aicco)) | {"asked": asked}

    assert berta.post(change(aicco), data).status_code == 400


# What the history tells of it.


def test_the_history_blames_nobody_for_what_another_did(anna, berta, aicco):
    hers = form_at(berta, change(aicco))
    saved_by(anna, aicco, description_en="Of call centres.")

    save(berta, change(aicco), hers | {"founding_date": "1999", "comment": "The register says so"})

    newest, older = Changeset.objects.all()[:2]
    assert (newest.user.username, newest.comment) == ("berta", "The register says so")
    [revision] = newest.revisions.all()
    assert (revision.before, revision.after["founding_date"]) == (
        {"founding_date": "2001", "updated_at": revision.before["updated_at"]},
        "1999",
    )
    assert older.user.username == "admin"


def test_a_form_that_is_saved_as_it_was_shown_changes_nothing(berta, aicco):
    before = Changeset.objects.count(), Association.objects.get().updated_at

    saved_by(berta, aicco)

    assert (Changeset.objects.count(), Association.objects.get().updated_at) == before


def test_a_changed_fact_is_an_edit_of_its_entry(berta, aicco):
    before = Association.objects.get().updated_at

    saved_by(berta, aicco, **{"contact_points-0-label": "press"})

    assert Association.objects.get().updated_at > before
    assert Sector.objects.count() == 0
