from django.core.management.base import BaseCommand, CommandError

from associations import cards, search
from associations.models import Association


class Command(BaseCommand):
    help = (
        "Write every current card, the index and the vocabulary of the search anew;"
        " with --check only tell what differs from the facts."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if anything differs"
        )

    def handle(self, *, check, **options):
        if not check:
            keys = Association.objects.order_by("pk").values_list("pk", flat=True)
            written = cards.refresh(keys.iterator(chunk_size=cards.BATCH), are_news=False)
            search.rebuild()
            self.stdout.write(f"{written} cards written.")
            return
        differing = 0
        for slug in cards.differences():
            differing += 1
            self.stderr.write(slug)
        if differing:
            raise CommandError(f"{differing} cards differ: run manage.py reindex.", returncode=1)
        if not search.vocabulary_is_right():
            raise CommandError(
                "The vocabulary of the search differs: run manage.py reindex.", returncode=1
            )
        self.stdout.write("Every card is right.")
