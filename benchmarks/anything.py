"""Whatever anybody types: queries of every script, with quotes and operators, some of them 10,000
characters long, made by Hypothesis, the same each time. None may raise anything, or be answered
otherwise by another database.

    python -m benchmarks.anything NUMBER URL…       each URL a database with the same entries

Prints the p50, p95 and worst time of each, in milliseconds; exits with 1 after a difference.
"""

import gc
import sys
import time

from benchmarks.databases import run

OPERATORS = ['"', "'", "*", "AND", "OR", "NOT", "NEAR(", ":", "^", "(", ")", "&", "|", "!", "<->"]
WORDS = ["club", "of", "association", "société", "Verein", "e.V.", "ÖVP", "10115", "a", "İ", "ß"]
SCRIPTS = [
    "Greek σς",
    "Кириллица",
    "日本語コールセンター",
    "한국",
    "العربية",
    "עברית",
    "ไทย",
    "हिन्दी",
]
SHOWN = 10


def queries():
    """The strategy."""
    from hypothesis import strategies as st

    pieces = st.one_of(st.sampled_from([*OPERATORS, *WORDS, *SCRIPTS]), st.text(max_size=12))
    sentences = st.lists(pieces, max_size=12).map(" ".join)
    long = st.builds(lambda text, number: (text * number)[:10_000], sentences, st.just(2000))
    return st.one_of(st.text(max_size=100), sentences, sentences, st.text(max_size=4), long)


def ask(number):
    """Print a line for each query: how many it finds, and the slugs of the first."""
    import django

    django.setup()
    from associations.search import search

    texts = made_up(number)
    # What Hypothesis leaves behind is not to be collected again and again while we measure.
    gc.collect()
    gc.freeze()
    search("association")[:SHOWN]  # what only a first search costs
    times = []
    for count, text in enumerate(texts, 1):
        start = time.perf_counter()
        hits = search(text)
        found = [card.slug for card in hits[:SHOWN]]
        times.append((time.perf_counter() - start) * 1000)
        print(count, hits.count(), hits.strict_count, *found)
    times.sort()
    print(f"{times[len(times) // 2]:.1f} {times[len(times) * 95 // 100]:.1f} {times[-1]:.1f}")


def made_up(number):
    """So many texts, the same each time."""
    from hypothesis import HealthCheck, given, settings

    texts = []

    @given(queries())
    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def collect(text):
        texts.append(text)

    collect()
    return texts


def main(number, urls):
    answers = []
    for url in urls:
        *found, times = run(url, "-m", "benchmarks.anything", number).splitlines()
        print(
            f"{url.split(':')[0]}: {len(found)} queries, p50 / p95 / worst {times} ms", flush=True
        )
        answers.append(found)
    first, *others = answers
    different = [
        (one, other)
        for found in others
        for one, other in zip(first, found, strict=True)
        if one != other
    ]
    print(f"{len(different)} answered otherwise", *different[:20], sep="\n")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        ask(int(sys.argv[1]))
    else:
        main(sys.argv[1], sys.argv[2:])
