"""Addresses of a user's own sign-in."""

from django.urls import URLPattern, path

from . import address, app, asked, overview, passkeys, password, prove, recovery

urlpatterns: list[URLPattern] = [
    path("your-sign-in", overview.your_sign_in, name="your-sign-in"),
    path("your-sign-in/prove", prove.prove, name="prove"),
    path("your-sign-in/asked/<number:firm>", asked.asked, name="second-step-asked"),
    path("your-sign-in/sign-out-everywhere", overview.sign_out_everywhere, name="sign-out-everywhere"),
    path("your-sign-in/password", password.change, name="change-password"),
    path("your-sign-in/email", address.change, name="change-address"),
    path("your-sign-in/app", app.add, name="add-app"),
    path("your-sign-in/app/remove", app.remove, name="remove-app"),
    path("your-sign-in/recovery-codes", recovery.codes, name="recovery-codes"),
    path("your-sign-in/recovery-codes/new", recovery.new, name="new-recovery-codes"),
    path("your-sign-in/passkeys/add", passkeys.add, name="add-passkey"),
    path("your-sign-in/passkeys/<number:number>/remove", passkeys.remove, name="remove-passkey"),
]
