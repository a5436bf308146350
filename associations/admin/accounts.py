"""Accounts of staff, by forms that everybody can use: of Django's, some boxes have no name."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User


class Ticked:
    """What there are several of is ticked in a list."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)


admin.site.unregister([User, Group])


@admin.register(User)
class AccountAdmin(Ticked, UserAdmin):
    """What an account may do is said by its groups."""

    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (title, told | {"fields": [each for each in told["fields"] if each != "user_permissions"]})
        for title, told in UserAdmin.fieldsets
    ]


@admin.register(Group)
class AccountGroupAdmin(Ticked, GroupAdmin):
    pass
