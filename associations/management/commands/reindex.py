from django.core.management.base import BaseCommand, CommandError

from associations import cards
from associations.models import Association


class Command(BaseCommand):
    help = (
        "Write every current card anew; with --check only tell those that differ from their facts."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if any card differs"
        )

    def handle(self, *, check, **options):
        if not check:
            keys = Association.objects.order_by("pk").values_list("pk", flat=True)
            self.stdout.write(
                f"{cards.refresh(keys.iterator(chunk_size=cards.BATCH))} cards written."
            )
            return
        differing = 0
        for slug in cards.differences():
            differing += 1
            self.stderr.write(slug)
        if differing:
            raise CommandError(f"{differing} cards differ: run manage.py reindex.", returncode=1)
        self.stdout.write("Every card is right.")
