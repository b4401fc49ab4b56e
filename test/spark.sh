#!/bin/bash
# siyu.spark on a real Spark: pyspark from PyPI in an environment of its own, two workers on this
# machine.  Skipped where pyspark or Java cannot be had.  The last line is "N passed, N failed, N
# skipped".
#
#     test/spark.sh ?options of test/spark_check.py?
#
# SPARK_PYTHON names a Python that has pyspark and pyarrow, and spares the installing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
skip() { echo "skip Spark: $1"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }

command -v java >/dev/null || skip "no Java"
[ -e siyu.so ] || make || exit 1
python=${SPARK_PYTHON:-}
if [ -z "$python" ]; then
  for candidate in /usr/bin/python3 python3; do
    $candidate -c 'import sqlite3, venv, ensurepip; sqlite3.connect(":memory:").enable_load_extension(True)' 2>/dev/null && python=$candidate && break
  done
  [ -n "$python" ] || skip "no Python whose sqlite3 loads extensions"
  "$python" -m venv "$here/venv" && timeout 900 "$here/venv/bin/pip" install -q 'pyspark==3.5.*' pyarrow pandas setuptools >"$here/log" 2>&1 ||
    skip "$(grep . "$here/log" | tail -n 1 | cut -c1-160)"
  python=$here/venv/bin/python
fi
"$python" -c 'import pyspark, pyarrow' || skip "pyspark cannot be imported"
PYTHONPATH=ext/package/python TMPDIR=$here "$python" test/spark_check.py "$@"
