"""What an association is found by."""

from . import words


def document(names, others):
    """The text that `search()` looks through: names and acronyms between bars, then all else."""
    named = " | ".join(" ".join(words(name)) for name in names if name)
    told = " ; ".join(" ".join(words(other)) for other in others if other)
    return f" {named} | ; {told} ;"
