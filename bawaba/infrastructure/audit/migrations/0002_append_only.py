"""Puts the triggers under the register."""

from django.db import migrations

from bawaba.infrastructure.audit import append_only


def lock(apps, schema_editor):
    for statement in append_only.lock(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def unlock(apps, schema_editor):
    for statement in append_only.unlock(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_event")]
    operations = [migrations.RunPython(lock, unlock)]
