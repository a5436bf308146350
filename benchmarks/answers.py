"""Prints the slugs of what is found first for each query of a file, a line for each.

python -m benchmarks.answers QUERIES.csv NUMBER
"""

import sys
from pathlib import Path

import django

from benchmarks.convert import read


def main(path, number):
    from associations.search import search

    for question in read(path):
        found = search(question["query"])[:number]
        print(" ".join(card.slug for card in found))


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]), int(sys.argv[2]))
