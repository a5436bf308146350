"""Where a body comes from and what became of it: two generations either way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AssociationFactory, SuccessionFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

AICCO = "/en/associations/aicco/"


def family(client):
    return read(client.get(AICCO)).one("section", **{"aria-labelledby": "family"})


def body(name, **told):
    return AssociationFactory(name=name, slug=name.lower().replace(" ", "-"), **told)


def follow(*bodies, **told):
    """Each of these bodies becomes the next one."""
    for before, after in zip(bodies, bodies[1:], strict=False):
        SuccessionFactory(association=before, successor=after, **told)


@pytest.fixture
def aicco():
    return body("AICCO")


def branches(element):
    """The tree as lists of `[name, …]`, each followed by what hangs on it."""
    return [
        [li.all("a")[0].text, *[each.text for ul in li.all("ul") for each in ul.all("a")]]
        for li in element.all("li")
        if li.all("dl")
    ]


def test_two_generations_stand_either_way_and_no_third(client, aicco):
    ancestors = [body(f"Before {n}") for n in (3, 2, 1)]
    heirs = [body(f"After {n}") for n in (1, 2, 3)]
    follow(*ancestors, aicco, *heirs, kind="renamed")

    assert branches(family(client)) == [["Before 1", "Before 2"], ["After 1", "After 2"]]


def test_each_tells_how_and_when(client, aicco):
    follow(body("Grandmother"), body("Mother"), aicco, kind="merged", valid_from="1998")

    told = family(client)

    assert told.text.count("merged") == 2
    assert [time["datetime"] for time in told.all("time")] == ["1998", "1998"]


def test_several_bodies_that_merged_stand_beside_each_other(client, aicco):
    for name in ("One", "Two"):
        follow(body(name), aicco, kind="merged")

    assert branches(family(client)) == [["One"], ["Two"]]


def test_a_body_without_an_entry_is_named(client, aicco):
    mother = body("Mother")
    follow(mother, aicco)
    SuccessionFactory(association=None, predecessor_name="Forgotten", successor=mother)

    assert "Forgotten" in family(client).text


def test_a_draft_is_named_and_not_linked(client, aicco):
    mother = body("Mother", state="draft")
    follow(body("Grandmother", state="draft"), mother, aicco)

    told = family(client)

    assert "Mother" in told.text
    assert "Grandmother" in told.text
    assert not [link for link in told.links if "mother" in link]


def test_bodies_in_a_circle_end_where_the_others_do(client, aicco):
    other = body("Other")
    follow(aicco, other, aicco)

    assert branches(family(client)) == [["Other", "AICCO"], ["Other", "AICCO"]]


def test_it_costs_as_many_queries_however_large_it_is(client, aicco):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            family(client)
        return len(asked)

    follow(body("Before"), aicco)
    few = queries()
    for number in range(5):
        follow(body(f"Grandmother {number}"), body(f"Mother {number}"), aicco)

    assert queries() == few
