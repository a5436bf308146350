"""In which encoding a file of text is, and where it is none."""

import codecs
import gzip
import re
import zlib
from collections import Counter
from itertools import chain

from django.utils.translation import gettext as _

from .rows import UnreadableFile

# Unpacked: what is longer is no table that anybody looks through.
MOST_BYTES = 2 * 2**30
PIECE = 2**20

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# How programs call them.
ENCODING_NAMES = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}

# Of one byte for each letter, as Excel's “CSV”, “CSV (Macintosh)” and “CSV (MS-DOS)” are.
OF_ONE_BYTE = {"cp1252": "Windows-1252", "mac_roman": "Mac OS Roman", "cp850": "MS-DOS (850)"}
STRANGE_BYTES = re.compile(rb"(?s)(?=((?:^|.)[\x80-\xff].?))")
STRANGE_WORD = re.compile(rb"[^\s;,|\"]*[\x80-\xff][^\s;,|\"]*")
ENOUGH = 20_000
# Letters and signs where Western Europe often writes them, and those that it may write.
OFTEN = re.compile(
    r"(?<![A-Z\d])[éèüöäß]|[éèüöäß](?=[a-z])|(?<=[a-z])[àìòù](?![a-z])|ç(?=[aeou])"
    r"|(?<![a-z\d])[ÄÖÜÉ](?![a-z])|(?<!\w)[ÄÖÜÉ]"
    r"|(?<=\w)’|’(?=\w)|(?<!\w)[“„«‘](?=\w)|(?<=[\w.!?])[”“»](?!\w)"
    r"|(?<![^\W\d])[–—•·€§](?![^\W\d])|(?<=[\dNn])°|[®™©]"
)
SMALL, CAPITAL = "àáâãåæêëìíîïñòóôõøœšžùúûýÿðþ", "ÀÁÂÃÅÆÇÈÊËÌÍÎÏÑÒÓÔÕØŒŠŽÙÚÛÝÐÞ"
PERHAPS = re.compile(
    rf"(?<![A-Z\d])[{SMALL}]|[{SMALL}](?=[a-z])"
    rf"|(?<![a-z\d])[{CAPITAL}](?![a-z])|(?<!\w)[{CAPITAL}]"
)


def encoding_of(source):
    """What the bytes of this file are: told by their mark, else by what they can be.

    Reads them all. Raises `UnreadableFile` where they are no text, too many, or a damaged pack.
    """
    start = next(_pieces(source), b"")[:4096]
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            _refuse_bad(source, encoding)
            return encoding
    # Without a mark: only in UTF-16 is every second byte of a text a null, for the most part.
    nulls = [start[offset::2].count(0) for offset in (0, 1)]
    if max(nulls) * 4 > len(start) and min(nulls) * 8 < max(nulls):
        encoding = "utf-16-be" if nulls[0] > nulls[1] else "utf-16-le"
        _refuse_bad(source, encoding)
        return encoding
    if _first_bad(source, "utf-8") is None:
        return "utf-8"
    encoding = "utf-8" if _is_damaged_utf_8(source) else _of_one_byte(source)
    _refuse_bad(source, encoding)
    return encoding


def _refuse_bad(source, encoding):
    if bad := _first_bad(source, encoding):
        line, byte = bad
        name = OF_ONE_BYTE.get(encoding, ENCODING_NAMES.get(encoding, encoding))
        raise UnreadableFile(
            _("Line %(line)d: byte %(byte)s is no text in %(encoding)s. Save the file as UTF-8.")
            % {"line": line, "byte": f"0x{byte:02x}", "encoding": name.upper()}
        )


def _first_bad(source, encoding):
    """`(line, byte)` of the first byte that is no text in this encoding; None if they all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for piece in chain(_pieces(source), [b""]):
        try:
            line += decoder.decode(piece, final=not piece).count("\n")
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding, "ignore")
            return line + before.count("\n"), error.object[error.start]
    return None


def _is_damaged_utf_8(source):
    """Whether what is no UTF-8 is the exception among the characters beyond ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = 0
    for piece in _pieces(source):
        text = decoder.decode(piece)
        lost = text.count("\ufffd")
        bad += lost
        good += len(text) - lost - sum(map(text.count, map(chr, range(128))))
    return good * 10 > bad


def _of_one_byte(source):
    """What makes sense of the bytes beyond ASCII: Windows-1252, but where others make far more."""
    told = Counter()
    for piece in _pieces(source):
        told.update(STRANGE_BYTES.findall(piece))
        if len(told) > ENOUGH:
            break

    def sense(encoding):
        texts = ((bytes_.decode(encoding, "replace"), number) for bytes_, number in told.items())
        return sum(number * _sense(text) for text, number in texts)

    best = max(OF_ONE_BYTE, key=sense)
    return best if sense(best) > 2 * sense("cp1252") else "cp1252"


def _sense(text):
    return 2 if OFTEN.search(text) else bool(PERHAPS.search(text))


def first_strange(source, encoding):
    """The first word with more than ASCII: whoever sees it knows whether it was read right."""
    words = (match for piece in _pieces(source) if (match := STRANGE_WORD.search(piece)))
    return next(words)[0].decode(encoding, "replace")[:60]


def _pieces(source):
    """The bytes from the first to the last, a piece at a time."""
    source.seek(0)
    size = 0
    try:
        while piece := source.read(PIECE):
            size += len(piece)
            if size > MOST_BYTES:
                raise UnreadableFile(
                    _("The file is too long: at most %d MB are read.") % (MOST_BYTES >> 20)
                )
            yield piece
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UnreadableFile(_("The packed file is damaged, or not all of it is here.")) from None
