"""The fields of facts in the form of an entry, as Django's `admin/includes/fieldset.html` has them.

An entry has hundreds of them, and Django renders some four templates for each.
"""

from copy import copy
from functools import partial

from django import template
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from ..admin.widgets import HiddenInput, TextInput

register = template.Library()

# Of a form whose fields are copied, and what is typed in one: nobody can type them.
PREFIX, TYPED = "\0", "\1"


@register.simple_tag
def facts(inline):
    """Each fact of an `InlineAdminFormSet`, and the empty row that is copied for a new one.

    What is around the fields is written once for all facts of a kind.
    """
    title = capfirst(inline.opts.verbose_name)
    rows = (_row(inline, row, title, number) for number, row in enumerate(inline))
    return SafeString("\n".join(rows))


def _row(inline, row, title, number):
    form, formset, original = row.form, inline.formset, row.original
    is_empty = inline.has_add_permission and form is formset.empty_form
    can_delete = original and formset.can_delete and inline.has_delete_permission
    classes = "inline-related"
    classes += " has_original" if original else ""
    classes += " empty-form last-related" if is_empty else ""
    return format_html(
        '<div class="{}" id="{}-{}"><h3><b>{}:</b> <span class="inline_label">{}</span>{}</h3>'
        "{}{}{}{}</div>",
        classes,
        formset.prefix,
        "empty" if is_empty else number,
        title,
        original or f"#{number + 1}",
        _copied(form, DELETION_FIELD_NAME, _deletion) if can_delete else "",
        form.non_field_errors() if form.is_bound else "",
        _fields(row),
        _copied(form, formset._pk_field.name, str),
        _copied(form, formset.fk.name, str),
    )


def _deletion(bound):
    return format_html(
        '<span class="delete">{} <label for="{}" class="vCheckboxLabel inline">{}</label></span>',
        bound,
        bound.id_for_label,
        bound.label,
    )


def _fields(row):
    """Line by line, the fields of a line one beside the other."""
    lines, key = row.form.lines, tuple(row.readonly_fields)
    if key not in lines:
        lines[key] = list(_lines(row))
    return SafeString("".join(part if isinstance(part, str) else part(row) for part in lines[key]))


def _lines(row):
    """Text, and functions that write a field of a row."""
    for fieldset in row:
        yield format_html('<fieldset class="module aligned {}">', fieldset.classes)
        for line in fieldset:
            fields = list(line)
            classes = " ".join(f"field-{_name(field)}" for field in fields)
            yield format_html('<div class="form-row {}">', classes)
            yield SafeString('<div class="flex-container form-multiline">')
            for field in fields:
                yield SafeString("<div>")
                if field.is_readonly:
                    yield partial(_read, field, field.label_tag())
                else:
                    yield partial(_field, field)
                yield SafeString("</div>")
            yield SafeString("</div></div>")
        yield SafeString("</fieldset>")


def _name(field):
    return field.field["name"] if field.is_readonly else field.field.name


def _read(field, label, row):
    own = copy(field)
    own.form = row.form
    told = format_html('{}<div class="readonly">{}</div>', label, own.contents())
    return _box(field, told)


def _field(field, row):
    def write(bound):
        own = copy(field)
        own.field = bound
        return _written(own)

    return _copied(row.form, field.field.name, write)


def _copied(form, name, write):
    """What is written of a field of a form.

    Most say what that of another fact says, too, or have only another text typed in: they are
    written once, and then copied.
    """
    field = form.fields[name]
    if form.is_bound or name in form.odd:
        return write(field.get_bound_field(form, name))
    told = field.prepare_value(form.get_initial_for_field(field, name))
    is_typed = isinstance(field.widget, (TextInput, HiddenInput))
    typed = field.widget.format_value(told) if is_typed else None
    key = name, told if typed is None else TYPED
    if key not in form.written:
        another = copy(form)
        another.prefix, another.initial = PREFIX, {name: key[1]}
        form.written[key] = write(field.get_bound_field(another, name))
    text = form.written[key].replace(PREFIX, form.prefix)
    return SafeString(text if typed is None else text.replace(TYPED, escape(typed)))


def _written(field):
    bound = field.field
    label = format_html(
        "<label{}>{}{}</label>",
        flatatt({"for": bound.id_for_label, "class": _classes_of_label(field)}),
        bound.label,
        "" if field.is_checkbox else bound.form.label_suffix,
    )
    pair = (bound, label) if field.is_checkbox else (label, bound)
    errors = field.errors() if bound.errors else ""
    box = _box(field, format_html("{}{}", *pair), bool(errors))
    return format_html("{}{}{}{}", errors, box, _odd(bound), _help(bound))


def _classes_of_label(field):
    classes = {
        "vCheckboxLabel": field.is_checkbox,
        "required": field.field.field.required,
        "inline": not field.is_first,
    }
    return " ".join(name for name, is_set in classes.items() if is_set)


def _box(field, told, has_errors=False):
    classes = f"fieldBox field-{_name(field)}"
    classes += " errors" if has_errors else ""
    classes += " checkbox-row" if field.is_checkbox else ""
    return format_html('<div class="flex-container {}">{}</div>', classes, told)


def _odd(bound):
    if bound.name not in bound.form.odd:
        return ""
    told = bound.id_for_label, bound.form.odd[bound.name]
    return format_html('<div class="odd" id="{}_odd">{}</div>', *told)


def _help(bound):
    if not bound.help_text:
        return ""
    return format_html(
        '<div class="help" id="{}_helptext"><div>{}</div></div>',
        bound.id_for_label,
        bound.help_text,
    )
