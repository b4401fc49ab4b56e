# The notebook of docs/notebooks runs from its first cell to its last and prints what is committed;
# its twin in plain Python runs, too.
. "$(dirname "$0")/common"
root=$(dirname "$SIYU")
pip_has jupysql nbclient nbformat ipykernel pandas matplotlib sqlalchemy
can_load
"$venv/bin/python" -c 'import sys; from siyu import resources; sys.exit(resources.path("echarts", "echarts.min.js") is None)' ||
  lacks "the wheel has no ECharts: make echarts before make dist"
export LANG=C.UTF-8 LC_ALL=C.UTF-8 PATH="$venv/bin:$PATH"
"$venv/bin/python" "$root/docs/notebooks/make_notebook.py" --check
"$venv/bin/python" "$root/docs/notebooks/first_hour.py" >said.txt
grep -q '^What moved GMV' said.txt && grep -q '^cohort' said.txt && [ "$(wc -l <said.txt)" -gt 60 ]
size=$(wc -c <"$root/docs/notebooks/first-hour.ipynb")
[ "$size" -lt 200000 ] || { echo "the notebook has $size bytes"; exit 1; }
