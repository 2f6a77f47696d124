from django.urls import path

from partnerships.meetings.views import actions, agendas, mailings, meetings
from partnerships.meetings.views import scheduling as planning
from partnerships.people.views import areas, imports, invitations, members, organisations, roles
from partnerships.plans.views import plans, years

app_name = "partnerships"
_PARTNERSHIP = "partnerships/<slug:slug>"
_MEMBERS = f"{_PARTNERSHIP}/members"
_MEMBER = f"{_MEMBERS}/<int:pk>"
_MEETING = f"{_PARTNERSHIP}/meetings/<int:pk>"
_YEAR = f"{_PARTNERSHIP}/years/<int:number>"
_PLAN = f"{_YEAR}/plan"
_AREA = "areas/<slug:slug>"

urlpatterns = [
    path(f"{_PARTNERSHIP}/", meetings.detail, name="detail"),
    path(f"{_PARTNERSHIP}/meetings/new/", meetings.new_meeting, name="new_meeting"),
    path(f"{_PARTNERSHIP}/meetings/dates/", planning.plan_dates, name="dates"),
    path(f"{_PARTNERSHIP}/actions/", actions.actions, name="actions"),
    path(f"{_PARTNERSHIP}/access/", planning.access, name="access"),
    path(f"{_PARTNERSHIP}/calendar/", planning.calendar_address, name="calendar_address"),
    path("calendar/<slug:key>.ics", planning.calendar, name="calendar"),
    path(f"{_MEETING}/", meetings.meeting, name="meeting"),
    path(f"{_MEETING}/change/", meetings.change_meeting, name="change_meeting"),
    path(f"{_MEETING}/call-off/", planning.call_off, name="call_off"),
    path(f"{_MEETING}/access/", planning.arrangements, name="arrangements"),
    path(f"{_MEETING}/agenda/", agendas.agenda, name="agenda"),
    path(f"{_MEETING}/agenda/copy/", agendas.copy, name="copy_agenda"),
    path(f"{_MEETING}/papers/<int:paper>/", agendas.paper, name="paper"),
    path(f"{_MEETING}/mail/<str:kind>/", mailings.mailing, name="mailing"),
    path(f"{_MEETING}/decisions/", actions.decisions, name="decisions"),
    path(f"{_MEETING}/decisions/<int:action>/", actions.action, name="action"),
    path(f"{_MEETING}/notes/", actions.notes, name="notes"),
    path(f"{_PARTNERSHIP}/years/", years.this_year, name="this_year"),
    path(f"{_YEAR}/", years.year, name="year"),
    path(f"{_PLAN}/", plans.plan, name="plan"),
    path(f"{_PLAN}/take-over/", plans.take_over, name="take_over_plan"),
    path(f"{_PLAN}/aims/new/", plans.new_row, {"level": "aims"}, name="new_aim"),
    path(f"{_PLAN}/aims/<int:under>/outcomes/new/", plans.new_row, {"level": "outcomes"}, name="new_outcome"),
    path(f"{_PLAN}/outcomes/<int:under>/objectives/new/", plans.new_row, {"level": "objectives"}, name="new_objective"),
    path(f"{_PLAN}/objectives/<int:pk>/progress/", plans.progress, name="plan_progress"),
    path(f"{_PLAN}/<slug:level>/<int:pk>/", plans.row, name="plan_row"),
    path(f"{_PLAN}/<slug:level>/<int:pk>/remove/", plans.remove_row, name="remove_plan_row"),
    path(f"{_PARTNERSHIP}/settings/", areas.partnership_settings, name="settings"),
    path(f"{_MEMBERS}/", members.members, name="members"),
    path(f"{_MEMBERS}/new/", members.new_member, name="new_member"),
    path(f"{_MEMBERS}/invite/", invitations.invite_all, name="invite_all"),
    path(f"{_MEMBERS}/on-paper/", members.on_paper, name="on_paper"),
    path(f"{_MEMBER}/", members.member, name="member"),
    path(f"{_MEMBER}/invite/", invitations.invite, name="invite"),
    path(f"{_MEMBER}/leave/", members.leave, name="leave"),
    path(f"{_MEMBER}/replace/", members.replace, name="replace"),
    path(f"{_MEMBER}/erase/", members.erase, name="erase"),
    path(f"{_AREA}/", areas.area, name="area"),
    path(f"{_AREA}/settings/", areas.area_settings, name="area_settings"),
    path(f"{_AREA}/partnerships/new/", areas.new_partnership, name="new_partnership"),
    path(f"{_AREA}/import/", imports.import_members, name="import"),
    path(f"{_AREA}/members.csv", imports.export_members, name="export"),
    path(f"{_AREA}/invite/", invitations.invite_area, name="invite_area"),
    path(f"{_AREA}/coordinators/", areas.coordinators, name="coordinators"),
    path(f"{_AREA}/coordinators/<int:pk>/remove/", areas.dismiss, name="dismiss"),
    path(f"{_AREA}/coordinators/<int:pk>/invite/", invitations.invite_coordinator, name="invite_coordinator"),
    path(f"{_AREA}/organisations/", organisations.organisations, name="organisations"),
    path(f"{_AREA}/organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path(f"{_AREA}/record/", areas.record, name="record"),
    path(f"{_AREA}/erasures/", areas.erasures, name="erasures"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("who-may-do-what/", roles.roles, name="roles"),
]
