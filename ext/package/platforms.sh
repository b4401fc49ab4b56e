#!/bin/sh
# siyu for every platform, from one machine: the library of each in build/platforms/NAME/.  The
# compiler is zig, which is a package of PyPI (python3 -m pip install ziglang); for Windows
# Debian's gcc-mingw-w64-x86-64.
#
#     ext/package/platforms.sh build ?NAME ...?    the libraries
#     ext/package/platforms.sh check ?NAME ...?    what each prints where an emulator runs it,
#                                                  compared with this machine's; the table
#     ext/package/platforms.sh wasm                SQLite and siyu in build/platforms/wasm/siyu.wasm
#     ext/package/platforms.sh msvc                clang compiles the one file as MSVC would
#
# Linux libraries run on glibc 2.17 and newer (riscv64: 2.27) or on musl, macOS from 10.13
# (x86_64) and 11.0 (arm64) on.  `check` wants Debian's qemu-user, the libc6-…-cross packages,
# wine64 and node; what is not there is said to be built only.
set -eu
cd "$(dirname "$0")/../.."
out=build/platforms
amalgamation=build/amalgamation

# name  zig's target  library  how it is run  SQLite in the program that checks it
PLATFORMS='
linux-x86_64         x86_64-linux-gnu.2.17         siyu.so     -                                            loads
linux-aarch64        aarch64-linux-gnu.2.17        siyu.so     qemu-aarch64:-L:/usr/aarch64-linux-gnu       loads
linux-i386           x86-linux-gnu.2.17            siyu.so     qemu-i386:-L:/usr/i686-linux-gnu             loads
linux-armhf          arm-linux-gnueabihf.2.17      siyu.so     qemu-arm:-L:/usr/arm-linux-gnueabihf         loads
linux-riscv64        riscv64-linux-gnu.2.27        siyu.so     qemu-riscv64:-L:/usr/riscv64-linux-gnu       loads
linux-s390x          s390x-linux-gnu.2.17          siyu.so     qemu-s390x:-L:/usr/s390x-linux-gnu           loads
linux-musl-x86_64    x86_64-linux-musl             siyu.so     -                                            linked
linux-musl-aarch64   aarch64-linux-musl            siyu.so     qemu-aarch64                                 linked
linux-musl-i386      x86-linux-musl                siyu.so     qemu-i386                                    linked
linux-musl-armhf     arm-linux-musleabihf          siyu.so     qemu-arm                                     linked
linux-musl-riscv64   riscv64-linux-musl            siyu.so     qemu-riscv64                                 linked
linux-musl-s390x     s390x-linux-musl              siyu.so     qemu-s390x                                   linked
windows-x86_64       x86_64-w64-mingw32            siyu.dll    wine                                         loads
macos-x86_64         x86_64-macos.10.13            siyu.dylib  none                                         none
macos-arm64          aarch64-macos.11.0            siyu.dylib  none                                         none
'

find_zig() {
  if [ -n "${ZIG:-}" ]; then return; fi
  for python in python3 build/zig/bin/python; do
    if $python -m ziglang version >/dev/null 2>&1; then ZIG="$python -m ziglang"; return; fi
  done
  python3 -m venv build/zig && build/zig/bin/python -m pip install -q ziglang || {
    echo "$0: no zig: python3 -m pip install ziglang, or ZIG=path (Debian: apt-get install python3-venv first)" >&2; exit 1; }
  ZIG="build/zig/bin/python -m ziglang"
}

compile() {                                             # target …
  target_=$1
  shift
  case $target_ in
    *mingw*) "$target_-gcc" "$@" ;;
    *) $ZIG cc -target "$target_" "$@" ;;
  esac
}

# The headers of the SQLite that is built against, and nothing else of this machine.
headers() {
  mkdir -p $out/include
  for header in sqlite3.h sqlite3ext.h; do
    cp "$(printf '#include <%s>\n' $header | ${CC:-cc} -E - | sed -n "s|^# 1 \"\\(.*/$header\\)\".*|\\1|p" | head -n 1)" $out/include/
  done
}

rows() {
  if [ $# -eq 0 ]; then printf '%s\n' "$PLATFORMS" | grep .; return; fi
  for name; do
    printf '%s\n' "$PLATFORMS" | grep "^$name " || { echo "$0: no platform $name" >&2; exit 2; }
  done
}

flags_of() {
  case $1 in
    *linux*) echo "-fPIC -Wl,-z,nodelete -s" ;;
    *mingw*) echo "-s -static-libgcc" ;;
    *) echo "-fPIC" ;;
  esac
}

FLAGS="-std=gnu11 -O2 -ffp-contract=off -fvisibility=hidden"

build_one() {
  mkdir -p "$out/$1"
  new=$out/$1/$3
  [ "$new" -nt $amalgamation/siyu.c ] && return
  # shellcheck disable=SC2046,SC2086
  compile "$2" $FLAGS $(flags_of "$2") -I$out/include -shared \
    "-DSIYU_BUILD_FLAGS=\"-O2 for $2\"" $amalgamation/siyu.c -o "$new" -lm
  rm -f "$out/$1"/*.lib "$out/$1"/*.pdb
  needs=$(python3 ext/package/needs.py "$new" "$2") || { echo "$0: $new asks for $needs" >&2; rm -f "$new"; exit 1; }
}

build() {
  find_zig
  headers
  rows "$@" | while read -r name target library _ _; do
    case $target in *mingw*)
      if ! command -v "$target-gcc" >/dev/null; then
        echo "without $name: apt-get install gcc-mingw-w64-x86-64" >&2
        [ $# -eq 0 ] || exit 1
        continue
      fi ;;
    esac
    build_one "$name" "$target" "$library"
    echo "built $out/$name/$library"
  done
}

# ---- what it prints there --------------------------------------------------------

# SQLite's C file comes as test/sqlite_versions.sh has it.
sqlite_source() {
  test/sqlite_versions.sh build newest >/dev/null
  sed -n '1s/#include "\(.*\)".*/\1/p' "${SQLITES:-build/sqlite}/newest/sqlite3.c"
}

program() {                                        # name target sqlite
  program=$out/$1/check
  [ "$1" = windows-x86_64 ] && program=$program.exe
  [ "$program" -nt $amalgamation/siyu.c ] && return
  source=$(sqlite_source)
  if [ "$3" = linked ]; then
    # shellcheck disable=SC2086
    compile "$2" $FLAGS -w -DSQLITE_CORE -I$out/include -c $amalgamation/siyu.c -o "$out/$1/siyu.o"
    compile "$2" -static -O0 -w -DLINKED_IN -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION \
      -I$out/include test/platform_check.c "$out/$1/siyu.o" "$source" -o "$program" -lm
  else
    compile "$2" -O0 -w -DSQLITE_THREADSAFE=0 -I$out/include test/platform_check.c "$source" -o "$program" -lm
  fi
}

# Exit status 3: it cannot be run here.
run_one() {                                        # name target library how sqlite
  emulator=$(echo "$4" | tr : ' ')
  case $4 in
    none) return 3 ;;
    -) emulator= ;;
    wine) command -v wine >/dev/null || return 3; emulator="env WINEDEBUG=-all WINEPREFIX=$PWD/$out/wine wine" ;;
    qemu-*:*) command -v "${4%%:*}" >/dev/null && [ -e "${4##*:}/lib" ] || return 3 ;;
    qemu-*) command -v "$4" >/dev/null || return 3 ;;
  esac
  program "$1" "$2" "$5" || return 1
  # shellcheck disable=SC2086
  $emulator "$program" "$out/$1/$3" test/platform_states.sql >"$out/$1/printed.txt" 2>"$out/$1/errors.txt" </dev/null || return 1
  tr -d '\r' <"$out/$1/printed.txt" >"$out/$1/printed"
  cmp -s "$out/$1/printed" $out/native/printed
}

native() {
  mkdir -p $out/native
  [ $out/native/printed -nt $amalgamation/siyu.c ] && return
  # shellcheck disable=SC2086
  ${CC:-cc} -O0 -w -DSQLITE_THREADSAFE=0 -I$out/include test/platform_check.c "$(sqlite_source)" -o $out/native/check -lm -ldl
  # shellcheck disable=SC2086
  ${CC:-cc} -O3 -ffp-contract=off -shared -fPIC -I$out/include $amalgamation/siyu.c -o $out/native/siyu.so -lm
  $out/native/check $out/native/siyu.so test/platform_states.sql >$out/native/printed ||
    { echo "$0: the examples do not run here:" >&2; grep error: $out/native/printed >&2; rm -f $out/native/printed; exit 1; }
}

check() {
  build "$@" >/dev/null
  native
  failed=0
  printf '| platform | compiled for | library | bytes | asks for | examples and states |\n|---|---|---|---|---|---|\n'
  rows "$@" >$out/rows
  while read -r name target library how sqlite; do
    [ -e "$out/$name/$library" ] || { echo "| $name | $target | | | | no compiler |"; continue; }
    said="same as here"
    run_one "$name" "$target" "$library" "$how" "$sqlite" || case $? in
      3) said="built only" ;;
      *) said="DIFFER: $out/$name/printed"; failed=1 ;;
    esac
    printf '| %s | %s | %s | %s | %s | %s |\n' "$name" "$target" "$library" "$(wc -c <"$out/$name/$library")" \
      "$(python3 ext/package/needs.py "$out/$name/$library")" "$said"
  done <$out/rows
  return $failed
}

wasm() {
  find_zig
  headers
  mkdir -p $out/wasm
  [ $out/wasm/siyu.wasm -nt $amalgamation/siyu.c ] && [ $out/wasm/siyu.wasm -nt ext/package/wasm/siyu_wasm.c ] && [ -s $out/wasm/sqlite ] && return
  # Exit status 77: SQLite's C file cannot be had here.
  source=$(sqlite_source) && [ -n "$source" ] || { echo "without WebAssembly: no C file of SQLite, which Go fetches (apt-get install golang-go)" >&2; exit 77; }
  compile wasm32-wasi -mexec-model=reactor $FLAGS -w -s -DSQLITE_CORE -DSQLITE_OS_OTHER=1 -DSQLITE_THREADSAFE=0 \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_TEMP_STORE=3 -DSQLITE_OMIT_WAL -DSQLITE_OMIT_LOCALTIME \
    -DSIYU_BUILD_FLAGS='"-O2 for wasm32-wasi"' -I$out/include -I$amalgamation \
    ext/package/wasm/siyu_wasm.c $amalgamation/siyu.c "$source" -o $out/wasm/siyu.wasm
  sed -n 's/^#define SQLITE_VERSION  *"\(.*\)".*/\1/p' "$source" >$out/wasm/sqlite   # for the SBOM
}

# What `cl /std:c11 /utf-8 /O2 /LD siyu.c` compiles, by clang, which takes the same options.  MinGW's headers
# stand in for those of MSVC, less two attributes that they cannot place there.  No variable-length arrays,
# no GNU C; the object exports the entry points, as a DLL of it would, and nothing else.
msvc() {
  headers
  printf '#include <_mingw.h>\n' >$out/msvc.h
  for name in NORETURN DEPRECATED; do
    printf '#undef __MINGW_ATTRIB_%s\n#define __MINGW_ATTRIB_%s\n' $name $name >>$out/msvc.h
  done
  clang --driver-mode=cl --target=x86_64-pc-windows-msvc -fms-compatibility-version=19.30 /std:c11 /utf-8 \
    "${1:-/Od}" /c /W3 /WX -Wvla -Wgnu -Wno-unused-function -Wno-ignored-attributes -I$out/include \
    -imsvc /usr/share/mingw-w64/include "/FI$PWD/$out/msvc.h" $amalgamation/siyu.c /Fo$out/msvc.obj
  exported=$(grep -ao '/EXPORT:[A-Za-z0-9_]*' $out/msvc.obj | sort | tr '\n' ' ')
  [ "$exported" = "/EXPORT:sqlite3_extension_init /EXPORT:sqlite3_siyu_init " ] ||
    { echo "$0: $out/msvc.obj exports $exported" >&2; exit 1; }
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  build) build "$@" ;;
  check) check "$@" ;;
  wasm) wasm ;;
  msvc) msvc "$@" ;;
  *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
