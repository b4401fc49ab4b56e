/* The matrix of (segment, cohort, period): its cells while rows come in, and their sums.  See cohort.h. */
#include "base/sort.h"
#include "metric/cohort/cohort.h"

#define MOST_CELLS (INT64_C(1) << 24)
#define ORDINAL_BIAS (INT64_C(1) << 30)

void matrix_init(CohortMatrix *m){
  keymap_init(&m->index, sizeof(uint32_t));
  keymap_init(&m->segments, 0);
}

void matrix_destroy(CohortMatrix *m){
  size_t i;
  for(i=0; i<m->count; i++){
    memory_free(m->cohort[i].cell);
    memory_free(m->cohort[i].observed);
  }
  memory_free(m->cohort);
  keymap_destroy(&m->index);
  keymap_destroy(&m->segments);
}

Cohort *matrix_cohort(CohortMatrix *m, uint32_t segment, int64_t ordinal){
  Key key = { CELL_INTEGER, 0, 0, 0 };
  uint32_t *position;
  void *found;
  Cohort *c;
  key.integer = (int64_t)((uint64_t)segment << 31) + ordinal + ORDINAL_BIAS;
  if( keymap_insert(&m->index, &key, &found, 0)!=STATUS_OK ) return 0;
  position = found;
  if( *position ) return &m->cohort[*position - 1];
  if( memory_grow((void**)&m->cohort, &m->capacity, m->count + 1, sizeof(Cohort))!=STATUS_OK ) return 0;
  c = &m->cohort[m->count++];
  memset(c, 0, sizeof *c);
  c->segment = segment;
  c->ordinal = ordinal;
  *position = (uint32_t)m->count;
  return c;
}

static Status cells_reserve(CohortMatrix *m, Cohort *c, size_t n, Failure *f){
  Status rc;
  if( n <= c->cells ) return STATUS_OK;
  if( m->cellsTotal + (int64_t)(n - c->cells) > MOST_CELLS ){
    failure_set(f, "more than %lld rows of cohort and period; use a coarser grain or a shorter span", (long long)MOST_CELLS);
    return STATUS_INVALID;
  }
  rc = memory_grow((void**)&c->cell, &c->capacity, n, sizeof(CohortCell));
  if( rc!=STATUS_OK ) return rc;
  memset(c->cell + c->cells, 0, (n - c->cells) * sizeof(CohortCell));
  m->cellsTotal += (int64_t)(n - c->cells);
  c->cells = n;
  return STATUS_OK;
}

Status matrix_cell(CohortMatrix *m, Cohort *c, int64_t k, CohortCell **out, Failure *f){
  Status rc = k < MOST_CELLS ? cells_reserve(m, c, (size_t)k + 1, f) : cells_reserve(m, c, (size_t)MOST_CELLS + 1, f);
  if( rc==STATUS_OK ) *out = &c->cell[k];
  return rc;
}

Status cohort_observed(Cohort *c, int64_t whole){
  size_t before = c->observedCapacity;
  Status rc;
  if( whole > MOST_CELLS ) whole = MOST_CELLS;
  rc = memory_grow((void**)&c->observed, &c->observedCapacity, (size_t)whole + 1, sizeof(int64_t));
  if( rc!=STATUS_OK ) return rc;
  if( c->observedCapacity > before ){
    memset(c->observed + before, 0, (c->observedCapacity - before) * sizeof(int64_t));
  }
  c->observed[whole]++;
  return STATUS_OK;
}

/* ---- finishing ---- */

static int segment_compare(const CohortMatrix *m, uint32_t a, uint32_t b){
  Key x, y;
  if( a==b ) return 0;
  if( a==0 || b==0 ) return a==0 ? -1 : 1;
  keymap_key(&m->segments, a - 1, &x);
  keymap_key(&m->segments, b - 1, &y);
  return key_compare(&x, &y);
}

/* By (segment, ordinal). */
static int cohort_compare(const void *a, const void *b, const void *matrix){
  const Cohort *x = a, *y = b;
  int c = segment_compare(matrix, x->segment, y->segment);
  return c ? c : (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* Periods of this cohort that have begun. */
static int64_t periods_of(const CohortRule *rule, const Cohort *c){
  int64_t n;
  if( rule->rolling ) return c->begun;
  n = grain_ordinal(rule->grain, rule->asOf, rule->zone) - c->ordinal + 1;
  return n > 0 ? places_begun(rule, n) : 0;
}

/* The first period from which on the cohort has brought in what it cost, to the last seen. */
static void find_payback(Cohort *c, const CohortRule *rule){
  size_t k = c->cells;
  c->payback = -1;
  while( k > 0 ){
    Money net = cohort_gained(rule, &c->cell[k-1]);
    money_subtract(&net, c->cell[k-1].cumulativeCost);
    if( money_real(net) < 0 ) return;
    c->payback = (int64_t)--k;
  }
}

static void accumulate(Cohort *c, const CohortRule *rule){
  size_t k;
  for(k=0; k<c->cells; k++){
    CohortCell *cell = &c->cell[k];
    money_add_integer(&cell->revenue, cell->whole);
    cell->whole = 0;
    if( k ){
      cell->repeaters += cell[-1].repeaters;
      cell->cumulativeRevenue = cell[-1].cumulativeRevenue;
      cell->cumulativeCost = cell[-1].cumulativeCost;
      cell->cumulativeMargin = cell[-1].cumulativeMargin;
    }
    money_add(&cell->cumulativeRevenue, cell->revenue);
    money_add(&cell->cumulativeCost, cell->cost);
    money_add(&cell->cumulativeMargin, cell->margin);
  }
  find_payback(c, rule);
  for(k=c->cells; rule->onOrAfter && k-- > 1; ){
    c->cell[k-1].customers += c->cell[k].customers;
    c->cell[k-1].eligibleCustomers += c->cell[k].eligibleCustomers;
  }
  for(k=c->observedCapacity; k-- > 1; ) c->observed[k-1] += c->observed[k];
}

Status matrix_finish(CohortMatrix *m, const CohortRule *rule, int64_t *rows, Failure *f, const Stop *stop){
  Status rc = sort_records(m->cohort, m->count, sizeof *m->cohort, cohort_compare, m, stop);
  size_t i;
  *rows = 0;
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<m->count; i++){
    Cohort *c = &m->cohort[i];
    int64_t n = periods_of(rule, c);
    if( c->size==0 ) n = 0;
    if( n > MOST_CELLS ) n = MOST_CELLS + 1;
    rc = cells_reserve(m, c, (size_t)n, f);
    if( rc!=STATUS_OK ) return rc;
    if( stop_asked(stop) ) return STATUS_INTERRUPTED;
    c->cells = (size_t)n;
    c->firstRow = *rows;
    *rows += n;
    accumulate(c, rule);
  }
  return STATUS_OK;
}
