"""The vCard beside a contact page: what an address book keeps of an association."""

import pytest
from django.test import RequestFactory

from associations.models import Association, Card, ContactPoint, Name
from associations.profile import Profile
from associations.representations import vcard
from tests.factories import (
    AddressFactory,
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
)

pytestmark = pytest.mark.django_db

AICCO = "/en/associations/aicco.vcf"
AICCO_3 = "/en/associations/aicco.v3.vcf"


@pytest.fixture
def aicco():
    association = AssociationFactory(slug="aicco", name="Associazione italiana")
    NameFactory(association=association, type=Name.Type.ACRONYM, name="AICCO")
    NameFactory(association=association, type=Name.Type.FORMER, name="Casa Vecchia")
    ContactPointFactory(association=association, value="06 4541 7542", attested_on="2002-03-01")
    ContactPointFactory(association=association, type=ContactPoint.Type.FAX, value="06 4541 7543")
    ContactPointFactory(association=association, type=ContactPoint.Type.EMAIL, value="a@aicco.it")
    ContactPointFactory(
        association=association, type=ContactPoint.Type.WEBSITE, value="https://aicco.it/chi siamo"
    )
    AddressFactory(association=association, postal_code="00184", region="Lazio")
    return association


def lines(client, address=AICCO):
    """The lines of a vCard as whoever reads it puts them together again."""
    response = client.get(address)
    assert response.status_code == 200
    return unfolded(response.text)


def unfolded(text):
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_vcard_tells_how_an_association_is_called_and_reached(client, aicco):
    told = lines(client)

    assert told[:3] == ["BEGIN:VCARD", "VERSION:4.0", "KIND:org"]
    assert told[-1] == "END:VCARD"
    for line in (
        "FN:Associazione italiana",
        "ORG:Associazione italiana",
        "NICKNAME:AICCO",
        'TEL;VALUE=uri;TYPE="work,voice":tel:+390645417542',
        'TEL;VALUE=uri;TYPE="work,fax":tel:+390645417543',
        "EMAIL;TYPE=work:a@aicco.it",
        "URL:https://aicco.it/chi%20siamo",
        "ADR;TYPE=work:;;Via Nazionale 243;Roma;Lazio;00184;Italy",
        "SOURCE:http://testserver/en/associations/aicco.vcf",
    ):
        assert line in told


def test_older_address_books_have_a_version_of_their_own(client, aicco):
    told = lines(client, AICCO_3)

    assert told[:4] == ["BEGIN:VCARD", "VERSION:3.0", "N:;;;;", "X-ABShowAs:COMPANY"]
    for line in (
        "FN:Associazione italiana",
        "TEL;TYPE=WORK,VOICE:+390645417542",
        "TEL;TYPE=WORK,FAX:+390645417543",
        "EMAIL;TYPE=INTERNET:a@aicco.it",
        "ADR;TYPE=WORK:;;Via Nazionale 243;Roma;Lazio;00184;Italy",
    ):
        assert line in told


def test_a_vcard_is_a_file_of_its_own_beside_the_page(client, aicco):
    response = client.get(AICCO)

    assert response.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="aicco.vcf"'
    page = "http://testserver/en/associations/aicco/"
    assert response.headers["Link"] == f'<{page}>; rel="canonical"'


def test_a_vcard_says_how_old_it_is_in_the_language_of_its_address(client, aicco):
    assert "NOTE;LANGUAGE=en:As of 1 March 2002\\, not checked since." in lines(client)
    italian = lines(client, "/it/associazioni/aicco.vcf")
    assert "NOTE;LANGUAGE=it:Ultima notizia: 1 marzo 2002\\, mai verificata." in italian


def test_a_number_of_one_country_is_written_as_it_is_dialled_there(client, aicco):
    ContactPointFactory(association=aicco, value="800 200111")
    ContactPointFactory(association=aicco, value="06 1234567 (ask for Anna; weekdays)")

    assert 'TEL;VALUE=text;TYPE="work,voice":800 200 111' in lines(client)
    assert "TEL;TYPE=WORK,VOICE:800 200 111" in lines(client, AICCO_3)
    assert 'TEL;VALUE=text;TYPE="work,voice":06 1234567 (ask for Anna\\; weekdays)' in lines(client)


def test_what_is_unknown_has_no_line(client):
    AssociationFactory(slug="cmmc", name="Club CMMC")

    told = lines(client, "/en/associations/cmmc.vcf")

    names = [line.partition(":")[0].partition(";")[0] for line in told]
    assert names == [
        *("BEGIN", "VERSION", "KIND", "FN", "ORG", "NOTE", "SOURCE", "UID", "REV", "END")
    ]


def test_what_is_over_is_not_told(client, aicco):
    ContactPointFactory(association=aicco, value="06 999999", valid_to="2001")

    text = client.get(AICCO).text

    assert "999999" not in text
    assert "Casa Vecchia" not in text


def test_nobody_is_led_to_call_what_no_longer_exists(client, aicco):
    Association.objects.filter(pk=aicco.pk).update(state=Association.State.CLOSED)

    told = lines(client)

    assert "NOTE;LANGUAGE=en:Closed: it no longer exists." in told
    assert not [line for line in told if line.startswith(("TEL", "EMAIL", "ADR"))]


def test_the_name_says_its_language(client):
    AssociationFactory(slug="cctu", name="")
    NameFactory(association=Association.objects.get(), name="日本コールセンター協会", language="ja")

    assert "FN;LANGUAGE=ja:日本コールセンター協会" in lines(client, "/en/associations/cctu.vcf")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Bread; Cakes, Inc.", "Bread\\; Cakes\\, Inc."),
        ("C:\\Bread", "C:\\\\Bread"),
        ("Bread\r\nEND:VCARD", "Bread\\nEND:VCARD"),
        ("Bread\nTEL:1\rTEL:2", "Bread\\nTEL:1TEL:2"),
        ("Bread\x1b\t</script>", "Bread </script>"),
    ],
)
@pytest.mark.parametrize("address", [AICCO, AICCO_3])
def test_no_name_breaks_out_of_its_line(client, name, written, address):
    AssociationFactory(slug="aicco", name=name)

    told = lines(client, address)

    assert [line for line in told if line.startswith("FN")] == [f"FN:{written}"]
    assert told.count("END:VCARD") == 1


def test_a_language_that_is_none_is_left_out(client):
    AssociationFactory(slug="aicco", name="")
    NameFactory(association=Association.objects.get(), name="AICCO", language="it;X=:evil")

    assert "FN:AICCO" in lines(client)


@pytest.mark.parametrize("shift", range(5))
@pytest.mark.parametrize("character", ["a", "é", "協", "🥖"])
def test_lines_are_folded_at_75_octets_and_never_within_a_character(client, character, shift):
    name = "x" * shift + character * 100
    AssociationFactory(slug="aicco", name=name)

    folded = client.get(AICCO).content.split(b"\r\n")

    assert max(map(len, folded)) <= 75
    assert all(line.decode() for line in folded[:-1])
    assert f"FN:{name}" in lines(client)


def test_a_vcard_keeps_its_identity_when_the_entry_moves(client, aicco):
    def identity(address):
        (line,) = [line for line in lines(client, address) if line.startswith("UID:")]
        return line

    before = identity(AICCO)
    Association.objects.filter(pk=aicco.pk).update(slug="assocontact")

    assert before == identity("/en/associations/assocontact.vcf")
    assert before == identity("/it/associazioni/assocontact.vcf")
    assert before == f"UID:tag:testserver,{aicco.created_at:%Y-%m-%d}:{aicco.pk}"


def test_a_vcard_says_when_the_entry_was_last_changed(client, aicco):
    changed_at = Card.objects.get().changed_at

    assert f"REV:{changed_at:%Y%m%dT%H%M%SZ}" in lines(client)
    assert f"REV:{changed_at:%Y-%m-%dT%H:%M:%SZ}" in lines(client, AICCO_3)


def test_the_vcard_of_a_code_holds_the_first_of_each_way_to_reach_it(aicco):
    ContactPointFactory(association=aicco, value="06 99999999")

    text = vcard.short(Profile(Association.objects.with_card().get()))

    assert unfolded(text) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:;;;;",
        "X-ABShowAs:COMPANY",
        "FN:Associazione italiana",
        "ORG:Associazione italiana",
        "TEL;TYPE=WORK,VOICE:+390645417542",
        "EMAIL;TYPE=INTERNET:a@aicco.it",
        "URL:https://aicco.it/chi%20siamo",
        "ADR;TYPE=WORK:;;Via Nazionale 243;Roma;Lazio;00184;Italia",
        "END:VCARD",
    ]


def test_the_vcard_of_a_code_is_small(aicco):
    profile = Profile(Association.objects.with_card().get())

    assert len(vcard.short(profile)) < len(vcard.full(profile, RequestFactory().get("/")))
