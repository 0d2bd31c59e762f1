"""Secrets lie sealed: those of webhooks, which were made of the secret key, and those of second steps."""

import base64
from typing import Any

from django.db import migrations
from django.utils.crypto import salted_hmac

import ringfence.firms.fields
from ringfence.firms.sealing import is_sealed, seal


def seal_webhooks(apps: Any, _editor: Any) -> None:
    webhooks = apps.get_model("firms", "Webhook")
    for hook in webhooks.objects.select_related("firm").exclude(state="removed"):
        secrets = {
            "secret": _secret(hook, bytes(hook.salt)),
            "earlier_secret": _secret(hook, bytes(hook.earlier_salt)),
        }
        webhooks.objects.filter(firm=hook.firm_id, number=hook.number).update(**secrets)


def _secret(hook: Any, salt: bytes) -> str:
    if not salt:
        return ""
    place = f"{hook.firm.uid}/{hook.number}/{salt.hex()}"
    made = salted_hmac("ringfence.access.webhooks.secrets", place, algorithm="sha256").digest()
    return seal("whsec_" + base64.b64encode(made).decode(), "webhook")


def seal_second_steps(apps: Any, _editor: Any) -> None:
    authenticators = apps.get_model("mfa", "Authenticator")
    for found in authenticators.objects.filter(type__in=["totp", "recovery_codes"]):
        for name in ("secret", "seed"):
            if name in found.data and not is_sealed(found.data[name]):
                found.data[name] = seal(found.data[name], "second step")
        codes = found.data.get("migrated_codes", [])
        if codes:
            found.data["migrated_codes"] = [
                code if is_sealed(code) else seal(code, "second step") for code in codes
            ]
        found.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("firms", "0026_security_log"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.AddField(
            "webhook",
            "secret",
            ringfence.firms.fields.SealedField(blank=True, default="", purpose="webhook"),
        ),
        migrations.AddField(
            "webhook",
            "earlier_secret",
            ringfence.firms.fields.SealedField(blank=True, default="", purpose="webhook"),
        ),
        migrations.RunPython(seal_webhooks, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(seal_second_steps, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField("webhook", "salt"),
        migrations.RemoveField("webhook", "earlier_salt"),
    ]
