/* The window of a funnel, or a list of windows, one from each step to the next: see funnel.h. */
#include "base/number/decimal.h"
#include "metric/path/funnel_table.h"

#define WINDOW_BYTES 64
#define WINDOW_SECONDS_MAX 8640000000000.0          /* 100,000,000 days */

static Status refuse_window(const char *z, int n, Failure *f){
  Decimal number;
  const char *quote = decimal_from_text(z, n, &number) ? "" : "'", *said = duration_fault_said(duration_fault(z, n));
  failure_set(f, "window %s%.*s%s %s", quote, n < WINDOW_BYTES ? n : WINDOW_BYTES, z, quote,
              said ? said : "is no duration; use days, or '30 minutes', '2 weeks', '1 month'; or a list, one from each step to the next");
  return STATUS_INVALID;
}

/* One duration; in mode 'clickhouse' a bare number is seconds. */
static Status read_window(const FunnelRule *rule, const char *z, int n, Duration *out, Failure *f){
  Decimal seconds;
  while( n > 0 && *z==' ' ){ z++; n--; }
  while( n > 0 && z[n-1]==' ' ) n--;
  if( rule->mode==FUNNEL_CLICKHOUSE && decimal_from_text(z, n, &seconds) ){
    if( seconds.real > WINDOW_SECONDS_MAX ){
      failure_set(f, "window %.*s %s", n < WINDOW_BYTES ? n : WINDOW_BYTES, z, duration_fault_said(DURATION_TOO_LONG));
      return STATUS_INVALID;
    }
    if( !(seconds.real >= 0) ) return refuse_window(z, n, f);
    out->months = 0;
    out->micros = (int64_t)(seconds.real*(double)MICROS_PER_SECOND + 0.5);
    return STATUS_OK;
  }
  return duration_from_text(z, n, out) ? STATUS_OK : refuse_window(z, n, f);
}

Status funnel_windows_read(FunnelRule *rule, const Parameter *p, Failure *f){
  const char *z = p->text.z, *end = z + p->text.n;
  Status rc = STATUS_OK;
  int n = 0;
  if( memchr(z, ',', (size_t)p->text.n)==0 ) return read_window(rule, z, p->text.n, &rule->window, f);
  while( rc==STATUS_OK && z <= end ){
    const char *comma = z < end ? memchr(z, ',', (size_t)(end - z)) : 0, *to = comma ? comma : end;
    Duration one;
    rc = read_window(rule, z, (int)(to - z), &one, f);
    if( ++n < FUNNEL_STEPS ) rule->stepWindow[n] = one;
    z = to + 1;
  }
  if( rc==STATUS_OK && (n!=rule->steps - 1 || rule->mode==FUNNEL_ANY_ORDER) ){
    if( rule->mode==FUNNEL_ANY_ORDER ) failure_set(f, "steps in any order have one window for all of them; window names %d", n);
    else failure_set(f, "window names %d durations for %d steps; give one for all, or %d, one from each step to the next", n, rule->steps, rule->steps - 1);
    rc = STATUS_INVALID;
  }
  rule->windows = n;
  return rc;
}
