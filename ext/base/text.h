/* UTF-8 that is shown to a person: cut where a character ends. */
#ifndef SIYU_TEXT_H
#define SIYU_TEXT_H

#include <stddef.h>

/* How many of n bytes to show, at most `most`, without half a character at the end. */
int text_cut(const char *text, size_t n, int most);
/* Takes out, in place, each byte that is not of a whole character: a precision in a format counts bytes,
** and Python refuses a message with half a character in it. */
void text_mend(char *text);

#endif
