/*
** What is shown of names in an error, and which name was perhaps meant.
*/
#ifndef SIYU_SUGGEST_H
#define SIYU_SUGGEST_H

#include "base/buffer.h"

/* `name` whole, or cut to whole characters with "..." behind them. */
#define NAME_SHOWN 100
typedef struct ShownName { char text[NAME_SHOWN + 4]; } ShownName;
ShownName name_shown(const char *name, size_t n);
#define SHOWN_NAME(name) (name_shown((name), strlen(name)).text)

/* 1 when one byte typed wrongly, left out, added, or two exchanged make b of a, in any case of
** ASCII letters. */
int name_is_near(const char *a, const char *b);
/* The only one of the names that is near, or NULL. */
const char *name_meant(const char *typed, const char *const *names, int count);

#endif
