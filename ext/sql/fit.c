/* Fits in JSON: see fit.h. */
#include "sql/fit.h"

#include <math.h>

#include "base/json.h"
#include "base/number/decimal.h"

#define SHOWN 40

/* ---- parsing ---- */

/* All parameters of all models have a place of their own until the model is known: it may
** stand behind them. */
static const char *const PARAMETER[] = { "r", "alpha", "a", "b", "s", "beta", "p", "q", "v", "gamma", "delta" };
#define PARAMETERS ((int)(sizeof PARAMETER/sizeof PARAMETER[0]))

typedef struct Members {
  JsonMember model, status, unitDays, covariance, purchase, dropout, parameter[PARAMETERS];
} Members;

static JsonMember *place_of(Members *all, const JsonMember *m){
  int i;
  if( json_text_is(m->name, m->nameSize, "model") ) return &all->model;
  if( json_text_is(m->name, m->nameSize, "status") ) return &all->status;
  if( json_text_is(m->name, m->nameSize, "unit_days") ) return &all->unitDays;
  if( json_text_is(m->name, m->nameSize, "purchase_effect") ) return &all->purchase;
  if( json_text_is(m->name, m->nameSize, "dropout_effect") ) return &all->dropout;
  if( json_text_is(m->name, m->nameSize, "log_covariance") ) return &all->covariance;
  for(i=0; i<PARAMETERS; i++){
    if( json_text_is(m->name, m->nameSize, PARAMETER[i]) ) return &all->parameter[i];
  }
  return 0;
}

/* "fit '{...' sentence": the argument and the value with what is wrong */
static Status refuse(Failure *f, const char *argument, const char *z, size_t n, const char *what){
  size_t cut = n < SHOWN ? n : SHOWN;
  while( cut > 0 && cut < n && (z[cut] & 0xc0)==0x80 ) cut--;
  failure_set(f, "%s '%.*s%s' %s", argument, (int)cut, z, cut < n ? "..." : "", what);
  return STATUS_INVALID;
}

static Status refuse_json(Failure *f, const char *argument, const JsonReader *r){
  char what[120];
  sqlite3_snprintf((int)sizeof what, what, "is no JSON object: %s at byte %d; pass what a _fit() function gave",
                   r->error, (int)(r->at - r->start) + 1);
  return refuse(f, argument, r->start, (size_t)(r->end - r->start), what);
}

/* The first member of a name counts, as in SQLite's own JSON functions. */
static Status read_members(const char *argument, const char *text, size_t n, Members *all, Failure *f){
  JsonReader r = json_object(text, n);
  JsonMember m;
  memset(all, 0, sizeof *all);
  while( json_next(&r, &m) ){
    JsonMember *to = place_of(all, &m);
    if( to && to->name==0 ) *to = m;
  }
  return r.error ? refuse_json(f, argument, &r) : STATUS_OK;
}

static int says(const JsonMember *m, const char *word){
  return m->type==JSON_TEXT && m->name && json_text_is(m->text, m->size, word);
}

static int find_model(const JsonMember *m, BtydModel *out){
  int i;
  for(i=0; i<BTYD_MODELS; i++){
    if( !says(m, btyd_model_name((BtydModel)i)) ) continue;
    *out = (BtydModel)i;
    return 1;
  }
  return 0;
}

static const JsonMember *parameter_member(const Members *all, const char *name){
  int i = 0;
  while( strcmp(PARAMETER[i], name)!=0 ) i++;
  return &all->parameter[i];
}

/* What no fit ends beyond, and where sums and integrals settle. */
#define PARAMETER_LEAST 1e-15
#define PARAMETER_MOST 1e15

/* A positive finite number. */
static Status read_positive(const char *argument, const char *name, const JsonMember *m, double *out, Failure *f){
  if( m->name==0 ){
    failure_set(f, "%s has no \"%s\"; pass what a _fit() function gave, or a model with all its parameters", argument, name);
    return STATUS_INVALID;
  }
  if( m->type!=JSON_NUMBER ){
    failure_set(f, "\"%s\" in %s is no number; it must be a positive one", name, argument);
    return STATUS_INVALID;
  }
  if( m->number > 0 && isfinite(m->number) ){
    *out = m->number;
    return STATUS_OK;
  }
  failure_set(f, "\"%s\" in %s is %.15g; it must be a positive number", name, argument, m->number);
  return STATUS_INVALID;
}

/* The numbers of an array; their count, or -1: more than there is room for, or one is not finite. */
static int read_numbers(const JsonMember *m, double *out, int most){
  const char *z = m->text, *end = z ? z + m->size : z;
  int count = 0;
  while( z < end ){
    Decimal number;
    int bytes = decimal_read(z, (int)(end - z), &number);
    if( bytes==0 ){ z++; continue; }
    if( count==most || !isfinite(number.real) ) return -1;
    out[count++] = number.real;
    z += bytes;
  }
  return count;
}

static Status read_effects(const char *argument, const Members *all, Fit *fit, Failure *f){
  int n = all->purchase.type==JSON_OTHER ? read_numbers(&all->purchase, fit->purchase, COVARIATES_MAX) : 0;
  int m = all->dropout.type==JSON_OTHER ? read_numbers(&all->dropout, fit->dropout, COVARIATES_MAX) : 0;
  if( n==m && n >= 0 && (n==0 || fit->btyd.model==BTYD_PARETONBD) ){
    fit->effects = n;
    return STATUS_OK;
  }
  failure_set(f, "\"purchase_effect\" and \"dropout_effect\" in %s are not two lists of at most %d numbers, of model paretonbd; pass what btyd_fit() gave",
              argument, COVARIATES_MAX);
  return STATUS_INVALID;
}

/* [[..., ...], [..., ...]]: as many numbers as pairs of parameters; brackets are JSON's business. */
static Status read_covariance(const char *argument, const JsonMember *m, Fit *fit, Failure *f){
  int n = btyd_parameter_count(fit->btyd.model), i;
  double v[BTYD_PARAMETERS*BTYD_PARAMETERS];
  if( m->type!=JSON_OTHER || m->text==0 ) return STATUS_OK;
  fit->hasCovariance = read_numbers(m, v, n*n)==n*n;
  for(i=0; fit->hasCovariance && i<n*n; i++) fit->covariance[i / n][i % n] = v[i];
  if( fit->hasCovariance ) return STATUS_OK;
  failure_set(f, "\"log_covariance\" in %s is no list of %d by %d numbers; pass what a _fit() function gave", argument, n, n);
  return STATUS_INVALID;
}

static Status read_model(const char *argument, const char *text, size_t n, const Members *all, Fit *fit, Failure *f){
  Status rc = STATUS_OK;
  int i;
  if( !find_model(&all->model, &fit->btyd.model) ){
    return refuse(f, argument, text, n, "has no known \"model\"; use bgnbd, mbgnbd, paretonbd, nbd, bgbb (gamma_gamma for spend)");
  }
  fit->tooFew = says(&all->status, "too_few");
  fit->dropoutUnknown = says(&all->status, "dropout_not_identified");
  fit->btyd.unit_days = 1;
  if( fit->tooFew ) return STATUS_OK;
  if( all->unitDays.name ) rc = read_positive(argument, "unit_days", &all->unitDays, &fit->btyd.unit_days, f);
  for(i=0; rc==STATUS_OK && i<btyd_parameter_count(fit->btyd.model); i++){
    const char *name = btyd_parameter_name(fit->btyd.model, i);
    double *v = &fit->btyd.parameter[i];
    rc = read_positive(argument, name, parameter_member(all, name), v, f);
    if( rc==STATUS_OK && fit->btyd.model!=BTYD_GAMMA_GAMMA && !(*v >= PARAMETER_LEAST && *v <= PARAMETER_MOST) ){
      failure_set(f, "\"%s\" in %s is %.15g; a parameter lies between 1e-15 and 1e15", name, argument, *v);
      rc = STATUS_INVALID;
    }
  }
  if( rc==STATUS_OK ) rc = read_effects(argument, all, fit, f);
  return rc==STATUS_OK ? read_covariance(argument, &all->covariance, fit, f) : rc;
}

static Status parse(const char *argument, const char *text, size_t n, Fit **out, Failure *f){
  Members all;
  Fit *fit;
  Status rc = read_members(argument, text, n, &all, f);
  if( rc!=STATUS_OK ) return rc;
  fit = memory_zeroed(sizeof *fit + n + 1);
  if( fit==0 ) return STATUS_NOMEM;
  rc = read_model(argument, text, n, &all, fit, f);
  if( rc!=STATUS_OK ){ memory_free(fit); return rc; }
  fit->size = n;
  memcpy(fit->text, text, n);
  *out = fit;
  return STATUS_OK;
}

/* ---- keeping ---- */

/* Takes the fit of these bytes out of the list; without one, the last if the list is full. */
static Fit *take_out(Connection *cx, const char *text, size_t n, int *same){
  Fit **link = &cx->fits, *fit;
  int i;
  for(i=1; (fit = *link)!=0; i++, link = &fit->next){
    *same = fit->size==n && memcmp(fit->text, text, n)==0;
    if( !*same && i<FITS_KEPT ) continue;
    *link = fit->next;
    return fit;
  }
  return 0;
}

Status fit_of(Connection *cx, const char *argument, const char *text, size_t n,
              const Fit **out, Failure *f){
  int same = 0;
  Fit *fit = take_out(cx, text, n, &same);
  if( !same ){
    Status rc;
    memory_free(fit);
    rc = parse(argument, text, n, &fit, f);
    if( rc!=STATUS_OK ) return rc;
  }
  fit->next = cx->fits;
  cx->fits = fit;
  *out = fit;
  return STATUS_OK;
}

void fits_destroy(Connection *cx){
  while( cx->fits ){
    Fit *fit = cx->fits;
    cx->fits = fit->next;
    memory_free(fit);
  }
}
