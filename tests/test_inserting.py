"""Rows by the thousand: as right as rows one by one."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from factories import AssociationFactory, SourceFactory

from associations import cards
from associations.changes import one_change
from associations.inserting import insert_values, unsaved
from associations.models import FACTS, Association, Card, Citation, ContactPoint, SearchWord
from associations.search import vocabulary, vocabulary_is_right

pytestmark = pytest.mark.django_db

COUNTED = "ON CONFLICT (word) DO UPDATE SET frequency = excluded.frequency"


def phone(association, value, **values):
    return ContactPoint(
        association=association, type="phone", value=value, source=SourceFactory(), **values
    )


def test_rows_are_inserted_as_when_they_are_saved():
    one, other = AssociationFactory(), AssociationFactory()
    phone(one, "02 1234567", country="IT", checked_on="2026-01-31").save()
    ContactPoint.objects.insert([phone(other, "02 1234567", country="IT", checked_on="2026-01-31")])
    saved, inserted = ContactPoint.objects.order_by("association")
    assert (inserted.e164, inserted.checked_on) == (saved.e164, saved.checked_on)
    assert inserted.e164 == "+39021234567"


def test_the_cards_follow_what_is_inserted():
    association = AssociationFactory()
    ContactPoint.objects.insert([phone(association, "02 1234567", country="IT")])
    assert Card.objects.get().phone == "02 1234567"
    assert not list(cards.differences())


def test_rows_learn_their_keys_and_their_cards_are_written():
    rows = [Association(slug=f"body-{number}") for number in range(3)]
    Association.objects.insert(rows)
    assert [row.slug for row in rows] == [Association.objects.get(pk=row.pk).slug for row in rows]
    assert set(Card.objects.values_list("pk", flat=True)) == {row.pk for row in rows}


@pytest.mark.parametrize(
    "text", ["", " ", "NULL", "{}", '"', "\\", '\\"', "a, b", "it's", "two\nlines", "%s", "ß"]
)
def test_texts_are_inserted_as_they_are(text):
    Association.objects.insert([Association(slug="body", description_en=text)])
    assert Association.objects.get().description_en == text


@pytest.mark.parametrize("model", [Association, Association.sectors.through, *FACTS, Citation])
def test_a_row_that_is_made_quickly_is_the_same(model):
    quick, made = vars(unsaved(model, id=7)), vars(model(id=7))
    assert vars(quick.pop("_state")) == vars(made.pop("_state"))
    assert quick == made


def test_more_rows_than_a_statement_takes_are_all_inserted():
    rows = [(f"word{number}", "", 8, number) for number in range(3000)]
    insert_values(SearchWord, rows)
    assert SearchWord.objects.filter(word__startswith="word").count() == 3000


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_values(SearchWord, [])


def test_a_conflict_is_an_error_or_as_it_is_said():
    insert_values(SearchWord, [("word", "drow", 4, 1)])
    insert_values(SearchWord, [("word", "drow", 4, 5)], on_conflict=COUNTED)
    assert SearchWord.objects.get(word="word").frequency == 5
    with pytest.raises(IntegrityError):
        insert_values(SearchWord, [("word", "drow", 4, 1)])


def test_words_that_wait_to_be_counted_are_all_counted(monkeypatch):
    monkeypatch.setattr(vocabulary, "WAITING", 5)
    with vocabulary.counted_at_the_end():
        for number in range(9):
            AssociationFactory(name=f"Bakers of town {number}")
    assert vocabulary_is_right()


def test_what_a_change_asks_again_and_again_is_planned_once():
    if connection.vendor != "postgresql":
        return  # SQLite plans a statement when it first sees it
    with one_change(), connection.cursor() as cursor:
        for key in range(20):
            cursor.execute("SELECT slug FROM associations_association WHERE id = %s", [key])
        cursor.execute("SELECT max(generic_plans) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] > 0


def test_after_many_new_rows_everything_is_planned_anew():
    planned_anew = []
    for number in (1, 101):
        rows = [Association(slug=f"body-{number}-of-{other}") for other in range(number)]
        with CaptureQueriesContext(connection) as queries:
            Association.objects.insert(rows)
        planned_anew.append("DISCARD PLANS" in [query["sql"] for query in queries])
    assert planned_anew == [False, connection.vendor == "postgresql"]


@pytest.mark.parametrize("step", [1, 2])
def test_cards_are_made_of_neighbours_and_of_others(step):
    keys = [AssociationFactory().pk for _number in range(6)][::step]
    Card.objects.update(name="")
    assert cards.refresh(keys) == len(keys)
    named = Card.objects.exclude(name="").values_list("pk", flat=True)
    assert sorted(named) == keys
    assert Association.objects.count() == 6
