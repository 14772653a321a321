from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("opencity_issues", "0005_absence_said_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("done_at__isnull", False)),
                fields=["organisation", "done_at"],
                name="assignment_done_lately",
            ),
        ),
        migrations.AddIndex(
            model_name="issuepage",
            index=models.Index(
                condition=models.Q(("repeated_at__isnull", False)), fields=["repeated_at"], name="issue_repeated"
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("planned_date__isnull", False)),
                fields=["planned_date", "state"],
                name="assignment_promised",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("returned_at__isnull", False)), fields=["returned_at"], name="assignment_returned"
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("executor_done_at__isnull", False)),
                fields=["executor_done_at"],
                name="assignment_executor_done",
            ),
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(fields=["kind", "handled_at", "issue"], name="contribution_to_handle"),
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(fields=["organisation", "kind"], name="contribution_of_office"),
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(
                condition=models.Q(("hidden_at__isnull", False)),
                fields=["hidden_at", "issue"],
                name="contribution_hidden",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("assignment__isnull", False), ("cancelled_at", None), ("met_at", None)),
                fields=["clause", "due_at", "warned_at", "repeated_at", "issue"],
                name="deadline_of_work",
            ),
        ),
        migrations.AddIndex(
            model_name="issuepage",
            index=models.Index(condition=models.Q(("again", True)), fields=["city", "status"], name="issue_again"),
        ),
        migrations.AddIndex(
            model_name="media",
            index=models.Index(
                condition=models.Q(("hidden_at__isnull", False)), fields=["hidden_at", "issue"], name="media_hidden"
            ),
        ),
    ]
