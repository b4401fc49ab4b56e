# Python's own sqlite3, where it can load extensions.
. "$(dirname "$0")/common"
pip_has
can_load
"$venv/bin/python" - <<'PY'
import sqlite3, siyu
connection = sqlite3.connect(":memory:")
siyu.load(connection)
assert connection.execute("SELECT gmv(column1) FROM (VALUES (1), (2))").fetchone() == (3,)
PY
