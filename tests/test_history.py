"""What is told of each change, on each path that makes one; and the way back."""

import numpy as np
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import translation

from associations import history
from associations.changes import one_change
from associations.checking import mark_checked
from associations.columns import NUMBERED, RECORD
from associations.importing import import_associations, mapping, prepare, read_table
from associations.models import (
    Association,
    Card,
    Changeset,
    ColumnBlock,
    ContactPoint,
    DataVersion,
    FacetValue,
    FormerSlug,
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
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
)
from tests.tables import everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def anna():
    return get_user_model().objects.create_user("anna")


@pytest.fixture
def aicco():
    association = AssociationFactory(slug="aicco", name="AICCO")
    AddressFactory(association=association, country="IT")
    return association


def last():
    return Changeset.objects.first()


def told(changeset=None):
    """`(model, what, before, after)` of what an act changed."""
    changeset = changeset or last()
    kinds = {(True, False): "created", (False, True): "deleted", (False, False): "changed"}
    return [
        (each.model, kinds[each.is_creation, each.is_deletion], each.before, each.after)
        for each in changeset.revisions.all()
    ]


def as_it_is():
    """All rows, byte by byte, but for the history, the version of the data and when each entry
    last changed.
    """
    kept = everything()
    for model in (Changeset, Revision, DataVersion):
        del kept[model]
    for row in kept[Card]:
        del row["changed_at"]
    return kept


def but_for_numbers(kept):
    """The same where what was taken out comes again: the values of filters and the addresses that
    nobody else is given, but not the numbers that the database gives to them, new ones each time.
    """
    values = {row["id"]: (row["facet"], row["value"]) for row in kept.pop(FacetValue)}
    records = {}
    for block in kept.pop(ColumnBlock):
        for place, record in enumerate(np.frombuffer(block["records"], RECORD)):
            told = dict(zip(RECORD.names, record.tolist(), strict=True))
            told |= {name: values.get(told[name]) for name in NUMBERED}
            records[block["number"], place] = told
    slugs = {(row["slug"], row["association_id"]) for row in kept.pop(FormerSlug)}
    return kept, set(values.values()), records, slugs


# What is told.


def test_a_change_tells_who_made_it_by_which_way_and_why(aicco, anna):
    with one_change(by=anna, way=Changeset.Way.ADMIN, comment="The letter of May"):
        Association.objects.filter(pk=aicco.pk).update(founding_date="2001")

    assert (last().user, last().way, last().comment) == (anna, "admin", "The letter of May")
    assert told() == [("association", "changed", {"founding_date": ""}, {"founding_date": "2001"})]


def test_what_is_done_together_is_one_act_under_the_number_of_its_version(aicco):
    with one_change() as change:
        ContactPointFactory(association=aicco)
        OfficeHolderFactory(association=aicco)

    assert change.changeset == last()
    assert last().number == DataVersion.objects.current()
    assert {model for model, *_ in told()} == {"source", "contactpoint", "officeholder"}


def test_a_part_knows_what_the_whole_does_not_say(aicco, anna):
    with one_change(by=anna), one_change(way=Changeset.Way.CHECK):
        NameFactory(association=aicco, type="acronym", name="AICCO")

    assert (last().user, last().way) == (anna, "check")


def test_a_saved_row_tells_what_is_different_and_no_more(aicco):
    phone = ContactPointFactory(association=aicco, value="800 200111", country="IT")

    phone.value = "800 200112"
    phone.save()

    [(model, kind, before, after)] = told()
    assert (model, kind) == ("contactpoint", "changed")
    assert before == {"value": "800 200111", "e164": "+39800200111"}
    assert after == {"value": "800 200112", "e164": "+39800200112"}


def test_to_save_what_is_there_already_is_no_act(aicco):
    before = last()

    aicco.save()
    Association.objects.filter(pk=aicco.pk).update(kind=aicco.kind)

    assert last() == before


def test_a_deleted_row_is_told_whole(aicco):
    person = OfficeHolderFactory(association=aicco, name="Anna Bianchi", valid_from="2001")

    person.delete()

    [(model, kind, before, after)] = told()
    assert (model, kind, after) == ("officeholder", "deleted", None)
    assert before["name"] == "Anna Bianchi"
    assert before["valid_from"] == "2001"
    assert before["association_id"] == aicco.pk


def test_what_goes_with_a_deleted_entry_is_told_too(aicco):
    aicco.sectors.add(SectorFactory())
    ContactPointFactory(association=aicco)

    aicco.delete()

    assert {(model, kind) for model, kind, *_ in told()} == {
        ("association", "deleted"),
        ("association_sectors", "deleted"),
        ("name", "deleted"),
        ("address", "deleted"),
        ("contactpoint", "deleted"),
    }


def test_sectors_that_are_added_and_taken_away_are_told(aicco):
    first, second = SectorFactory(), SectorFactory()
    aicco.sectors.add(first)
    assert told() == [
        (
            "association_sectors",
            "created",
            None,
            {"association_id": aicco.pk, "sector_id": first.pk},
        )
    ]

    aicco.sectors.set([second])
    first.delete()
    second.associations.clear()

    kinds = [kind for each in reversed(Changeset.objects.all()[:4]) for _, kind, *_ in told(each)]
    assert kinds == ["deleted", "created", "deleted", "deleted"]


def test_what_the_database_computes_is_told_as_it_became(aicco):
    first = ContactPointFactory(association=aicco, label="a")
    second = ContactPointFactory(association=aicco, label="b")
    first.label, second.label = "c", "d"

    ContactPoint.objects.bulk_update([first, second], ["label"])

    assert [(before, after) for *_, before, after in told()] == [
        ({"label": "a"}, {"label": "c"}),
        ({"label": "b"}, {"label": "d"}),
    ]


def test_rows_that_come_together_share_a_revision(aicco):
    source = SourceFactory()

    Name.objects.insert(
        [
            Name(association=aicco, type="other", name=f"Name {number}", source=source)
            for number in range(20)
        ]
    )

    [revision] = last().revisions.all()
    assert revision.last_row - revision.row == 19
    assert len([each for each in history.about(aicco.pk) if each.changeset == last()]) == 20


def test_a_fact_that_moves_is_told_of_both_entries(aicco):
    other = AssociationFactory()
    phone = ContactPointFactory(association=aicco)

    ContactPoint.objects.filter(pk=phone.pk).update(association=other)

    assert history.about(aicco.pk)[0].changeset == last()
    assert history.about(other.pk)[0].changeset == last()


# The way back.


def edit(aicco):
    aicco.founding_date = "1999"
    aicco.save()


def close(aicco):
    Association.objects.filter(pk=aicco.pk).update(state="closed")


def rename(aicco):
    Name.objects.filter(association=aicco, type="official").update(is_past=True)
    NameFactory(association=aicco, name="Another name")


def check(aicco):
    mark_checked(Association.objects.all(), aicco.created_at.date())


def remove(aicco):
    aicco.delete()


def remove_all(aicco):
    Association.objects.all().delete()


def other_sectors(aicco):
    aicco.sectors.set([SectorFactory()])


def rewrite(aicco):
    ContactPoint.objects.filter(association=aicco).update(value="02 7600 1234", country="IT")


def bring_in(aicco):
    table = read_table(ROWS.encode(), "register.csv")
    import_associations(prepare(table, mapping(table.header)), file_name="register.csv")


ROWS = """\
name,acronym,country,locality,phone,confederation,sector,president,description_en,source_date
AICCO,AIC,IT,Milano,02 123456,,call-center|telecom,Anna Bianchi,Of call centres.,2024
Bakers,BAK,IT,Roma,06 4541 7542,AICCO,bakery,,,2024
Millers,,IT,Roma,,Bakers,bakery,,,2024
"""


@pytest.mark.parametrize(
    "act", [edit, close, rename, check, remove, remove_all, other_sectors, rewrite, bring_in]
)
def test_what_was_taken_back_never_was_and_can_be_done_again(aicco, anna, act):
    ContactPointFactory(association=aicco)
    AffiliationFactory(parent=aicco)
    aicco.sectors.add(SectorFactory())
    before = as_it_is()
    with one_change() as done:
        act(Association.objects.get(pk=aicco.pk))
    after = as_it_is()
    assert after != before

    taken_back = history.undo(done.changeset, by=anna)

    assert as_it_is() == before
    assert (taken_back.way, taken_back.user) == ("undo", anna)
    call_command("reindex", check=True)
    history.undo(taken_back)
    assert but_for_numbers(as_it_is()) == but_for_numbers(after)
    call_command("reindex", check=True)


def test_nothing_is_taken_back_twice(aicco):
    edit(aicco)
    act = last()
    history.undo(act)

    with pytest.raises(history.CannotUndo, match="already"):
        history.undo(act)


def test_what_was_taken_back_as_a_part_of_a_whole_is_not_taken_back_twice_either(aicco):
    edit(aicco)
    act = last()
    with one_change():
        history.undo(act)

    assert last().undoes == act
    with pytest.raises(history.CannotUndo, match="already"):
        history.undo(act)


def test_what_was_changed_since_is_not_lost(aicco):
    edit(aicco)
    act = last()
    Association.objects.filter(pk=aicco.pk).update(founding_date="1998")

    with pytest.raises(history.CannotUndo, match="AICCO"):
        history.undo(act)

    assert Association.objects.get().founding_date == "1998"


def test_another_column_may_have_been_changed_since(aicco):
    edit(aicco)
    act = last()
    Association.objects.filter(pk=aicco.pk).update(kind="club")

    history.undo(act)

    kept = Association.objects.get()
    assert (kept.founding_date, kept.kind) == ("", "club")


def test_what_was_changed_since_and_taken_back_is_no_obstacle(aicco):
    edit(aicco)
    act = last()
    Association.objects.filter(pk=aicco.pk).update(founding_date="1998")
    history.undo(last())

    history.undo(act)

    assert Association.objects.get().founding_date == ""


def test_what_was_done_again_is_an_obstacle_again(aicco):
    edit(aicco)
    act = last()
    Association.objects.filter(pk=aicco.pk).update(founding_date="1998")
    history.undo(history.undo(last()))

    with pytest.raises(history.CannotUndo):
        history.undo(act)


def test_facts_that_others_added_keep_a_new_entry(aicco):
    bring_in(aicco)
    act = last()
    bakers = Association.objects.get(slug="bakers")
    ContactPointFactory(association=bakers)

    with pytest.raises(history.CannotUndo, match="Bakers"):
        history.undo(act)

    assert Association.objects.filter(slug="bakers").exists()


def test_a_source_that_others_use_by_now_stays(aicco):
    bring_in(aicco)
    act = last()
    ContactPointFactory(association=aicco, source=Source.objects.get(title="register.csv"))

    history.undo(act)

    assert Source.objects.filter(title="register.csv").exists()
    assert not Association.objects.filter(slug="bakers").exists()


def test_a_value_of_filters_goes_when_nobody_has_it_any_more():
    AddressFactory(locality="Torino")
    first = last()
    AddressFactory(locality="Torino")
    second = last()

    history.undo(first)
    assert FacetValue.objects.filter(value="Torino").exists()

    history.undo(second)
    assert not FacetValue.objects.filter(value="Torino").exists()


def test_the_addresses_of_entries_that_never_were_are_free_again(aicco):
    """Visitors never read them: an entry of that name may have its address once more."""
    bring_in(aicco)

    history.undo(last())

    assert not FormerSlug.objects.exists()


def test_the_address_of_an_entry_that_was_brought_back_leads_to_it(aicco, client):
    aicco.delete()

    history.undo(last())

    assert client.get("/en/associations/aicco/").status_code == 200
    assert not FormerSlug.objects.exists()


# An earlier version.


def test_an_entry_is_made_again_what_it_was(aicco, anna):
    phone = ContactPointFactory(association=aicco, value="800 200111")
    good = last()
    edit(aicco)
    phone.delete()
    NameFactory(association=aicco, type="acronym", name="WRONG")
    with one_change():
        bring_in(aicco)

    restored = history.restore(aicco.pk, good, by=anna)

    kept = Association.objects.get(pk=aicco.pk)
    assert kept.founding_date == ""
    assert [row.value for row in kept.contact_points.all()] == ["800 200111"]
    assert [row.name for row in kept.names.all()] == ["AICCO"]
    assert not kept.office_holders.exists()
    assert restored.user == anna
    assert Association.objects.filter(slug="bakers").exists()


def test_a_deleted_entry_is_made_again_what_it_was_before_its_last_edit(aicco):
    good, key = last(), aicco.pk
    edit(aicco)
    aicco.delete()

    history.restore(key, good)

    assert Association.objects.get().founding_date == ""
    assert str(Association.objects.get()) == "AICCO"


# What is shown of it.


def test_the_versions_of_an_entry_are_its_acts_the_newest_first(aicco):
    edit(aicco)
    bring_in(aicco)

    newest, edited, *_ = history.versions(aicco.pk)

    assert newest.changeset == last()
    assert {each.model for each in newest.revisions} >= {"name", "address", "contactpoint"}
    assert all(each.after for each in newest.revisions)
    assert [each.model for each in edited.revisions] == ["association"]


def test_what_came_by_the_thousand_is_told_as_it_was_then(aicco):
    bring_in(aicco)
    person = OfficeHolder.objects.get()
    OfficeHolder.objects.filter(pk=person.pk).update(name="Anna Verdi")
    person.delete()

    gone, renamed, came = (
        next(each for each in version.revisions if each.model == "officeholder")
        for version in history.versions(aicco.pk)[:3]
    )

    assert gone.before["name"] == "Anna Verdi"
    assert renamed.after == {"name": "Anna Verdi"}
    assert came.after["name"] == "Anna Bianchi"


def test_the_state_after_an_act_is_what_it_was_then(aicco):
    edit(aicco)
    act = last()
    bring_in(aicco)
    revisions = history.told_fully(history.about(aicco.pk))

    state = history.state_after(revisions, act)

    assert {model for model, _row in state} == {"association", "name", "address"}
    assert state["association", aicco.pk]["founding_date"] == "1999"
