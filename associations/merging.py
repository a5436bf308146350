"""Two entries of one body become one: every value is kept, with its dates and its sources."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import recording
from .changes import TrackedModel, in_batches, one_change
from .models import (
    FACTS,
    Address,
    Affiliation,
    Association,
    Card,
    Changeset,
    Citation,
    ContactPoint,
    Distinction,
    FormerSlug,
    Name,
    OfficeHolder,
    Presence,
    Submission,
    Succession,
)

# By which columns a fact names entries.
ENDS = {
    Affiliation: ("association", "parent"),
    Succession: ("association", "successor"),
}
# What the entry itself answers for.
VALUES = ("kind", "state", "description_it", "description_en", "founding_date", "dissolution_date")
NAME = "name"
# What is loaded with a fact to tell it.
TOLD_WITH = {
    Affiliation: ("association__card", "parent__card"),
    Succession: ("association__card", "successor__card"),
}
# Rows of these do not follow by the rule for all others.
OF_THEIR_OWN = {*FACTS, Association.sectors.through, Card, Citation, Distinction, FormerSlug}
OF_THEIR_OWN |= {Presence, Submission}


class CannotMerge(Exception):
    """The two do not become one; the message says why, for staff."""


class Fate(models.TextChoices):
    """What becomes of a fact of the entry that goes."""

    MOVES = "moves", gettext_lazy("moves over")
    COLLAPSES = "collapses", gettext_lazy("is told of both: one fact, with both sources")
    OTHER_NAME = "other_name", gettext_lazy("moves over as another name")
    NAMED = "named", gettext_lazy("stays, with the name in the place of the entry")
    FALLS = "falls", gettext_lazy("falls away: nothing belongs to itself")


@dataclass(frozen=True, slots=True)
class Fated:
    """A fact of the entry that goes, and what becomes of it; `same` says the same already."""

    fact: object
    fate: Fate
    same: object = None


@dataclass(frozen=True, slots=True)
class Differing:
    """Something of which only one value can be: those of the one that stays and that goes."""

    name: str
    label: str
    kept: str
    gone: str
    # Which of the two is taken where nobody chooses otherwise.
    is_gone_better: bool = False


class Merge:
    """What it means to merge the entry `gone` into `kept` (both loaded `with_card()`).

    It reads the facts of both as they stand: within a change they stay so.
    """

    def __init__(self, kept, gone):
        self.kept, self.gone = kept, gone

    @cached_property
    def obstacle(self):
        """Why it cannot be done, for staff; empty if it can."""
        if self.kept == self.gone:
            return _("An entry cannot be merged with itself.")
        for entry in (self.kept, self.gone):
            if entry.state == Association.State.WITHDRAWN:
                told = {"name": entry, "reason": entry.withdrawal_reason}
                return _("“%(name)s” is withdrawn, and not to be listed. %(reason)s") % told
        if self._makes_a_circle:
            return _("One of the two belongs to the other at some remove: this makes a circle.")
        return ""

    @property
    def _makes_a_circle(self):
        both = {self.kept.pk, self.gone.pk}
        parents = Affiliation.objects.filter(association__in=both).values_list("parent", flat=True)
        return bool(both & Affiliation.objects.above(set(parents) - both))

    # what becomes of the facts

    @cached_property
    def fates(self):
        """What is `Fated` of the facts that name the entry that goes; two queries a table."""
        return [fated for model in FACTS for fated in self._fates_in(model)]

    def _fates_in(self, model):
        told = {_sense(fact): fact for fact in facts_of(model, self.kept)}
        return [self._fated(fact, told) for fact in facts_of(model, self.gone)]

    def _fated(self, fact, told):
        is_official = isinstance(fact, Name) and _is_open_official(fact)
        ends = [getattr(fact, f"{end}_id") for end in _ends(type(fact))]
        if {self.kept.pk, self.gone.pk} <= set(ends):
            fate = Fate.FALLS if isinstance(fact, Affiliation) else Fate.NAMED
            return Fated(fact, fate)
        if same := told.get(_sense(fact, {self.gone.pk: self.kept.pk})):
            return Fated(fact, Fate.COLLAPSES, same)
        if is_official and self._official_name(self.kept):
            return Fated(fact, Fate.OTHER_NAME)
        return Fated(fact, Fate.MOVES)

    def _official_name(self, entry):
        return next(filter(_is_open_official, facts_of(Name, entry)), None)

    def _of(self, *fates):
        return [fated for fated in self.fates if fated.fate in fates]

    # what is to be chosen

    @cached_property
    def differing(self):
        """What is `Differing`: the official name, and what both entries say of themselves."""
        found = []
        names = [self._official_name(entry) for entry in (self.kept, self.gone)]
        if all(names) and names[0].name != names[1].name:
            found.append(Differing(NAME, _("official name"), *map(str, names)))
        for name in VALUES:
            kept, gone = getattr(self.kept, name), getattr(self.gone, name)
            if kept and gone and kept != gone:
                is_hidden = name == "state" and kept == Association.State.DRAFT
                texts = [_text(entry, name) for entry in (self.kept, self.gone)]
                label = Association._meta.get_field(name).verbose_name
                found.append(Differing(name, label, *texts, is_hidden))
        return found

    @cached_property
    def filled(self):
        """`(label, text)` of what only the entry that goes says of itself."""
        return [
            (Association._meta.get_field(name).verbose_name, _text(self.gone, name))
            for name in VALUES
            if not getattr(self.kept, name) and getattr(self.gone, name)
        ]

    @cached_property
    def sectors(self):
        """Those that only the entry that goes has."""
        return list(self.gone.sectors.exclude(pk__in=self.kept.sectors.values("pk")))

    @cached_property
    def addresses(self):
        """The slugs that will lead to the entry that stays."""
        former = self.gone.former_slugs.values_list("slug", flat=True)
        return [self.gone.slug, *former]

    # the doing

    def carry_out(self, chosen=()):
        """Do it; `chosen` names what is `differing` of which the value of `gone` is taken.

        To be done within a change. Raises `CannotMerge`.
        """
        if self.obstacle:
            raise CannotMerge(self.obstacle)
        fates = self.fates
        sectors = self.sectors
        self._settle_names(NAME in chosen)
        self._collapse(self._of(Fate.COLLAPSES))
        for fated in self._of(Fate.FALLS):
            fated.fact.delete()
        for fated in self._of(Fate.NAMED):
            self._name_instead(fated.fact)
        self._move([fated.fact for fated in fates if fated.fate in MOVING])
        self._move_citations()
        self.kept.sectors.add(*sectors)
        self._take_values(chosen)
        self.gone.former_slugs.update(association=self.kept)
        self._move_distinctions()
        self._move_submission()
        self._move_all_else()
        self._leave()

    def _settle_names(self, is_gone_chosen):
        """One official name at a time: the other one becomes another name."""
        for fated in self._of(Fate.OTHER_NAME):
            name = self._official_name(self.kept) if is_gone_chosen else fated.fact
            Name.objects.filter(pk=name.pk).update(type=Name.Type.OTHER)

    def _collapse(self, collapsing):
        for fated in collapsing:
            fact, same = fated.fact, fated.same
            if fact.checked_on and (same.checked_on is None or same.checked_on < fact.checked_on):
                same.checked_on = fact.checked_on
                type(same).objects.filter(pk=same.pk).update(checked_on=fact.checked_on)
            if fact.source_id != same.source_id:
                _cite(same, fact.source_id)
            fact.delete()

    def _name_instead(self, succession):
        """What came before or after itself came before or after a body of that name."""
        name = str(self.gone)[:400]
        if succession.association_id == self.gone.pk:
            told = {"association": None, "predecessor_name": name}
        else:
            told = {"successor": None, "successor_name": name}
        Succession.objects.filter(pk=succession.pk).update(**told)

    def _move(self, facts):
        keys = defaultdict(list)
        for fact in facts:
            for end in _ends(type(fact)):
                if getattr(fact, f"{end}_id") == self.gone.pk:
                    keys[type(fact), end].append(fact.pk)
        for (model, end), found in keys.items():
            for batch in in_batches(found):
                model.objects.filter(pk__in=batch).update(**{end: self.kept})

    def _move_citations(self):
        known = set(self.kept.citations.values_list("about", "source"))
        keys = [
            key
            for key, *told in self.gone.citations.values_list("pk", "about", "source")
            if tuple(told) not in known
        ]
        Citation.objects.filter(pk__in=keys).update(association=self.kept)

    def _take_values(self, chosen):
        values = {
            name: getattr(self.gone, name)
            for name in VALUES
            if getattr(self.gone, name) and (name in chosen or not getattr(self.kept, name))
        }
        for name, value in values.items():
            setattr(self.kept, name, value)
        try:
            self.kept.validate_constraints()
        except ValidationError as error:
            raise CannotMerge(" ".join(error.messages)) from None
        if values:
            told = {**values, "updated_at": timezone.now()}
            Association.objects.filter(pk=self.kept.pk).update(**told)

    def _move_distinctions(self):
        """What is known not to be the one is not the other either."""
        for distinction in Distinction.objects.of(self.gone.pk):
            other = distinction.other_than(self.gone.pk)
            if other != self.kept.pk:
                Distinction.objects.mark(self.kept.pk, other, distinction.by)

    def _move_submission(self):
        if self.kept.state != Association.State.DRAFT:
            Submission.objects.filter(association=self.kept).delete()
        elif not Submission.objects.filter(association=self.kept).exists():
            for submission in Submission.objects.filter(association=self.gone):
                Submission.objects.create(association=self.kept, by=submission.by, at=submission.at)

    def _move_all_else(self):
        """Whatever else refers to the entry that goes refers to the one that stays."""
        for field in Association._meta.get_fields(include_hidden=True):
            if not field.one_to_many or field.related_model in OF_THEIR_OWN:
                continue
            model, column = field.related_model, field.field.attname
            rows = model._base_manager.filter(**{column: self.gone.pk})
            if issubclass(model, TrackedModel):
                rows.update(**{column: self.kept.pk})
                continue
            before, after = {column: self.gone.pk}, {column: self.kept.pk}
            with one_change() as change:
                change.record(
                    recording.changed(model, key, (), before, after)
                    for key in rows.values_list("pk", flat=True)
                )
                rows.update(**after)

    def _leave(self):
        slug = self.gone.slug
        self.gone.delete()
        # The database has kept its address from being given to another: it leads on from now.
        FormerSlug.objects.filter(slug=slug).delete()
        FormerSlug.objects.create(slug=slug, association=self.kept)


MOVING = (Fate.MOVES, Fate.OTHER_NAME)


def merge(kept, gone, by=None, chosen=(), comment=""):
    """Merge the entry `gone` into `kept`, as `Merge` tells it; return the `Changeset`.

    `chosen` names what is `differing` of which the value of the one that goes is taken; the value
    that is not taken stays in the history. One transaction. Raises `CannotMerge`.
    """
    with one_change(by, Changeset.Way.MERGE) as change:
        found = Association.objects.with_card().in_bulk([kept.pk, gone.pk])
        if len({kept.pk, gone.pk} - found.keys()):
            raise CannotMerge(_("One of the two was deleted meanwhile."))
        doing = Merge(found[kept.pk], found[gone.pk])
        told = {"gone": doing.gone, "slug": doing.gone.slug, "kept": doing.kept}
        text = _("“%(gone)s” (%(slug)s) merged into “%(kept)s”") % told
        change.comment = change.comment or ". ".join(filter(None, (text, comment)))
        doing.carry_out(chosen)
    return change.changeset


def _ends(model):
    return ENDS.get(model, ("association",))


def facts_of(model, entry):
    """The facts of a table that name an entry, with all by which they are told; a query."""
    ends = models.Q()
    for end in _ends(model):
        ends |= models.Q((end, entry))
    told = TOLD_WITH.get(model, ())
    return model.objects.filter(ends).select_related("source", *told).order_by("pk")


def _sense(fact, instead=None):
    """All that a fact says, its dates included: not who says it, nor when it was checked.

    `instead` tells which keys of entries are taken for others.
    """
    instead = instead or {}
    ends = {f"{end}_id" for end in _ends(type(fact))}
    return tuple(
        instead.get(getattr(fact, column), getattr(fact, column))
        if column in ends
        else getattr(fact, column)
        for column in recording.columns(type(fact))
        if column not in {"source_id", "checked_on"}
    )


def _is_open_official(name):
    return name.type == Name.Type.OFFICIAL and not name.valid_to and not name.is_past


def _cite(fact, source):
    """Name a further source of what a fact says."""
    for key in filter(None, {getattr(fact, f"{end}_id") for end in _subjects(fact)}):
        Citation.objects.get_or_create(association_id=key, about=_about(fact), source_id=source)


def _subjects(fact):
    """Who tells a fact on its page; a confederation does not cite what its members say."""
    return _ends(type(fact)) if isinstance(fact, Succession) else ("association",)


def _about(fact):
    match fact:
        case Name(type=Name.Type.OFFICIAL):
            return Citation.About.NAME
        case Name(type=Name.Type.ACRONYM):
            return Citation.About.ACRONYM
        case Name():
            return Citation.About.OTHER_NAMES
        case Address():
            return Citation.About.ADDRESS
        case ContactPoint():
            return Citation.About.CONTACT_POINTS
        case OfficeHolder():
            return Citation.About.OFFICE_HOLDERS
        case Affiliation():
            return Citation.About.AFFILIATIONS
        case Succession():
            return Citation.About.SUCCESSIONS
    raise TypeError(f"{fact!r} is told once")


def _text(entry, name):
    """A value of an entry as staff read it."""
    field = Association._meta.get_field(name)
    value = getattr(entry, name)
    return str(dict(field.flatchoices).get(value, value))
