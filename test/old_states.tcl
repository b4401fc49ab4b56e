# States as this version stores them, for test/old_states.test of the versions after it.  Once a
# release:
#
#     tclsh test/old_states.tcl >test/data/states-$VERSION.sql
#
# A few rows, and of every form of every aggregate the state of half of them.
source [file join [file dirname [info script]] harness.tcl]
source [file join [file dirname [info script]] catalogue_forms.tcl]
open_siyu
random_rows rows 16 mixed real
set columns {id g shard customer order_id referrer time amount refund flag base follow}
set forms [aggregate_forms]
foreach {name arguments} {
  sequence_match  {'(?1)(?2)', time, flag, base}
  sequence_count  {'(?1)(?2)', time, flag, base}
  btyd_fit        {'bgnbd', id % 3, id % 3 * id, id * 4}
  gamma_gamma_fit {id % 3, abs(amount)}
} {lappend forms [list $name $name $arguments 0]}

puts "-- Made by siyu [db one {SELECT siyu_version()}]; see test/old_states.tcl."
puts "CREATE TABLE o([join $columns {, }]);"
foreach id [db eval {SELECT id FROM rows ORDER BY id}] {
  puts "INSERT INTO o VALUES([join [db eval "SELECT quote([join $columns {), quote(}]) FROM rows WHERE id=$id"] {, }]);"
}
puts "CREATE TABLE stored(label, name, arguments, state);"
foreach form $forms {
  lassign $form label name arguments
  puts "INSERT INTO stored VALUES('$label', '$name', '[string map {' ''} $arguments]', [db one "SELECT quote(${name}_state($arguments)) FROM rows WHERE id>8"]);"
}
