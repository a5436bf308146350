"""Text as it is indexed and looked up: cleaned once, in Python, the same for every database."""

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart are spelt as people type them.
SPELT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
# Kana with and without these marks are different letters, not accents.
VOICED = "\u3099\u309a"
WORD = re.compile(r"[^\W_]+")
# Scripts written without spaces, or that add endings to words: found by any two letters in a row.
UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)"
)
# English writes it with this sign and, as often, without: “children's”, “childrens”.
POSSESSIVE = re.compile(r"(?<=\w)['’]s\b", re.IGNORECASE)
# Letters with points behind them are one word, and three or more with blanks between them:
# “A.I.C.C.O.”, “e. V.”, “A I C C O”; of “& C. S.p.A.” only what has no blank in it.
SPACED = re.compile(
    r"(?<![^\W_])(?:(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])"
    r"|(?:[^\W\d_]\.[ \xa0])+[^\W\d_]\.(?![^\W_])"
    r"|(?:[^\W\d_] ){2,}[^\W\d_](?![^\W_]))"
)
# What stands between the digits of a number, and before them: “Tel. 06/4541.7542”.
SIGNS = re.compile(r"[\s.\-/()+‐‑‒–—―]")
CALLED = re.compile(
    r"^\s*(?:tel(?:ef|é)?[a-z]*|phone|ph|fax|mobile?|cell[a-z]*)[\s.:]*", re.IGNORECASE
)
MAX_WORD = 64


def words(text):
    """The words of `text`: no accents, no case, no gaps in acronyms, nothing but letters and
    digits.

    Runs of a script without spaces are given as their pairs of letters.
    """
    return list(_words(text))


# Of a thousand entries that are written together, many are in one place.
@lru_cache(maxsize=10_000)
def _words(text):
    if "'" in text or "’" in text:
        text = POSSESSIVE.sub("s", text)
    text = in_one_piece(text)
    if text.isascii():
        return [word[:MAX_WORD] for word in WORD.findall(text.lower())]
    # Taken apart before its case goes, too: “𝘡” is a capital of its own.
    folded = unicodedata.normalize("NFKD", text).casefold()
    marked = unicodedata.normalize("NFKD", folded).translate(SPELT)
    plain = "".join(c for c in marked if not unicodedata.combining(c) or c in VOICED)
    plain = unicodedata.normalize("NFC", plain)
    # Vowel signs of Indic and Thai scripts are marks: part of the word, though no letter.
    whole = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain)
    found = []
    for word in whole.split():
        for part in UNSPACED.split(word):
            if UNSPACED.fullmatch(part) and len(part) > 2:
                found += [part[at : at + 2] for at in range(len(part) - 1)]
            elif part:
                found.append(part[:MAX_WORD])
    return found


def in_one_piece(text):
    """The text with the letters of its acronyms put together."""
    return SPACED.sub(_without_gaps, text)


def _without_gaps(found):
    letters = re.sub(r"[.\s]", "", found[0])
    # “G e F” is no acronym: a word of one letter stands in it.
    is_one = "." in found[0] or letters.isupper() or letters.islower()
    return letters if is_one else found[0]


def numbers(text):
    """The digits of a `text` that is nothing but a number in some writing, as they may be meant;
    else none: of “+39 (0)6” with that zero and without."""
    bare = CALLED.sub("", text)
    writings = (SIGNS.sub("", each) for each in (bare.replace("(0)", ""), bare))
    return [
        each
        for each in dict.fromkeys(writings)
        if each.isascii() and each.isdecimal() and len(each) > 4
    ]


def sort_key(text):
    """What names are sorted and compared by: every database puts it in the same order."""
    return "0".join(words(text))[:200]
