"""The search key of a member's name, filled from the person, and the index that holds a company's members in its order."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def fill(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    key = apps.get_model("accounts", "User").objects.filter(id=OuterRef("user_id")).values("search_key")
    apps.get_model("companies", "Membership").objects.update(search_key=Subquery(key))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_user"), ("companies", "0003_reminded_at")]

    operations = [
        migrations.AddField("membership", "search_key", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex("membership", models.Index("company", "search_key", "id", name="members_by_name")),
    ]
