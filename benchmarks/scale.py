"""As many rows as are asked for, from real registers, for `manage.py import_associations`.

    python -m benchmarks.scale FOLDER 1000000 > rows.csv

FOLDER holds the registers of `FILES` below as they are published. Their rows come mixed, each once;
where more are asked for they come again and again, with other words in their names and other
numbers. The same rows each time, and the first of many are those of few. Memory: the registers'.
"""

import argparse
import random
import re
import sys
from itertools import count, islice
from pathlib import Path

from benchmarks.convert import NAME, convert, read, write

FILES = {
    "us-irs-eo": "us_irs_eo_bmf_scale_dev.csv.gz",
    "ror": "ror_organizations.csv.gz",
    "de-lobbyregister": "de_lobbyregister_dev.csv.gz",
}
# One register for all of them: two with a name in common would be one association twice in a file.
SCHEME = "scale"


def scaled(registers, number):
    """`number` rows of these registers, each a list of rows in the columns of the import."""
    yield from islice(_endless(registers), number)


def _endless(registers):
    chance = random.Random(1)
    vocabularies = [_vocabulary(rows) for rows in registers]
    written = set()
    for turn in count():
        waiting = [
            (number, row) for number, rows in enumerate(registers) for row in range(len(rows))
        ]
        chance.shuffle(waiting)
        for number, place in waiting:
            row = dict(registers[number][place])
            own = row["identifier"].split(":", 1)[1]
            row["identifier"] = f"{SCHEME}:{own}{_letters(turn) if turn else ''}"
            # The import knows a confederation by a row before.
            if row["confederation"] not in written or row["confederation"] == row["acronym"]:
                row["confederation"] = ""
            if turn:
                _change(row, vocabularies[number], chance)
            else:
                written.add(row["name"])
            yield row


def _letters(turn):
    """What makes an identifier of this turn another one, and still one word."""
    return "".join("abcdefghij"[int(digit)] for digit in str(turn))


def _vocabulary(rows):
    """`{column: words}`: all that stand there, each as often as it does."""

    def words(column):
        told = (word for row in rows for word in row[column].split())
        return [sys.intern(word) for word in told if re.search(r"[^\W_]", word)]

    return {column: words(column) for column in ("name", "president")}


def _change(row, words, chance):
    """Give the row another name, and whatever else would tell that it was there before."""
    row["name"] = _reworded(row["name"], words["name"], chance)
    others = [_reworded(each, words["name"], chance) for each in row["other_names"].split("|")]
    row["other_names"] = "|".join(filter(None, others))
    row["president"] = _reworded(row["president"], words["president"], chance)
    if row["acronym"].isascii() and row["acronym"].isupper():
        letters = list(row["acronym"])
        letters[chance.randrange(len(letters))] = chance.choice(letters)
        row["acronym"] = "".join(chance.sample(letters, len(letters)))
    row["postal_code"] = _renumbered(row["postal_code"], chance)
    row["street_address"] = _renumbered(row["street_address"], chance)
    if row["phone"]:
        row["phone"] = row["phone"][:-4] + _renumbered(row["phone"][-4:], chance)


def _reworded(text, words, chance):
    """`text` with some of its words, at least one, replaced by `words` as frequent as they are."""
    told = text.split()
    if not told:
        return ""
    always = chance.randrange(len(told))
    for place in range(len(told)):
        if place == always or chance.random() < 0.4:
            told[place] = chance.choice(words)
    return " ".join(told)[:NAME].strip()


def _renumbered(text, chance):
    return re.sub(r"\d", lambda digit: str(chance.randrange(10)), text)


def read_registers(folder):
    """The registers in this folder that are known; a ROR organisation under its first parent."""
    found = {name: folder / file for name, file in FILES.items() if (folder / file).exists()}
    if not found:
        raise SystemExit(f"{folder} holds none of {', '.join(FILES.values())}")
    registers = {name: list(convert(name, path)) for name, path in found.items()}
    if "ror" in registers:
        affiliate(registers["ror"], read(found["ror"]))
    return list(registers.values())


def affiliate(rows, originals):
    """Fill in the confederations: the parents as they are written, `Name [id] | Name [id]`."""
    names = {row["identifier"].split(":")[1]: row["name"] for row in rows}
    parents = {}
    for original in originals:
        if parent := re.search(r"\[(\w+)\]", original["parents"]):
            parents[f"ror:{original['ror_id']}"] = names.get(parent[1], "")
    for row in rows:
        row["confederation"] = parents.get(row["identifier"], "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("number", metavar="ROWS", type=int)
    asked = parser.parse_args()
    write(scaled(read_registers(asked.folder), asked.number), sys.stdout)


if __name__ == "__main__":
    main()
