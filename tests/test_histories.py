"""The history of an entry as staff read it, and its public part."""

import pytest

from associations import history
from associations.changes import one_change
from associations.models import Association, Changeset, ContactPoint, Name, Source
from tests.factories import (
    AffiliationFactory,
    AssociationFactory,
    ContactPointFactory,
    OfficeHolderFactory,
    SectorFactory,
    SourceFactory,
)
from tests.reading import filled_in, read

pytestmark = pytest.mark.django_db

LIST = "/admin/associations/association/"


@pytest.fixture
def aicco():
    return AssociationFactory(slug="aicco", name="AICCO")


@pytest.fixture(autouse=True)
def in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def edited(association, by=None, comment="", **values):
    with one_change(by=by, way=Changeset.Way.ADMIN, comment=comment) as change:
        Association.objects.filter(pk=association.pk).update(**values)
    return change.changeset


def address(association):
    return f"{LIST}{association.pk}/history/"


def told(page):
    """`[(act, [lines])]` as text."""
    acts = page.one("ol", "acts-of-history").all("li")
    return [
        (act.one("div", "act").text, [line.text for line in act.one("ul", "changes").all("li")])
        for act in acts
        if act.all("div", "act")
    ]


# What staff read.


def test_staff_read_who_changed_what_from_what_to_what_and_why(publisher, aicco, admin_user):
    edited(aicco, admin_user, "The letter of May", founding_date="2001-05")

    act, lines = told(read(publisher.get(address(aicco))))[0]

    assert "admin" in act
    assert "form of the staff" in act
    assert "The letter of May" in act
    assert lines == ["changed Entry Founded before: – → after: May 2001"]


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        (
            lambda a: ContactPointFactory(association=a, value="800 200111"),
            "added Telephone 800 200111",
        ),
        (lambda a: a.sectors.add(SectorFactory(name_en="Bakers")), "added Sector Bakers"),
        (lambda a: a.names.all().delete(), "removed Official name AICCO"),
        (
            lambda a: AffiliationFactory(
                association=a, parent=AssociationFactory(name="Confindustria")
            ),
            "added Affiliation Confindustria",
        ),
    ],
)
def test_facts_are_called_as_people_know_them(publisher, aicco, deed, expected):
    with one_change():
        deed(aicco)

    lines = [line for _act, lines in told(read(publisher.get(address(aicco)))) for line in lines]

    assert any(line.startswith(expected) for line in lines)


def test_what_was_deleted_since_is_still_told(publisher, aicco):
    parent = AssociationFactory(name="Confindustria")
    AffiliationFactory(association=aicco, parent=parent)
    parent.delete()

    lines = [line for _act, lines in told(read(publisher.get(address(aicco)))) for line in lines]

    assert any("deleted since" in line for line in lines)


def test_a_history_costs_the_same_however_long_it_is(
    publisher, aicco, django_assert_max_num_queries
):
    for number in range(30):
        edited(aicco, founding_date=str(1900 + number))

    with django_assert_max_num_queries(40):
        publisher.get(address(aicco))


def test_two_versions_are_compared(publisher, aicco):
    first = edited(aicco, founding_date="2001")
    ContactPointFactory(association=aicco, value="800 200111")
    edited(aicco, founding_date="2002")
    last = edited(aicco, founding_date="2003")

    page = read(publisher.get(address(aicco), {"version": [last.pk, first.pk]}))

    lines = [line.text for line in page.one("section", "module").one("ul", "changes").all("li")]
    assert any("2001 → after: 2003" in line for line in lines)
    assert any(line.startswith("added Telephone 800 200111") for line in lines)
    assert not any("2002" in line for line in lines)


def test_who_compares_other_than_two_versions_is_told_to_tick_two(publisher, aicco):
    act = edited(aicco, founding_date="2001")

    response = publisher.get(address(aicco), {"compare": "yes", "version": [act.pk]})

    listed = read(response).one("ul", "messagelist")
    assert listed.text == "Tick two versions: these are compared."


def test_an_editor_makes_an_entry_again_what_it_was(editor, aicco, django_user_model):
    good = edited(aicco, founding_date="2001")
    edited(aicco, founding_date="1900")
    OfficeHolderFactory(association=aicco)
    page = read(editor.get(address(aicco)))

    data = {"seen": page.all("input", name="seen")[0]["value"], "restore": good.pk}
    response = editor.post(address(aicco), data, follow=True)

    assert "again what it was" in read(response).text
    assert Association.objects.get().founding_date == "2001"
    assert not aicco.office_holders.exists()
    assert Changeset.objects.first().user == django_user_model.objects.get(username="Editors")


def test_what_was_changed_since_the_history_was_shown_is_not_lost(editor, aicco):
    good = edited(aicco, founding_date="2001")
    edited(aicco, founding_date="1900")
    page = read(editor.get(address(aicco)))
    edited(aicco, founding_date="1950")

    data = {"seen": page.all("input", name="seen")[0]["value"], "restore": good.pk}
    response = editor.post(address(aicco), data, follow=True)

    assert "Others changed it meanwhile" in read(response).text
    assert Association.objects.get().founding_date == "1950"


def test_an_editor_decides_nothing_by_way_of_the_history(editor, aicco):
    public = edited(aicco, founding_date="2001")
    edited(aicco, state="withdrawn")
    page = read(editor.get(address(aicco)))

    assert not page.all("button", name="restore", value=str(public.pk))
    response = editor.post(address(aicco), {"seen": "0", "restore": public.pk})
    assert response.status_code == 403
    assert Association.objects.get().state == "withdrawn"


def test_an_act_of_another_entry_is_no_version_of_this_one(publisher, aicco):
    other = edited(AssociationFactory(), founding_date="2001")

    assert publisher.post(address(aicco), {"seen": "0", "restore": other.pk}).status_code == 404
    assert publisher.post(address(aicco), {"seen": "0", "restore": "x"}).status_code == 404


def test_deleted_entries_are_listed_and_brought_back(publisher, aicco):
    ContactPointFactory(association=aicco, value="800 200111")
    key, name = aicco.pk, str(aicco)
    aicco.delete()
    [entry] = read(publisher.get(f"{LIST}deleted/")).one("ul", "acts-of-history").all("li")
    assert entry.one("a").text == "aicco"

    page = read(publisher.get(entry.one("a")["href"]))
    assert name in page.one("h1").text
    newest_but_one = page.all("button", name="restore")[0]["value"]
    data = {"seen": page.all("input", name="seen")[0]["value"], "restore": newest_but_one}
    assert publisher.post(f"{LIST}{key}/history/", data).status_code == 302

    assert ContactPoint.objects.get().association.slug == "aicco"
    assert "No entry was deleted" in read(publisher.get(f"{LIST}deleted/")).text


@pytest.mark.parametrize("key", ["0", "x", "9" * 30])
def test_there_is_no_history_of_what_never_was(publisher, key):
    assert publisher.get(f"{LIST}{key}/history/").status_code in (302, 404)


def test_who_may_not_see_entries_sees_no_history(client, aicco, django_user_model):
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))

    assert client.get(address(aicco)).status_code == 403
    assert client.get(f"{LIST}deleted/").status_code == 403


def test_the_form_of_an_entry_leads_to_its_history(publisher, aicco):
    page = read(publisher.get(f"{LIST}{aicco.pk}/change/"))

    assert address(aicco) in page.links


def test_a_reason_typed_in_the_form_stands_in_the_history(publisher, aicco):
    page = read(publisher.get(f"{LIST}{aicco.pk}/change/"))
    data = filled_in(page.one("form", id="association_form"))

    publisher.post(
        f"{LIST}{aicco.pk}/change/", data | {"founding_date": "2001", "comment": "By letter"}
    )

    assert "By letter" in told(read(publisher.get(address(aicco))))[0][0]


# What visitors read.


def changes(association):
    return f"/en/associations/{association.slug}/changes/"


def public_lines(page):
    return [line.text for each in page.all("ul", "changes") for line in each.all("li")]


def test_visitors_read_what_was_changed_and_not_who_nor_why(client, aicco, admin_user):
    edited(aicco, admin_user, "A telephone call with Anna", founding_date="2001-05")

    page = read(client.get(changes(aicco)))

    assert public_lines(page)[0] == "changed Entry Founded before: – → after: May 2001"
    assert "admin" not in page.text
    assert "A telephone call" not in page.text


def test_what_was_done_to_a_draft_is_not_told(client):
    with one_change():
        draft = AssociationFactory(slug="draft", name="First idea", state="draft")
    Name.objects.update(name="Second idea")
    edited(draft, state="public")
    edited(draft, founding_date="2001")

    page = read(client.get(changes(draft)))

    assert "First idea" not in page.text
    assert len(public_lines(page)) == 2


def test_the_contact_page_leads_to_what_was_changed(client, aicco):
    assert changes(aicco) in read(client.get(f"/en/associations/{aicco.slug}/")).links


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_visitors_may_not_read_has_no_public_history(client, aicco, state):
    edited(aicco, state=state)

    assert client.get(changes(aicco)).status_code == (410 if state == "withdrawn" else 404)


def test_a_long_history_has_pages(client, aicco):
    for number in range(60):
        edited(aicco, founding_date=str(1900 + number))

    page = read(client.get(changes(aicco)))
    assert len(public_lines(page)) == 50
    assert f"{changes(aicco)}?page=2" in page.links or "?page=2" in page.links
    assert client.get(changes(aicco), {"page": 99}).status_code == 404


def test_what_was_taken_back_is_told_too(client, aicco):
    act = edited(aicco, founding_date="2001")
    history.undo(act)

    page = read(client.get(changes(aicco)))

    assert "taken back" in page.text


# Of what entries refer to.


def test_staff_read_what_became_of_a_source(publisher, admin_user):
    source = SourceFactory(title="Letter")
    with one_change(by=admin_user, way="admin", comment="A slip"):
        source.title = "The letter"
        source.save()

    page = read(publisher.get(f"/admin/associations/source/{source.pk}/history/"))

    (act, lines), (_first, added) = told(page)
    assert "admin" in act
    assert "A slip" in act
    assert lines == ["changed Source Letter Title before: Letter → after: The letter"]
    assert added[0].startswith("added Source Letter")


def test_a_source_that_came_with_thousands_has_a_history(publisher):
    with one_change():
        sources = Source.objects.bulk_create(Source(title=f"File {each}") for each in range(3))

    page = read(publisher.get(f"/admin/associations/source/{sources[1].pk}/history/"))

    [(_act, [added])] = told(page)
    assert added.startswith("added Source File 1")


def test_a_history_of_a_source_that_is_not_there_leads_back(publisher):
    response = publisher.get("/admin/associations/source/99/history/", follow=True)

    assert "doesn’t exist" in read(response).one("ul", "messagelist").text
