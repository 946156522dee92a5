"""What each service may ask for. One that is registered already keeps what it could ask for until then: all of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oidc", "0001_client")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="scopes",
            field=models.CharField(default="openid profile email phone company", max_length=200),
            preserve_default=False,
        ),
    ]
