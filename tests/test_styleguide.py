"""Staff look at every element of the pages on one page."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation

from associations.models import Card
from associations.styleguide import COLOURS, SIZES
from tests.reading import read

ADDRESSES = {"en": "/en/style-guide/", "it": "/it/guida-di-stile/"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ADDRESSES)
def test_visitors_are_asked_to_sign_in(client, language):
    response = client.get(ADDRESSES[language])

    assert response.status_code == 302
    with translation.override(language):
        assert response.headers["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize("language", ADDRESSES)
def test_staff_see_elements_that_are_of_no_entry(admin_client, language):
    page = read(admin_client.get(ADDRESSES[language]))

    assert len(page.all("li", "association-row")) == 5
    assert len(page.all("li", "swatch")) == len(COLOURS)
    assert not Card.objects.exists()


def test_it_shows_every_colour_and_size_of_the_stylesheet():
    with open(finders.find("associations/directory.css"), encoding="utf-8") as file:
        root = file.read().split(":root {")[1].split("}")[0]

    colours = re.findall(r"--([a-z-]+): #", root)
    sizes = [name or "text" for name in re.findall(r"--text(?:-([a-z]+))?: ", root)]
    assert sorted(colours) == sorted(COLOURS)
    assert sorted(sizes) == sorted(SIZES)
