# Perl's DBD::SQLite: sqlite_enable_load_extension, then load_extension in SQL.
. "$(dirname "$0")/common"
need perl
perl -MDBD::SQLite -e 1 2>/dev/null || lacks "no DBD::SQLite (libdbd-sqlite3-perl)"
perl -MDBI -e '
  my $db = DBI->connect("dbi:SQLite:dbname=:memory:", "", "", {RaiseError => 1});
  $db->sqlite_enable_load_extension(1);
  $db->do("SELECT load_extension(?)", undef, $ARGV[0]);
  my ($g) = $db->selectrow_array("SELECT gmv(column1) FROM (VALUES (1), (2))");
  $g == 3 or die $g' "$SIYU"
