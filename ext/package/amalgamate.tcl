# Writes siyu as one C file: siyu.c, and siyu.h beside it.
#
#     tclsh ext/package/amalgamate.tcl FOLDER ?generated.c ...?     (or: make amalgamation)
#
# Each header stands where it is included first.  Whatever is declared at file scope without
# `static` gets it, so that the file exports its entry points and nothing else, whatever the
# compiler's flags: a function by a `static` before its first declaration, a table by the same
# before its definition.  A table whose header does not tell its length (`extern T NAME[];`) has
# to be defined before it is used: the catalogue therefore comes before the binding.  Macros of
# a .c file end with it.  A name of a .c file's own that another file has too gets the file's
# name in front (and its folder's, where two files have one name).

namespace eval amalgamate {
  variable root [file dirname [file dirname [file dirname [file normalize [info script]]]]]
  variable seen
  array set seen {}
  variable generated {}      ;# C files that are made, not written
  # Names that are linked from outside.
  variable entries {sqlite3_siyu_init sqlite3_extension_init dladdr dlopen GetModuleHandleExA}
}

proc amalgamate::read {path} {
  set file [open $path r]
  fconfigure $file -encoding utf-8
  set text [::read $file]
  close $file
  return $text
}

# Files in the order of the floors; ext/siyu.c, the entry point, is the last.
proc amalgamate::sources {} {
  variable root
  set list {}
  foreach floor {base spine metric catalogue sql} {
    foreach depth {*.c */*.c */*/*.c} {
      lappend list {*}[lsort [glob -nocomplain -directory $root/ext/$floor $depth]]
    }
  }
  set last $root/ext/catalogue/catalogue.c
  set list [lsearch -all -inline -not -exact $list $last]
  set before_sql [lsearch -glob $list $root/ext/sql/*]
  variable generated
  concat [linsert $list $before_sql {*}$generated $last] $root/ext/siyu.c
}

# ---- declarations ------------------------------------------------------------------

variable amalgamate::TOKEN {(?x)
    /\* .*? \*/ | //[^\n]* | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
  | (?:^|\n)[\ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*  | [A-Za-z_0-9]+ | \s+ | .}

proc amalgamate::tokens {text} {
  variable TOKEN
  regexp -all -inline -- [string map {.*? (?:[^*]|\\*+[^*/])*\\** } $TOKEN] $text
}

# The text with each declaration at file scope passed through a command.
proc amalgamate::each_declaration {text command} {
  set out ""
  set now ""                 ;# the declaration so far
  set depth 0
  set body 0                 ;# within the body of a function
  set before ""              ;# the token before, without space
  foreach token [tokens $text] {
    set kind [string index [string trimleft $token] 0]
    if {$now eq "" && ($kind in {"" "#"} || [regexp {^(/\*|//)} $token])} {append out $token; continue}
    append now $token
    if {$kind in {"" "#"} || [regexp {^(/\*|//)} $token]} continue
    if {$token eq "\x7b"} {
      if {$depth==0} {set body [expr {$before eq ")"}]}
      incr depth
    } elseif {$token eq "\x7d"} {
      incr depth -1
    }
    set before $token
    if {$depth==0 && ($token eq ";" || ($token eq "\x7d" && $body))} {
      append out [{*}$command $now]
      set now ""
      set body 0
    }
  }
  return $out$now
}

proc amalgamate::with_statics {text} {each_declaration $text amalgamate::declared}

proc amalgamate::declared {text} {
  variable entries
  set first [lindex [regexp -inline {^[A-Za-z_]+} $text] 0]
  # without what stands in braces, and without comments
  set head [regsub -all {/\*(?:[^*]|\*+[^*/])*\*+/} $text " "]
  set head [regsub {[\x7b=].*$} $head ""]
  foreach name $entries {
    if {[regexp "\\m$name\\M" $head]} {return $text}
  }
  switch -- $first {
    static - inline - typedef - _Static_assert - "" {return $text}
    struct - union - enum {if {[regexp {^\w+\s+\w*\s*;?\s*$} $head]} {return $text}}
    OUT_OF_LINE {
      if {[regexp {^OUT_OF_LINE\s+static\M} $text]} {return $text}
    }
    extern {
      if {[regexp {\[\s*\]\s*;\s*$} $head]} {return ""}
      return [regsub {^extern} $text static]
    }
  }
  return "static $text"
}

# ---- names -------------------------------------------------------------------------

# Adds the names that a declaration gives, to the list in ::amalgamate::given.
proc amalgamate::note_names {text} {
  variable given
  set text [regsub -all {/\*(?:[^*]|\*+[^*/])*\*+/|"(?:\\.|[^"\\])*"} $text " "]
  if {[regexp {^\s*(?:static\s+|typedef\s+)*(?:struct|union|enum)\s+(\w+)\s*\x7b} $text -> tag]} {lappend given $tag}
  if {[regexp {^\s*(?:typedef\s+)?enum\s*\w*\s*\x7b([^\x7d]*)\x7d} $text -> inner]} {
    foreach one [split $inner ,] {
      if {[regexp {^\s*(\w+)} $one -> name]} {lappend given $name}
    }
  }
  set whole $text
  while {[regsub {\m(struct|union|enum)(\s+\w+)?\s*\x7b[^\x7b\x7d]*\x7d} $text " int " text]} {}
  if {[regexp {^\s*typedef} $text]} {
    if {[regexp {\(\s*\*\s*(\w+)\s*\)} $text -> name] || [regexp {(\w+)\s*(?:\[[^\]]*\])?\s*;\s*$} $text -> name]} {lappend given $name}
  } elseif {![regexp {^\s*(struct|union|enum)\s+\w*\s*[\x7b;]} $text]} {
    set head [regsub {[\x7b=].*$} [regsub {__attribute__\s*\(\([^)]*\)\)} $text " "] ""]
    if {[regexp {(\w+)\s*\(} $head -> name] || [regexp {(\w+)\s*(?:\[[^\]]*\]\s*)*;?\s*$} $head -> name]} {lappend given $name}
  }
  return $whole
}

proc amalgamate::names_in {text} {
  variable given {}
  each_declaration $text amalgamate::note_names
  lsearch -all -inline -not -regexp [lsort -unique $given] {^(int|char|double|void|struct|union|enum|[0-9].*)$}
}

# ::amalgamate::rename(file.c): the names of its own that another file has too.
proc amalgamate::find_clashes {} {
  variable root
  variable rename
  array set count {}
  foreach path [glob -nocomplain $root/ext/*/*.h $root/ext/*/*/*.h $root/ext/*/*/*/*.h] {
    foreach name [names_in [read $path]] {set declared($name) 1}
    # a struct that only the .c file knows, but whose name is the header's
    foreach {whole name} [regexp -all -inline {\mstruct\s+(\w+)\M(?!\s*\x7b)} [read $path]] {set opaque($name) 1}
  }
  foreach path [sources] {
    set own($path) [lsearch -all -inline -not -exact [names_in [statics_of [read $path]]] ""]
    foreach name $own($path) {incr count($name)}
  }
  foreach path [sources] {
    set rename($path) [lmap name $own($path) {
      if {$count($name)==1 && ![info exists declared($name)] || [info exists opaque($name)]} continue
      set name
    }]
  }
}

# The declarations of a .c file that are its own: functions and tables without static belong to
# a header.
proc amalgamate::statics_of {text} {
  each_declaration $text {apply {declaration {
    expr {[regexp {^(static|typedef|struct|union|enum)\M} $declaration] ? "$declaration\n" : ""}
  }}}
}

# The file's name, with its folder's where two files have the same.
proc amalgamate::prefix_of {path} {
  set prefix [file rootname [file tail $path]]
  if {[llength [lsearch -all -glob [sources] */[file tail $path]]] > 1} {
    set prefix [file tail [file dirname $path]]_$prefix
  }
  return $prefix
}

proc amalgamate::renamed {text path} {
  variable rename
  if {![info exists rename($path)] || ![llength $rename($path)]} {return $text}
  foreach name $rename($path) {set to($name) [prefix_of $path]_$name}
  set out ""
  set before ""
  foreach token [tokens $text] {
    if {[regexp {^\s*#} $token]} {
      foreach name $rename($path) {regsub -all "(^|\[^\\w.>\])$name\\M" $token "\\1$to($name)" token}
    } elseif {[info exists to($token)] && $before ne "." && $before ne "->"} {
      set token $to($token)
    }
    append out $token
    if {![regexp {^(\s|/\*)} $token]} {set before [lindex [list $token ->] [expr {$before eq "-" && $token eq ">"}]]}
  }
  return $out
}

# ---- files -------------------------------------------------------------------------

proc amalgamate::find {name from} {
  variable root
  foreach place [list $root/ext $root/include [file dirname $from]] {
    set path [file normalize $place/$name]
    if {[file exists $path]} {return $path}
  }
  return ""
}

# A header at its first place, nothing at the others.
proc amalgamate::included {name from} {
  variable seen
  if {$name eq "sqlite3ext.h"} {return "#include \"sqlite3ext.h\"\n"}
  set path [find $name $from]
  if {$path eq ""} {error "$from: no file $name"}
  if {[info exists seen($path)]} {return ""}
  set seen($path) 1
  if {[file tail $path] eq "siyu.h"} {return [read $path]}
  return "/* ---- [short $path] ---- */\n[expanded $path]"
}

proc amalgamate::short {path} {
  variable root
  string range $path [string length $root/] end
}

proc amalgamate::expanded {path} {
  set out ""
  set rest ""
  foreach line [split [string trimright [read $path] \n] \n] {
    if {[regexp {^\s*#\s*define _DEFAULT_SOURCE} $line]} continue
    if {[regexp {^\s*#\s*include\s+"([^"]+)"} $line -> name]} {
      append out [renamed [with_statics $rest] $path][included $name $path]
      set rest ""
    } else {
      append rest $line\n
    }
  }
  append out [renamed [with_statics $rest] $path]
}

proc amalgamate::without_macros {text} {
  set names [lsort -unique [lmap {whole name} [regexp -all -inline -line {^\s*#\s*define\s+(\w+)} $text] {set name}]]
  join [lmap name $names {set name "#undef $name\n"}] ""
}

proc amalgamate::whole {} {
  variable root
  regexp {SIYU_VERSION "([^"]*)"} [read $root/include/siyu.h] -> version
  set text "/*
** siyu $version as one file: private-domain customer analytics for SQLite.
**
**     gcc -O2 -shared -fPIC siyu.c -o siyu.so -lm     an extension: .load ./siyu
**     cl /std:c11 /utf-8 /O2 /LD siyu.c               siyu.dll
**     gcc -DSQLITE_CORE -c siyu.c                     for an application with its own SQLite
**
** It needs SQLite's sqlite3ext.h and sqlite3.h, and siyu.h is what an application includes.
** Written by `make amalgamation`: changes belong into the files named below.
**
** [join [lrange [split [read $root/LICENSE] \n] 0 end-1] "\n** "]
*/
#ifndef _DEFAULT_SOURCE
# define _DEFAULT_SOURCE
#endif
#define SIYU_AMALGAMATION 1
#define SIYU_BUILD 1
#if defined(__GNUC__)
# pragma GCC diagnostic ignored \"-Wunused-function\"
#endif
#if defined(__GNUC__) && !defined(__clang__)   /* seeing all at once it takes const for unwritten */
# pragma GCC diagnostic ignored \"-Wmaybe-uninitialized\"
#endif
/* A product and a sum joined into one operation change last digits from one machine to another. */
#if defined(__clang__)
# pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__) && defined(__FP_FAST_FMA)
# pragma GCC optimize (\"fp-contract=off\")
#elif defined(_MSC_VER)
# pragma fp_contract(off)
#endif
"
  find_clashes
  foreach path [sources] {
    set own [expanded $path]
    append text "\n/* ======== [short $path] ======== */\n$own[without_macros [read $path]]"
  }
  return $text
}

proc amalgamate::write {path text} {
  set file [open $path w]
  fconfigure $file -encoding utf-8 -translation lf
  puts -nonewline $file $text
  close $file
}

proc amalgamate::main {folder args} {
  variable root
  variable generated [lmap path $args {file normalize $path}]
  file mkdir $folder
  write $folder/siyu.c [whole]
  write $folder/siyu.h [read $root/include/siyu.h]
}

amalgamate::main {*}$argv
