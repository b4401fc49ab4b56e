/* The few JSON pieces that results are written with, and a reader of flat objects. */
#ifndef SIYU_JSON_H
#define SIYU_JSON_H
#include "base/buffer.h"

/* A number with the fewest of 15 to 17 digits that read back equal; not finite: null. */
void json_put_real(Buffer *b, double v);
/* "text", escaped */
void json_put_text(Buffer *b, const char *text, size_t n);

/* ---- reading the members of an object: RFC 8259, whatever the locale ---- */

typedef enum JsonType { JSON_NULL, JSON_NUMBER, JSON_TEXT, JSON_OTHER } JsonType;

typedef struct JsonMember {
  const char *name, *text;     /* between the quotes, still escaped; text of a JSON_TEXT, or of an array or object */
  size_t nameSize, size;
  JsonType type;               /* JSON_OTHER: true, false, an array, an object (checked, skipped) */
  double number;               /* of a JSON_NUMBER; beyond the range of a double: infinite */
} JsonMember;

typedef struct JsonReader {
  const char *start, *at, *end;
  const char *error;           /* what is wrong at `at`, or NULL */
  int members, done;
} JsonReader;

/* Reads an object of n bytes; the text must outlive the reader. */
JsonReader json_object(const char *text, size_t n);
/* 1: a member; 0: the end, or r->error.  The text is wholly checked only at the end. */
int json_next(JsonReader *r, JsonMember *m);
/* 1 when an escaped text of n bytes says `ascii`. */
int json_text_is(const char *raw, size_t n, const char *ascii);

#endif
