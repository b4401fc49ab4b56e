# Makes C of the SQL texts: awk -f ext/sql/embed.awk sql/schema/*.sql sql/view/*.sql ...
#
# A file begins with comment lines: "-- name: title", "-- title in Chinese", then "-- practice: ...",
# "-- needs: a, b", "-- formula: ...".  Its folder and its first statement say what it is.  A text
# is an array of lines, since compilers limit the length of one literal.
function quoted(s){ gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\"" }
function finish(){
  if( name=="" ) return
  print "  0\n};"
  if( folder=="audience" ) kind = "audience"
  record[n++] = "  { " quoted(name) ", " quoted(kind) ", " quoted(practice) ", " quoted(needs) ",\n    " quoted(zh) ", " quoted(en) ", SCRIPT_TEXT_" n " },"
}
BEGIN { print "/* Made from sql/ by ext/sql/embed.awk: do not edit. */\n#include \"sql/script.h\"\n" }
FNR==1 {
  finish()
  parts = split(FILENAME, path, "/"); folder = path[parts-1]
  name = $0; sub(/^-- /, "", name); en = name; sub(/:.*/, "", name); sub(/^[^:]*: */, "", en)
  zh = practice = needs = kind = ""
  print "static const char *const SCRIPT_TEXT_" n+1 "[] = {"
}
FNR==2 { zh = $0; sub(/^-- /, "", zh) }
/^-- practice:/ { practice = $0; sub(/^-- practice: */, "", practice) }
/^-- needs:/ { needs = $0; sub(/^-- needs: */, "", needs) }
kind=="" && /^CREATE/ { kind = /VIRTUAL TABLE/ ? "view" : /TABLE/ ? "table" : /INDEX/ ? "index" : "view" }
{ print "  " quoted($0) "," }
END {
  finish()
  print "\nconst Script SCRIPTS[] = {"
  for(i=0; i<n; i++) print record[i]
  print "  { 0, 0, 0, 0, 0, 0, 0 }\n};"
}
