# marimo: a cell with siyu.connect(), the next ones with what it answers; run as a script and exported.
. "$(dirname "$0")/common"
pip_has marimo
can_load
orders
cat >notebook.py <<'PY'
import marimo
app = marimo.App()

@app.cell
def _():
    import siyu
    connection = siyu.connect("orders.db")
    return (connection,)

@app.cell
def _(connection):
    gmv, arppu = connection.execute("SELECT gmv(amount), arppu(customer, amount) FROM orders").fetchone()
    assert (gmv, arppu) == (25000, 12500.0), (gmv, arppu)
    return (gmv,)

if __name__ == "__main__":
    _, definitions = app.run()
    assert definitions["gmv"] == 25000
PY
"$venv/bin/python" notebook.py
"$venv/bin/marimo" export html notebook.py -o notebook.html --no-include-code >export.log 2>&1 || { cat export.log; exit 1; }
