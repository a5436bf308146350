import csv
import statistics
import time
from collections import defaultdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from associations.models import Card, Identifier
from associations.search import search

LOOKED_AT = 10


class Command(BaseCommand):
    help = (
        "Ask the search real questions with known answers: a CSV file with the columns query,"
        " expected (slugs or scheme:number, | between; empty: there is no right answer) and kind."
        " Questions whose answers are not in this directory are left out."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="QUERIES.csv", type=Path)
        parser.add_argument("--failures", action="store_true", help="print what was not first")

    def handle(self, *, file, failures, **options):
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                questions = list(csv.DictReader(lines))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        if not questions or not {"query", "expected"} <= questions[0].keys():
            raise CommandError(f"{file}: the columns are query, expected and kind.")
        slugs = _slugs(questions)
        ranks, times, shown, left_out = defaultdict(list), [], [0, 0], 0
        for question in questions:
            expected = {slugs[each] for each in _answers(question) if each in slugs}
            if _answers(question) and not expected:
                left_out += 1
                continue
            start = time.perf_counter()
            hits = search(question["query"])
            found = list(hits[:LOOKED_AT])
            times.append((time.perf_counter() - start) * 1000)
            if not _answers(question):
                shown[0] += 1
                shown[1] += hits.strict_count > 0
                continue
            order = [card.slug for card in found]
            rank = next((n for n, slug in enumerate(order, 1) if slug in expected), 0)
            ranks[question.get("kind") or "all"].append(rank)
            if failures and rank != 1:
                self.stdout.write(
                    f"{rank}  {question['query']!r}: {sorted(expected)} not {order[:3]}"
                )
        self._print(ranks, times, shown, left_out)

    def _print(self, ranks, times, shown, left_out):
        self.stdout.write(f"{'kind':<28}{'questions':>10}{'first':>8}{'in 5':>8}{'MRR':>8}")
        every = [rank for found in ranks.values() for rank in found]
        for kind, found in [*sorted(ranks.items()), ("together", every)]:
            if found:
                first = sum(rank == 1 for rank in found) / len(found)
                five = sum(1 <= rank <= 5 for rank in found) / len(found)
                mean = statistics.mean(1 / rank if rank else 0 for rank in found)
                self.stdout.write(
                    f"{kind:<28}{len(found):>10}{first:>8.3f}{five:>8.3f}{mean:>8.3f}"
                )
        if shown[0]:
            self.stdout.write(f"without a right answer: {shown[0]}, shown as a result: {shown[1]}")
        times.sort()
        self.stdout.write(
            f"{left_out} left out; p50 {times[len(times) // 2]:.1f} ms,"
            f" p95 {times[int(len(times) * 0.95)]:.1f} ms, worst {times[-1]:.1f} ms"
        )


def _answers(question):
    return [each.strip() for each in question["expected"].split("|") if each.strip()]


def _slugs(questions):
    """`{expected: slug}` of those answers that are in this directory."""
    wanted = {each for question in questions for each in _answers(question)}
    found = {
        slug: slug
        for slug in Card.objects.public().values_list("slug", flat=True)
        if slug in wanted
    }
    held = Identifier.objects.select_related("association").iterator(chunk_size=2000)
    for identifier in held:
        if str(identifier) in wanted:
            found[str(identifier)] = identifier.association.slug
    return found
