# pandas: a frame in, figures out.  Zoned times and numpy integers have to be made plain first.
. "$(dirname "$0")/common"
pip_has pandas
can_load
"$venv/bin/python" - <<'PY'
import sqlite3, pandas, siyu
frame = pandas.DataFrame({"customer": ["ann", "ann", "bo"], "amount": [12000, 8000, 5000],
                          "time": pandas.to_datetime(["2024-01-05", "2024-01-25", "2024-01-09"], utc=True)})
frame["time"] = frame["time"].dt.strftime("%Y-%m-%d %H:%M:%SZ")
connection = siyu.load(sqlite3.connect(":memory:"))
frame.to_sql("orders", connection, index=False)
got = pandas.read_sql("SELECT gmv(amount) AS gmv, repurchase_rate(customer) AS r FROM orders", connection)
assert got.values.tolist() == [[25000, 0.5]], got
# one parameter of numpy arrives as a BLOB, unless int() makes it plain
import numpy
assert connection.execute("SELECT gmv(?)", [int(numpy.int64(7))]).fetchone() == (7,)
PY
