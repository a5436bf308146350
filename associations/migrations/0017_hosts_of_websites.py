"""The hosts of the websites that are there already."""

from urllib.parse import urlsplit

from django.db import migrations


def host(address):
    try:
        return (urlsplit(address.strip()).hostname or "").removeprefix("www.")[:253]
    except ValueError:
        return ""


def tell_hosts(apps, schema_editor):
    ContactPoint = apps.get_model("associations", "ContactPoint")
    websites = ContactPoint.objects.filter(type="website").only("value").order_by("pk")
    rows = []
    for row in websites.iterator(chunk_size=2000):
        row.host = host(row.value)
        rows.append(row)
        if len(rows) == 2000:
            ContactPoint.objects.bulk_update(rows, ["host"], batch_size=200)
            rows.clear()
    ContactPoint.objects.bulk_update(rows, ["host"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("associations", "0016_duplicates")]

    operations = [migrations.RunPython(tell_hosts, migrations.RunPython.noop)]
