"""Any file that people keep tables in becomes a header and rows of text, line by line.

CSV in the encodings and with the delimiters that programs write, packed by gzip or not, is read as
a stream: memory does not grow with the number of rows. Workbooks (XLSX, XLS, ODS) and the lists of
our own JSON are read whole, within limits; a formula counts as the value that was stored beside it,
nothing is computed.
"""

import csv
import datetime
import gzip
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import SEEK_END, BytesIO, TextIOWrapper
from itertools import chain, islice, zip_longest
from typing import BinaryIO

from django.utils.translation import gettext as _
from ftfy import fix_encoding
from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from . import headers, offices
from .encodings import ENCODING_NAMES, OF_ONE_BYTE, encoding_of, first_strange
from .rows import UnreadableFile

# A workbook is held in memory, all of it.
MOST_BYTES_OF_A_WORKBOOK = 256 * 2**20
MOST_COLUMNS = 200

# So many rows are looked at to tell what separates the cells, and where the header is.
FIRST_ROWS = 50
DELIMITERS = ",;\t|"

# What text looks like that a program once took for another encoding: “Ã¨” for “è”, a control or a
# root sign for a letter. Whether it is that, `ftfy` judges.
MISREAD = re.compile("[\x80-\x9f√]|[\u00c2-\u00f4][^\x00-\x7f]|Ã ")
# Left over from web pages and word processors; they are no part of what is said.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff\u00ad"))
INVISIBLE |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
STRANGE = INVISIBLE | BLANKS
# Numbers, and addresses of the web and of mail; but a year: “Members 2023” is a column's name.
DATA = re.compile(r"(?!\b(?:19|20)\d\d\b)\d{4}|@\w|://|^www\.")
# What some sites give as a workbook.
WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|\?xml|html|head|meta|table)\b", re.IGNORECASE
)
# Below a table, and no association: “Totale soci: 25”, “Stand: 1.1.2024”, “* in liquidazione”.
NUMBER = re.compile(r"[\d.,’' %€]+")
SUM = re.compile(
    r"(?:(?:somma|grand|gesamt)\s)?(?:totale?|totali|totaux|summe|gesamt(?:summe|zahl)?|insgesamt|somma"
    r"|anzahl|sum)\b(?:\s\w+){0,2}\s*[:=]?\s*\d*",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"(?:fonte|quelle|source|stand|not[ae]|hinweis|legend[ae]|aggiornat[oa]|erstellt|page|pagina|seite)"
    r"(?:\s*:|\s+(?:al|il|am|vom|du|le|on|of)?\s*\d)|[*©]\s*\w",
    re.IGNORECASE,
)
NO_ENTRY = re.compile(rf"{SUM.pattern}$|{REMARK.pattern}", re.IGNORECASE)
JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*[{\]]|\{\s*\")")
# What a program might take for a formula: `exporting` puts an apostrophe before it.
GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


@dataclass
class Table:
    """A header and its rows; `rows` can be gone through once.

    A row is the line where it begins, as an editor counts lines (in a workbook the number of the
    row), and its cells as text: no blanks around them, line breaks as `\\n`.
    """

    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    encoding: str
    delimiter: str
    notes: list[str] = field(default_factory=list)


def read_table(source: bytes | BinaryIO, file_name: str) -> Table:
    """The table of a file: its bytes, or the open file itself, which is left open.

    Raises `UnreadableFile`, also later, while the rows are gone through.
    """
    if isinstance(source, bytes):
        source = BytesIO(source)
    source.seek(0)
    start = source.read(64)
    source.seek(0)
    if not start:
        raise UnreadableFile(_("The file is empty."))
    if start.startswith(b"\x1f\x8b"):
        return _read_text(gzip.GzipFile(fileobj=source))
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _read_workbook(source)
    if start.startswith(b"%PDF"):
        raise UnreadableFile(_("This is a PDF: give the table itself, as CSV, XLSX or ODS."))
    if WEB_PAGE.match(start):
        raise UnreadableFile(
            _("This is a web page: open it in a spreadsheet program, and save it as CSV or XLSX.")
        )
    if JSON.match(start):
        return _read_json(source)
    return _read_text(source)


# Text.


def _read_text(source):
    encoding = encoding_of(source)
    notes = []
    if encoding in OF_ONE_BYTE:
        notes.append(
            _("The file is not UTF-8: it is read as %(encoding)s, as Excel writes it: “%(word)s”.")
            % {"encoding": OF_ONE_BYTE[encoding], "word": first_strange(source, encoding)}
        )
    source.seek(0)
    delimiter, rows = _records(_lines(source, encoding))
    header, rows = _below_header(rows, notes)
    return Table(header, rows, ENCODING_NAMES.get(encoding, encoding), delimiter, notes)


def _lines(source, encoding):
    text = TextIOWrapper(source, encoding, newline="")
    try:
        yield from text
    finally:
        if not source.closed:
            text.detach()  # else it would close the file, which is not its own


def _records(lines):
    """The delimiter, and `(line, cells)` of each record."""
    first = list(islice(lines, 4 * FIRST_ROWS))
    number = 0
    # So Excel is told what separates the cells.
    if told := re.fullmatch(r"sep=(.)\s*", first[0]):
        number = 1
        delimiter = told[1]
    else:
        delimiter = _delimiter(first)
    # A blank before a quotation mark: “A, "B, C"”.
    has_blanks = any(f'{delimiter} "' in line for line in first)
    lines = chain(first[number:], lines)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=has_blanks, strict=True)
    return delimiter, _numbered(reader, number)


def _numbered(reader, before):
    line = before + 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = before + reader.line_num + 1
    except csv.Error as error:
        if "end of data" in str(error):
            reason = _("a quotation mark opens a cell here, and none closes it.")
        elif "expected after" in str(error):
            reason = _("text follows on a closing quotation mark: one within a cell is doubled.")
        else:
            reason = str(error)
        raise UnreadableFile(
            _("Line %(line)d: %(error)s") % {"line": line, "error": reason}
        ) from None


def _delimiter(lines):
    """What cuts the most rows into as many cells as the first, and into most of them."""

    def fitness(delimiter):
        rows = list(filter(None, csv.reader(lines, delimiter=delimiter)))
        # The last one may be cut off.
        widths = [len(cells) for cells in (rows[:-1] or rows)]
        width, agreeing = Counter(widths).most_common(1)[0]
        is_cut = width > 1 or widths[0] > 1
        return is_cut, round(agreeing / len(widths), 1), width, -DELIMITERS.index(delimiter)

    with suppress(csv.Error, IndexError):
        return max(DELIMITERS, key=fitness)
    return DELIMITERS[0]


# JSON.


def _read_json(source):
    """A list of flat objects, as our own export is; the number of an object is that of its line."""
    _refuse_large(source)
    try:
        items = json.load(source)
        values = [value for item in items for value in item.values()]
    except (ValueError, AttributeError, TypeError, RecursionError):
        values = [[]]
    if any(isinstance(value, list | dict) for value in values):
        raise UnreadableFile(
            _("This JSON is no list of entries with texts alone. Give the list as CSV or XLSX.")
        )
    header = list(dict.fromkeys(column for item in items for column in item))
    if not any(map(_known, ([column] for column in header))):
        raise UnreadableFile(_("There is no header: a first row that names the columns."))
    _refuse_data(header)
    rows = (
        (line, [_text(item.get(column) or "") for column in header])
        for line, item in enumerate(items, 2)
    )
    notes = []
    return Table(header, rows if is_an_export(header) else _clean(rows, notes), "", "", notes)


# Workbooks.


def _read_workbook(source):
    _refuse_large(source)
    try:
        book = load_workbook(source)
        shown = [sheet.name for sheet in book.sheets_metadata if _is_shown(sheet)]
        sheets = {name: _cells_of(book.get_sheet_by_name(name)) for name in shown}
    except (CalamineError, zipfile.BadZipFile):
        raise UnreadableFile(
            _("The workbook cannot be opened: it is damaged, or it asks for a password.")
        ) from None
    sheets = {name: rows for name, rows in sheets.items() if any(map(any, rows))}
    if not sheets:
        raise UnreadableFile(_("There is no table in this workbook."))
    name = max(sheets, key=lambda name: _columns_known(sheets[name]))
    notes = []
    if _has_cells_merged_downwards(source):
        notes.append(_("Cells are merged here: what they say is taken for their first row alone."))
    if len(sheets) > 1:
        others = ", ".join(f"“{other}”" for other in sheets if other != name)
        notes.append(
            _("Read is the sheet “%(name)s”; left out: %(others)s.")
            % {"name": name, "others": others}
        )
    rows = _rows_of(sheets[name])
    header, rows = _below_header(rows, notes)
    return Table(header, rows, "", "", notes)


def _refuse_large(source):
    source.seek(0)
    size = source.seek(0, SEEK_END)
    source.seek(0)
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as packed:
            size = sum(member.file_size for member in packed.infolist())
    source.seek(0)
    if size > MOST_BYTES_OF_A_WORKBOOK:
        raise UnreadableFile(
            _(
                "The workbook is too large, with %(size)d MB: at most %(most)d MB are read."
                " Save it as CSV, which may be longer."
            )
            % {"size": size >> 20, "most": MOST_BYTES_OF_A_WORKBOOK >> 20}
        )


def _is_shown(sheet):
    return sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible


def _cells_of(sheet):
    """The rows of a sheet; what stands in cells that are merged downwards is that of each row."""
    rows = sheet.to_python(skip_empty_area=False)
    for (top, column), (bottom, _last) in sheet.merged_cell_ranges or ():
        for row in rows[top + 1 : bottom + 1]:
            row[column] = rows[top][column]
    return rows


def _has_cells_merged_downwards(source):
    """Of ODS alone, where `calamine` does not tell which they are."""
    source.seek(0)
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as packed:
        if "content.xml" not in packed.namelist():
            return False
        return bool(re.search(rb'number-rows-spanned="(?:[2-9]|1\d)', packed.read("content.xml")))


def _rows_of(rows):
    return ((line, list(map(_text, cells))) for line, cells in enumerate(rows, 1))


def _columns_known(rows):
    """How many columns are known by the header of this sheet."""
    first = list(_clean(islice(_rows_of(rows), FIRST_ROWS), []))
    place = _place_of_header(first)
    return 0 if place is None else _known(first[place][1])


def _text(value):
    """A cell of a workbook as people read it; a whole number has no decimals."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value)


# Both.


def _clean(rows, notes):
    """The rows that say anything, their cells without what was never meant."""
    mended = set()
    for line, cells in rows:
        row = "".join(cells)
        # Most rows are plain throughout: to see that of the whole row is a third of the time.
        if row.isascii() and "\r" not in row and "'" not in row:
            cells = list(map(str.strip, cells))
        else:
            cells = [_clean_cell(cell, line, mended, notes) if cell else cell for cell in cells]
        if any(cells):
            yield line, cells


def _clean_cell(cell, line, mended, notes):
    if not cell.isascii():
        if MISREAD.search(cell):
            cell = _mend(cell, line, mended, notes)
        cell = cell.translate(STRANGE)
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return _unguarded(cell).strip()


def _mend(cell, line, mended, notes):
    """What a program once took for another encoding is put right, where nothing else was meant."""
    whole = fix_encoding(cell)
    if whole != cell and not mended:
        mended.add(line)
        notes.append(
            _(
                "Characters that a program had read wrongly are put right, first on line %(line)d:"
                " “%(before)s” is “%(after)s”."
            )
            % {"line": line, "before": cell[:60], "after": whole[:60]}
        )
    return whole


def _below_header(rows, notes):
    """The header, and the rows below it. Raises `UnreadableFile` where there is none."""
    first = list(islice(rows, FIRST_ROWS))
    clean = list(_clean(first, []))
    place = _place_of_header(clean)
    if place is None:
        raise UnreadableFile(_("There is no header: a first row that names the columns."))
    line, header = clean[place]
    for below, names in clean[place + 1 : place + 2]:
        if whole := _below_groups(header, names):
            line, header = below, whole
    while header and not header[-1]:
        header = header[:-1]
    _refuse_data(header)
    if above := [cell for _line, cells in clean[:place] for cell in cells if cell]:
        notes.append(_("Left out above the header: %s.") % ", ".join(f"“{text}”" for text in above))
    rows = chain([row for row in first if row[0] > line], rows)
    # What our own exports say is meant to the letter.
    if is_an_export(header):
        rows = _to_the_letter(rows)
    else:
        rows = _entries(_clean(rows, notes), header, notes)
    return header, _as_wide_as(rows, len(header))


def _place_of_header(rows):
    """Which of these clean rows is the header: the first with more than a title, or one further
    down that surely is; None where there is none.
    """
    places = [
        place for place, (_line, cells) in enumerate(rows) if _filled(cells) > 1 or _known(cells)
    ]
    first = next(iter(places), None)
    sure = next((place for place in places if _names_columns(rows[place][1])), first)
    is_better = sure != first and _known(rows[sure][1]) > _known(rows[first][1])
    return sure if is_better else first


def _names_columns(cells):
    known = _known(cells)
    return known > 1 and known * 2 >= _filled(cells)


def _filled(cells):
    return sum(map(bool, cells))


def _known(cells):
    """How many of these cells name a column."""
    return sum(map(bool, headers.guess(cells).values()))


def _below_groups(groups, names):
    """The header of two rows, as “Sede” stands above “Via” and “Città”; None where it is of one."""
    filled = list(filter(None, names))
    columns = list(zip_longest(groups, names, fillvalue=""))
    are_names = len(filled) > 1 and all(map(_known, ([name] for name in filled)))
    if not are_names or not any(name and not group for group, name in columns):
        return None
    header, group = [], ""
    for above, name in columns:
        group = above or group
        header.append(_of_group(group, name) if name and name != group else above)
    return header


def _of_group(group, name):
    """What is a person's is not the association's: “Telefono” below “Presidente”."""
    whole = f"{group} {name}".strip()
    return whole if _known([whole]) or offices.is_office(group) else name


def is_an_export(header):
    """Whether it is that of one of our own files: nobody else's has such a column."""
    return "slug" in header


def _entries(rows, header, notes):
    """The rows but those that are none: the header once more, a sum, a remark below the table."""
    for line, cells in rows:
        first = cells[0] or next(filter(None, cells))
        if NO_ENTRY.match(first) and len(header) > 1 and _is_no_entry(first, cells):
            notes.append(
                _("Left out is line %(line)d: “%(text)s”.") % {"line": line, "text": first[:80]}
            )
        elif first != header[0] or cells[: len(header)] != header:
            yield line, cells


def _is_no_entry(first, cells):
    others = list(filter(None, cells[cells.index(first) + 1 :]))
    is_sum = SUM.fullmatch(first) and all(map(NUMBER.fullmatch, others))
    return is_sum or not others


def _to_the_letter(rows):
    for line, cells in rows:
        if any(cells):
            yield line, list(map(_unguarded, cells))


def _unguarded(cell):
    """A cell without the apostrophe by which it is no formula."""
    return cell[1:] if cell[:1] == "'" and GUARDED.match(cell) else cell


def _as_wide_as(rows, width):
    """The rows without the empty cells that stand beyond the last column with a name."""
    for line, cells in rows:
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield line, cells


def _refuse_data(header):
    """What looks like the first association itself is no header: nobody would know its columns."""
    if len(header) > MOST_COLUMNS:
        raise UnreadableFile(
            _("There are %(columns)d columns: at most %(most)d are read.")
            % {"columns": len(header), "most": MOST_COLUMNS}
        )
    known = sum(1 for meant in headers.guess(header).values() if meant)
    looks_like_data = [cell for cell in header if DATA.search(cell)]
    if known * 2 < len(looks_like_data) or (looks_like_data and not known):
        raise UnreadableFile(
            _("There is no header: the first row does not name the columns, it begins with “%s”.")
            % header[0][:60]
        )
