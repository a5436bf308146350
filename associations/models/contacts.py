from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .. import countries, phones
from ..changes import one_change
from .facts import Fact, FactQuerySet


class Address(Fact):
    """schema.org PostalAddress: text as sources write it; what is unknown is empty."""

    street_address = models.CharField(
        _("street and number"), max_length=300, blank=True, help_text=_("As in Via Nazionale 243.")
    )
    postal_code = models.CharField(
        _("postal code"), max_length=20, blank=True, help_text=_("As in 00184 or EC4R 9AN.")
    )
    locality = models.CharField(
        _("city"), max_length=120, blank=True, help_text=_("As in Roma: the name used there.")
    )
    region = models.CharField(
        _("region"), max_length=120, blank=True, help_text=_("As in Lazio or Western Cape.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        choices=countries.choices,
        help_text=_("As in Italy."),
    )

    class Meta(Fact.Meta):
        default_related_name = "addresses"
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self):
        return ", ".join(self.lines())

    def lines(self):
        """As written on an envelope, without the country: street, then postal code and city."""
        town = " ".join(filter(None, (self.postal_code, self.locality)))
        return [line for line in (self.street_address, town, self.region) if line]

    @property
    def on_one_line(self):
        """With the country, in the active language."""
        country = countries.name(self.country) if self.country else ""
        return ", ".join(filter(None, (*self.lines(), country)))


# The columns from which others follow, and these.
DERIVED_OF, DERIVED = {"value", "country", "type"}, {"e164", "host"}


class ContactPointQuerySet(FactQuerySet):
    def update(self, **values):
        if DERIVED_OF & values.keys():
            # What is derived follows, row by row.
            with one_change():
                keys = list(self.values_list("pk", flat=True))
                updated = super().update(**values)
                rows = list(self.model.objects.filter(pk__in=keys))
                for row in rows:
                    row.e164, row.host = row.digits(), row.site()
                self.model.objects.bulk_update(rows, sorted(DERIVED), batch_size=500)
                return updated
        return super().update(**values)

    update.alters_data = True


class E164Field(models.CharField):
    """A telephone number as in +442079460000, derived from its row whenever that is written."""

    def pre_save(self, model_instance, add):
        digits = model_instance.digits()
        setattr(model_instance, self.attname, digits)
        return digits


class HostField(models.CharField):
    """Whose site a website is, as in example.org: derived from its row whenever that is written."""

    def pre_save(self, model_instance, add):
        host = model_instance.site()
        setattr(model_instance, self.attname, host)
        return host


class ContactPoint(Fact):
    """schema.org ContactPoint, Popolo ContactDetail: one way to reach the association."""

    class Type(models.TextChoices):
        PHONE = "phone", _("telephone")
        FAX = "fax", _("fax")
        EMAIL = "email", _("e-mail")
        PEC = "pec", _("certified e-mail (PEC)")
        WEBSITE = "website", _("website")

    type = models.CharField(_("type"), max_length=8, choices=Type, default=Type.PHONE)
    value = models.CharField(
        _("value"),
        max_length=500,
        help_text=_("As the source writes it: 800 200111, info@example.org, https://example.org."),
    )
    label = models.CharField(
        _("label"), max_length=80, blank=True, help_text=_("Whose it is, as in “press office”.")
    )
    country = models.CharField(
        _("dialled in"),
        max_length=2,
        blank=True,
        choices=countries.choices,
        help_text=_("For numbers written without a country code."),
    )
    e164 = E164Field(_("E.164"), max_length=20, blank=True, editable=False)
    host = HostField(_("host"), max_length=253, blank=True, editable=False)

    objects = ContactPointQuerySet.as_manager()

    class Meta(Fact.Meta):
        default_related_name = "contact_points"
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        indexes = [
            # With the entry, so that what several have is found without their rows.
            models.Index(fields=["e164", "association"], name="contact_point_by_number"),
            models.Index(fields=["host", "association"], name="contact_point_by_host"),
        ]

    def __str__(self):
        return self.value

    def save(self, *args, **kwargs):
        written = kwargs.get("update_fields")
        if written and DERIVED_OF & set(written):
            kwargs["update_fields"] = {*written, *DERIVED}
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        check = VALIDATORS.get(self.type)
        if check and self.value:
            try:
                check(self.value)
            except ValidationError as error:
                raise ValidationError({"value": error}) from None

    @property
    def type_label(self):
        return self.Type(self.type).label

    @property
    def is_number(self):
        return self.type in (self.Type.PHONE, self.Type.FAX)

    @cached_property
    def number(self):
        """The `phones.PhoneNumber` of a telephone or fax; None for others and for odd writings."""
        return phones.parse(self.value, self.country) if self.is_number else None

    def digits(self):
        """E.164, empty where there is none; read anew from the columns."""
        self.__dict__.pop("number", None)
        return self.number.e164 if self.number else ""

    def site(self):
        """The host of a website without `www.`, empty where there is none."""
        return host(self.value) if self.type == self.Type.WEBSITE else ""


def host(address):
    """Whose site a web address is of, as in example.org; empty where it tells none."""
    try:
        found = urlsplit(address.strip()).hostname or ""
    except ValueError:  # brackets around what is no IPv6 address
        return ""
    return found.removeprefix("www.")[:253]


def _validate_phone(value):
    if not any(c.isdigit() for c in value):
        raise ValidationError(_("A telephone number has digits, as in 06 4541 7542."))


VALIDATORS = {
    ContactPoint.Type.PHONE: _validate_phone,
    ContactPoint.Type.FAX: _validate_phone,
    ContactPoint.Type.EMAIL: EmailValidator(_("Write an e-mail address, as in info@example.org.")),
    ContactPoint.Type.PEC: EmailValidator(_("Write an e-mail address, as in info@example.org.")),
    ContactPoint.Type.WEBSITE: URLValidator(
        ["http", "https"], message=_("Write a whole web address, as in https://example.org.")
    ),
}
