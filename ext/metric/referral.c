/*
** Referral rates over rows (customer, referrer or NULL):
**   referral_rate  customers with a referrer other than themselves / customers
**   referrer_rate  customers of the input who referred another one / customers
** A referrer that is no customer of the input is in neither count of referrer_rate.
*/
#include "referral.h"

/* Of one person: rows as a customer, and rows that say "referred" (referral_rate)
** or "has referred another" (referrer_rate). */
typedef struct Person { uint32_t rows, links; } Person;

typedef struct Referral {
  KeyMap people;               /* payload: Person */
  int64_t customers, linked;   /* rows > 0; rows > 0 and links > 0 */
} Referral;

static Status referral_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  keymap_init(&((Referral*)acc)->people, sizeof(Person));
  return STATUS_OK;
}
static void referral_destroy(void *acc){ keymap_destroy(&((Referral*)acc)->people); }

static inline void person_moved(Referral *a, Person before, Person after){
  a->customers += (after.rows!=0) - (before.rows!=0);
  a->linked += (after.rows!=0 && after.links!=0) - (before.rows!=0 && before.links!=0);
}

static Status person_change(Referral *a, Person *p, int rows, int links){
  Person before = *p;
  Status rc = rows ? count_change(&p->rows, rows) : STATUS_OK;
  if( rc==STATUS_OK && links ) rc = count_change(&p->links, links);
  person_moved(a, before, *p);
  return rc;
}

/* Rows whose referrer is someone, and someone else; returns how many. */
static int rows_referred(const Batch *b, uint8_t rows[BATCH_ROWS]){
  int i, n = 0;
  for(i=0; i<b->rows; i++){
    Key customer, referrer;
    if( b->column[1].type[i]==CELL_NULL ) continue;
    customer = key_of_cell(b, &b->column[0], i);
    referrer = key_of_cell(b, &b->column[1], i);
    if( key_compare(&customer, &referrer)!=0 ) rows[n++] = (uint8_t)i;
  }
  return n;
}

static Status customers_change(Referral *a, Batch *b, int sign, void **person){
  Status rc = keymap_batch(&a->people, b, &b->column[0], ALL_ROWS, b->rows, person, 0);
  int i;
  for(i=0; rc==STATUS_OK && i<b->rows; i++) rc = person_change(a, person[i], sign, 0);
  return rc;
}

static Status referral_absorb(void *acc, Batch *b, int sign, Failure *f){
  Referral *a = acc;
  void *person[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS];
  Status rc = customers_change(a, b, sign, person);
  int i, n = rows_referred(b, rows);
  (void)f;
  for(i=0; rc==STATUS_OK && i<n; i++) rc = person_change(a, person[rows[i]], 0, sign);
  return rc;
}

static Status referrer_absorb(void *acc, Batch *b, int sign, Failure *f){
  Referral *a = acc;
  void *person[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS] = {0};
  Status rc = customers_change(a, b, sign, person);
  int i, n = rows_referred(b, rows);
  (void)f;
  if( rc==STATUS_OK ) rc = keymap_batch(&a->people, b, &b->column[1], rows, n, person, 0);
  for(i=0; rc==STATUS_OK && i<n; i++) rc = person_change(a, person[i], 0, sign);
  return rc;
}

static void put_person(const void *payload, Buffer *out){
  const Person *p = payload;
  buffer_put_unsigned(out, p->rows);
  buffer_put_unsigned(out, p->links);
}
static void referral_encode(const void *acc, Buffer *out){
  map_encode(&((const Referral*)acc)->people, out, put_person);
}
static Status fold_person(void *acc, void *payload, Reader *in){
  Person *p = payload, before = *p;
  uint64_t rows = p->rows + (reader_unsigned(in) & UINT32_MAX);
  uint64_t links = p->links + (reader_unsigned(in) & UINT32_MAX);
  if( rows > UINT32_MAX || links > UINT32_MAX ) return STATUS_OVERFLOW;
  p->rows = (uint32_t)rows;
  p->links = (uint32_t)links;
  person_moved(acc, before, *p);
  return STATUS_OK;
}
static Status referral_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return map_fold(&((Referral*)acc)->people, in, fold_person, acc);
}
static Status referral_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const Referral *a = acc;
  (void)f; (void)poll;
  result_ratio(r, (double)a->linked, (double)a->customers);
  return STATUS_OK;
}

const Metric METRIC_REFERRAL_RATE = {
  .id = "referral_rate", .version = 1, .size = sizeof(Referral), .keys = KEYS_IN(Referral, people), .sliding = 1,
  .init = referral_init, .absorb = referral_absorb, .encode = referral_encode,
  .fold = referral_fold, .result = referral_result, .destroy = referral_destroy
};
const Metric METRIC_REFERRER_RATE = {
  .id = "referrer_rate", .version = 1, .size = sizeof(Referral), .keys = KEYS_IN(Referral, people), .sliding = 1,
  .init = referral_init, .absorb = referrer_absorb, .encode = referral_encode,
  .fold = referral_fold, .result = referral_result, .destroy = referral_destroy
};
