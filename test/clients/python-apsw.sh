# APSW carries its own SQLite and always loads extensions.
. "$(dirname "$0")/common"
pip_has apsw
"$venv/bin/python" - <<'PY'
import apsw, siyu
connection = siyu.load(apsw.Connection(":memory:"))
assert list(connection.execute("SELECT gmv(column1) FROM (VALUES (1), (2))")) == [(3,)]
PY
