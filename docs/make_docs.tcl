# Writes what in the documentation is computed, so that it cannot drift from the code.
#
#     tclsh docs/make_docs.tcl          (or: make docs)
#
#  * docs/reference/FAMILY.md and docs/reference/README.md, from siyu_catalogue.
#  * sql/kpi.sql, from siyu_script.
#  * In README.md and docs/*.md: the SQL of every ```sql block runs in the sqlite3 shell,
#    from the project's root, all blocks of a file in one session in memory; a ```text
#    block that follows one is replaced by what the SQL printed.  A file that has
#    "<!-- needs: PATH -->" is left alone where that file is absent.
#
# test/docs.test sources this file and compares instead of writing.

namespace eval docs {
  variable root [file dirname [file dirname [file normalize [info script]]]]
}

proc docs::read {path} {
  set file [open $path r]
  fconfigure $file -encoding utf-8
  set text [::read $file]
  close $file
  return $text
}

proc docs::write {path text} {
  file mkdir [file dirname $path]
  set file [open $path w]
  fconfigure $file -encoding utf-8 -translation lf
  puts -nonewline $file $text
  close $file
}

# ---- the reference -------------------------------------------------------------

proc docs::file_of_family {family} {
  return docs/reference/[string map {" " -} $family].md
}

# "- **Label** text", or nothing.
proc docs::item {label text} {
  if {$text eq ""} {return ""}
  return "- **$label:** [escape $text]\n"
}

# Markdown would take a * or _ between words, and < or |, for markup.
proc docs::escape {text} {
  string map {* \\* _ \\_ < &lt; | \\|} $text
}

proc docs::anchor {name} {string tolower $name}

# One clause a line: a text is cut at "; " and ". " outside of brackets and quotes.
proc docs::clauses {text} {
  set clauses {}
  set depth 0
  set from 0
  set n [string length $text]
  for {set i 0} {$i < $n} {incr i} {
    set c [string index $text $i]
    if {$c in {( \[}} {incr depth}
    if {$c in {) \]}} {incr depth -1}
    if {$depth > 0 || $c ni {; .} || [string index $text $i+1] ne " "} continue
    lappend clauses [string range $text $from $i-1]
    set from [expr {$i + 2}]
  }
  lappend clauses [string range $text $from end]
}

# "- **Formula:** text", or a line for each of its clauses.
proc docs::formula {text} {
  set clauses [clauses $text]
  if {[llength $clauses] < 3} {return [item Formula $text]}
  set lines "- **Formula:**\n"
  foreach clause $clauses {append lines "    - [escape $clause]\n"}
  return $lines
}

# What an argument is: docs/arguments.tsv.  NAME_col of a table is the column that holds NAME.
proc docs::meaning {name} {
  variable meanings
  variable root
  if {![info exists meanings]} {
    set meanings [dict create]
    foreach line [split [string trim [read [file join $root docs arguments.tsv]]] \n] {
      lassign [split $line \t] key text
      dict set meanings $key $text
    }
  }
  if {[regexp {^(.*)_cols?$} $name -> key]} {return "column of the source: [string map {_ { }} $key]"}
  if {[dict exists $meanings $name]} {return [dict get $meanings $name]}
  return ""
}

# Arguments of all forms: name, default, whether it may be left out.
proc docs::arguments {signature} {
  set found [dict create]
  foreach line [split $signature \n] {
    if {![regexp {^[^(]*\((.*)\)$} $line -> list]} continue
    set optional 0
    foreach whole [split $list ,] {
      set piece $whole
      set piece [string trim [string map {\[ {} \] {}} $piece]]
      if {$piece eq ""} continue
      set preset ""
      regexp {^([^=]*)=(.*)$} $piece -> piece preset
      if {![dict exists $found $piece]} {dict set found $piece [list $preset $optional]}
      # a bracket opens behind the argument before
      if {[string match {*\[*} $whole]} {set optional 1}
    }
  }
  return $found
}
proc docs::argument_table {kind signature} {
  set arguments [arguments $signature]
  if {![dict size $arguments]} {return ""}
  set text "| argument | default | |\n|---|---|---|\n"
  dict for {name about} $arguments {
    lassign $about preset optional
    append text "| `$name` | [expr {$preset ne "" ? "`$preset`" : $optional ? "optional" : ""}] | [escape [meaning $name]] |\n"
  }
  return $text\n
}

# Columns of a table with their types; inputs are hidden ones.
proc docs::result_columns {db name kind} {
  if {$kind ne "table"} {return ""}
  set columns {}
  $db eval {SELECT name AS column_name, type FROM pragma_table_xinfo($name) WHERE hidden = 0} {
    lappend columns "`$column_name`[expr {$type eq "" ? "" : " $type"}]"
  }
  if {![llength $columns]} {return ""}
  return "**Columns:** [join $columns {, }]\n\n"
}

# A state of some rows, and the table over a column of states.
proc docs::states {states} {
  if {$states eq ""} {return ""}
  return "**States** (\[a table of states\](../scale-out.md#shards)):\n\n    [string map {\n "\n    "} $states]\n\n"
}

# Other functions that the texts of this one name, and those whose texts name it.
proc docs::see_also {db name alias_of} {
  set found {}
  $db eval {SELECT name AS other, family, formula || ' ' || nulls || ' ' || refunds AS texts FROM siyu_catalogue} {
    set said($other) $texts
    set page($other) $family
  }
  foreach other [lsort [array names said]] {
    if {$other eq $name || $other eq $alias_of} continue
    set here [expr {[string match *_* $other] || [string length $other] > 5 ? "\\m$other\\M" : "\\m$other\\("}]
    set there [expr {[string match *_* $name] || [string length $name] > 5 ? "\\m$name\\M" : "\\m$name\\("}]
    if {[regexp $here $said($name)] || [regexp $there $said($other)]} {
      lappend found "\[`$other`\]([file tail [file_of_family $page($other)]]#[anchor $other])"
    }
  }
  if {![llength $found]} {return ""}
  return "- **See also:** [join $found {, }]\n"
}

proc docs::one_function {db row} {
  dict with row {
    set text "## $name\n\n$title_en · $title_zh"
    append text " ($kind[expr {$sliding ? ", window frames may slide" : ""}])\n\n"
    if {$signature ne ""} {append text "    [string map {\n "\n    "} $signature]\n\n"}
    if {$alias_of ne ""} {append text "Another name for [link $alias_of].\n\n"}
    append text [argument_table $kind $signature] [result_columns $db $name $kind] [states $states]
    append text [formula $formula] [item NULL $nulls] [item Refunds $refunds] \
                [item Source $practice] [item Memory $memory] [item Since $since] [see_also $db $name $alias_of]
    append text "\n```sql\n$example;\n```\n```text\n$output\n```\n"
  }
  return $text
}

proc docs::link {name} {return "\[`$name`\](#[anchor $name])"}

proc docs::page {db family} {
  set text "# [string totitle $family]\n\nGenerated from `siyu_catalogue` by `make docs`.\n"
  append text "How times, NULLs, refunds and windows are read: \[conventions\](../conventions.md).\n"
  $db eval {
    SELECT name, kind, title_en, title_zh, coalesce(signature, '') AS signature, coalesce(states, '') AS states, formula, nulls, refunds,
           practice, memory, coalesce(sliding, 0) AS sliding, coalesce(alias_of, '') AS alias_of,
           example, output, since
    FROM siyu_catalogue WHERE family = $family
  } row {
    append text \n [one_function $db [array get row]]
  }
  return $text
}

proc docs::index {db} {
  set text "# Reference\n\nGenerated from `siyu_catalogue` by `make docs`; the same in SQL:\n"
  append text "`SELECT name, title_zh, formula FROM siyu_catalogue;`\n\n[function_table $db ""]"
  return $text
}

# One line per family: its functions with links.  `folder` leads to docs/reference.
proc docs::function_table {db folder} {
  set text "| family | functions |\n|---|---|\n"
  foreach family [families $db] {
    set page $folder[file tail [file_of_family $family]]
    set links {}
    $db eval {SELECT name FROM siyu_catalogue WHERE family = $family} {
      lappend links "\[`$name`\]($page#[anchor $name])"
    }
    append text "| \[$family\]($page) | [join $links {, }] |\n"
  }
  return $text
}

proc docs::families {db} {
  $db eval {SELECT family FROM siyu_catalogue GROUP BY family ORDER BY min(rowid)}
}

# Path -> text of every generated page.
proc docs::reference {db} {
  set pages [dict create docs/reference/README.md [index $db]]
  foreach family [families $db] {
    dict set pages [file_of_family $family] [page $db $family]
  }
  return $pages
}

# All texts of the library in one file for .read: what is there already stays, but views are made anew.
proc docs::bundle {db} {
  set text "-- Tables, indexes, views and audiences of siyu in one file, generated from sql/schema, sql/view and sql/audience:
--     .load ./siyu
--     .read sql/kpi.sql
-- SELECT siyu_setup('kpi') does the same without a file at hand.\n\nSAVEPOINT siyu_kpi;\n"
  $db eval {
    SELECT name, sql FROM siyu_script
    ORDER BY CASE kind WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, rowid
  } {
    if {[regexp {(?n)^CREATE VIEW } $sql]} {append text "\nDROP VIEW IF EXISTS $name;"}
    append text \n [string trimright $sql] \n
  }
  append text "\nRELEASE siyu_kpi;\n"
}

# ---- blocks that run -------------------------------------------------------------

# Splits a document into {kind text} pieces: sql, text (what the sql block just before it
# prints) and prose.  Their texts, joined, are the document.
proc docs::pieces {document} {
  set pieces {}
  set body ""
  set mode prose
  set after_sql 0
  foreach line [split $document \n] {
    if {$mode ne "prose" && $line eq "```"} {
      if {$mode ne "other"} {lappend pieces [list $mode $body]; set body ""}
      set after_sql [expr {$mode eq "sql"}]
      set mode prose
    } elseif {$mode eq "prose" && [regexp {^```(.*)$} $line -> language]} {
      set mode [mode_of $language $after_sql]
      append body $line\n
      if {$mode ne "other"} {lappend pieces [list prose $body]; set body ""}
      continue
    } elseif {$mode eq "prose" && [string trim $line] ne ""} {
      set after_sql 0
    }
    append body $line\n
  }
  lappend pieces [list prose [string range $body 0 end-1]]
}

proc docs::mode_of {language after_sql} {
  if {$language eq "sql"} {return sql}
  if {$language eq "text" && $after_sql} {return text}
  return other
}

# What each of these scripts prints, run one after the other in one sqlite3 shell.
proc docs::run_shell {scripts} {
  variable root
  set mark "<<<end of block>>>"
  set channel [file tempfile path]
  fconfigure $channel -encoding utf-8
  puts $channel [load_line]
  foreach script $scripts {puts $channel "$script\n.print $mark"}
  close $channel
  set directory [pwd]
  cd $root
  set channel [open |[list [shell_name] -init /dev/null -batch :memory: < $path 2>@1] r]
  cd $directory
  fconfigure $channel -encoding utf-8
  set printed [::read $channel]
  catch {close $channel}
  file delete $path
  set outputs [split [string map [list $mark\n \u0001] $printed] \u0001]
  if {[llength $outputs] <= [llength $scripts]} {error "sqlite3: $printed"}
  lrange $outputs 0 [llength $scripts]-1
}

proc docs::load_line {} {
  if {[info exists ::env(SIYU)] && $::env(SIYU) ne ""} {return ".load '[file normalize $::env(SIYU)]'\n"}
  return ".load ./siyu\n"
}

proc docs::shell_name {} {
  if {[info exists ::env(SQLITE3)] && $::env(SQLITE3) ne ""} {return $::env(SQLITE3)}
  return sqlite3
}

# The document with its text blocks as they should be; "" when it cannot be run here.
proc docs::refreshed {document} {
  variable root
  if {[regexp {<!-- needs: (\S+) -->} $document -> needed] && ![file exists [file join $root $needed]]} {
    return ""
  }
  set pieces [pieces $document]
  set scripts {}
  foreach piece $pieces {
    if {[lindex $piece 0] eq "sql"} {lappend scripts [lindex $piece 1]}
  }
  if {![llength $scripts]} {return $document}
  set outputs [run_shell $scripts]
  set text ""
  set n -1
  foreach piece $pieces {
    lassign $piece kind body
    if {$kind eq "sql"} {incr n}
    append text [expr {$kind eq "text" ? [lindex $outputs $n] : $body}]
  }
  return $text
}

# README.md's table of functions, between two comments.
proc docs::with_function_table {document table} {
  set pattern {(<!-- functions -->\n).*?(<!-- end of functions -->)}
  if {![regexp -indices $pattern $document -> head tail]} {return $document}
  return [string range $document 0 [lindex $head 1]]$table[string range $document [lindex $tail 0] end]
}

# Path -> text of every document, refreshed; those that cannot run are left out.
proc docs::documents {db} {
  variable root
  set result [dict create]
  foreach path [concat README.md README.zh.md [lsort [glob -nocomplain -directory $root -tails docs/*.md]]] {
    set text [refreshed [read [file join $root $path]]]
    if {[string match README*.md $path]} {set text [with_function_table $text [function_table $db docs/reference/]]}
    if {$text ne ""} {dict set result $path $text}
  }
  return $result
}

proc docs::write_all {} {
  variable root
  package require sqlite3
  sqlite3 db :memory:
  db enable_load_extension 1
  set library [file join $root siyu]
  db eval {SELECT load_extension($library)}
  foreach {path text} [concat [reference db] [list sql/kpi.sql [bundle db]] [documents db]] {
    set target [file join $root $path]
    if {[file exists $target] && [read $target] eq $text} continue
    write $target $text
    puts "wrote $path"
  }
  db close
}

if {[info exists ::argv0] && [file normalize $::argv0] eq [file normalize [info script]]} {
  if {[encoding system] ne "utf-8"} {encoding system utf-8}
  docs::write_all
}
