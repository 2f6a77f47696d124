"""Every address of the site. Of allauth only what signing in by emailed code needs is let in."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from coprod import privacy
from coprod.home import home
from feedback.views.demo import sign_in

# The admin has no password form of its own either.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home, name="home"),
    path("", include("feedback.urls")),
    path("", include("partnerships.urls")),
    path("privacy/", privacy.privacy, name="privacy"),
    path("account/data/", privacy.own_data, name="own_data"),
    path("account/data.json", privacy.own_data_json, name="own_data_json"),
    path("account/erasure/", privacy.ask_for_erasure, name="ask_for_erasure"),
    path("account/sign-in/", login_not_required(account.request_login_code), name="account_request_login_code"),
    path("account/sign-in/code/", login_not_required(account.confirm_login_code), name="account_confirm_login_code"),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/inactive/", login_not_required(account.account_inactive), name="account_inactive"),
    # allauth sends people here by this name; there is one way to sign in.
    path(
        "account/",
        login_not_required(RedirectView.as_view(pattern_name="account_request_login_code", query_string=True)),
        name="account_login",
    ),
    path("admin/", admin.site.urls),
    path(
        "favicon.ico",
        login_not_required(RedirectView.as_view(url=lazy(static, str)("img/together.svg"))),
        name="favicon",
    ),
]
urlpatterns += [path("demo/sign-in/<str:person>/", sign_in, name="demo_sign_in")] if settings.DEMO else []
