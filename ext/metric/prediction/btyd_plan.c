/* The plan of a fit: contract in btyd_internal.h. */
#include "base/sort.h"
#include "metric/prediction/btyd_internal.h"

static int compare_plan_times(const void *a, const void *b, const void *context){
  double x = *(const double*)a, y = *(const double*)b;
  (void)context;
  return (x > y) - (x < y);
}

#define ROWS_SOUGHT 4096           /* between two questions whether to stop */

static size_t distinct(double *v, size_t n){
  size_t i, kept = 0;
  for(i = 0; i < n; i++) if( kept == 0 || v[i] != v[kept - 1] ) v[kept++] = v[i];
  return kept;
}

/* the index of a time among times lo ... hi-1 of the plan; it is there */
static uint32_t index_of(const BtydPlan *plan, uint32_t lo, uint32_t hi, double time){
  while( lo + 1 < hi ){
    uint32_t middle = lo + (hi - lo)/2;
    if( plan->time[middle].time <= time ) lo = middle;
    else hi = middle;
  }
  return lo;
}

typedef struct Builder {
  BtydPlan *plan;
  const BtydRow *sorted;
  size_t n, stride, time_capacity, group_capacity;
  double *scratch;
} Builder;

/* the group's sorted distinct times, appended to the plan */
static Status add_times(Builder *b, size_t from, size_t to, PlanGroup *group){
  BtydPlan *plan = b->plan;
  size_t i, n = 0;
  Status rc;
  for(i = from; i < to; i += b->stride){
    double age = b->sorted[i].age/plan->time_scale, recency = b->sorted[i].recency/plan->time_scale;
    if( stop_asked_at(plan->stop, i/b->stride) ) return STATUS_INTERRUPTED;
    if( n == 0 || b->scratch[n - 1] != age ) b->scratch[n++] = age;
    if( recency != age && recency != 0 ) b->scratch[n++] = recency;
  }
  b->scratch[n++] = 0;
  rc = sort_records(b->scratch, n, sizeof *b->scratch, compare_plan_times, 0, plan->stop);
  if( rc != STATUS_OK ) return rc;
  n = distinct(b->scratch, n);
  if( plan->times + n > UINT32_MAX ) return STATUS_OVERFLOW;
  rc = memory_grow((void**)&plan->time, &b->time_capacity, plan->times + n, sizeof(PlanTime));
  if( rc != STATUS_OK ) return rc;
  group->time = (uint32_t)plan->times;
  for(i = 0; i < n; i++) plan->time[plan->times++].time = b->scratch[i];
  group->time_end = (uint32_t)plan->times;
  return STATUS_OK;
}

static Status add_rows(Builder *b, size_t from, size_t to, PlanGroup *group){
  BtydPlan *plan = b->plan;
  size_t i;
  group->frequency = b->sorted[from].frequency;
  group->weight = 0;
  group->row = (uint32_t)plan->rows;
  for(i = from; i < to; i += b->stride){
    PlanRow *row = &plan->row[plan->rows++];
    if( plan->rows % ROWS_SOUGHT == 0 && stop_asked(plan->stop) ) return STATUS_INTERRUPTED;
    row->weight = b->sorted[i].weight;
    row->age = index_of(plan, group->time, group->time_end, b->sorted[i].age/plan->time_scale);
    row->recency = index_of(plan, group->time, group->time_end, b->sorted[i].recency/plan->time_scale);
    group->weight += row->weight;
  }
  group->row_end = (uint32_t)plan->rows;
  plan->customers += group->weight;
  plan->purchases += group->weight*group->frequency;
  return STATUS_OK;
}

static Status add_groups(Builder *b){
  size_t from = 0;
  while( from < b->n ){
    size_t to = from;
    PlanGroup *group;
    Status rc = memory_grow((void**)&b->plan->group, &b->group_capacity, b->plan->groups + 1, sizeof(PlanGroup));
    if( rc != STATUS_OK ) return rc;
    while( to < b->n && b->sorted[to].frequency == b->sorted[from].frequency ) to += b->stride;
    group = &b->plan->group[b->plan->groups];
    rc = add_times(b, from, to < b->n ? to : b->n, group);
    if( rc == STATUS_OK ) rc = add_rows(b, from, to < b->n ? to : b->n, group);
    if( rc != STATUS_OK ) return rc;
    b->plan->groups++;
    from = to;
  }
  return STATUS_OK;
}

Status btyd_plan_init(BtydPlan *plan, const BtydRow *sorted, size_t n, size_t stride, double time_scale, const Stop *stop){
  Builder b;
  size_t rows = (n + stride - 1)/stride;
  Status rc;
  memset(plan, 0, sizeof(*plan));
  memset(&b, 0, sizeof(b));
  if( rows > UINT32_MAX ) return STATUS_OVERFLOW;
  plan->time_scale = time_scale;
  plan->stop = stop;
  b.plan = plan;
  b.sorted = sorted;
  b.n = n;
  b.stride = stride;
  b.scratch = memory_alloc((2*rows + 1)*sizeof(double));
  plan->row = memory_alloc((rows + 1)*sizeof(PlanRow));
  rc = b.scratch && plan->row ? add_groups(&b) : STATUS_NOMEM;
  memory_free(b.scratch);
  if( rc != STATUS_OK ) btyd_plan_destroy(plan);
  return rc;
}

void btyd_plan_destroy(BtydPlan *plan){
  memory_free(plan->row);
  memory_free(plan->time);
  memory_free(plan->group);
  memset(plan, 0, sizeof(*plan));
}
