# polars reads what a connection gives.
. "$(dirname "$0")/common"
pip_has polars
can_load
"$venv/bin/python" - <<'PY'
import sqlite3, polars, siyu
connection = siyu.load(sqlite3.connect(":memory:"))
got = polars.read_database("SELECT gmv(column1) AS gmv FROM (VALUES (1), (2))", connection)
assert got.rows() == [(3,)], got
PY
