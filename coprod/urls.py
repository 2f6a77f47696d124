"""Every address of the site. Of allauth only what signing in by emailed code needs is let in."""

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from coprod import privacy
from coprod.accounts.data_tokens import data_tokens, revoke_data_token
from coprod.accounts.devices import devices
from coprod.accounts.passkeys import RemovePasskey
from coprod.accounts.views import AskForCode, TypeCode
from coprod.home import home
from feedback.demo.views import sign_in

# The admin has no password form of its own either.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Under allauth's own names, which its views reverse. Their pages hold secrets: no browser keeps a copy.
second_step_patterns = [
    path("", never_cache(second_step.index), name="mfa_index"),
    path("sign-in/", login_not_required(second_step.authenticate), name="mfa_authenticate"),
    path("confirm/", never_cache(second_step.reauthenticate), name="mfa_reauthenticate"),
    path("app/", never_cache(app.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", never_cache(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", never_cache(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", never_cache(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkeys/", never_cache(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", never_cache(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/sign-in/", login_not_required(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/confirm/", never_cache(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/", never_cache(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", never_cache(RemovePasskey.as_view()), name="mfa_remove_webauthn"),
]

urlpatterns = [
    path("", home, name="home"),
    path("", include("feedback.urls")),
    path("", include("charter.urls")),
    path("", include("partnerships.urls")),
    path("privacy/", privacy.privacy, name="privacy"),
    path("account/data/", privacy.own_data, name="own_data"),
    path("account/data.json", privacy.own_data_json, name="own_data_json"),
    path("account/erasure/", privacy.ask_for_erasure, name="ask_for_erasure"),
    path("account/sign-in/", login_not_required(AskForCode.as_view()), name="account_request_login_code"),
    path("account/sign-in/code/", login_not_required(TypeCode.as_view()), name="account_confirm_login_code"),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/inactive/", login_not_required(account.account_inactive), name="account_inactive"),
    # allauth sends people here by this name; there is one way to sign in.
    path(
        "account/",
        login_not_required(RedirectView.as_view(pattern_name="account_request_login_code", query_string=True)),
        name="account_login",
    ),
    # And by this one it names, in its mail to an unknown address, where to sign up. Our mail does not.
    path(
        "account/no-sign-up/",
        login_not_required(RedirectView.as_view(pattern_name="account_request_login_code")),
        name="account_signup",
    ),
    path("account/devices/", devices, name="account_devices"),
    path("account/spreadsheets/", data_tokens, name="data_tokens"),
    path("account/spreadsheets/<int:pk>/revoke/", revoke_data_token, name="revoke_data_token"),
    path("account/second-step/", include(second_step_patterns)),
    path("admin/", admin.site.urls),
    path(
        "favicon.ico",
        login_not_required(RedirectView.as_view(url=lazy(static, str)("img/together.svg"))),
        name="favicon",
    ),
]
urlpatterns += [path("demo/sign-in/<str:person>/", sign_in, name="demo_sign_in")] if settings.DEMO else []
