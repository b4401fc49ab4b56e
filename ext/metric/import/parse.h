/*
** What stands in the cells of an export, read exactly or not at all: nothing is rounded, and
** where two readings are possible there is none.  No locale, no clock, no allocation.
*/
#ifndef SIYU_PARSE_H
#define SIYU_PARSE_H

#include <stdint.h>

/* ---- amounts: parse_amount.c ---- */

#define AMOUNT_DECIMALS_MAX 12

/* Minor units, `decimals` (0 ... 12) digits of them; 1 when the text is such an amount. */
int amount_from_text(const char *text, int n, int decimals, int64_t *out);
int amount_from_integer(int64_t v, int decimals, int64_t *out);
/* Of a REAL 15 significant digits are taken, which is what spreadsheets keep. */
int amount_from_real(double v, int decimals, int64_t *out);

/* ---- times: parse_time.c ---- */

/* Which way day and month stand where only the reader can know. */
typedef enum DayOrder { ORDER_UNKNOWN, ORDER_DMY, ORDER_MDY, ORDER_YMD } DayOrder;
int day_order_from_text(const char *text, int n, DayOrder *order);

#define PARSED_TIME_SIZE 48
/* ISO text: a date, or a date and a time of day, with the zone that the text had; its length,
** or 0 when it is no time. */
int parsed_time_from_text(const char *text, int n, DayOrder order, char out[PARSED_TIME_SIZE]);
int parsed_time_from_integer(int64_t v, char out[PARSED_TIME_SIZE]);
int parsed_time_from_real(double v, char out[PARSED_TIME_SIZE]);

/* time_words.c: a time in the words and signs of other countries, said again in those of parse_time.c; its length,
** or 0 where there is nothing to say again. */
#define TIME_WORDS_SIZE 512
int time_in_words(const char *text, int n, char out[TIME_WORDS_SIZE]);

/* ---- ids: parse_id.c ---- */

/* The id within the text, or 0 when a spreadsheet has put it into scientific notation. */
int id_from_text(const char **text, int *n);

#endif
