"""Queries that are composed once answer as if they were composed each time."""

from datetime import date

import pytest
from factories import AssociationFactory, NameFactory

from associations.composed import composed_once
from associations.models import Association, Card, Name

pytestmark = pytest.mark.django_db


@composed_once(Association)
def slugs_of(keys):
    return Association.objects.filter(pk__in=keys).order_by("slug").values_list("slug")


@composed_once(Card)
def checks_of(keys, state):
    return Card.objects.filter(pk__in=keys, state=state).values_list("slug", "checked_on")


@composed_once(Name)
def spelt(text, excluded):
    names = Name.objects.filter(name=text).exclude(association=excluded)
    return names.values_list("name")


@pytest.mark.parametrize("number", [1, 7, 8, 9, 40])
def test_a_list_may_have_any_length(number):
    keys = [association.pk for association in AssociationFactory.create_batch(number)]
    AssociationFactory()
    assert slugs_of(keys) == list(
        Association.objects.filter(pk__in=keys).order_by("slug").values_list("slug")
    )


def test_nothing_is_in_an_empty_list(django_assert_num_queries):
    AssociationFactory()
    with django_assert_num_queries(0):
        assert slugs_of([]) == []


def test_each_call_is_answered_with_its_own_values():
    one, other = AssociationFactory(), AssociationFactory()
    assert slugs_of([one.pk]) == [(one.slug,)]
    assert slugs_of([other.pk]) == [(other.slug,)]


def test_columns_are_of_the_types_that_the_model_tells():
    association = AssociationFactory()
    Card.objects.filter(pk=association.pk).update(checked_on=date(2026, 1, 31))
    assert checks_of([association.pk], "public") == [(association.slug, date(2026, 1, 31))]
    assert checks_of([association.pk], "closed") == []


@composed_once(Name)
def among(texts):
    return Name.objects.filter(name__in=texts).order_by("name").values_list("name")


TEXTS = ["%s", "O'Neill", '"; --', "100 %", "Ünïon 電話", "\\", '\\"', "NULL", "{a,b}", " a, b "]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_nothing_but_a_text(text):
    found, other = NameFactory(name=text), NameFactory()
    assert spelt(text, other.association_id) == [(text,)]
    assert spelt(text, found.association_id) == []


def test_the_texts_of_a_list_are_nothing_but_texts():
    for text in [*TEXTS, "another"]:
        NameFactory(name=text)
    assert {text for (text,) in among(TEXTS)} == set(TEXTS)
    assert among(["a", "b", "%"]) == []


@pytest.mark.parametrize(
    "compose",
    [
        lambda slug: Association.objects.filter(slug=slug.upper()).values_list("slug"),
        lambda slug: Association.objects.filter(slug__lt=slug + "z").values_list("slug"),
        lambda slug: Association.objects.values_list("slug"),
    ],
)
def test_a_function_that_changes_its_values_is_refused(compose):
    with pytest.raises(ValueError, match="changes its values"):
        composed_once(Association)(compose)("a")
