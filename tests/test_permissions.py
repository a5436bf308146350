"""What Editors may not, they cannot: by no page, no action and no request that they make up."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from associations.changes import one_change
from associations.corrections.links import make_link
from associations.models import (
    Association,
    Changeset,
    FormerSlug,
    ImportJob,
    Name,
    Sector,
    Source,
    Submission,
)
from tests.factories import (
    AssociationFactory,
    ContactPointFactory,
    NameFactory,
    SectorFactory,
    SourceFactory,
)
from tests.reading import filled_in, read

pytestmark = pytest.mark.django_db

LIST = "/admin/associations/association/"
STATES = Association.State.values


@pytest.fixture
def editor(client, django_user_model):
    user = django_user_model.objects.create_user("anna", is_staff=True)
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def everything():
    """What an Editor must not change, as it is now."""
    return (
        list(Association.objects.order_by("pk").values("pk", "state", "withdrawal_reason")),
        list(Source.objects.order_by("pk").values_list("pk", flat=True)),
        list(Sector.objects.order_by("pk").values_list("pk", flat=True)),
        list(FormerSlug.objects.values_list("slug", "association")),
        list(User.objects.values("username", "is_superuser", "is_staff", "password")),
        list(Group.objects.values_list("name", "permissions")),
    )


def one_of(model):
    """The key of a row that there is; 1 where there is none."""
    row = model._default_manager.first()
    return row.pk if row else 1


TABLES = list(admin.site._registry)
KEPT_FROM_EDITORS = [
    model for model in TABLES if model._meta.app_label in ("auth", "axes", "sessions")
]


@pytest.mark.parametrize("model", KEPT_FROM_EDITORS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete", "history"])
def test_accounts_are_seen_and_changed_by_administrators_alone(editor, model, page):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    keys = [] if page in ("changelist", "add") else [one_of(model)]
    before = everything()

    for response in (
        editor.get(reverse(name, args=keys)),
        editor.post(reverse(name, args=keys), {"post": "yes", "username": "eve", "name": "Eve"}),
    ):
        assert response.status_code in (302, 403)
        assert response.status_code == 403 or response.url == "/admin/"
    assert everything() == before


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_no_table_has_rows_that_an_editor_deletes(editor, model):
    AssociationFactory(state="draft").sectors.add(SectorFactory())
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    before = everything()

    editor.post(reverse(f"{name}_delete", args=[one_of(model)]), {"post": "yes"})
    editor.post(
        reverse(f"{name}_changelist"),
        {"action": "delete_selected", "_selected_action": [one_of(model)], "post": "yes"},
    )

    assert everything() == before


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ["publish", "close", "withdraw", "delete_selected"])
def test_no_action_gives_an_entry_another_state(editor, action, state):
    association = AssociationFactory(state=state)
    association.card.refresh_from_db()
    told = {"action": action, "_selected_action": [association.pk]}
    seen = f"{association.pk}@{association.card.changed_at}"
    before = everything()

    editor.post(LIST, told)
    editor.post(LIST, told | {"post": "yes", "seen": seen})
    editor.post(LIST, told | {"post": "yes", "seen": seen, "select_across": "1", "index": "0"})

    assert everything() == before


def form_of(editor, association):
    address = reverse("admin:associations_association_change", args=[association.pk])
    return address, filled_in(read(editor.get(address)).one("form", id="association_form"))


@pytest.mark.parametrize("state", STATES)
def test_no_form_gives_an_entry_another_state(editor, state):
    association = AssociationFactory(state="draft")
    address, data = form_of(editor, association)

    editor.post(address, data | {"state": state, "withdrawal_reason": "x"})
    editor.post(address, data | {"state": state, "_saveasnew": "1", "slug": "another-one"})
    editor.post(f"{LIST}?state__exact=draft", {"form-0-state": state, "_save": "Save"})

    assert set(Association.objects.values_list("state", "withdrawal_reason")) == {("draft", "")}


def test_no_new_entry_is_public(editor):
    data = filled_in(read(editor.get(f"{LIST}add/")).one("form", id="association_form"))

    editor.post(f"{LIST}add/?state=public", data | {"slug": "new", "state": "public"})

    assert Association.objects.get().state == "draft"


@pytest.mark.parametrize("field", ["state", "withdrawal_reason"])
def test_what_is_decided_is_read_and_has_no_field(editor, field):
    association = AssociationFactory(state="withdrawn", withdrawal_reason="At its request.")

    _address, data = form_of(editor, association)

    assert field not in data


def test_an_editor_submits_and_the_state_stays(editor):
    draft = AssociationFactory(state="draft")

    editor.post(f"/admin/tasks/drafts/{draft.pk}/", {"submit": "review"})

    assert Submission.objects.exists()
    assert Association.objects.get().state == "draft"


@pytest.mark.parametrize("state", ["public", "closed", "withdrawn"])
def test_what_is_decided_on_is_not_submitted_again(editor, state):
    association = AssociationFactory(state=state)

    editor.post(f"/admin/tasks/drafts/{association.pk}/", {"submit": "review"})

    assert not Submission.objects.exists()


@pytest.mark.parametrize("change", ["publish", "withdraw", "create", "delete"])
def test_taking_back_is_no_way_to_decide(editor, change):
    me = User.objects.get(username="anna")
    association = AssociationFactory(state="draft", name="")
    with one_change(by=me, way=Changeset.Way.ADMIN) as act:
        if change == "create":
            AssociationFactory(name="")
        elif change == "delete":
            association.delete()
        else:
            Association.objects.update(state="public" if change == "publish" else "withdrawn")
    before = everything()

    assert editor.post(f"/admin/undo/{act.changeset.pk}/").status_code == 403

    assert everything() == before


@pytest.mark.parametrize(
    ("is_own", "publishes", "status"), [(True, False, 302), (True, True, 403), (False, False, 403)]
)
def test_an_editor_takes_back_no_import_but_own_drafts(editor, is_own, publishes, status):
    me = User.objects.get(username="anna") if is_own else None
    job = ImportJob.objects.create(
        file_name="list.csv", packed=b"", state="previewed", confirmed_by=me, publishes=publishes
    )

    response = editor.post(f"/admin/associations/importjob/{job.pk}/undo/")

    assert response.status_code == status


@pytest.mark.parametrize("page", ["duplicates/", "merge/{0}/", "merge/{0}/{1}/"])
def test_merging_is_for_publishers(editor, page):
    kept, gone = AssociationFactory.create_batch(2)
    address = f"/admin/{page.format(kept.pk, gone.pk)}"
    before = everything()

    assert editor.get(address).status_code == 403
    assert editor.post(address, {"merge": "yes"}).status_code == 403
    assert everything() == before


def test_what_was_published_and_deleted_is_restored_by_publishers_alone(editor):
    with one_change() as made:
        association = AssociationFactory(state="draft")
    Association.objects.update(state="withdrawn")
    key = association.pk
    address = reverse("admin:associations_association_history", args=[key])

    assert editor.post(address, {"restore": made.changeset.pk}).status_code == 403
    assert Association.objects.get().state == "withdrawn"

    Association.objects.get().delete()
    assert editor.post(address, {"restore": made.changeset.pk}).status_code == 403
    assert not Association.objects.exists()


def test_an_editor_who_is_trusted_to_publish_publishes(editor):
    me = User.objects.get(username="anna")
    me.user_permissions.add(Permission.objects.get(codename="publish_association"))
    draft = AssociationFactory(state="draft")
    draft.card.refresh_from_db()

    editor.post(f"/admin/tasks/drafts/{draft.pk}/", {"publish": draft.card.changed_at})

    assert Association.objects.get().state == "public"


def test_a_source_is_added_and_corrected_by_an_editor(editor):
    source = SourceFactory(title="Yearbok")
    address = reverse("admin:associations_source_change", args=[source.pk])
    data = filled_in(read(editor.get(address)).one("form", id="source_form"))

    editor.post(address, data | {"title": "Yearbook"})

    source.refresh_from_db()
    assert source.title == "Yearbook"


def test_facts_are_deleted_by_an_editor_with_their_entry_left(editor):
    association = AssociationFactory()
    NameFactory(association=association, type="other")
    address, data = form_of(editor, association)

    editor.post(address, data | {"names-1-DELETE": "on"})

    assert Name.objects.count() == 1


def test_a_fact_of_another_entry_is_deleted_by_no_form(editor):
    mine, other = AssociationFactory(), AssociationFactory()
    phone = ContactPointFactory(association=other)
    address, data = form_of(editor, mine)
    data |= {
        "contact_points-TOTAL_FORMS": "1",
        "contact_points-INITIAL_FORMS": "1",
        "contact_points-0-id": phone.pk,
        "contact_points-0-DELETE": "on",
    }

    editor.post(address, data)

    phone.refresh_from_db()
    assert phone.association_id == other.pk


def test_every_table_of_staff_is_of_the_directory_or_of_accounts():
    labels = {model._meta.app_label for model in TABLES}

    assert labels <= {"associations", "auth"}
    assert apps.is_installed("axes")


# Deleting.


def test_who_may_delete_is_told_what_goes_and_offered_to_close(admin_client):
    association = AssociationFactory(name="AICCO")
    ContactPointFactory(association=association)
    address = reverse("admin:associations_association_delete", args=[association.pk])
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    page = read(admin_client.get(address))

    assert "Contact points: 1" in page.one("main").text
    [form] = [form for form in page.one("main").all("form") if form.all("button", value="close")]
    asked = admin_client.post(form["action"], filled_in(form) | {"action": "close"})
    assert read(asked).one("main").one("td").text == "public → closed"


def test_an_entry_is_deleted_with_the_links_and_addresses_that_nobody_deletes_alone(admin_client):
    association = AssociationFactory(slug="old")
    association.slug = "new"
    association.save()
    make_link(association, None)

    address = reverse("admin:associations_association_delete", args=[association.pk])
    [form] = read(admin_client.get(address)).one("main").all("form")[1:]
    admin_client.post(address, filled_in(form))

    assert not Association.objects.exists()
