#!/bin/sh
# Mutants: each line of the list below changes one place of the library, and the tests that it names
# must notice.  `make mutants`; MUTANTS=pattern for some.  A scratch copy is changed and built, never
# this one.  MUTANTS_PLACES=1 only looks whether each place is there: unit.test does.  The last line is "N passed, N failed": a mutant that every test lets live has failed, and
# so has one whose place is not found any more.
set -u
cd "$(dirname "$0")/.." || exit 1
tree=build/mutants/tree
passed=0
failed=0
only=${MUTANTS:-}

fresh() {
  mkdir -p "$tree"
  for part in Makefile LICENSE README.md include ext sql test docs; do
    rm -rf "${tree:?}/$part"
    cp -pR "$part" "$tree/$part"
  done
}

# mutant NAME FILE SED-SCRIPT TEST...: a test is a file of test/, or unit:NAME for a program of test/unit.
mutant() {
  name=$1 file=$2 change=$3
  shift 3
  case $name in *"$only"*) ;; *) return ;; esac
  if [ "${MUTANTS_PLACES:-}" ]; then
    if sed -e "$change" "$file" | cmp -s - "$file"; then
      echo "FAIL $name: no such place in $file"
      failed=$((failed + 1))
    else passed=$((passed + 1)); fi
    return
  fi
  cp -p "$file" "$tree/$file"
  sed -i.unchanged -e "$change" "$tree/$file"
  if cmp -s "$tree/$file" "$tree/$file.unchanged"; then
    echo "FAIL $name: no such place in $file"
    failed=$((failed + 1))
  else
    touch "$tree/$file"
    killers=
    for t in "$@"; do run "$t" || killers="$killers $t"; done
    if [ -n "$killers" ]; then
      echo "ok   $name: noticed by$killers"
      passed=$((passed + 1))
    else
      echo "FAIL $name: not noticed by $*"
      failed=$((failed + 1))
    fi
  fi
  rm -f "$tree/$file.unchanged"
  cp -p "$file" "$tree/$file"
  touch "$tree/$file"
}

run() {
  case $1 in
    unit:btyd_check) (cd "$tree" && make -s build/btyd_check && timeout 300 build/btyd_check) >"$tree.log" 2>&1 ;;
    unit:*) (cd "$tree" && make -s "build/unit/${1#unit:}" && timeout 300 "build/unit/${1#unit:}") >"$tree.log" 2>&1 ;;
    *) (cd "$tree" && make -s test TESTS="$1") >"$tree.log" 2>&1 ;;
  esac
}

[ "${MUTANTS_PLACES:-}" ] || fresh
if [ "${MUTANTS_PLACES:-}" ]; then :
elif [ "$only" = "" ] || [ "${MUTANTS_BASE:-}" ]; then
  for t in unit:order_statistics_check unit:keymap_check unit:sequence_check unit:btyd_check attribution concentration limits frame; do
    run "$t" || { echo "FAIL $t fails without any mutant: see $tree.log"; failed=$((failed + 1)); }
  done
fi

mutant "a sort never asks to stop" ext/base/sort.c 's/return stop_asked(s->stop);/return 0;/' unit:order_statistics_check
mutant "a long merge does not ask" ext/base/sort.c 's/size_t steps = STOP_EVERY;/size_t steps = SIZE_MAX;/' unit:order_statistics_check
mutant "a key map that grows does not ask" ext/base/memory.c 's/if( !stop_asked(stop) ) continue;/continue;/' unit:keymap_check
mutant "a quantile at 1 reads past the end" ext/base/number/quantile.c 's/if( rc!=STATUS_OK || fraction <= 0 ) return rc;/if( rc!=STATUS_OK ) return rc;/' unit:order_statistics_check
mutant "slots a quarter too many" ext/base/keymap_grow.c 's|step = n >= FINE_SLOTS ? n/4 : n;|step = n;|' unit:keymap_check
mutant "slots of a quarter of the keys" ext/base/keymap_grow.c 's/keys\*3 > n\*2; n += step/keys*3 > n*8; n += step/' unit:keymap_check
mutant "a key map never gets a seed" ext/base/keymap_grow.c 's/if( m->seed || slots < SEEDED_SLOTS ) return;/return;/' unit:keymap_check
mutant "every key map has one seed" ext/base/keymap_grow.c 's/memory_random(word, sizeof word);/word[0] = 7, word[1] = 12;/' unit:keymap_check
mutant "hashes of texts have no seed" ext/base/keymap_inside.h 's/(uint64_t)k->type ^ m->seed, m->secret/(uint64_t)k->type, 0/' unit:keymap_check
mutant "hashes of integers have no seed" ext/base/keymap_inside.h 's/(uint64_t)v ^ m->seed;/(uint64_t)v;/; s/ ^ m->secret;  */;/' unit:keymap_check
mutant "keys that fall are taken for new ones" ext/base/keymap.c 's/falls |= next < last;//' unit:keymap_check
mutant "texts that fall are taken for new ones" ext/base/keymap.c 's/i<n \&\& order>=0/i<n/; s/return order >= 0;/return 1;/' unit:keymap_check
mutant "the last key again is a new one" ext/base/keymap.c 's/isNew\[i\] = next > last;/isNew[i] = next >= last;/' unit:keymap_check
mutant "keys in order are hashed all the same" ext/base/keymap.c 's/if( !ascend ) return/if( n ) return/' unit:keymap_check
mutant "ties of customers in order fall the other way" ext/metric/customer/scores.c 's/return (a > b) - (a < b);/return (a < b) - (a > b);/' customer_summary
mutant "nobody active is as good as the least active" ext/metric/customer/scores.c 's/else if( !b->worst ) b->lowest++;/else b->lowest++;/' customer_summary
mutant "whole numbers below zero order as those above" ext/metric/customer/scores.h 's/(UINT64_C(1) << 62) - size/(UINT64_C(1) << 62) + size/' customer_summary
mutant "each bucket is level" ext/metric/customer/scores.c 's/b->shift ? 0xff : 0, sizeof/0, sizeof/; s/if( b->shift ) rc = find/if( 0 ) rc = find/' customer_summary
mutant "days of a century and a half in 32 bits" ext/metric/customer/customer_summary_history.c 's/|| h->last - begin > UINT32_MAX\*MICROS_PER_SECOND/|| 0/' ledger_histories
mutant "the first day of a customer ends at once" ext/metric/customer/customer_summary_history.c 's/day\[second\]==day\[from\]/0/' ledger_histories
mutant "a fraction divides by zero" ext/base/maths/special.c 's/return fabs(v) < FRACTION_TINY ? FRACTION_TINY : v;/return v;/' unit:btyd_check
mutant "a batch of long keys is kept" ext/sql/function.c 's/if( b->bytesCapacity > BATCH_BYTES ){/if( 0 ){/' limits
mutant "trees join without a look at their size" ext/metric/identity/forest.h 's/if( forest\[x\] > forest\[y\] )/if( 0 )/' unit:keymap_check
mutant "each base of one time is kept" ext/metric/path/sequence.c 's/if( q->tail>q->head \&\& q->items\[q->tail-1\]==t ) return STATUS_OK;//' unit:sequence_check
mutant "parts of a conversion are not exact" ext/metric/attribution/attribution_shares.c 's|q.lo = ((part - p.hi) - p.lo - q.hi\*whole.lo) / whole.hi;|q.lo = 0;|' attribution
mutant "remainders of money are not rounded" ext/metric/attribution/attribution_models.c 's/floor((part - whole.lo)\*1073741824.0 + 0.5)/(part - whole.lo)*1073741824.0/' attribution
mutant "a table costs the planner nothing" ext/sql/table.c 's/info->estimatedCost = 1e6 +/info->estimatedCost = 1 +/' frame
mutant "the best customers of a rounded share" ext/metric/value/concentration.c 's/ \* (1 - 4\*DBL_EPSILON)//' concentration
mutant "starts compete on all histories" ext/metric/prediction/btyd_fit.c 's/if( stride > 1 ){/if( 0 ){/' unit:btyd_check
mutant "no allowance for a likelihood's noise" ext/base/maths/optimiser.c 's/allowance = NOISE\*fabs(s->at->value);/allowance = 0;/' unit:btyd_check

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
