"""Dates as sources give them: a year, a month or a day, and what holds on a day by them."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from associations.dates import (
    PartialDate,
    PartialDateField,
    PartialDateFormField,
    evidence,
    holds,
    next_boundary,
)
from associations.models import Association, ContactPoint
from tests.factories import AssociationFactory, ContactPointFactory

days = st.dates(datetime.date(1890, 1, 1), datetime.date(2100, 12, 31))
lengths = st.sampled_from([4, 7, 10])
partial_dates = st.builds(lambda day, length: day.isoformat()[:length], days, lengths)


def dates_near(day):
    """Partial dates so close to `day` that rules show their edges; empty text too."""
    near = st.integers(-400, 400).map(lambda number: day + datetime.timedelta(number))
    return st.just("") | st.builds(lambda day, length: day.isoformat()[:length], near, lengths)


def facts_near(day):
    """The dates of facts: start, end, attestation."""
    date = dates_near(day)
    return st.tuples(date, date, date).filter(
        lambda fact: not fact[1] or fact[0] <= fact[1] or fact[0].startswith(fact[1])
    )


facts_and_days = days.flatmap(lambda day: st.tuples(facts_near(day), st.just(day)))
many_facts_and_days = days.flatmap(
    lambda day: st.tuples(st.lists(facts_near(day), max_size=20), st.just(day))
)


# The text.


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest"),
    [
        ("2002", "year", "2002-01-01", "2002-12-31"),
        ("2002-03", "month", "2002-03-01", "2002-03-31"),
        ("2002-04", "month", "2002-04-01", "2002-04-30"),
        ("2002-02", "month", "2002-02-01", "2002-02-28"),
        ("2004-02", "month", "2004-02-01", "2004-02-29"),
        ("2002-12", "month", "2002-12-01", "2002-12-31"),
        ("2002-03-01", "day", "2002-03-01", "2002-03-01"),
        ("9999", "year", "9999-01-01", "9999-12-31"),
        ("9999-12", "month", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_date_has_a_precision_and_the_days_that_it_may_mean(text, precision, earliest, latest):
    date = PartialDate(text)

    assert (date, date.precision) == (text, precision)
    assert date.earliest == datetime.date.fromisoformat(earliest)
    assert date.latest == datetime.date.fromisoformat(latest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "02",
        "20023",
        "2002-3",
        "2002-13",
        "2002-00",
        "2002-02-29",
        "2002-02-30",
        "2002-03-1",
        "0000",
        "2002-",
        "2002-03-01T00:00",
        " 2002",
        "2002\n",
        "٢٠٠٢",
        "spring",
    ],
)
def test_any_other_text_is_no_date(text):
    with pytest.raises(ValueError, match="."):
        PartialDate(text)


@given(st.lists(partial_dates))
def test_text_sorts_in_the_order_of_time(texts):
    dates = sorted(PartialDate(text) for text in texts)

    assert [date.earliest for date in dates] == sorted(date.earliest for date in dates)


@pytest.mark.parametrize(
    ("text", "italian", "english"),
    [
        ("2002", "2002", "2002"),
        ("2002-03", "marzo 2002", "March 2002"),
        ("2002-03-01", "1 marzo 2002", "1 March 2002"),
    ],
)
def test_a_date_is_written_out_in_the_language_of_the_page(text, italian, english):
    with override("it"):
        assert PartialDate(text).in_words() == italian
    with override("en"):
        assert PartialDate(text).in_words() == english


# The form.


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("2002", "2002"),
        ("2002-03", "2002-03"),
        ("2002-03-01", "2002-03-01"),
        ("1/3/2002", "2002-03-01"),
        ("01/03/2002", "2002-03-01"),
        ("1.3.2002", "2002-03-01"),
        ("3/2002", "2002-03"),
        ("  2002 ", "2002"),
        ("", ""),
    ],
)
def test_the_form_takes_dates_as_people_write_them(typed, date):
    assert PartialDateFormField(required=False).clean(typed) == date


@pytest.mark.parametrize("typed", ["2002/3/1", "13/13/2002", "30/2/2002", "1-3-2002", "02", "x"])
def test_the_form_says_how_to_write_a_date(typed):
    with pytest.raises(ValidationError) as raised:
        PartialDateFormField().clean(typed)

    with override("en"):
        [message] = raised.value.messages
    assert "is not a date. Write a year, a month or a day: 2002, 2002-03 or 2002-03-01." in message


def test_a_model_form_asks_for_a_date_by_that_form():
    assert isinstance(PartialDateField().formfield(), PartialDateFormField)


# The column.


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2002", "2002-03", "2002-03-01"])
def test_a_date_comes_back_from_the_database_as_it_went_in(text):
    AssociationFactory(founding_date=text)

    date = Association.objects.get().founding_date
    assert date == text
    assert date.precision == PartialDate(text).precision


@pytest.mark.django_db
def test_no_date_comes_back_as_empty_text():
    AssociationFactory()

    assert Association.objects.get().founding_date == ""


@pytest.mark.django_db
def test_a_whole_date_may_be_given_as_such():
    AssociationFactory(founding_date=datetime.date(2002, 3, 1))

    assert Association.objects.get().founding_date == "2002-03-01"


@pytest.mark.django_db
def test_nothing_but_a_date_gets_into_the_column():
    association = AssociationFactory()
    association.founding_date = "2002-13"

    with pytest.raises(ValidationError):
        association.full_clean()
    with pytest.raises(ValueError, match="month"):
        association.save()
    with pytest.raises(ValueError, match="month"):
        Association.objects.update(founding_date="2002-13")


# What holds on a day.


@pytest.mark.parametrize(
    ("fact", "day", "answer"),
    [
        (("", "", ""), "1900-01-01", True),
        (("2002", "", ""), "2001-12-31", False),
        (("2002", "", ""), "2002-01-01", True),
        (("2002-03", "", ""), "2002-02-28", False),
        (("2002-03", "", ""), "2002-03-01", True),
        (("", "2002", ""), "2002-12-31", True),
        (("", "2002", ""), "2003-01-01", False),
        (("", "2002-02", ""), "2002-02-28", True),
        (("", "2002-02", ""), "2002-03-01", False),
        (("", "2002-03-01", ""), "2002-03-01", True),
        (("", "2002-03-01", ""), "2002-03-02", False),
        (("", "", "2002-03-01"), "2002-02-28", False),
        (("", "", "2002-03-01"), "2024-01-01", True),
        (("1997", "", "2002-03-01"), "1998-01-01", True),
    ],
)
def test_a_fact_holds_from_the_first_to_the_last_day_of_its_dates(fact, day, answer):
    assert holds(*fact, day) is answer


@pytest.mark.parametrize(
    ("fact", "day", "date"),
    [
        (("1997", "2002-03"), "2002-04-01", "2002-03"),
        (("1997", "2002-03"), "2002-02-28", "1997"),
        (("", "2002-03"), "2002-04-01", "2002-03"),
        (("", ""), "2002-04-01", ""),
    ],
)
def test_the_evidence_is_the_latest_date_for_which_a_source_speaks(fact, day, date):
    assert evidence(*fact, day) == date


class TestInTheDatabase(TestCase):
    """The rule in SQL and the rule in Python are one rule."""

    @settings(max_examples=40, deadline=None)
    @given(many_facts_and_days, st.booleans())
    @example(([("2002", "2002", ""), ("", "9999", "")], datetime.date(2002, 6, 1)), False)
    def test_the_database_agrees(self, case, is_past):
        facts, day = case
        known = ContactPointFactory.create(is_past=True)
        ContactPoint.objects.bulk_create(
            ContactPoint(
                association=known.association,
                source=known.source,
                value=str(number),
                valid_from=start,
                valid_to=end,
                attested_on=attested,
                is_past=is_past,
            )
            for number, (start, end, attested) in enumerate(facts)
        )

        found = {fact.value for fact in ContactPoint.objects.holding(day)}

        held = {point.value for point in ContactPoint.objects.all() if point.holds(day)}
        ruled = {str(n) for n, fact in enumerate(facts) if holds(*fact, day.isoformat())}
        assert found == held == (set() if is_past else ruled)


@given(facts_and_days)
@example((("", "9999", ""), datetime.date(2024, 1, 1)))
@settings(max_examples=300)
def test_nothing_changes_before_the_next_boundary(case):
    fact, day = case
    answer = holds(*fact, day.isoformat())

    boundary = next_boundary(*fact, day)

    assert boundary is None or boundary > day
    last = boundary or min(day + datetime.timedelta(1000), datetime.date.max)
    between = (last - day).days
    for number in {1, between // 2, between - 1} - {0, between, -1}:
        between_day = day + datetime.timedelta(number)
        assert holds(*fact, between_day.isoformat()) == answer


@given(facts_and_days)
def test_every_change_is_at_a_boundary(case):
    """Going from boundary to boundary, nobody misses a day on which the answer changes."""
    fact, first = case
    boundaries, day = set(), first
    while day := next_boundary(*fact, day):
        boundaries.add(day)

    answers = {}
    for number in range(900):
        day = first + datetime.timedelta(number)
        answers[day] = holds(*fact, day.isoformat())
    changes = {
        day
        for day in answers
        if day > first and answers[day] != answers[day - datetime.timedelta(1)]
    }
    assert changes <= boundaries


@pytest.mark.parametrize(
    ("fact", "day", "boundary"),
    [
        (("2024-07", "", ""), "2024-06-30", "2024-07-01"),
        (("2024-07", "", ""), "2024-07-01", None),
        (("", "2024-06", ""), "2024-06-30", "2024-07-01"),
        (("", "2024", ""), "2024-12-31", "2025-01-01"),
        (("", "2024-06-30", ""), "2024-07-01", None),
        (("", "", "2024-07"), "2024-06-30", "2024-07-01"),
        (("", "", ""), "2024-06-30", None),
        (("", "9999", ""), "2024-06-30", None),
    ],
)
def test_the_next_boundary_is_the_first_day_that_may_be_different(fact, day, boundary):
    found = next_boundary(*fact, datetime.date.fromisoformat(day))

    assert found == (boundary and datetime.date.fromisoformat(boundary))
