/*
** Words of the trade that no title has, for siyu_help(): help_words.c.
*/
#ifndef SIYU_HELP_WORDS_H
#define SIYU_HELP_WORDS_H

#include "base/memory.h"

/* Whether who types this word asks for the function, view or audience of that name. */
int help_words_name(const char *word, const char *name);

#endif
