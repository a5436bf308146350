from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchWord(models.Model):
    """A word of the directory's own vocabulary, and in how many search documents it stands.

    Written with the cards, in the same transaction (`search.vocabulary`). The empty word stands in
    every document: its frequency is their number.
    """

    word = models.CharField(max_length=64, primary_key=True)
    # Empty where it has digits.
    backwards = models.CharField(max_length=64, blank=True)
    length = models.PositiveSmallIntegerField()
    frequency = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        # It holds all that is asked of a word, so that its row is not looked up.
        indexes = [
            models.Index(
                fields=["backwards", "length", "frequency", "word"], name="search_word_backwards"
            ),
        ]

    def __str__(self):
        return self.word
