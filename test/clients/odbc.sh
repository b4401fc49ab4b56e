# ODBC (spreadsheets, BI tools): LoadExt in the driver's connection string.
. "$(dirname "$0")/common"
driver=$(find /usr/lib /usr/local/lib -name libsqlite3odbc.so 2>/dev/null | head -n 1)
[ -n "$driver" ] || lacks "no SQLite ODBC driver: apt-get install libsqliteodbc"
need isql
[ -e "$SIYU.so" ] || lacks "no $SIYU.so"
orders
export ODBCSYSINI=$work
printf '[siyu]\nDriver=%s\nDatabase=%s/orders.db\nLoadExt=%s.so\n' "$driver" "$work" "$SIYU" >odbc.ini
printf '[SQLite3]\nDriver=%s\n' "$driver" >odbcinst.ini
echo "SELECT gmv(amount) || ' ' || arppu(customer, amount) AS answer FROM orders" | isql siyu -b -d'|' -x0x20 >answer 2>&1 || { cat answer; exit 1; }
grep -q '25000 12500.0' answer || { cat answer; exit 1; }
