"""What somebody saw of entries before deciding on them: what was changed since is left alone."""

from .models import Association


def version(association):
    """Which version of an entry (loaded `with_card()`) this is: another one after each change."""
    return str(association.card.changed_at)


def unchanged(seen):
    """Those entries of `{key: version}` that are as they were seen, in the order of their keys.

    To be asked within a change: from its beginning nobody else writes.
    """
    found = Association.objects.with_card().filter(pk__in=seen).order_by("pk")
    return [each for each in found if version(each) == seen[each.pk]]
