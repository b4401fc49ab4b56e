# Rust, sqlx: SqliteConnectOptions::extension.
. "$(dirname "$0")/common"
need cargo
orders
mkdir -p src
cat >Cargo.toml <<'TOML'
[package]
name = "x"
version = "0.1.0"
edition = "2021"
[dependencies]
sqlx = { version = "0.8", default-features = false, features = ["sqlite", "runtime-tokio"] }
tokio = { version = "1", features = ["rt", "macros"] }
TOML
cat >src/main.rs <<'RUST'
use sqlx::{sqlite::SqliteConnectOptions, ConnectOptions, Row};
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut db = SqliteConnectOptions::new().filename("orders.db").extension(path).connect().await.unwrap();
    let row = sqlx::query("SELECT gmv(amount), arppu(customer, amount) FROM orders").fetch_one(&mut db).await.unwrap();
    assert_eq!((row.get::<i64, _>(0), row.get::<f64, _>(1)), (25000, 12500.0));
}
RUST
cargo fetch >cargo.log 2>&1 || lacks "cargo: $(grep . cargo.log | tail -n 1)"
cargo run -q --offline -- "$SIYU"
