# DB Browser for SQLite in a window: a project with SQL in it, F5, Ctrl+S, and the table it made.
# SCREENSHOT=file.png keeps a picture of the window.
. "$(dirname "$0")/common"
need sqlitebrowser
need xvfb-run
need xdotool
orders
mkdir -p home/.config
chmod 700 home
export HOME=$PWD/home XDG_CONFIG_HOME=$PWD/home/.config XDG_RUNTIME_DIR=$PWD/home LANG=C.UTF-8
cat >orders.sqbpro <<XML
<?xml version="1.0" encoding="UTF-8"?><sqlb_project><db path="$PWD/orders.db" readonly="0"/><attached/>
<window><main_tabs open="structure browser pragmas query" current="3"/></window>
<tab_sql><sql name="SQL 1">CREATE TABLE figures AS
  SELECT gmv(amount) AS gmv FROM orders;
SELECT 'GMV 成交总额' AS figure,
  gmv(amount) AS value FROM orders
UNION ALL SELECT 'ARPU 客单',
  arpu(customer, amount) FROM orders
UNION ALL SELECT 'siyu', siyu_version();</sql><current_tab id="0"/></tab_sql></sqlb_project>
XML
cat >window.sh <<'SH'
sqlitebrowser -o "extensions/list=$SIYU.so" -o checkversion/enabled=false orders.sqbpro >said 2>&1 &
browser=$!
trap 'kill $browser' EXIT
for _ in $(seq 60); do
  sleep 1
  window=$(xdotool search --onlyvisible --name 'DB Browser' 2>/dev/null | tail -n 1)
  [ -z "$window" ] || break
done
# A slow machine takes the keys late: until the table is there.
for _ in $(seq 20); do
  sleep 2
  xdotool windowfocus "$window" key --clearmodifiers F5
  sleep 2
  xdotool key --clearmodifiers ctrl+s
  sleep 1
  [ "$(sqlite3 orders.db 'SELECT gmv FROM figures' 2>/dev/null)" != 25000 ] || break
done
[ -z "${SCREENSHOT:-}" ] || import -window root -crop 505x720+0+0 +repage "$SCREENSHOT"
SH
xvfb-run -a -s '-screen 0 1100x720x24' bash window.sh || true
cat said
sqlite3 orders.db 'SELECT gmv FROM figures' | grep -qx 25000
