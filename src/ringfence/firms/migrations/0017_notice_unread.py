"""What a member has not read is counted on every page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firms", "0016_notices")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read", False)), fields=["firm", "member"], name="notice_unread"
            ),
        ),
    ]
