/*
** btyd_fit and gamma_gamma_fit as accumulators: equal histories are counted while they are
** absorbed, the fit is made when it is asked for and kept until more rows come.
**
** The answer is a JSON object:
**   model        of the parameters that follow; 'nbd' where dropout was not identified
**   parameters   by name; null with status too_few
**   se           their standard errors by name; null: not known
**   requested    the model that was asked for (btyd_fit)
**   log_likelihood, customers, unit_days, status, lr_vs_nbd, warnings: see btyd.h
** A state's payload: rows seen, distinct histories, and each of them with its customers,
** sorted, so that equal tables give equal bytes.
*/
#include "metric/prediction/prediction.h"

#include <math.h>

#include "base/json.h"

typedef struct Prediction {
  BtydTable table;
  uint64_t seen;                       /* rows that were absorbed; gamma_gamma_fit leaves some out */
  BtydFit *fit;                        /* made from the table as it stands, or NULL */
  double unitDays;
  BtydModel model;
} Prediction;

/* ---- rows ---- */

static double real_at(const Column *c, int row){
  return c->type[row]==CELL_INTEGER ? (double)c->cell[row].i : c->cell[row].r;
}

static void forget_fit(Prediction *p){
  memory_free(p->fit);
  p->fit = 0;
}

Status history_check(BtydModel model, double frequency, double recency, double age, Failure *f){
  const char *error = btyd_model_history_error(model, frequency, recency, age);
  if( error==0 ) return STATUS_OK;
  if( model==BTYD_BGBB ){
    failure_set(f, "%s: frequency %.15g, recency %.15g, age %.15g; frequency = periods with a purchase, recency = the last of them, age = periods",
                error, frequency, recency, age);
    return STATUS_INVALID;
  }
  failure_set(f, "%s: frequency %.15g, recency %.15g, age %.15g; frequency = purchase days - 1, "
              "recency = last - first, age = end - first", error, frequency, recency, age);
  return STATUS_INVALID;
}

static Status histories_absorb(void *acc, Batch *b, int sign, Failure *f){
  Prediction *p = acc;
  double frequency[BATCH_ROWS], recency[BATCH_ROWS], age[BATCH_ROWS];
  int i;
  (void)sign;
  for(i=0; i<b->rows; i++){
    Status rc;
    frequency[i] = real_at(&b->column[0], i);
    recency[i] = real_at(&b->column[1], i);
    age[i] = real_at(&b->column[2], i);
    rc = history_check(p->model, frequency[i], recency[i], age[i], f);
    if( rc!=STATUS_OK ) return rc;
  }
  forget_fit(p);
  p->seen += (uint64_t)b->rows;
  p->table.stop = b->stop;
  return btyd_table_add_batch(&p->table, frequency, recency, age, (size_t)b->rows);
}

/* Customers without a repeat purchase, or without money in them, say nothing of spend. */
static Status spends_absorb(void *acc, Batch *b, int sign, Failure *f){
  Prediction *p = acc;
  double frequency[BATCH_ROWS], monetary[BATCH_ROWS], zero[BATCH_ROWS] = {0};
  size_t n = 0;
  int i;
  (void)sign; (void)f;
  for(i=0; i<b->rows; i++){
    frequency[n] = real_at(&b->column[0], i);
    monetary[n] = real_at(&b->column[1], i);
    n += frequency[n] > 0 && monetary[n] > 0;
  }
  forget_fit(p);
  p->seen += (uint64_t)b->rows;
  p->table.stop = b->stop;
  return btyd_table_add_batch(&p->table, frequency, monetary, zero, n);
}

static void prediction_destroy(void *acc){
  Prediction *p = acc;
  btyd_table_destroy(&p->table);
  memory_free(p->fit);
}

/* ---- parameters ---- */

static Status btyd_init(void *acc, const Parameter *p, Failure *f){
  Prediction *a = acc;
  int known = btyd_model_from_name(p[0].text.z, p[0].text.n, &a->model);
  a->unitDays = p[1].real;
  if( !known || a->model==BTYD_GAMMA_GAMMA ){
    failure_set(f, "model '%.*s' is unknown; use 'bgnbd', 'mbgnbd', 'paretonbd', 'nbd' or 'bgbb'%s",
                p[0].text.n < 40 ? p[0].text.n : 40, p[0].text.z,
                known ? "; spend is fitted by gamma_gamma_fit(frequency, monetary)" : "");
    return STATUS_INVALID;
  }
  if( a->unitDays > 0 ) return STATUS_OK;
  failure_set(f, "unit_days %.15g must be positive: 1 when recency and age are in days, 7 for weeks", a->unitDays);
  return STATUS_INVALID;
}

static Status gamma_gamma_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  ((Prediction*)acc)->model = BTYD_GAMMA_GAMMA;
  return STATUS_OK;
}

/* ---- states ---- */

#define WHOLE_LIMIT 4503599627370496.0  /* 2^52: whole numbers below are exact */

/* Whole numbers as 2 v, others as 1 and eight bytes. */
static void number_put(Buffer *out, double v){
  if( v >= 0 && v < WHOLE_LIMIT && v==floor(v) ){
    buffer_put_unsigned(out, (uint64_t)v << 1);
  }else{
    buffer_put_byte(out, 1);
    buffer_put_real(out, v);
  }
}

static double number_get(Reader *in){
  uint64_t v = reader_unsigned(in);
  return v & 1 ? reader_real(in) : (double)(v >> 1);
}

static void prediction_encode(const void *acc, Buffer *out){
  const Prediction *p = acc;
  BtydRow *row;
  size_t i;
  Status rc = btyd_table_sorted(&p->table, out->stop, &row);
  if( rc!=STATUS_OK ){ encode_fail(out, rc); return; }
  buffer_put_unsigned(out, p->seen);
  buffer_put_unsigned(out, p->table.count);
  for(i=0; i<p->table.count; i++){
    number_put(out, row[i].frequency);
    number_put(out, row[i].recency);
    number_put(out, row[i].age);
    number_put(out, row[i].weight);
  }
  memory_free(row);
}

static int row_is_sound(const Prediction *p, const BtydRow *row){
  if( !(row->weight >= 1 && row->weight < WHOLE_LIMIT) ) return 0;
  if( p->model!=BTYD_GAMMA_GAMMA ) return btyd_model_history_error(p->model, row->frequency, row->recency, row->age)==0;
  return row->frequency > 0 && btyd_spend_error(row->frequency, row->recency)==0 && row->age==0;
}

static Status prediction_fold(void *acc, Reader *in, Failure *f){
  Prediction *p = acc;
  uint64_t n;
  (void)f;
  forget_fit(p);
  p->seen += reader_unsigned(in);
  for(n = reader_unsigned(in); n > 0 && !in->failed; n--){
    BtydRow row;
    Status rc;
    row.frequency = number_get(in);
    row.recency = number_get(in);
    row.age = number_get(in);
    row.weight = number_get(in);
    if( in->failed || !row_is_sound(p, &row) ) return STATUS_CORRUPT;
    p->table.stop = in->stop;
    rc = btyd_table_add(&p->table, row.frequency, row.recency, row.age, row.weight);
    if( rc!=STATUS_OK ) return rc;
  }
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

/* ---- the answer ---- */

static void put_name(Buffer *b, const char *name){
  if( b->size > 0 && b->data[b->size - 1]!='{' ) buffer_put_byte(b, ',');
  buffer_printf(b, "\"%s\":", name);
}
static void put_member(Buffer *b, const char *name, double v){
  put_name(b, name);
  json_put_real(b, v);
}
static void put_word(Buffer *b, const char *name, const char *word){
  put_name(b, name);
  json_put_text(b, word, strlen(word));
}

/* the parameters, or their standard errors, by name */
static void put_parameters(Buffer *b, BtydModel model, const double *v){
  int i;
  for(i=0; i<btyd_parameter_count(model); i++) put_member(b, btyd_parameter_name(model, i), v[i]);
}

static void put_warnings(Buffer *b, int warnings){
  int i, n = 0;
  put_name(b, "warnings");
  buffer_put_byte(b, '[');
  for(i=0; i<BTYD_WARNINGS; i++){
    const char *text = btyd_warning_text(i);
    if( (warnings >> i & 1)==0 ) continue;
    if( n++ ) buffer_put_byte(b, ',');
    json_put_text(b, text, strlen(text));
  }
  buffer_put_byte(b, ']');
}

/* Row by row; null where it is not known. */
static void put_covariance(Buffer *b, const BtydFit *fit){
  int i, j, n = btyd_parameter_count(fit->btyd.model), known = fit->status!=BTYD_TOO_FEW;
  for(i=0; i<n; i++) for(j=0; j<n; j++) known &= isfinite(fit->covariance[i][j]) != 0;
  put_name(b, "log_covariance");
  if( !known ){ buffer_put(b, "null", 4); return; }
  for(i=0; i<n; i++){
    for(j=0; j<n; j++){
      buffer_put(b, j ? "," : i ? "],[" : "[[", j ? 1 : i ? 3 : 2);
      json_put_real(b, fit->covariance[i][j]);
    }
  }
  buffer_put(b, "]]", 2);
}

void prediction_put_fit(Buffer *b, const BtydFit *fit){
  int spend = fit->requested==BTYD_GAMMA_GAMMA;
  buffer_put_byte(b, '{');
  put_word(b, "model", btyd_model_name(fit->btyd.model));
  put_parameters(b, fit->btyd.model, fit->btyd.parameter);
  put_name(b, "se");
  buffer_put_byte(b, '{');
  put_parameters(b, fit->btyd.model, fit->se);
  buffer_put_byte(b, '}');
  put_member(b, "log_likelihood", fit->log_likelihood);
  put_name(b, "customers");
  buffer_printf(b, "%lld", (long long)fmin(fit->customers, WHOLE_LIMIT));
  if( !spend ) put_member(b, "unit_days", fit->btyd.unit_days);
  put_word(b, "status", btyd_status_name(fit->status));
  if( !spend ){
    put_word(b, "requested", btyd_model_name(fit->requested));
    put_member(b, "lr_vs_nbd", fit->lr_vs_nbd);
  }
  put_warnings(b, fit->warnings);
  put_covariance(b, fit);
  buffer_put_byte(b, '}');
}

/* Of few rows not every evaluation asks. */
#define ROWS_PER_QUESTION 500

/* Rows of an evaluation; BG/BB adds up the periods of each. */
static double fit_work(const BtydTable *t, BtydModel model){
  double work = (double)t->count;
  const BtydRow *row;
  size_t at = 0;
  if( model!=BTYD_BGBB ) return work;
  while( work < ROWS_PER_QUESTION && (row = btyd_table_next(t, &at))!=0 ) work += (row->age - row->recency)/64;
  return work;
}

Status prediction_fit(const BtydTable *t, BtydModel model, double unitDays, BtydFit *out, const Stop *stop){
  RareStop rare = { stop, 1 + (unsigned)(ROWS_PER_QUESTION/(1 + fit_work(t, model))), 0, 0 };
  Stop own = { rare_stop_ask, &rare };
  Status rc = model==BTYD_GAMMA_GAMMA ? gamma_gamma_fit(t, &own, out) : btyd_fit(t, model, unitDays, &own, out);
  return rare.stopped ? STATUS_INTERRUPTED : rc;
}

static Status make_fit(Prediction *p, const Stop *stop){
  Status rc;
  p->fit = memory_zeroed(sizeof *p->fit);
  if( p->fit==0 ) return STATUS_NOMEM;
  rc = prediction_fit(&p->table, p->model, p->unitDays, p->fit, stop);
  if( rc!=STATUS_OK ) forget_fit(p);
  return rc;
}

static Status prediction_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Prediction *p = acc;
  if( p->seen==0 ) return STATUS_OK;                  /* no rows: NULL */
  if( p->fit==0 ){
    Status rc = make_fit(p, stop);
    if( rc==STATUS_INVALID ) failure_set(f, "a history breaks the rules of the model");
    if( rc!=STATUS_OK ) return rc;
  }
  prediction_put_fit(&r->buffer, p->fit);
  r->kind = RESULT_TEXT;
  return r->buffer.failed ? STATUS_NOMEM : STATUS_OK;
}

const Metric METRIC_BTYD_FIT = {
  .id = "btyd_fit", .version = 1, .size = sizeof(Prediction),
  .init = btyd_init, .absorb = histories_absorb, .encode = prediction_encode, .fold = prediction_fold,
  .result = prediction_result, .destroy = prediction_destroy
};

const Metric METRIC_GAMMA_GAMMA_FIT = {
  .id = "gamma_gamma_fit", .version = 1, .size = sizeof(Prediction),
  .init = gamma_gamma_init, .absorb = spends_absorb, .encode = prediction_encode, .fold = prediction_fold,
  .result = prediction_result, .destroy = prediction_destroy
};
