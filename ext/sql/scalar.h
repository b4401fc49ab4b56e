/* Scalar functions: their arguments decoded by the signature, as parameters are. */
#ifndef SIYU_SCALAR_H
#define SIYU_SCALAR_H

#include "sql/function.h"

typedef struct ScalarArgs {
  int32_t zone;
  int isNull[ARGUMENTS_MAX];           /* NULL, blank, or left out without a default */
  Parameter value[ARGUMENTS_MAX];      /* not of keys: the function decodes them itself */
} ScalarArgs;

/* Decodes all arguments; 0 after an error, which has been set on ctx. */
int scalar_arguments(sqlite3_context *ctx, int argc, sqlite3_value **argv, ScalarArgs *out);
/* The error that argument `at` has that fault: scalar_rules.c. */
void refuse_argument(sqlite3_context *ctx, int at, sqlite3_value **argv, const char *sentence);

/* The answer is v; an error where it is beyond the range of a number. */
void answer_real(sqlite3_context *ctx, double v);

void call_period_start(sqlite3_context*, int, sqlite3_value**);
void call_geometric_mean(sqlite3_context*, int, sqlite3_value**);
void call_local_time(sqlite3_context*, int, sqlite3_value**);
void call_period_diff(sqlite3_context*, int, sqlite3_value**);
void call_ltv_formula(sqlite3_context*, int, sqlite3_value**);
void call_lifecycle_stage(sqlite3_context*, int, sqlite3_value**);
/* scalar_rules.c */
void call_relationship_role(sqlite3_context*, int, sqlite3_value**);
void call_reach_stage(sqlite3_context*, int, sqlite3_value**);
void call_rfm_segment(sqlite3_context*, int, sqlite3_value**);
void call_rfm_group(sqlite3_context*, int, sqlite3_value**);
void call_siyu_label(sqlite3_context*, int, sqlite3_value**);
void call_k_factor(sqlite3_context*, int, sqlite3_value**);
void call_in_quiet_hours(sqlite3_context*, int, sqlite3_value**);
void call_next_allowed(sqlite3_context*, int, sqlite3_value**);
void call_distance_km(sqlite3_context*, int, sqlite3_value**);
void call_triangle_area(sqlite3_context*, int, sqlite3_value**);
void call_ab_group(sqlite3_context*, int, sqlite3_value**);
/* prediction_scalar.c */
void call_p_alive(sqlite3_context*, int, sqlite3_value**);
void call_expected_purchases(sqlite3_context*, int, sqlite3_value**);
void call_expected_purchases_interval(sqlite3_context*, int, sqlite3_value**);
void call_predicted_ltv_interval(sqlite3_context*, int, sqlite3_value**);
void call_btyd_at(sqlite3_context*, int, sqlite3_value**);
void call_expected_spend(sqlite3_context*, int, sqlite3_value**);
void call_predicted_ltv(sqlite3_context*, int, sqlite3_value**);
void call_prob_purchases(sqlite3_context*, int, sqlite3_value**);
/* import_scalar.c */
void call_parse_amount(sqlite3_context*, int, sqlite3_value**);
void call_parse_time(sqlite3_context*, int, sqlite3_value**);
void call_parse_id(sqlite3_context*, int, sqlite3_value**);
/* about.c */
void call_siyu_version(sqlite3_context*, int, sqlite3_value**);
void call_siyu_debug(sqlite3_context*, int, sqlite3_value**);
/* help.c */
void call_siyu_help(sqlite3_context*, int, sqlite3_value**);

#endif
