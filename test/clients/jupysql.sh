# JupySQL: %sql engine, then %%sql (the line magic takes what looks like an option for one).
. "$(dirname "$0")/common"
pip_has jupysql ipython sqlalchemy
can_load
cat >cell.py <<'PY'
import siyu
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "sql")
shell.user_ns["engine"] = siyu.sqlalchemy_engine("sqlite://")
shell.run_line_magic("sql", "engine")
got = shell.run_cell_magic("sql", "", "SELECT gmv(column1) AS g FROM (VALUES (1), (2))")
assert "3" in str(got), got
PY
"$venv/bin/python" cell.py
