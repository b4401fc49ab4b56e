/*
** Names of tables and columns in the quotes of SQL: "o", [o], `o`, 'o', main."o".
*/
#ifndef SIYU_NAME_H
#define SIYU_NAME_H

#include "spine/batch.h"

/* A name with quotes as SQL reads it: in *schema and *name, both freed by memory_free(*schema);
** *schema is empty when there is none.  STATUS_INVALID: the text is no such name. */
Status name_quoted(const char *text, char **schema, char **name);

/* One name of a list, its quotes taken off, into out; *list moves behind it and its comma.  0 when
** there is none, or what follows is no comma. */
int name_of_list(const char **list, char *out);

/* A copy of the text with one pair of quotes taken off, doubled ones halved; without any as it is. */
char *text_unquoted(const char *z);

/* The same for a name in CREATE VIRTUAL TABLE; where the quotes say something about the name it
** keeps them, and name_quoted() or a list's reader will see them. */
char *name_preset(const char *z);

#endif
