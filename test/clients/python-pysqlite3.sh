# pysqlite3-binary: sqlite3's module with a SQLite of its own.
. "$(dirname "$0")/common"
pip_has pysqlite3-binary
"$venv/bin/python" - <<'PY'
import pysqlite3, siyu
connection = siyu.load(pysqlite3.connect(":memory:"))
assert connection.execute("SELECT gmv(column1) FROM (VALUES (1), (2))").fetchone() == (3,)
PY
