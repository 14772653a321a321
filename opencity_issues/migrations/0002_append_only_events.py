from django.db import migrations

from opencity_issues.models.event import create_triggers, drop_triggers


class Migration(migrations.Migration):
    """The database itself refuses to change or delete an event (trust, 26)."""

    dependencies = [("opencity_issues", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: create_triggers(editor.connection),
            lambda apps, editor: drop_triggers(editor.connection),
        )
    ]
