from django.db import migrations


def make_curators(apps, schema_editor):
    """The group that may fill the archive. Made once: what a site makes of it later stays."""
    group, new = apps.get_model("auth", "Group").objects.get_or_create(name="curator")
    if new:
        kind, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="archive", model="intakebatch"
        )
        permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=kind, codename="fill_archive", defaults={"name": "收文：上传、核对、发布、撤下本批"}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    """The group of those who may send files to the desk and publish them."""

    dependencies = [
        ('archive', '0026_intake'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.RunPython(make_curators, migrations.RunPython.noop),
    ]
