"""Set-up by site administrators. Slips and tables are not here: nobody edits what people said."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from partnerships.models import AgendaItem, Area, Coordinator, Meeting, User

admin.site.site_header = admin.site.site_title = "Together"


# Accounts here have neither groups nor a second list of addresses.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "is_staff", "is_active")
    search_fields = ("email",)
    fields = ("email", "is_active", "is_staff")


class CoordinatorInline(admin.TabularInline):
    model = Coordinator
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ("name", "colour")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (CoordinatorInline,)


class AgendaItemInline(admin.TabularInline):
    model = AgendaItem
    extra = 1
    verbose_name_plural = _("Agenda items. “Feedback on this meeting” always comes last and is added for you.")


@admin.register(Meeting)
class MeetingAdmin(admin.ModelAdmin):
    list_display = ("date", "partnership", "venue", "present")
    view_on_site = False
    list_filter = ("partnership",)
    list_select_related = ("partnership",)
    date_hierarchy = "date"
    inlines = (AgendaItemInline,)
