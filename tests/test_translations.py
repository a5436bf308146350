"""The Italian translation says all that the sources say, as `make messages` would find it."""

import shutil
import subprocess
import sys

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

SOURCES = ("manage.py", "directory", "associations", "templates", "locale")
CATALOG = "locale/it/LC_MESSAGES/django.po"


@pytest.fixture(scope="module")
def catalog():
    """The catalog as it is in the sources."""
    return read(settings.BASE_DIR)


@pytest.fixture(scope="module")
def catalog_made_anew(tmp_path_factory):
    """The catalog as `make messages` would leave it, made in a copy of the sources."""
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext was not found: apt install gettext, or brew install gettext")
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        source = settings.BASE_DIR / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
    command = [sys.executable, "manage.py", "makemessages", "--locale=it"]
    command += ["--no-location", "--no-obsolete"]
    made = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return read(copy)


def read(folder):
    with (folder / CATALOG).open("rb") as file:
        return read_po(file, locale="it")


def keys(catalog):
    return {(message.context, message.id) for message in catalog if message.id}


def listed(found):
    return "\n".join(map(str, found))


def test_every_text_of_the_sources_is_in_the_catalog(catalog, catalog_made_anew):
    missing = keys(catalog_made_anew) - keys(catalog)
    assert not missing, f"run `make messages`, then translate:\n{listed(missing)}"


def test_nothing_else_is_in_the_catalog(catalog, catalog_made_anew):
    superfluous = keys(catalog) - keys(catalog_made_anew)
    assert not superfluous, f"run `make messages`:\n{listed(superfluous)}"


def test_every_text_is_translated(catalog):
    untranslated = [message.id for message in catalog if message.id and not translated(message)]
    assert not untranslated, listed(untranslated)


def translated(message):
    strings = message.string if message.pluralizable else [message.string]
    return all(strings) and not message.fuzzy


def test_translations_have_the_placeholders_of_their_text(catalog):
    wrong = [(message.id, str(e)) for message in catalog for e in message.check(catalog)]
    assert not wrong, listed(wrong)
