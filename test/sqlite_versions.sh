#!/bin/sh
# Other SQLites than the system's, for the tests: the oldest that siyu runs on, and the newest
# that a package carries.  Their one C file comes out of Go's mattn/go-sqlite3, by `go mod
# download`; it is compiled with Debian's options into build/sqlite/NAME/libsqlite3.so.0, which
# Tcl's sqlite3 package, and whatever else is linked with -lsqlite3, then takes.
#
#     test/sqlite_versions.sh build               all of them; prints what there is
#     test/sqlite_versions.sh run NAME COMMAND…   COMMAND on 3.31.1, newest, or system
#
# SQLITES=folder puts them elsewhere than build/sqlite.  The sqlite3 shell refuses a library
# that is not its own version, so that COMMAND finds a shell which keeps the system's.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
store=${SQLITES:-$root/build/sqlite}

module_version() {
  case $1 in
    3.31.1) echo v2.0.3+incompatible ;;
    newest) echo "${SQLITE_NEWEST:-latest}" ;;
    *) echo "$0: no SQLite $1: 3.31.1, newest or system" >&2; exit 2 ;;
  esac
}

# The folder of the module; go is run outside the tree, which is no module of Go.
download() {
  (cd / && GO111MODULE=on GOFLAGS=-mod=mod go mod download -json "github.com/mattn/go-sqlite3@$1") |
    sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p'
}

# Functions of SQLite 3.37 and 3.38 that Debian's Tcl package is linked with.
stand_ins() {
  cat <<'C'
#if SQLITE_VERSION_NUMBER<3037000
sqlite3_int64 sqlite3_changes64(sqlite3 *db){ return sqlite3_changes(db); }
sqlite3_int64 sqlite3_total_changes64(sqlite3 *db){ return sqlite3_total_changes(db); }
#endif
#if SQLITE_VERSION_NUMBER<3038000
int sqlite3_error_offset(sqlite3 *db){ (void)db; return -1; }
#endif
C
}

OPTIONS="-DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_FTS3 \
  -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_JSON1 -DSQLITE_ENABLE_DESERIALIZE \
  -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_PREUPDATE_HOOK -DSQLITE_ENABLE_RTREE \
  -DSQLITE_ENABLE_SESSION -DSQLITE_ENABLE_STMTVTAB -DSQLITE_ENABLE_UNLOCK_NOTIFY \
  -DSQLITE_OMIT_LOOKASIDE -DSQLITE_SECURE_DELETE -DSQLITE_SOUNDEX -DSQLITE_THREADSAFE=1 \
  -DSQLITE_MAX_VARIABLE_NUMBER=250000 -DHAVE_ISNAN"

build() {
  [ -e "$store/$1/libsqlite3.so.0" ] && return
  folder=$(download "$(module_version "$1")")
  [ -n "$folder" ] || { echo "$0: the package with SQLite $1 cannot be had" >&2; exit 1; }
  mkdir -p "$store/$1"
  { echo "#include \"$folder/sqlite3-binding.c\""; stand_ins; } >"$store/$1/sqlite3.c"
  # shellcheck disable=SC2086
  ${CC:-cc} -O2 -fPIC -w $OPTIONS -shared -Wl,-soname,libsqlite3.so.0 \
    -o "$store/$1/new" "$store/$1/sqlite3.c" -lm -lpthread -ldl
  mv "$store/$1/new" "$store/$1/libsqlite3.so.0"
}

# A shell that does not take the library.
shell_of() {
  own=$(command -v sqlite3) || return 0
  mkdir -p "$store/bin"
  case $own in "$store"/*) return 0 ;; esac
  printf '#!/bin/sh\nLD_LIBRARY_PATH= exec %s "$@"\n' "$own" >"$store/bin/sqlite3"
  chmod +x "$store/bin/sqlite3"
}

case ${1:-} in
  build)
    for name in 3.31.1 newest; do
      build $name
      printf '%s\t%s\n' "$(sed -n '1s/#include "\(.*\)".*/\1/p' "$store/$name/sqlite3.c" |
        xargs grep -m1 -o 'define SQLITE_VERSION  *"[0-9.]*"' | cut -d'"' -f2)" "$store/$name/libsqlite3.so.0"
    done ;;
  run)
    [ $# -gt 2 ] || { echo "usage: $0 run NAME COMMAND…" >&2; exit 2; }
    name=$2
    shift 2
    if [ "$name" != system ]; then
      build "$name"
      shell_of
      export LD_LIBRARY_PATH="$store/$name${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
      export PATH="$store/bin:$PATH"
    fi
    exec "$@" ;;
  *)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 2 ;;
esac
