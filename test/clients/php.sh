# PHP: SQLite3::loadExtension takes a file name in the folder sqlite3.extension_dir.
. "$(dirname "$0")/common"
need php
php -m | grep -qi sqlite3 || lacks "no SQLite3 in PHP (php-sqlite3)"
php -d sqlite3.extension_dir="$(dirname "$SIYU")" -r '
  $db = new SQLite3(":memory:");
  $db->loadExtension("siyu.so");
  exit($db->querySingle("SELECT gmv(column1) FROM (VALUES (1), (2))") === 3 ? 0 : 1);'
