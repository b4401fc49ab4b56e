# The sqlite3 shell: .load, then SQL.
. "$(dirname "$0")/common"
orders
sqlite3 orders.db ".load $SIYU" "SELECT gmv(amount), arpu(customer, amount) FROM orders" | grep -qx '25000|12500.0'
