/* Scores by fixed limits, and against the mean: see scores.h. */
#include "base/number/decimal.h"
#include "metric/customer/scores.h"

#define LIMIT_BYTES 40

static Status refuse_limits(const char *name, const Parameter *p, const char *what, Failure *f){
  int n = p->text.n;
  failure_set(f, "%s '%.*s' %s; write numbers in ascending order, such as '30,90,180'", name,
              n < LIMIT_BYTES ? n : LIMIT_BYTES, p->text.z, what);
  return STATUS_INVALID;
}

/* One number that ends at a comma or at the end; 0 when it is none. */
static int read_limit(const char *z, int n, double *out){
  Decimal d;
  if( n >= LIMIT_BYTES || !decimal_from_text(z, n, &d) ) return 0;
  *out = d.real;
  return isfinite(*out);
}

Status score_limits_read(ScoreLimits *l, const char *name, const Parameter *p, Failure *f){
  const char *z = p->text.z, *end = z + p->text.n;
  l->n = 0;
  while( z < end ){
    const char *comma = memchr(z, ',', (size_t)(end - z)), *to = comma ? comma : end;
    double limit;
    if( l->n==LIMITS_MAX ) return refuse_limits(name, p, "has more than 99 limits", f);
    if( !read_limit(z, (int)(to - z), &limit) ) return refuse_limits(name, p, "has something that is no number", f);
    if( l->n > 0 && limit <= l->limit[l->n-1] ) return refuse_limits(name, p, "is not in ascending order", f);
    l->limit[l->n++] = limit;
    if( comma && to + 1==end ) return refuse_limits(name, p, "ends with a comma", f);
    z = to + 1;
  }
  return STATUS_OK;
}

int score_by_limits(const ScoreLimits *l, Money value, int lessIsBetter){
  int i, reached = 0;
  for(i=0; i<l->n; i++){
    Money limit = { l->limit[i], 0 };
    int c = money_compare(value, limit);
    reached += lessIsBetter ? c <= 0 : c >= 0;
  }
  return reached + 1;
}

int score_by_mean(const ScoreMean *m, Money value, int lessIsBetter){
  int c = money_compare(money_times(value, (double)m->count), m->sum);
  return 1 + (lessIsBetter ? c <= 0 : c >= 0);
}
