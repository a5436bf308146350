"""Which entries may be taken for another one: computed from names and acronyms, never typed."""

import pytest

from associations.changes import one_change
from associations.models import Name
from tests.factories import (
    AddressFactory,
    AffiliationFactory,
    AssociationFactory,
    NameFactory,
    SuccessionFactory,
)
from tests.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    """`entry("Contact Centre Association", "CCA")`: an entry with that name and acronym."""

    def make(name, acronym="", **told):
        association = AssociationFactory(name=name, **told)
        if acronym:
            NameFactory(association=association, type=Name.Type.ACRONYM, name=acronym)
        return association

    return make


def look_alikes(client, association):
    """What its page says not to confuse it with: `[text, …]`."""
    page = read(client.get(f"/en/associations/{association.slug}/"))
    return [
        li.text
        for section in page.all("section", **{"aria-labelledby": "look-alikes"})
        for li in section.all("li")
    ]


def names(client, association):
    return [text.split(" (")[0] for text in look_alikes(client, association)]


def test_who_has_the_same_acronym_is_not_to_be_confused_with_it(client, entry):
    swiss = entry("Contact Center Suisse", "CCA")
    british = entry("Call Centre Association", "CCA")
    entry("Something else", "SE")

    (told,) = look_alikes(client, swiss)

    assert british.card.name in told
    assert "same acronym" in told


def test_who_is_called_like_its_acronym_is_one_too(client, entry):
    short = entry("ABSL")
    long = entry("Association of Business Service Leaders", "ABSL")

    assert "same acronym" in look_alikes(client, short)[0]
    assert "same acronym" in look_alikes(client, long)[0]


@pytest.mark.parametrize(
    "other",
    [
        "Asociación Peruana de Centros de Contacto",
        "Asociacion Paraguaya de Centros de Contactos",
        "Centros de Contacto, Asociación Paraguaya de",
    ],
)
def test_names_that_differ_by_little_are_similar(client, entry, other):
    entry(other)
    one = entry("Asociación Paraguaya de Centros de Contacto")

    assert "similar name" in look_alikes(client, one)[0]


def test_names_that_share_only_common_words_are_not(client, entry):
    entry("Bundesverband der Verlage")
    entry("Association of Publishers of Norway")

    assert not look_alikes(client, entry("Association of Bakers of Norway"))


def test_where_it_is_tells_it_apart(client, entry):
    one, other = entry("Contact Centre Association", "CCA"), entry("Call Centre Alliance", "CCA")
    AddressFactory(association=other, locality="Leeds", country="GB")

    assert "Leeds, United Kingdom" in look_alikes(client, one)[0]


def test_relatives_are_no_strangers(client, entry):
    one = entry("Contact Centre Association", "CCA")
    before, after, parent, member = (entry(f"Body {n}", "CCA") for n in range(4))
    SuccessionFactory(association=before, successor=one)
    SuccessionFactory(association=one, successor=after)
    AffiliationFactory(association=one, parent=parent)
    AffiliationFactory(association=member, parent=one)

    assert not look_alikes(client, one)


def test_drafts_and_withdrawn_entries_are_not_named(client, entry):
    for state in ("draft", "withdrawn"):
        entry(f"A {state} body", "CCA", state=state)

    assert not look_alikes(client, entry("Contact Centre Association", "CCA"))


def test_a_closed_one_is_named_as_closed(client, entry):
    entry("Old Centre Association", "CCA", state="closed")

    assert "closed" in look_alikes(client, entry("Contact Centre Association", "CCA"))[0]


def test_there_are_at_most_four_the_likeliest_first(client, entry):
    with one_change():
        for number in range(9):
            entry(f"Contact Centre Associations {number}")
        entry("Zebra", "CCA")
    one = entry("Contact Centre Association", "CCA")

    told = look_alikes(client, one)

    assert len(told) == 4
    assert told[0].startswith("Zebra")


def test_an_entry_in_a_script_without_spaces_has_look_alikes_too(client, entry):
    entry("一般社団法人 日本コールセンタ協会")
    one = entry("一般社団法人日本コールセンター協会")

    assert names(client, one)
