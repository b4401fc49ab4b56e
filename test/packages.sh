#!/bin/bash
# Each package of build/dist installed into an empty environment and used there, and siyu in each
# of the clients that docs/clients.md lists.  What cannot be had here (a registry that does not
# answer, a tool that is absent) is skipped with its reason; what belongs to this machine's own
# platform must work.  The last line is "N passed, N failed, N skipped".
#
#     test/packages.sh ?name ...?        packages and clients by name, else all
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
root=$PWD
dist=$root/build/dist
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
passed=0 failed=0 skipped=0
only=" $* "
version=$(sed -n 's/^.define SIYU_VERSION "\(.*\)"/\1/p' include/siyu.h)
platform=linux-$(uname -m)

pass() { passed=$((passed + 1)); echo "ok   $1"; }
fail() { failed=$((failed + 1)); echo "FAIL $1"; sed 's/^/     /' "$here/log" | tail -n 15; }
skip() { skipped=$((skipped + 1)); echo "skip $1: $2"; }
wanted() { [ "$only" = "  " ] || [[ $only == *" $1 "* ]]; }

# try NAME COMMAND…: must work.
try() {
  local name=$1
  shift
  if (cd "$here" && timeout "${TRY_SECONDS:-600}" "$@") >"$here/log" 2>&1 </dev/null; then pass "$name"; else fail "$name"; fi
}
# have NAME COMMAND…: makes ready, or skips for that reason.
have() {
  local name=$1
  shift
  (cd "$here" && timeout "${TRY_SECONDS:-600}" "$@") >"$here/log" 2>&1 </dev/null && return 0
  skip "$name" "$(grep . "$here/log" | tail -n 1 | cut -c1-160)"
  return 1
}

# A Python whose sqlite3 loads extensions, if there is one.
python=python3
for candidate in /usr/bin/python3 python3; do
  if $candidate -c 'import sqlite3, venv, ensurepip; sqlite3.connect(":memory:").enable_load_extension(True)' 2>/dev/null; then
    python=$candidate
    break
  fi
done

cat >"$here/answers.py" <<'PY'
import siyu
c = siyu.connect(":memory:")
c.execute("CREATE TABLE o(customer, amount)")
c.execute("INSERT INTO o VALUES ('ann', 100), ('ann', 50), ('bo', 30)")
assert list(c.execute("SELECT gmv(amount), arpu(customer, amount) FROM o")) == [(180, 90.0)]
assert siyu.__version__ == list(c.execute("SELECT siyu_version()"))[0][0]
print(type(c).__module__, siyu.loadable_path())
PY

if wanted wheel; then
  $python -m venv "$here/wheel" >"$here/log" 2>&1 || fail "wheel: venv"
  for file in "$dist"/siyu-*-py3-none-manylinux*_"$(uname -m)".whl; do
    try "wheel installs" "$here/wheel/bin/pip" install -q --no-index "$file"
  done
  if "$here/wheel/bin/python" -c 'import sqlite3; sqlite3.connect(":memory:").enable_load_extension(True)' 2>/dev/null; then
    try "wheel answers" "$here/wheel/bin/python" answers.py
  else
    skip "wheel answers" "this Python's sqlite3 cannot load extensions"
    try "wheel says what to install" "$here/wheel/bin/python" -c '
import siyu
try: siyu.connect()
except RuntimeError as e: assert "pip install apsw" in str(e), e
else: raise SystemExit(1)'
  fi
  # sqlite3 without load_extension, as many Pythons have it
  try "wheel without load_extension" "$here/wheel/bin/python" -c '
import sqlite3, siyu
class Bare:
    def close(self): pass
try: siyu.load(Bare())
except RuntimeError as e: assert "pip install apsw" in str(e), e
else: raise SystemExit(1)'
fi

# The line of README.md: made by the machine's own compiler, with the siyu command.
if wanted make-wheel; then
  if have make-wheel $python -m venv "$here/own"; then
    try "make wheel" make -s -C "$root" wheel PYTHON="$python"
    try "make wheel installs" sh -c "'$here/own/bin/pip' install -q --no-index '$root'/build/wheel/siyu-*.whl"
    try "make wheel: siyu" sh -ec "'$here/own/bin/siyu' --version | grep -qx 'siyu $version'
'$here/own/bin/python' -c 'import os, siyu; assert os.path.exists(siyu.loadable_path() + \".so\"), siyu.loadable_path()'"
  fi
fi

if wanted sdist; then
  $python -m venv "$here/sdist" >"$here/log" 2>&1
  if have sdist "$here/sdist/bin/pip" install -q setuptools wheel; then
    try "sdist builds and installs" "$here/sdist/bin/pip" install -q --no-build-isolation "$dist/siyu-$version.tar.gz"
    try "sdist gives the library" "$here/sdist/bin/python" -c 'import os, siyu; assert os.path.exists(siyu.loadable_path() + ".so")'
    try "wheels offer the extras of the sdist" "$here/sdist/bin/python" -c '
import email, glob, sys, zipfile
from importlib.metadata import metadata
def extras(m): return sorted(m.get_all("Provides-Extra")), sorted(r.replace(" ", "").replace("\x27", "\x22") for r in m.get_all("Requires-Dist"))
built = extras(metadata("siyu"))
for path in glob.glob(sys.argv[1] + "/siyu-*.whl"):
    with zipfile.ZipFile(path) as z: made = extras(email.message_from_bytes(z.read(next(n for n in z.namelist() if n.endswith("/METADATA")))))
    assert made == built, (path, made, built)
assert "spark" in built[0]' "$dist"
  fi
fi

if wanted deb && command -v dpkg-deb >/dev/null; then
  deb=$(ls "$dist"/siyu_*_"$(dpkg --print-architecture)".deb)
  mkdir -p "$here/deb"
  try "deb unpacks" dpkg-deb -x "$deb" "$here/deb"
  try "deb is complete" sh -c "dpkg-deb -I '$deb' | grep -q 'Version: $version' && (cd '$here/deb' && dpkg-deb -e '$deb' '$here/control' && md5sum -c --quiet '$here/control/md5sums')"
  try "deb answers" sh -c "sqlite3 :memory: '.load $here/deb/usr/lib/sqlite3/siyu' 'SELECT gmv(7)' | grep -qx 7"
  try "man page" sh -c "zcat '$here/deb/usr/share/man/man7/siyu.7.gz' | grep -q siyu_catalogue"
fi

# Without lintian what dpkg itself wants has been looked at above.  Who maintains it is told by DEBEMAIL.
if wanted deb && command -v lintian >/dev/null; then
  try "lintian" lintian --allow-root --no-cfg --suppress-tags bogus-mail-host,bogus-mail-host-in-debian-changelog --fail-on error,warning "$deb"
fi

# Every file of the folder is in the SBOM with its sum, and what of others is in it with a version.
cat >"$here/sbom.py" <<'PY'
import hashlib, json, os, re, sys
folder, version = sys.argv[1:]
path = os.path.join(folder, "siyu-%s.cdx.json" % version)
bom = json.load(open(path))
assert bom["metadata"]["component"]["version"] == version
files = {c["name"]: c for c in bom["components"] if c["type"] == "file"}
there = set(os.listdir(folder)) - {"SHA256SUMS", os.path.basename(path)}
assert set(files) == there, set(files) ^ there
summed = {line.split("  ")[1].rstrip("\n") for line in open(os.path.join(folder, "SHA256SUMS"))}
assert summed == there | {os.path.basename(path)}, summed ^ there
for name, about in files.items():
    with open(os.path.join(folder, name), "rb") as file: assert about["hashes"][0]["content"] == hashlib.sha256(file.read()).hexdigest(), name
    for other in about.get("components", []): assert re.fullmatch(r"\d+(\.\d+)+", other["version"]) and other["purl"].endswith("@" + other["version"]), other
assert all(c["components"][0]["name"] == "sqlite" for n, c in files.items() if n.startswith("siyu-wasm-") or n == "siyu-%s.tar.gz" % version)
assert re.fullmatch(r"\d{4}[a-z]", next(c for c in bom["components"] if c["name"] == "tzdata")["version"])
PY
if wanted sbom; then
  bom=$dist/siyu-$version.cdx.json
  try "sbom names every package" python3 sbom.py "$dist" "$version"
  # Into a folder that an earlier build of more platforms and one of an older version have filled.
  try "dist leaves no package of an earlier build" sh -ec '
python3 "$0/ext/package/dist.py" again
(cd again && touch siyu-0.1.0-py3-none-win_amd64.whl siyu_0.1.0_arm64.deb siyu-0.1.0.cdx.json siyu-0.1.0-linux-i386.tar.gz siyu-win32-x64-0.1.0.tgz siyu-0.1.0.tgz)
python3 "$0/ext/package/dist.py" again "$2"
python3 sbom.py again "$1"
touch again/own.txt
python3 "$0/ext/package/dist.py" again "$2"
test -e again/own.txt' "$root" "$version" "$platform"
  python3 -m venv "$here/sbom" >"$here/log" 2>&1
  if have "sbom's schema" "$here/sbom/bin/pip" install -q 'cyclonedx-python-lib[json-validation]'; then
    try "sbom's schema" "$here/sbom/bin/python" -c '
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
sys.exit(JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read()))' "$bom"
  fi
fi

if wanted archive; then
  mkdir -p "$here/archive"
  try "archive unpacks" tar -C "$here/archive" -xzf "$dist/siyu-$version-$platform.tar.gz"
  try "archive answers" sh -c "sqlite3 :memory: '.load $here/archive/siyu-$version-$platform/siyu' 'SELECT gmv(7)' | grep -qx 7"
  try "zip answers" sh -c "python3 -m zipfile -e '$dist/siyu-$version-$platform.zip' '$here/zip' && sqlite3 :memory: '.load $here/zip/siyu' 'SELECT gmv(7)' | grep -qx 7"
  # What sqlpkg looks at: files in the folder of sqlpkg.json, their sums, no folder within.
  try "sqlpkg.json" python3 -c '
import hashlib, json, os, sys, zipfile
folder = sys.argv[1]
assets = json.load(open(folder + "/sqlpkg.json"))["assets"]
assert assets["path"] == "." and assets["files"], assets
for name in assets["files"].values():
    path = os.path.join(folder, name)
    with open(path, "rb") as file: assert assets["checksums"][name] == "sha256-" + hashlib.sha256(file.read()).hexdigest(), name
    with zipfile.ZipFile(path) as z: assert not any("/" in n for n in z.namelist()) and any(n.startswith("siyu.") and n != "siyu.h" for n in z.namelist()), name' "$dist"
  if command -v sqlpkg >/dev/null; then
    try "sqlpkg installs" sh -c "cd '$dist' && HOME='$here' sqlpkg install sqlpkg.json && sqlite3 :memory: \".load $here/.sqlpkg/siyu/siyu/siyu\" 'SELECT gmv(7)' | grep -qx 7"
  fi
  try "checksums" sh -c "cd '$dist' && sha256sum -c --quiet SHA256SUMS"
fi

if wanted npm; then
  if ! command -v npm >/dev/null; then skip npm "no npm"
  else
    mkdir -p "$here/npm"
    echo '{"name":"x","version":"1.0.0","private":true}' >"$here/npm/package.json"
    library=$(ls "$dist"/siyu-linux-"$(node -p process.arch)"-"$version".tgz)
    try "npm installs" npm --prefix "$here/npm" install --no-audit --no-fund --omit=optional "$library" "$dist/siyu-$version.tgz"
    try "npm finds the library" sh -c "cd '$here/npm' && node -e 'console.log(require(\"siyu\").getLoadablePath())' && node --input-type=module -e 'import { getLoadablePath } from \"siyu\"; getLoadablePath()'"
    if have better-sqlite3 npm --prefix "$here/npm" install --no-audit --no-fund --omit=optional better-sqlite3@12; then
      try "better-sqlite3" sh -c "cd '$here/npm' && node -e '
        const db = require(\"siyu\").load(new (require(\"better-sqlite3\"))(\":memory:\"));
        db.exec(\"CREATE TABLE o(c, a); INSERT INTO o VALUES (1, 10), (1, 20), (2, 30)\");
        require(\"assert\").deepEqual(db.prepare(\"SELECT gmv(a) AS g, arpu(c, a) AS p FROM o\").get(), { g: 60, p: 30 });'"
    fi
    # node:sqlite loads extensions from Node 22.13 on, which is a package, too.
    node=node
    can() { "$1" -e 'if (!require("node:sqlite").DatabaseSync.prototype.loadExtension) process.exit(1)'; }
    if ! can node >/dev/null 2>&1; then
      mkdir -p "$here/node22"
      have node:sqlite npm --prefix "$here/node22" install --no-audit --no-fund node@22 && node=$here/node22/node_modules/.bin/node
    fi
    if can "$node" >/dev/null 2>&1; then
      try "node:sqlite of $("$node" --version)" sh -c "cd '$here/npm' && '$node' -e '
        const { DatabaseSync } = require(\"node:sqlite\");
        const db = require(\"siyu\").load(new DatabaseSync(\":memory:\", { allowExtension: true }));
        require(\"assert\").equal(db.prepare(\"SELECT gmv(column1) AS g FROM (VALUES (1), (2))\").get().g, 3);'"
    elif [ "$node" != node ]; then skip node:sqlite "$("$node" --version 2>&1 | tail -n 1) has none"
    fi
  fi
fi

if wanted wasm; then
  if ! command -v npm >/dev/null; then skip wasm "no npm"
  elif [ ! -e "$dist/siyu-wasm-$version.tgz" ]; then skip wasm "not built: ext/package/platforms.sh wasm"
  else
    mkdir -p "$here/wasm"
    echo '{"name":"x","version":"1.0.0","private":true}' >"$here/wasm/package.json"
    cp test/wasm_check.mjs "$here/wasm/"
    sqlite3 "$here/wasm/orders.db" "PRAGMA journal_mode = wal; CREATE TABLE orders(customer, amount); INSERT INTO orders VALUES ('ann', 100), ('bo', 50)" >/dev/null
    try "wasm installs" npm --prefix "$here/wasm" install --no-audit --no-fund "$dist/siyu-wasm-$version.tgz"
    try "wasm answers, every example" sh -c "cd '$here/wasm' && node wasm_check.mjs orders.db"
  fi
fi

for script in test/clients/*.sh; do
  [ -e "$script" ] || continue
  name=$(basename "$script" .sh)
  wanted "$name" || continue
  # exit status 77: what it needs cannot be had here, for the reason that it prints last
  SIYU=$root/siyu PYTHON=$python DIST=$dist timeout "${TRY_SECONDS:-600}" bash "$script" >"$here/log" 2>&1 </dev/null
  case $? in
    0) pass "$name" ;;
    77) skip "$name" "$(grep . "$here/log" | tail -n 1 | cut -c1-160)" ;;
    *) fail "$name" ;;
  esac
done

echo "$passed passed, $failed failed, $skipped skipped"
exit $((failed > 0))
