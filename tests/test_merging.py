"""Two entries of one body become one: nothing is lost, and all can be taken back."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone, translation

from associations import history
from associations.merging import CannotMerge, Fate, Merge, merge
from associations.models import (
    Affiliation,
    Association,
    Changeset,
    Citation,
    ContactPoint,
    Correction,
    Distinction,
    EntryLink,
    FormerSlug,
    Name,
    Submission,
    Succession,
)
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    IdentifierFactory,
    NameFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
    SuccessionFactory,
)
from tests.test_history import as_it_is, but_for_numbers

pytestmark = pytest.mark.django_db

EARLY, LATE = datetime.date(2020, 1, 1), datetime.date(2024, 1, 1)


@pytest.fixture(autouse=True)
def in_english():
    translation.activate("en")


@pytest.fixture
def kept():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture
def gone():
    return AssociationFactory(slug="aicco-2", name="Associazione contact center")


def merged(kept, gone, **told):
    """The entry that stays, as it is after the merge."""
    merge(kept, gone, **told)
    return Association.objects.get(pk=kept.pk)


def fates(kept, gone):
    """`{what a fact of the one that goes says: what becomes of it}`."""
    found = Association.objects.with_card()
    return {
        str(each.fact): each.fate
        for each in Merge(found.get(pk=kept.pk), found.get(pk=gone.pk)).fates
    }


# Facts.


def test_every_fact_is_told_of_the_one_that_stays_with_its_dates_source_and_check(kept, gone):
    facts = [
        AddressFactory(association=gone, valid_to="2010", checked_on=EARLY),
        ContactPointFactory(association=gone, attested_on="2002-03"),
        OfficeHolderFactory(association=gone, valid_from="2001", is_past=True),
        IdentifierFactory(association=gone),
        AffiliationFactory(association=gone),
        NameFactory(association=gone, type="acronym", name="ACC"),
    ]
    before = [type(fact).objects.filter(pk=fact.pk).values().get() for fact in facts]

    merge(kept, gone)

    for fact, told in zip(facts, before, strict=True):
        now = type(fact).objects.filter(pk=fact.pk).values().get()
        assert now == told | {"association_id": kept.pk}


def test_a_fact_that_both_tell_is_one_with_both_sources_and_the_newer_check(kept, gone):
    first, second = SourceFactory(), SourceFactory()
    own = ContactPointFactory(association=kept, source=first, checked_on=EARLY)
    ContactPointFactory(association=gone, source=second, checked_on=LATE)

    merge(kept, gone)

    assert ContactPoint.objects.get() == own
    assert ContactPoint.objects.get().checked_on == LATE
    [citation] = kept.citations.all()
    assert (citation.about, citation.source) == ("contact_points", second)


def test_an_older_check_of_the_other_one_does_not_make_a_newer_one_older(kept, gone):
    ContactPointFactory(association=kept, checked_on=LATE)
    ContactPointFactory(association=gone, checked_on=EARLY)

    merge(kept, gone)

    assert ContactPoint.objects.get().checked_on == LATE


def test_what_both_tell_by_one_source_needs_no_further_one(kept, gone):
    source = SourceFactory()
    ContactPointFactory(association=kept, source=source)
    ContactPointFactory(association=gone, source=source)

    merge(kept, gone)

    assert not Citation.objects.exists()


def test_the_same_value_with_other_dates_is_another_fact(kept, gone):
    ContactPointFactory(association=kept, attested_on="2002")
    ContactPointFactory(association=gone, attested_on="2024")

    merge(kept, gone)

    assert sorted(kept.contact_points.values_list("attested_on", flat=True)) == ["2002", "2024"]


def test_a_merge_of_facts_alone_is_taken_back_too(kept, gone):
    ContactPointFactory(association=gone)
    before = as_it_is()

    history.undo(merge(kept, gone))

    assert as_it_is() == before


# Names.


def test_the_official_name_of_the_one_that_goes_becomes_another_name(kept, gone):
    merge(kept, gone)

    assert set(kept.names.values_list("name", "type")) == {
        ("AICCO", "official"),
        ("Associazione contact center", "other"),
    }


def test_the_official_name_may_be_that_of_the_one_that_goes(kept, gone):
    merge(kept, gone, chosen=["name"])

    assert set(kept.names.values_list("name", "type")) == {
        ("AICCO", "other"),
        ("Associazione contact center", "official"),
    }
    assert str(Association.objects.with_card().get()) == "Associazione contact center"


def test_an_official_name_that_ended_stays_one_of_its_time(kept):
    gone = AssociationFactory(slug="old", name="")
    NameFactory(association=gone, name="Old name", valid_to="2001")

    merge(kept, gone)

    assert kept.names.get(name="Old name").type == Name.Type.OFFICIAL


def test_an_entry_without_a_name_gets_one(gone):
    nameless = AssociationFactory(slug="nameless", name="")

    merge(nameless, gone)

    assert nameless.names.get().type == Name.Type.OFFICIAL


# What the entry says of itself.


def test_what_only_the_one_that_goes_says_of_itself_is_not_lost(kept, gone):
    first, second, third = SectorFactory(), SectorFactory(), SectorFactory()
    kept.sectors.set([first, second])
    gone.sectors.set([second, third])
    Association.objects.filter(pk=gone.pk).update(description_en="Text", founding_date="2001")

    now = merged(kept, gone)

    assert (now.description_en, now.founding_date) == ("Text", "2001")
    assert set(now.sectors.all()) == {first, second, third}


@pytest.mark.parametrize(("chosen", "founded"), [([], "1999"), (["founding_date"], "2001")])
def test_where_both_say_something_else_somebody_chooses(kept, gone, chosen, founded):
    Association.objects.filter(pk=kept.pk).update(founding_date="1999", kind="club")
    Association.objects.filter(pk=gone.pk).update(founding_date="2001")

    now = merged(kept, gone, chosen=chosen)

    assert (now.founding_date, now.kind) == (founded, "club")


def test_what_was_not_chosen_is_in_the_history(kept, gone):
    Association.objects.filter(pk=kept.pk).update(founding_date="1999")
    Association.objects.filter(pk=gone.pk).update(founding_date="2001")

    changeset = merge(kept, gone)

    [deleted] = changeset.revisions.filter(model="association", row=gone.pk)
    assert deleted.before["founding_date"] == "2001"


def test_dates_that_make_no_sense_together_are_refused(kept, gone):
    Association.objects.filter(pk=kept.pk).update(founding_date="2010")
    Association.objects.filter(pk=gone.pk).update(dissolution_date="2001")

    with pytest.raises(CannotMerge, match="dissolved before it is founded"):
        merge(kept, gone)

    assert Association.objects.count() == 2


def test_citations_are_united(kept, gone):
    shared, other = SourceFactory(), SourceFactory()
    Citation.objects.create(association=kept, about="kind", source=shared)
    Citation.objects.create(association=gone, about="kind", source=shared)
    Citation.objects.create(association=gone, about="sectors", source=other)

    merge(kept, gone)

    assert set(kept.citations.values_list("about", "source")) == {
        ("kind", shared.pk),
        ("sectors", other.pk),
    }


# Relations.


def test_members_of_the_one_that_goes_belong_to_the_one_that_stays(kept, gone):
    member = AffiliationFactory(parent=gone).association

    merge(kept, gone)

    assert Affiliation.objects.get().parent == kept
    card = Association.objects.with_card().get(pk=member.pk).card
    assert (card.confederation_name, card.confederation_slug) == ("AICCO", "aicco")


def test_a_member_of_both_is_a_member_once(kept, gone):
    member = AssociationFactory()
    first, second = SourceFactory(), SourceFactory()
    AffiliationFactory(association=member, parent=kept, source=first)
    AffiliationFactory(association=member, parent=gone, source=second)

    merge(kept, gone)

    assert Affiliation.objects.get().parent == kept
    assert member.citations.get().source == second


@pytest.mark.parametrize("is_reverse", [False, True])
def test_nothing_belongs_to_itself(kept, gone, is_reverse):
    one, other = (kept, gone) if is_reverse else (gone, kept)
    AffiliationFactory(association=one, parent=other)

    merge(kept, gone)

    assert not Affiliation.objects.exists()


@pytest.mark.parametrize("is_reverse", [False, True])
def test_what_makes_a_circle_is_refused(kept, gone, is_reverse):
    above, below = (kept, gone) if is_reverse else (gone, kept)
    between = AffiliationFactory(parent=above).association
    AffiliationFactory(association=below, parent=between)

    with pytest.raises(CannotMerge, match="circle"):
        merge(kept, gone)


def test_successions_lead_on_both_ways(kept, gone):
    after = SuccessionFactory(association=gone)
    before = SuccessionFactory(successor=gone)

    merge(kept, gone)

    assert kept.successors.get() == after
    assert kept.predecessors.get() == before


@pytest.mark.parametrize("is_reverse", [False, True])
def test_what_came_before_itself_came_before_a_body_of_that_name(kept, gone, is_reverse):
    one, other = (kept, gone) if is_reverse else (gone, kept)
    SuccessionFactory(association=one, successor=other, valid_from="2001")

    merge(kept, gone)

    told = Succession.objects.get()
    assert told.valid_from == "2001"
    assert {told.predecessor_name, told.successor_name} == {"Associazione contact center", ""}
    assert {told.association, told.successor} == {kept, None}


# What refers to it.


def test_its_addresses_lead_to_the_one_that_stays_for_ever(kept, gone, client):
    gone.slug = "aicco-3"
    gone.save()

    merge(kept, gone)

    for slug in ("aicco-2", "aicco-3"):
        answer = client.get(f"/en/associations/{slug}/")
        assert answer.status_code == 301
        assert answer["Location"] == "/en/associations/aicco/"
    assert not FormerSlug.objects.filter(association=None).exists()


def test_what_waits_for_a_review_goes_on_waiting(kept, gone):
    Association.objects.update(state="draft")
    Submission.objects.create(association=gone, at=timezone.now())

    merge(kept, gone)

    assert Submission.objects.get().association == kept


def test_what_is_known_to_be_another_body_is_not_the_one_that_stays_either(kept, gone):
    other = AssociationFactory()
    Distinction.objects.mark(gone.pk, other.pk)
    Distinction.objects.mark(gone.pk, kept.pk)

    merge(kept, gone)

    assert Distinction.objects.pairs() == {(kept.pk, other.pk)}


def test_messages_of_visitors_and_letters_to_it_are_those_of_the_one_that_stays(kept, gone):
    correction = Correction.objects.create(association=gone)
    letter = EntryLink.objects.create(association=gone, expires_on=LATE)
    before = as_it_is()

    changeset = merge(kept, gone)

    for row in (correction, letter):
        row.refresh_from_db()
        assert row.association == kept
    history.undo(changeset)
    assert as_it_is() == before


# What is refused.


@pytest.mark.parametrize("is_reverse", [False, True])
def test_a_withdrawn_entry_is_not_merged_and_it_is_said_why(kept, gone, is_reverse):
    withdrawn = kept if is_reverse else gone
    told = {"state": "withdrawn", "withdrawal_reason": "Removed at its request."}
    Association.objects.filter(pk=withdrawn.pk).update(**told)

    with pytest.raises(CannotMerge, match="Removed at its request"):
        merge(kept, gone)


def test_nothing_is_merged_with_itself(kept):
    with pytest.raises(CannotMerge, match="itself"):
        merge(kept, kept)


def test_what_was_deleted_is_not_merged(kept, gone):
    Association.objects.filter(pk=gone.pk).delete()

    with pytest.raises(CannotMerge, match="deleted"):
        merge(kept, gone)


# What is told before.


def test_it_is_told_what_becomes_of_each_fact(kept, gone):
    ContactPointFactory(association=kept, value="06 4541 7542")
    ContactPointFactory(association=gone, value="06 4541 7542")
    ContactPointFactory(association=gone, value="800 200111")
    AffiliationFactory(association=gone, parent=kept)
    SuccessionFactory(association=gone, successor=kept)

    assert fates(kept, gone) == {
        "Associazione contact center": Fate.OTHER_NAME,
        "06 4541 7542": Fate.COLLAPSES,
        "800 200111": Fate.MOVES,
        "member: AICCO": Fate.FALLS,
        "Associazione contact center → AICCO": Fate.NAMED,
    }


def test_a_draft_merged_with_what_visitors_read_is_to_stay_readable(kept, gone):
    Association.objects.filter(pk=kept.pk).update(state="draft")
    found = Association.objects.with_card()

    differing = Merge(found.get(pk=kept.pk), found.get(pk=gone.pk)).differing

    assert [(each.name, each.is_gone_better) for each in differing] == [
        ("name", False),
        ("state", True),
    ]


# The history, and the way back.


def everything_of(entry, confederation, source, day):
    """Facts of every kind."""
    told = {"association": entry, "source": source}
    same = {"checked_on": day, "valid_from": "2001"}
    NameFactory(type="acronym", name="ACC", **told)
    NameFactory(type="former", name=f"Before {entry.slug}", valid_to="1999", **told)
    IdentifierFactory(**told)
    AddressFactory(**told, **same)
    ContactPointFactory(value="06 4541 7542", country="IT", **told, **same)
    ContactPointFactory(value=f"https://{entry.slug}.example", type="website", **told)
    OfficeHolderFactory(name="Anna Bianchi", **told, **same)
    AffiliationFactory(parent=confederation, **told, **same)
    AffiliationFactory(parent=entry, source=source)
    SuccessionFactory(**told)
    SuccessionFactory(successor=entry, source=source)
    Citation.objects.create(association=entry, about="kind", source=source)
    Citation.objects.create(association=entry, about="sectors", source=SourceFactory())
    entry.sectors.set([SectorFactory(), SectorFactory()])
    entry.slug = f"{entry.slug}-now"
    entry.save()


@pytest.fixture
def rich(kept, gone):
    """Both entries with facts of every kind, entangled with each other and with others."""
    first, second = AssociationFactory(), AssociationFactory()
    shared = AssociationFactory(kind="confederation")
    for entry, own, day in ((kept, first, EARLY), (gone, second, LATE)):
        everything_of(entry, shared, SourceFactory(), day)
        AffiliationFactory(association=entry, parent=own)
    AffiliationFactory(association=gone, parent=kept)
    SuccessionFactory(association=kept, successor=gone)
    Association.objects.filter(pk__in=[kept.pk, gone.pk]).update(state="draft")
    Association.objects.filter(pk=gone.pk).update(founding_date="2001", description_it="Testo")
    Association.objects.filter(pk=kept.pk).update(founding_date="1999")
    Submission.objects.create(association=gone, at=timezone.now())
    Distinction.objects.mark(gone.pk, shared.pk)
    return kept, gone


def test_a_merge_that_was_taken_back_never_was_and_can_be_done_again(rich):
    before = as_it_is()
    changeset = merge(*rich, chosen=["founding_date", "name"])
    after = as_it_is()
    assert after != before
    call_command("reindex", check=True)

    taken_back = history.undo(changeset)

    assert as_it_is() == before
    call_command("reindex", check=True)
    history.undo(taken_back)
    assert but_for_numbers(as_it_is()) == but_for_numbers(after)
    call_command("reindex", check=True)


def test_a_merge_is_one_act_that_names_both(kept, gone):
    anna = get_user_model().objects.create_user("anna")

    changeset = merge(kept, gone, by=anna, comment="The letter of May")

    assert changeset == Changeset.objects.first()
    assert (changeset.way, changeset.user) == ("merge", anna)
    assert changeset.comment == (
        "“Associazione contact center” (aicco-2) merged into “AICCO”. The letter of May"
    )


def test_a_merge_that_is_refused_half_way_changes_nothing(kept, gone):
    ContactPointFactory(association=gone)
    Association.objects.filter(pk=kept.pk).update(founding_date="2010")
    Association.objects.filter(pk=gone.pk).update(dissolution_date="2001")
    before = as_it_is()

    with pytest.raises(CannotMerge):
        merge(kept, gone)

    assert as_it_is() == before
