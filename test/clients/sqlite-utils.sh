# sqlite-utils --load-extension.
. "$(dirname "$0")/common"
pip_has sqlite-utils
can_load
orders
"$venv/bin/sqlite-utils" query orders.db "SELECT gmv(amount) AS gmv FROM orders" --load-extension "$SIYU" | grep -q '"gmv": 25000'
