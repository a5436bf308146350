"""Fields of the forms of staff that cost little: the form of an entry has hundreds of them.

They are rendered without templates, and what a fact refers to is not asked for once more.
"""

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join


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
        if self.use_required_attribute(value) is False:
            attrs.pop("required", None)
        chosen = set(self.format_value(value))
        options = (
            (option, " selected" if option in chosen else "", label)
            for option, label in self.told(name, chosen)
        )
        return format_html(
            "<select{}>{}</select>",
            flatatt({"name": name} | attrs),
            format_html_join("\n", '<option value="{}"{}>{}</option>', options),
        )


class Select(QuickSelect, forms.Select):
    def told(self, name, chosen):
        return ((str("" if value is None else value), label) for value, label in self.choices)


class ChosenSelect(QuickSelect, AutocompleteSelect):
    """Looks for rows while somebody types, and shows the one that is chosen."""

    def told(self, name, chosen):
        if not self.is_required:
            yield "", ""
        known = self.choices.field.known
        if known is not None and str(known.pk) in chosen:
            yield str(known.pk), self.choices.field.label_from_instance(known)
            return
        for _group, options, _index in self.optgroups(name, list(chosen)):
            yield from ((str(each["value"]), each["label"]) for each in options if each["value"])


class KnownChoiceField(forms.ModelChoiceField):
    """A row of another table; the one that was chosen before is `known` already."""

    known = None

    def to_python(self, value):
        if self.known is not None and str(value) == str(self.known.pk):
            return self.known
        return super().to_python(value)


class FactForm(forms.ModelForm):
    """A fact whose source, and whatever else it refers to, was loaded with it."""

    # What is odd about the fact as it was saved: `{name of a field: text}`.
    odd = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, KnownChoiceField):
                field.known = self.instance._state.fields_cache.get(name)

    def warn(self, odd):
        """Tell beside the fields what is odd about the fact: `{name of a field: text}`."""
        self.odd = odd
        for name in odd:
            bound = self[name]
            told = [f"{bound.id_for_label}_odd"]
            if bound.help_text:
                told.append(f"{bound.id_for_label}_helptext")
            bound.field.widget.attrs["aria-describedby"] = " ".join(told)
