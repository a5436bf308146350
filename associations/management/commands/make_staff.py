import getpass
import os

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

ADMINISTRATOR = "Administrator"


class Command(BaseCommand):
    help = (
        "Make a staff account, or give an existing one a new password. Asks for name and password,"
        " or takes STAFF_USERNAME and STAFF_PASSWORD from the environment."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--group",
            choices=["Editors", "Publishers", ADMINISTRATOR],
            default=ADMINISTRATOR,
            help="what the account may do (default: everything)",
        )

    def handle(self, *, group, **options):
        User = get_user_model()
        username = os.environ.get("STAFF_USERNAME") or _ask("Username: ")
        user = User.objects.filter(username=username).first() or User(username=username)
        password = os.environ.get("STAFF_PASSWORD") or _ask_twice()
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        is_new = user.pk is None
        user.is_staff = True
        user.is_superuser = group == ADMINISTRATOR
        user.set_password(password)
        user.save()
        if group != ADMINISTRATOR:
            user.groups.add(Group.objects.get(name=group))
        done = "made" if is_new else "has a new password"
        self.stdout.write(f"Staff account {username} {done}: sign in at /admin/.")


def _ask(prompt):
    try:
        return input(prompt).strip()
    except EOFError:
        raise CommandError(
            "Set STAFF_USERNAME and STAFF_PASSWORD, or run it in a terminal."
        ) from None


def _ask_twice():
    try:
        password = getpass.getpass("Password: ")
        if getpass.getpass("Password again: ") != password:
            raise CommandError("The two passwords differ.")
    except EOFError:
        raise CommandError(
            "Set STAFF_USERNAME and STAFF_PASSWORD, or run it in a terminal."
        ) from None
    return password
