from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_pair_queue")]

    operations = [
        migrations.AddField(
            model_name="duplicatepair",
            name="evidence",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
