# sqlean.py: the same with more functions in it.
. "$(dirname "$0")/common"
pip_has sqlean.py
"$venv/bin/python" - <<'PY'
import sqlean, siyu
connection = siyu.load(sqlean.connect(":memory:"))
assert connection.execute("SELECT gmv(column1) FROM (VALUES (1), (2))").fetchone() == (3,)
PY
