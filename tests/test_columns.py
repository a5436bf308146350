"""What filters and counts read: a record for each entry, in blocks, as right as its card."""

import tracemalloc
from collections import Counter
from unittest.mock import patch

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import F
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from factories import AddressFactory, AffiliationFactory, AssociationFactory

from associations import cards, columns, facets
from associations.facets import Facets
from associations.filters import AssociationFilter
from associations.models import Association, Card, ColumnBlock, DataVersion, FacetValue, Sector
from associations.search import hits, search

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[(2, 1000), (2, 0), (512, 1000), (512, 0)])
def block(request, monkeypatch):
    """Few records to a block and few blocks to a reading, so that some entries fill many; counted
    one by one and in tables."""
    of_block, singly = request.param
    monkeypatch.setattr(columns, "BLOCK", of_block)
    monkeypatch.setattr(columns, "COUNTED_SINGLY", singly)
    monkeypatch.setattr(columns, "READ", 2)
    monkeypatch.setattr(columns, "_kept", {})


def counted(column):
    """`{value: entries}` as the columns have them."""
    _keys, counts = columns.PUBLIC.count(facets=[column])
    values = dict(FacetValue.objects.values_list("pk", "value"))
    return {values[number]: entries for number, entries in counts[column].items() if number}


def everywhere(number=11):
    for count in range(number):
        association = AssociationFactory(name=f"Body {count:02}", slug=f"b{count:02}")
        AddressFactory(association=association, country="IT", locality=f"City {count % 3}")


def test_the_columns_count_what_the_cards_say(block):
    everywhere()
    assert counted("locality") == Counter(Card.objects.values_list("locality", flat=True))
    assert counted("country") == {"IT": 11}


def test_the_columns_follow_every_change_of_a_card(block):
    everywhere()
    Association.objects.filter(slug="b00").update(state="draft")
    Association.objects.get(slug="b01").addresses.update(locality="Elsewhere")
    Association.objects.get(slug="b02").delete()
    Association.objects.get(slug="b03").addresses.all().delete()
    assert counted("locality") == {"Elsewhere": 1, "City 0": 2, "City 1": 3, "City 2": 2}
    assert not list(cards.differences())


def test_what_one_has_several_of_is_counted_under_each(block):
    """Confederations and sectors."""
    one, other = Sector.objects.create(slug="one"), Sector.objects.create(slug="other")
    both, single = AssociationFactory(), AssociationFactory()
    both.sectors.set([one, other])
    single.sectors.add(one)
    for name in ("First", "Second"):
        AffiliationFactory(association=both, parent=AssociationFactory(name=name))
    assert counted("sector") == {columns.set_of([one.pk, other.pk]): 1, str(one.pk): 1}
    assert list(counted("confederation").values()) == [1]
    with_other = columns.numbers_of_sets("sector", [other.pk])
    found = columns.Conditions(sector=columns.any_of("sector", with_other)).count()[0]
    assert found.tolist() == [both.pk]


def test_a_filter_is_counted_next_to_all_but_itself(block):
    everywhere()
    city = columns.numbers_of("locality", ["City 0"])
    nowhere = columns.any_of("kind", columns.kind_numbers(["club"]))
    asked = {"locality": columns.any_of("locality", city)}
    keys, counts = columns.Conditions(**asked).count(facets=["locality", "country"])
    assert (len(keys), sorted(counts["locality"].values())) == (4, [3, 4, 4])
    assert list(counts["country"].values()) == [4]
    keys, counts = columns.Conditions(**asked, kind=nowhere).count(facets=["locality", "kind"])
    assert (len(keys), counts["locality"]) == (0, {})
    assert counts["kind"] == {0: 4}


def test_a_record_that_differs_is_found_and_mended():
    everywhere(3)
    ColumnBlock.objects.update(records=bytes(columns.BLOCK * columns.RECORD.itemsize))
    with pytest.raises(CommandError, match="3 cards differ"):
        call_command("reindex", check=True)
    call_command("reindex", verbosity=0)
    call_command("reindex", check=True)


def test_a_block_that_another_transaction_made_meanwhile_is_not_lost(monkeypatch):
    everywhere(1)
    lookups, locked = [], columns._locked

    def at_first_unseen(numbers):
        lookups.append(numbers)
        return {} if len(lookups) == 1 else locked(numbers)

    monkeypatch.setattr(columns, "_locked", at_first_unseen)
    AssociationFactory(name="Its neighbour")
    assert len(lookups) > 1
    assert search("").count() == 2


def test_values_that_are_equally_rare_are_left_out_together():
    assert facets._most({1: 9, 2: 5, 3: 5}, 2) == [1, 2, 3]
    assert facets._most({1: 9, 2: 5, 3: 5, 4: 5, 5: 5}, 2) == [1]
    assert facets._most(dict.fromkeys(range(1, 9), 5), 2) == [1, 2]


def test_what_values_are_called_is_right_however_little_of_it_is_remembered(monkeypatch):
    monkeypatch.setattr(facets, "REMEMBERED", 1)
    names = ["Anchor", "Bridge", "Castle"]
    for name in names:
        parent = AssociationFactory(name=f"Union of {name}", kind="confederation")
        association = AssociationFactory(name=name)
        AddressFactory(association=association, country="IT", locality=f"{name} City")
        AffiliationFactory(association=association, parent=parent)
    for name in 2 * names:
        asked = QueryDict(f"q={name}")
        filterset = AssociationFilter(asked, queryset=Card.objects.all())
        assert filterset.is_valid()
        told = {facet.name: [each.label for each in facet.options] for facet in Facets(filterset)}
        assert told["locality"] == [f"{name} City"]
        assert told["confederation"] == [f"Union of {name}"]


# What a process has read it keeps.

kept_between_transactions = pytest.mark.django_db(transaction=True)


@kept_between_transactions
def test_what_was_read_is_as_right_as_what_is_stored(block):
    everywhere()
    assert counted("locality") == {"City 0": 4, "City 1": 4, "City 2": 3}
    Association.objects.get(slug="b01").addresses.update(locality="Elsewhere")
    Association.objects.filter(slug__in=["b04", "b05"]).delete()
    everywhere_else = AssociationFactory(name="Body 99")
    AddressFactory(association=everywhere_else, locality="Far")
    now = {"City 0": 4, "City 1": 2, "City 2": 2, "Elsewhere": 1, "Far": 1}
    assert counted("locality") == now
    with transaction.atomic():
        assert counted("locality") == now
    keys = np.array(Card.objects.order_by("pk").values_list("pk", flat=True))
    assert columns.PUBLIC.of(keys[::-2]).tolist() == keys[::-2].tolist()
    Association.objects.all().delete()
    assert counted("locality") == {}


@kept_between_transactions
def test_only_blocks_that_were_written_since_are_read_again(block, django_assert_num_queries):
    everywhere()
    columns.PUBLIC.count()
    with django_assert_num_queries(1):  # whether anything was written
        columns.PUBLIC.count()
    Association.objects.filter(slug="b00").update(state="draft")
    with (
        django_assert_num_queries(3),
        patch.object(columns, "_blocks_among", wraps=columns._blocks_among) as read,
    ):
        keys, _counts = columns.PUBLIC.count()
    assert (len(keys), len(read.call_args[0][0])) == (10, 1)


@kept_between_transactions
def test_memory_does_not_grow_with_the_number_of_entries():
    everywhere(1)
    columns.PUBLIC.count()
    full = np.zeros(columns.BLOCK, columns.RECORD)
    full["state"] = columns.STATES.index("public") + 1
    first = 1 + Card.objects.get().pk // columns.BLOCK
    a_reading = columns.READ * columns.BLOCK * columns.SIZE
    for digest in range(12):
        numbers = range(first, first + columns.READ)
        first += columns.READ
        new = {"records": full.tobytes(), "digest": digest}
        ColumnBlock.objects.bulk_create(ColumnBlock(number=each, **new) for each in numbers)
    DataVersion.objects.update(number=F("number") + 1)
    tracemalloc.start()
    among = columns.blocks()
    entries = sum(np.count_nonzero(records["state"]) for _keys, records in among.chunks())
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert entries == 1 + 12 * columns.READ * columns.BLOCK
    assert kept < a_reading
    assert most < 5 * a_reading


@kept_between_transactions
def test_a_block_that_is_gone_for_a_moment_is_read_when_it_is_back(block):
    everywhere(4)
    DataVersion.objects.update(number=F("number") + 1)
    taken = ColumnBlock.objects.first()
    told, gone = columns._digests, []

    def and_then_it_goes():
        digests = list(told())
        gone.append(ColumnBlock.objects.filter(pk=taken.pk).delete())
        return digests

    with patch.object(columns, "_digests", and_then_it_goes):
        assert len(columns.PUBLIC.count()[0]) < 4
    assert gone
    taken.save(force_insert=True)
    DataVersion.objects.update(number=F("number") + 1)
    assert len(columns.PUBLIC.count()[0]) == 4


@kept_between_transactions
def test_what_a_transaction_takes_back_is_not_kept(block):
    everywhere(3)
    with transaction.atomic():
        Association.objects.filter(slug="b00").update(state="draft")
        assert len(columns.PUBLIC.count()[0]) == 2
        transaction.set_rollback(True)
    assert len(columns.PUBLIC.count()[0]) == 3


@kept_between_transactions
def test_what_the_calendar_changes_is_read_again(set_today):
    association = AssociationFactory()
    AddressFactory(association=association, locality="Here", valid_to="2026-03")
    AddressFactory(association=association, locality="There", valid_from="2026-03")
    set_today("2026-02-03")
    cards.refresh([association.pk])
    assert counted("locality") == {"Here": 1}
    set_today("2026-04-05")
    cards.catch_up()
    assert counted("locality") == {"There": 1}


# Many hits: they are cut without being loaded.


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr(hits, "SORTED", 3)
    monkeypatch.setattr(hits, "RANKED", 2)


@pytest.mark.parametrize("text", ["", "body"])
def test_pages_of_very_many_hits_are_the_whole_in_order(few_are_many, text):
    everywhere(30)
    found = search(text)
    pages = [found[at : at + 4] for at in range(0, len(found), 4)]
    slugs = [card.slug for page in pages for card in page]
    assert slugs == sorted(slugs)
    assert len(slugs) == len(set(slugs)) == found.count() == 30


def test_the_pages_of_a_rare_filter_are_found_among_many(client, few_are_many):
    everywhere(30)
    page = client.get("/en/", {"locality": "City 2", "page_size": 4, "page": 2}).text
    assert [f"b{n:02}" in page for n in (11, 14, 17, 20, 23)] == [False, True, True, True, True]
    sorted_down = client.get("/en/", {"locality": "City 2", "page_size": 4, "sort": "-name"}).text
    assert sorted_down.index("b29") < sorted_down.index("b26")


@pytest.mark.parametrize("text", ["body 03", "bodi 03", "body"])
def test_a_filter_may_leave_nothing_of_what_was_found(client, text, few_are_many):
    everywhere(5)
    assert client.get("/en/", {"q": text, "kind": "club"}).context["page_obj"].paginator.count == 0


def test_suggestions_of_a_broad_beginning_are_the_first_hits(monkeypatch):
    monkeypatch.setattr(hits, "MANY", 2)
    everywhere(12)
    first = [card.slug for card in search("bo")[:8]]
    assert (
        [card.slug for card in search("bo").suggest(8)] == first == [f"b{n:02}" for n in range(8)]
    )
    assert [card.slug for card in search("bo").suggest(20)] == [f"b{n:02}" for n in range(12)]
    assert search("nothing").suggest(8) == []


@pytest.mark.parametrize("text", ["bo", "body 1"])
def test_suggestions_of_a_broad_beginning_ask_nothing_twice(monkeypatch, text):
    monkeypatch.setattr(hits, "MANY", 1)
    monkeypatch.setattr(hits, "RANKED", hits.FEW)
    everywhere(12)
    with CaptureQueriesContext(connection) as asked:
        assert search(text).suggest(20)
    queries = [each["sql"] for each in asked if "columnblock" not in each["sql"]]
    assert [q for q in set(queries) if queries.count(q) > 1] == []
