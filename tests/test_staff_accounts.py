"""Who may do what at the desk of staff, and how an account is made."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from associations.models import FACTS, Association
from tests.factories import AssociationFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough one of our own"


@pytest.fixture
def make_staff(monkeypatch, capsys):
    """`make_staff("anna")`: run the command; returns the account."""

    def make(username, password=PASSWORD, **options):
        monkeypatch.setenv("STAFF_USERNAME", username)
        monkeypatch.setenv("STAFF_PASSWORD", password)
        call_command("make_staff", **options)
        return get_user_model().objects.get(username=username)

    return make


# The command.


def test_an_account_is_made_from_the_environment(make_staff, capsys):
    user = make_staff("anna")

    assert user.check_password(PASSWORD)
    assert (user.is_staff, user.is_superuser, user.is_active) == (True, True, True)
    assert capsys.readouterr().out == "Staff account anna made: sign in at /admin/.\n"


def test_an_account_that_is_there_has_a_new_password(make_staff, capsys):
    make_staff("anna", "the former one of ours")

    user = make_staff("anna")

    assert user.check_password(PASSWORD)
    assert get_user_model().objects.count() == 1
    assert "anna has a new password" in capsys.readouterr().out


@pytest.mark.parametrize("password", ["short", "password123", "31415926535", "anna-the-user"])
def test_a_weak_password_is_refused(make_staff, password):
    with pytest.raises(CommandError):
        make_staff("anna-the-user", password)

    assert not get_user_model().objects.exists()


def test_a_weak_password_leaves_an_account_as_it_was(make_staff):
    user = make_staff("anna")

    with pytest.raises(CommandError):
        make_staff("anna", "short")

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("username", ["anna b", "a" * 151])
def test_a_name_that_is_none_is_refused(make_staff, username):
    with pytest.raises(CommandError):
        make_staff(username)


@pytest.mark.parametrize("group", ["Editors", "Publishers"])
def test_an_account_of_a_group_may_what_the_group_may(make_staff, group):
    user = make_staff("anna", group=group)

    assert (user.is_staff, user.is_superuser) == (True, False)
    assert [str(each) for each in user.groups.all()] == [group]


def test_without_a_terminal_the_environment_is_asked_for(monkeypatch):
    monkeypatch.delenv("STAFF_USERNAME", raising=False)
    monkeypatch.delenv("STAFF_PASSWORD", raising=False)
    monkeypatch.setattr("builtins.input", end_of_input)

    with pytest.raises(CommandError, match="STAFF_USERNAME and STAFF_PASSWORD"):
        call_command("make_staff")


def end_of_input(prompt):
    raise EOFError


def test_two_passwords_that_differ_are_refused(monkeypatch):
    typed = iter([PASSWORD, "another"])
    monkeypatch.setenv("STAFF_USERNAME", "anna")
    monkeypatch.delenv("STAFF_PASSWORD", raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))

    with pytest.raises(CommandError, match="differ"):
        call_command("make_staff")


def test_who_was_made_may_sign_in(make_staff, rf):
    user = make_staff("anna")

    assert authenticate(rf.post("/admin/login/"), username="anna", password=PASSWORD) == user


# The groups.


def permissions(group):
    return {p.codename for p in Group.objects.get(name=group).permissions.all()}


FACT_MODELS = [*(model._meta.model_name for model in FACTS), "citation"]
KEPT_MODELS = ["association", "source", "sector"]


# Messages come from outside, and links are revoked, never deleted.
OUTSIDE = {
    *("view_correction", "change_correction", "delete_correction"),
    *("view_entrylink", "add_entrylink", "change_entrylink"),
    # A file is uploaded; what becomes of it nobody edits.
    *("view_importjob", "add_importjob"),
}


def test_editors_keep_entries_and_facts_right_and_answer_messages():
    acts = {
        f"{act}_{model}" for model in FACT_MODELS for act in ("view", "add", "change", "delete")
    }
    acts |= {f"{act}_{model}" for model in KEPT_MODELS for act in ("view", "add", "change")}

    assert permissions("Editors") == acts | OUTSIDE


def test_editors_neither_publish_nor_delete_entries():
    assert "publish_association" not in permissions("Editors")
    assert "delete_association" not in permissions("Editors")


def test_publishers_may_publish_as_well():
    assert permissions("Publishers") == permissions("Editors") | {"publish_association"}


def test_nobody_but_administrators_touches_what_the_directory_derives():
    for model in ("card", "formerslug", "shippeditem", "sentform", "user", "group"):
        derived = Permission.objects.filter(content_type__model=model)
        assert derived.exists()
        assert not Group.objects.filter(permissions__in=derived).exists()


@pytest.fixture
def sign_in(client, make_staff):
    """A client signed in as one of the group."""

    def sign_in_as(group):
        client.force_login(make_staff("anna", group=group))
        return client

    return sign_in_as


def act_on(client, action):
    association = AssociationFactory(state="draft")
    association.card.refresh_from_db()
    seen = f"{association.pk}@{association.card.changed_at}"
    client.post(
        reverse("admin:associations_association_changelist"),
        {"action": action, "_selected_action": [association.pk], "seen": seen, "post": "yes"},
    )
    return Association.objects.filter(pk=association.pk).values_list("state", flat=True).first()


@pytest.mark.parametrize("action", ["publish", "close", "withdraw", "delete_selected"])
def test_an_editor_changes_nothing_of_what_visitors_see(sign_in, action):
    assert act_on(sign_in("Editors"), action) == "draft"


@pytest.mark.parametrize(
    ("action", "state"), [("publish", "public"), ("close", "closed"), ("withdraw", "withdrawn")]
)
def test_a_publisher_decides_what_visitors_see(sign_in, action, state):
    assert act_on(sign_in("Publishers"), action) == state


def test_a_publisher_deletes_no_entry(sign_in):
    assert act_on(sign_in("Publishers"), "delete_selected") == "draft"


def test_an_editor_does_not_publish_by_the_form(sign_in):
    client, association = sign_in("Editors"), AssociationFactory(state="draft", name="")
    address = reverse("admin:associations_association_change", args=[association.pk])
    page = client.get(address)
    data = {"slug": "renamed", "kind": "club", "state": "public", "seen": page.context["seen"]}
    for inline in page.context["inline_admin_formsets"]:
        data |= {
            f"{inline.formset.prefix}-TOTAL_FORMS": 0,
            f"{inline.formset.prefix}-INITIAL_FORMS": 0,
        }

    client.post(address, data)

    association.refresh_from_db()
    assert (association.slug, association.state) == ("renamed", "draft")
