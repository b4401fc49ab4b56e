# Ruby's sqlite3: enable_load_extension, load_extension.
. "$(dirname "$0")/common"
need ruby
ruby -rsqlite3 -e 1 2>/dev/null || lacks "no gem sqlite3 (ruby-sqlite3)"
ruby -rsqlite3 -e '
  db = SQLite3::Database.new(":memory:")
  db.enable_load_extension(true)
  db.load_extension(ARGV[0])
  exit db.get_first_value("SELECT gmv(column1) FROM (VALUES (1), (2))") == 3' "$SIYU"
