"""Two entries are merged while somebody else is at work on one of them."""

import pytest
from django.db import IntegrityError

from associations.merging import CannotMerge, merge
from associations.models import Affiliation, Association, ContactPoint
from tests.at_once import alone, at_once, on_file
from tests.factories import AffiliationFactory, AssociationFactory, ContactPointFactory
from tests.reading import filled_in, read
from tests.test_at_once import browser
from tests.test_staff_desk import change, form_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def real_database(tmp_path):
    take_back = on_file(tmp_path / "directory.sqlite3")
    yield
    take_back()


def two_entries():
    kept = AssociationFactory(slug="aicco", name="AICCO")
    gone = AssociationFactory(slug="aicco-2", name="Associazione contact center")
    ContactPointFactory(association=gone, value="800 200111")
    return kept, gone


def form_and_preview():
    """Anna has the form of the entry that goes open, Berta the page that merges both."""
    kept, gone = two_entries()
    anna, berta = browser("anna"), browser("berta")
    merging = f"/admin/merge/{kept.pk}/{gone.pk}/"
    hers = filled_in(read(berta.get(merging)).one("main").one("form", method="post"))
    his = form_at(anna, change(gone)) | {"contact_points-0-label": "press"}
    return (
        kept,
        lambda: anna.post(change(gone), his),
        lambda: berta.post(merging, hers | {"merge": "yes"}),
    )


def test_of_a_merge_and_a_form_at_once_nothing_that_was_typed_is_lost():
    kept, saves, merges = alone(form_and_preview)

    saved, merged = at_once(saves, merges)

    if saved.status_code == 302:  # the one who merges looks again
        assert merged.status_code == 200
        assert "Others changed one of the two meanwhile" in merged.text
        assert alone(ContactPoint.objects.get).label == "press"
    else:
        assert (saved.status_code, merged.status_code) == (409, 302)
        assert alone(ContactPoint.objects.get).association_id == kept.pk


def test_who_saves_what_was_merged_meanwhile_is_told_into_which_entry():
    kept, saves, merges = alone(form_and_preview)
    merged = alone(merges)

    saved = alone(saves)

    assert (merged.status_code, saved.status_code) == (302, 409)
    page = read(saved)
    assert "berta merged it into another entry" in page.text
    assert page.one("a", of_class="button", href=change(kept)).text == "Open “AICCO”"
    assert "press" in page.text


def test_who_merges_what_was_saved_meanwhile_looks_again():
    _kept, saves, merges = alone(form_and_preview)
    saved = alone(saves)

    merged = alone(merges)

    assert (saved.status_code, merged.status_code) == (302, 200)
    assert "press" in read(merged).text
    assert alone(Association.objects.count) == 2


def test_two_who_merge_the_same_two_the_other_way_round_merge_once():
    kept, gone = alone(two_entries)

    def merges(*both):
        try:
            return bool(merge(*both))
        except CannotMerge:
            return False

    done = at_once(lambda: merges(kept, gone), lambda: merges(gone, kept))

    assert sorted(done) == [False, True]
    assert alone(Association.objects.count) == 1
    assert alone(ContactPoint.objects.get).association_id == alone(Association.objects.get).pk


def test_a_member_that_joins_at_the_same_moment_belongs_to_the_one_that_stays_or_nowhere():
    kept, gone = alone(two_entries)

    def joins():
        try:
            return AffiliationFactory(parent=gone)
        except IntegrityError:
            return None

    joined, _merged = at_once(joins, lambda: merge(kept, gone))

    if joined:
        assert alone(Affiliation.objects.get).parent_id == kept.pk
