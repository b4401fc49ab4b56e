# State BLOBs taken apart and put together, sealed with the right checksum: the format that
# ext/sql/state.c describes, written a second time.
#
#   seal body, unseal blob          with, without the checksum
#   split_state blob                dict: format id version parameters payload
#   join_state dict                 and back, sealed
#   varint n, zigzag n, real x      as bytes

namespace eval codec {
  variable mask 0xFFFFFFFFFFFFFFFF
  variable A 0x9e3779b97f4a7c15
  variable B 0xd1b54a32d192ed03

  proc word {bytes at n} {
    set v 0
    for {set i [expr {$n-1}]} {$i>=0} {incr i -1} {
      set v [expr {$v<<8 | [lindex $bytes [expr {$at+$i}]]}]
    }
    return $v
  }
  proc product {a b} {
    variable mask
    set p [expr {$a*$b}]
    expr {($p & $mask) ^ ($p >> 64)}
  }
  proc hash {data seed} {
    variable mask; variable A; variable B
    binary scan $data cu* bytes
    set n [llength $bytes]
    set h [expr {$seed ^ (($n*$A) & $mask)}]
    for {set at 0} {$n>16} {incr n -16; incr at 16} {
      set h [product [expr {[word $bytes $at 8] ^ $A ^ $h}] [expr {[word $bytes [expr {$at+8}] 8] ^ $B}]]
    }
    if {$n>=8} {
      set a [word $bytes $at 8]; set b [word $bytes [expr {$at+$n-8}] 8]
    } elseif {$n>=4} {
      set a [word $bytes $at 4]; set b [word $bytes [expr {$at+$n-4}] 4]
    } else {
      set a [word $bytes $at $n]; set b 0
    }
    set h [product [expr {$a ^ $A ^ $h}] [expr {$b ^ $B}]]
    product [expr {$h ^ $B}] $A
  }
}

proc seal {body} {
  set sum [codec::hash $body 0x736979752d737431]
  return $body[binary format w [expr {$sum>=1<<63 ? $sum-(1<<64) : $sum}]]
}
proc unseal {blob} {string range $blob 0 end-8}

proc varint {n} {
  set bytes {}
  while {$n>=128} {
    lappend bytes [expr {$n%128 + 128}]
    set n [expr {$n/128}]
  }
  binary format c* [lappend bytes $n]
}
proc zigzag {n} {varint [expr {$n<0 ? -2*$n-1 : 2*$n}]}
proc real {x} {
  switch $x {
    NaN     {return \0\0\0\0\0\0\xf8\x7f}
    default {binary format q $x}
  }
}

proc take_varint {name} {
  upvar 1 $name body
  set value 0
  for {set shift 0} 1 {incr shift 7} {
    scan $body %c byte
    set body [string range $body 1 end]
    incr value [expr {($byte & 127)<<$shift}]
    if {$byte<128} {return $value}
  }
}
proc take_text {name} {
  upvar 1 $name body
  set n [take_varint body]
  set text [string range $body 0 $n-1]
  set body [string range $body $n end]
  return $text
}

proc split_state {blob} {
  set body [string range [unseal $blob] 4 end]
  set state [dict create format [take_varint body] id [take_text body] version [take_varint body]]
  set parameters {}
  for {set n [take_varint body]} {$n>0} {incr n -1} {lappend parameters [take_text body]}
  dict set state parameters $parameters
  dict set state payload $body
}
proc join_state {state} {
  dict with state {}
  set body siyu[varint $format][varint [string length $id]]$id[varint $version][varint [llength $parameters]]
  foreach text $parameters {append body [varint [string length $text]]$text}
  seal $body$payload
}
