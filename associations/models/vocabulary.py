from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchWord(models.Model):
    """A word of the directory's own vocabulary, and in how many search documents it stands.

    Written with the cards, in the same transaction (`search.vocabulary`). The empty word stands in
    every document: its frequency is their number.
    """

    word = models.CharField(max_length=64, primary_key=True)
    # None where it has digits, as nine of ten words of a large register: nobody asks how they end.
    backwards = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    length = models.PositiveSmallIntegerField()
    frequency = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        # It holds all that is asked of a word, so that its row is not looked up.
        indexes = [
            models.Index(
                fields=["backwards", "length", "frequency", "word"],
                condition=models.Q(backwards__isnull=False),
                name="search_word_backwards",
            ),
        ]

    def __str__(self):
        return self.word
