"""A mix of what people type, made of what stands in a directory: the same each time."""

import random
import string
from collections import Counter

from associations.models import Card, Identifier

LOOKED_AT = 2000
LETTERS = string.ascii_lowercase
NONSENSE = ("!!!", "AND OR NOT", '"', "select * from", "zzzzzzzzzzzz", "0", "the of and", "-")


def questions(number):
    """`[(kind, text), …]`, at most `number` of each kind, none of them twice."""
    chance = random.Random(1)
    cards = _some_cards(chance)
    found = {}
    for kind, make in KINDS.items():
        texts = dict.fromkeys(text.strip() for text in make(cards, chance) if text.strip())
        for text in list(texts)[:number]:
            found.setdefault(text, kind)
    return [(kind, text) for text, kind in found.items()]


def beginnings(number):
    """What is typed on the way to a name, letter by letter up to the tenth."""
    names = [card.name for card in _some_cards(random.Random(2))][: number // 10 + 1]
    return list(dict.fromkeys(name[:length].strip() for length in range(1, 11) for name in names))


def _some_cards(chance):
    keys = Card.objects.public().order_by("pk").values_list("pk", flat=True)
    first, last = keys.first(), keys.last()
    wanted = sorted({chance.randint(first, last) for _draw in range(LOOKED_AT)})
    cards = list(Card.objects.public().filter(pk__in=wanted).order_by("pk"))
    chance.shuffle(cards)
    return cards


def _of(column):
    return lambda cards, chance: [getattr(card, column) for card in cards]


def _parts(cards, chance):
    for told in (card.name.split() for card in cards):
        if len(told) > 3:
            start = chance.randrange(len(told) - 1)
            yield " ".join(told[start : start + 2])


def _begun(cards, chance):
    for card in cards:
        yield card.name[: chance.randint(3, 12)]


def _misspelt(cards, chance):
    for card in cards:
        if words := [word for word in card.name.lower().split() if len(word) > 5]:
            word = chance.choice(words)
            place = chance.randrange(1, len(word) - 1)
            wrong = chance.choice(
                [
                    word[:place] + word[place + 1 :],
                    word[:place] + chance.choice(LETTERS) + word[place:],
                    word[:place] + chance.choice(LETTERS) + word[place + 1 :],
                    word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
                ]
            )
            yield card.name.lower().replace(word, wrong)


def _with_city(cards, chance):
    return [f"{' '.join(card.name.split()[:2])} {card.locality}" for card in cards]


def _phones(cards, chance):
    cards = Card.objects.public().exclude(phone="").order_by("pk")[:LOOKED_AT]
    for card in chance.sample(list(cards), len(cards)):
        digits = "".join(filter(str.isdigit, card.phone))
        yield chance.choice([card.phone, digits, digits[2:], f"0{digits[2:5]} {digits[5:]}"])


def _identifiers(cards, chance):
    held = Identifier.objects.filter(association__in=[card.pk for card in cards]).order_by("pk")
    return held.values_list("value", flat=True)


def _broad(cards, chance):
    """The words that stand in most names, alone and by two."""
    counts = Counter(word for card in cards for word in set(card.name.lower().split()))
    words = sorted(counts, key=lambda word: (-counts[word], word))[:30]
    for word in words:
        yield word
        yield f"{word} {chance.choice(words)}"


def _letters(cards, chance):
    return [*LETTERS, *string.digits, "é", "東", "я"]


def _nonsense(cards, chance):
    yield from NONSENSE
    yield " ".join(card.name for card in cards)[:900]
    for _text in range(LOOKED_AT):
        yield "".join(chance.choice(LETTERS) for _letter in range(chance.randint(5, 20)))


KINDS = {
    "name": _of("name"),
    "part of a name": _parts,
    "name begun": _begun,
    "acronym": _of("acronym"),
    "misspelt name": _misspelt,
    "city": _of("locality"),
    "name and city": _with_city,
    "president": _of("president"),
    "phone": _phones,
    "identifier": _identifiers,
    "frequent words": _broad,
    "one letter": _letters,
    "nonsense": _nonsense,
}
