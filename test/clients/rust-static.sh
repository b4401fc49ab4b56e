# Rust: siyu.c compiled into the program by a build script, with rusqlite's own SQLite.
. "$(dirname "$0")/common"
need cargo
one=$(dirname "$SIYU")/build/amalgamation/siyu.c
[ -e "$one" ] || lacks "no $one: make amalgamation"
mkdir -p src siyu
cp "$one" siyu/
cat >Cargo.toml <<'TOML'
[package]
name = "x"
version = "0.1.0"
edition = "2021"
links = "siyu"
[dependencies]
rusqlite = { version = "0.31", features = ["bundled"] }
libsqlite3-sys = { version = "0.28", features = ["bundled"] }
[build-dependencies]
cc = "1"
TOML
cat >build.rs <<'RUST'
fn main() {
    let include = std::env::var("DEP_SQLITE3_INCLUDE").unwrap();
    cc::Build::new().file("siyu/siyu.c").include(include).define("SQLITE_CORE", None)
        .flag_if_supported("-ffp-contract=off").warnings(false).compile("siyu");
}
RUST
cat >src/main.rs <<'RUST'
use std::os::raw::{c_char, c_int, c_void};
extern "C" {
    fn sqlite3_siyu_init(db: *mut rusqlite::ffi::sqlite3, message: *mut *mut c_char, api: *const c_void) -> c_int;
}
fn main() {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    assert_eq!(unsafe { sqlite3_siyu_init(db.handle(), std::ptr::null_mut(), std::ptr::null()) }, 0);
    let gmv: i64 = db.query_row("SELECT gmv(column1) FROM (VALUES (1), (2))", [], |r| r.get(0)).unwrap();
    assert_eq!(gmv, 3);
}
RUST
cargo fetch >cargo.log 2>&1 || lacks "cargo: $(grep . cargo.log | tail -n 1)"
cargo run -q --offline
