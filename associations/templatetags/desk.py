"""The fields of facts in the form of an entry, as Django's `admin/includes/fieldset.html` has them.

An entry has hundreds of them, and Django renders some four templates for each.
"""

from copy import copy

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# Of a form whose fields are copied: nobody can type it.
PREFIX = "\0"


@register.simple_tag
def fact_fields(fieldset):
    """Each line of a fieldset, its fields one beside the other."""
    return format_html(
        '<fieldset class="module aligned {}">{}</fieldset>',
        fieldset.classes,
        format_html_join("\n", "{}", ((_line(list(line)),) for line in fieldset)),
    )


def _line(fields):
    return format_html(
        '<div class="form-row {}"><div class="flex-container form-multiline">{}</div></div>',
        " ".join(f"field-{_name(field)}" for field in fields),
        format_html_join("\n", "<div>{}</div>", ((_field(field),) for field in fields)),
    )


def _name(field):
    return field.field["name"] if field.is_readonly else field.field.name


def _field(field):
    """The errors, the label with its field, and below what is odd, and the help.

    Most fields say what that of another fact says, too: they are written once, and then copied.
    """
    if field.is_readonly:
        told = format_html('{}<div class="readonly">{}</div>', field.label_tag(), field.contents())
        return _box(field, told)
    bound = field.field
    if bound.form.is_bound or bound.name in bound.form.odd:
        return _written(field)
    written, key = bound.form.written, (bound.name, bound.value())
    if key not in written:
        written[key] = _written(_under_another_prefix(field))
    return SafeString(written[key].replace(PREFIX, bound.form.prefix))


def _under_another_prefix(field):
    form, another = copy(field.field.form), copy(field)
    form.prefix = PREFIX
    another.field = field.field.field.get_bound_field(form, field.field.name)
    return another


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
