"""Set-up by site administrators. Slips and tables are not here: nobody edits what people said."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from partnerships.models import Act, Area, Coordinator, Entry, User

admin.site.site_header = admin.site.site_title = "Together"


# Accounts here have neither groups nor a second list of addresses.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class SecondStepAdmin(admin.ModelAdmin):
    """To take a second step away from somebody who has lost it; nobody can give one."""

    list_display = ("user", "type", "created_at", "last_used_at")
    search_fields = ("user__email",)

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    has_change_permission = has_add_permission


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """An account is closed by deactivating it, or by erasing the person in their area."""

    list_display = ("email", "is_staff", "is_active")
    search_fields = ("email",)
    fields = ("email", "is_active", "is_staff")

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def log_addition(self, request, obj, message) -> None:  # type: ignore[override]
        """Not: the admin's log would keep the address after the person is erased."""

    def log_change(self, request, obj, message) -> None:  # type: ignore[override]
        """Not either."""


class CoordinatorInline(admin.TabularInline):
    """The first ones. Who is one already is removed by another coordinator, so that an area keeps one."""

    model = Coordinator
    fields = ("user", "name")
    autocomplete_fields = ("user",)
    extra = 1

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    has_change_permission = has_delete_permission


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ("name", "colour")
    fields = ("name", "slug", "colour", "is_demonstration")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (CoordinatorInline,)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_formset(self, request, form, formset, change) -> None:
        for coordinator in formset.save():
            Entry.objects.write(Act.COORDINATOR_ADDED, by=request.user, area=coordinator.area, person=coordinator.user)
