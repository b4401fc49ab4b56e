# Django: at the signal connection_created.
. "$(dirname "$0")/common"
pip_has django
can_load
"$venv/bin/python" - <<'PY'
import siyu
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
import django
django.setup()
from django.db import connection
from django.db.backends.signals import connection_created
connection_created.connect(lambda sender, connection, **more: siyu.load(connection), weak=False)
with connection.cursor() as cursor:
    cursor.execute("SELECT gmv(column1) FROM (VALUES (1), (2))")
    assert cursor.fetchone() == (3,)
PY
