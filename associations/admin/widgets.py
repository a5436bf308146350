"""Fields of the forms of staff that cost little: the form of an entry has hundreds of them.

They are rendered without templates, and what a fact refers to is not asked for once more.
"""

from copy import deepcopy
from functools import lru_cache

from django import forms
from django.contrib.admin.widgets import (
    AdminTextInputWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.utils import flatatt
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString


class QuickInput:
    """Renders an `input` as Django's own widget of the same name does."""

    def render(self, name, value, attrs=None, renderer=None):
        told = self.get_context(name, value, attrs)["widget"]
        own = {"type": told["type"], "name": told["name"]}
        if told["value"] is not None:
            own["value"] = told["value"]
        return format_html("<input{}>", flatatt(own | told["attrs"]))


class TextInput(QuickInput, AdminTextInputWidget):
    pass


class HiddenInput(QuickInput, forms.HiddenInput):
    pass


class CheckboxInput(QuickInput, forms.CheckboxInput):
    pass


class QuickSelect:
    """Renders a `select` as Django's own widget of the same name does."""

    def render(self, name, value, attrs=None, renderer=None):
        attrs = self.build_attrs(self.attrs, attrs)
        (chosen,) = self.format_value(value) or [""]
        return format_html(
            "<select{}>{}</select>",
            flatatt({"name": name} | attrs),
            self.options(name, chosen),
        )


def _options(pairs, chosen):
    return SafeString("\n".join(_option(*pair, pair[0] == chosen) for pair in pairs))


@lru_cache(maxsize=2000)
def _option(value, label, is_chosen):
    """There are 250 countries, in several of the fields."""
    selected = " selected" if is_chosen else ""
    return format_html('<option value="{}"{}>{}</option>', value, selected, label)


class Select(QuickSelect, forms.Select):
    def use_required_attribute(self, initial):
        # What Django looks for among the choices matters to none but these.
        return self.is_required and super().use_required_attribute(initial)

    def options(self, name, chosen):
        pairs = (("" if key is None else str(key), str(label)) for key, label in self.choices)
        return _options(pairs, chosen)


class ChosenSelect(QuickSelect, AutocompleteSelect):
    """Looks for rows while somebody types, and shows the one that is chosen."""

    def options(self, name, chosen):
        pairs = [] if self.is_required else [*BLANK_CHOICE_DASH]
        known = getattr(self.choices.field, "known", {})
        if chosen in known:
            pairs.append((chosen, self.choices.field.label_from_instance(known[chosen])))
        elif chosen:
            for _group, options, _index in self.optgroups(name, [chosen]):
                pairs += [(str(each["value"]), each["label"]) for each in options if each["value"]]
        return _options(pairs, chosen)


class ChosenSeveral(AutocompleteSelectMultiple):
    """Each that is chosen has a cross of its own. One more for all of them would stand in their
    list, which may hold nothing but its points."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class KnownChoiceField(forms.ModelChoiceField):
    """A row of another table; those that were chosen before are `known` already, by their keys."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {}

    def to_python(self, value):
        return self.known.get(str(value)) or super().to_python(value)


class SharedFields(dict):
    """The fields of forms that a page has many of: they have them together, where Django makes
    copies for each form. Who changes one puts a copy in its place.
    """

    def __deepcopy__(self, memo):
        return dict(self)


class FactForm(forms.ModelForm):
    """A fact whose source, and whatever else it refers to, was loaded with it."""

    # What is odd about the fact as it was saved: `{name of a field: text}`.
    odd = {}

    class Meta:
        widgets = {"id": HiddenInput}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        # Each page makes classes of its own. Its lines and its fields as HTML: see `fact_fields`.
        cls.lines, cls.written = {}, {}
        cls.page_media = None

    @property
    def media(self):
        # The same for each row.
        if self.page_media is None:
            type(self).page_media = super().media
        return self.page_media

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, KnownChoiceField):
                row = self.instance._state.fields_cache.get(name)
                if row is not None:
                    field.known[str(row.pk)] = row

    def warn(self, odd):
        """Tell beside the fields what is odd about the fact: `{name of a field: text}`."""
        self.odd = odd
        for name in odd:
            self.fields[name] = deepcopy(self.fields[name])
            bound = self[name]
            told = [f"{bound.id_for_label}_odd"]
            if bound.help_text:
                told.append(f"{bound.id_for_label}_helptext")
            bound.field.widget.attrs["aria-describedby"] = " ".join(told)


class FactFormSet(forms.BaseInlineFormSet):
    deletion_widget = CheckboxInput

    @cached_property
    def empty_form(self):
        """Asked for several times for a page, each time made anew by Django."""
        return super().empty_form

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields[self.fk.name].widget = HiddenInput()
