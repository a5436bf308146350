from django.core.management.base import BaseCommand

from ...corrections.receiving import forget_addresses


class Command(BaseCommand):
    help = (
        "Delete the e-mail addresses of those who reported a mistake and were answered long ago."
        " Each message and each answer does it, too: this is for a machine with a timer."
    )

    def handle(self, *args, **options):
        number = forget_addresses()
        self.stdout.write(f"{number} e-mail address{'' if number == 1 else 'es'} deleted.")
