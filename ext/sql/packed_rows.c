/*
** packed_rows: see packed_rows.h.  The bytes may be anything: where a column lies is checked once for
** all rows, where a text lies at each.
*/
#include "sql/packed_rows.h"
#include "sql/function.h"

enum { PACK_COLUMNS = 64, PACK_WORD = 8, PACK_HEAD = 3*PACK_WORD, PACK_ABOUT = 6*PACK_WORD };
enum { PACK_INTEGER = 1, PACK_REAL, PACK_TEXT, PACK_BLOB };

typedef struct PackedColumn {
  int kind;
  const unsigned char *nulls, *values, *data;          /* in the cursor's copy */
  uint64_t first;                                      /* 0 to 7 */
  uint64_t length;                                     /* of the data */
} PackedColumn;

typedef struct PackedCursor {
  sqlite3_vtab_cursor base;
  unsigned char *bytes;                                /* a copy: the argument may go away */
  uint64_t size, rows, at;
  int columns;
  PackedColumn column[PACK_COLUMNS];
} PackedCursor;

static int packed_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error){
  Buffer b = {0};
  int i, rc;
  (void)aux; (void)argc; (void)argv; (void)error;
  buffer_printf(&b, "CREATE TABLE x(");
  for(i=1; i<=PACK_COLUMNS; i++) buffer_printf(&b, "c%d, ", i);
  buffer_printf(&b, "bytes HIDDEN)");
  buffer_put_byte(&b, 0);
  rc = b.failed ? SQLITE_NOMEM : sqlite3_declare_vtab(db, (const char*)b.data);
  buffer_destroy(&b);
  if( rc!=SQLITE_OK ) return rc;
  *out = memory_zeroed(sizeof **out);
  if( *out==0 ) return SQLITE_NOMEM;
  return sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
}
static int packed_disconnect(sqlite3_vtab *vtab){
  memory_free(vtab);
  return SQLITE_OK;
}

static int packed_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info){
  int i, given = -1;
  (void)vtab;
  for(i=0; i<info->nConstraint; i++){
    if( info->aConstraint[i].iColumn!=PACK_COLUMNS || info->aConstraint[i].op!=SQLITE_INDEX_CONSTRAINT_EQ ) continue;
    if( !info->aConstraint[i].usable ) return SQLITE_CONSTRAINT;
    given = i;
  }
  if( given >= 0 ){
    info->idxNum = 1;
    info->aConstraintUsage[given].argvIndex = 1;
    info->aConstraintUsage[given].omit = 1;
  }
  info->estimatedRows = 10000;
  info->estimatedCost = 10000;
  return SQLITE_OK;
}

static int packed_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out){
  PackedCursor *c = memory_zeroed(sizeof *c);
  (void)vtab;
  if( c==0 ) return SQLITE_NOMEM;
  *out = &c->base;
  return SQLITE_OK;
}
static int packed_close(sqlite3_vtab_cursor *cursor){
  memory_free(((PackedCursor*)cursor)->bytes);
  memory_free(cursor);
  return SQLITE_OK;
}

/* ---- reading ---- */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__==__ORDER_LITTLE_ENDIAN__
static inline uint64_t packed_word(const unsigned char *p){ uint64_t v; memcpy(&v, p, 8); return v; }
static inline uint32_t packed_half(const unsigned char *p){ uint32_t v; memcpy(&v, p, 4); return v; }
#else
static inline uint32_t packed_half(const unsigned char *p){
  return p[0] | (uint32_t)p[1]<<8 | (uint32_t)p[2]<<16 | (uint32_t)p[3]<<24;
}
static inline uint64_t packed_word(const unsigned char *p){ return packed_half(p) | (uint64_t)packed_half(p + 4)<<32; }
#endif

/* The place of n bytes, or NULL where they are not within the BLOB. */
static const unsigned char *packed_place(const PackedCursor *c, uint64_t at, uint64_t n){
  return at > c->size || n > c->size - at ? 0 : c->bytes + at;
}

/* Every column lies within the bytes.  Each row takes some of them, so that few bytes are no endless table. */
static const char *packed_column_read(const PackedCursor *c, const unsigned char *about, PackedColumn *out){
  uint64_t kind = packed_word(about), nulls = packed_word(about + 8), first = packed_word(about + 16);
  int isText = kind==PACK_TEXT || kind==PACK_BLOB;
  if( kind < PACK_INTEGER || kind > PACK_BLOB ) return "of a kind that is not known";
  if( first > 7 ) return "whose first bit is none of a byte";
  out->kind = (int)kind;
  out->first = first;
  out->length = packed_word(about + 40);
  out->values = packed_place(c, packed_word(about + 24), isText ? 4*(c->rows + 1) : 8*c->rows);
  out->data = isText ? packed_place(c, packed_word(about + 32), out->length) : out->values;
  out->nulls = nulls ? packed_place(c, nulls, (first + c->rows + 7)/8) : c->bytes;
  if( out->values==0 || out->data==0 || out->nulls==0 ) return "that ends behind the last byte";
  if( nulls==0 ) out->nulls = 0;
  return 0;
}

/* NULL, or what is wrong with the bytes; *which: the column, or -1. */
static const char *packed_read(PackedCursor *c, int *which){
  uint64_t columns;
  *which = -1;
  if( c->size < PACK_HEAD || memcmp(c->bytes, "siyupack", 8)!=0 ) return "no packed columns";
  c->rows = packed_word(c->bytes + 8);
  columns = packed_word(c->bytes + 16);
  if( columns < 1 || columns > PACK_COLUMNS ) return "of no column, or of more than 64";
  if( c->rows > c->size || packed_place(c, PACK_HEAD, columns*PACK_ABOUT)==0 ) return "fewer bytes than its rows or columns take";
  for(c->columns=0; c->columns<(int)columns; c->columns++){
    const char *wrong = packed_column_read(c, c->bytes + PACK_HEAD + c->columns*PACK_ABOUT, &c->column[c->columns]);
    if( wrong==0 ) continue;
    *which = c->columns + 1;
    return wrong;
  }
  return 0;
}

static int packed_fail(sqlite3_vtab *vtab, char *message){
  sqlite3_free(vtab->zErrMsg);
  vtab->zErrMsg = message;
  return message ? SQLITE_ERROR : SQLITE_NOMEM;
}

static int packed_filter(sqlite3_vtab_cursor *cursor, int idxNum, const char *idxStr, int argc, sqlite3_value **argv){
  PackedCursor *c = (PackedCursor*)cursor;
  const char *wrong;
  const void *given;
  int which;
  (void)idxStr; (void)argc;
  memory_free(c->bytes);
  c->bytes = 0;
  c->rows = c->at = c->size = 0;
  c->columns = 0;
  if( idxNum==0 ) return packed_fail(cursor->pVtab, sqlite3_mprintf("packed_rows(): 'bytes' is missing; write packed_rows(bytes)"));
  if( value_is_blank(argv[0]) ) return SQLITE_OK;
  if( sqlite3_value_type(argv[0])!=SQLITE_BLOB ){
    return packed_fail(cursor->pVtab, sqlite3_mprintf("packed_rows(): bytes are no BLOB; siyu_help('packed_rows') says how they have to be"));
  }
  given = sqlite3_value_blob(argv[0]);                 /* of no bytes: NULL */
  c->size = (uint64_t)sqlite3_value_bytes(argv[0]);
  if( given==0 && c->size ) return SQLITE_NOMEM;
  c->bytes = memory_alloc(c->size + 1);
  if( c->bytes==0 ) return SQLITE_NOMEM;
  if( given ) memcpy(c->bytes, given, c->size);
  wrong = packed_read(c, &which);
  if( wrong==0 ) return SQLITE_OK;
  c->rows = 0;
  return packed_fail(cursor->pVtab, which < 0
    ? sqlite3_mprintf("packed_rows(): bytes are %s; siyu_help('packed_rows') says how they have to be", wrong)
    : sqlite3_mprintf("packed_rows(): bytes have a column %d %s; siyu_help('packed_rows') says how it has to be", which, wrong));
}

static int packed_next(sqlite3_vtab_cursor *cursor){
  ((PackedCursor*)cursor)->at++;
  return SQLITE_OK;
}
static int packed_eof(sqlite3_vtab_cursor *cursor){ return ((PackedCursor*)cursor)->at >= ((PackedCursor*)cursor)->rows; }
static int packed_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out){
  *out = (sqlite3_int64)((PackedCursor*)cursor)->at + 1;
  return SQLITE_OK;
}

static void packed_text(const PackedCursor *c, const PackedColumn *column, sqlite3_context *ctx){
  uint32_t from = packed_half(column->values + 4*c->at), to = packed_half(column->values + 4*c->at + 4);
  const char *text = (const char*)column->data;
  if( from > to || to > column->length ){
    sqlite3_result_error(ctx, "packed_rows(): bytes have a text that ends behind its column's data", -1);
  }else if( column->kind==PACK_TEXT ){
    sqlite3_result_text(ctx, text + from, (int)(to - from), SQLITE_TRANSIENT);
  }else{
    sqlite3_result_blob(ctx, text + from, (int)(to - from), SQLITE_TRANSIENT);
  }
}

static int packed_cell(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int i){
  const PackedCursor *c = (const PackedCursor*)cursor;
  const PackedColumn *column = &c->column[i];
  uint64_t bit, word;
  double real;
  if( i==PACK_COLUMNS ) sqlite3_result_blob64(ctx, c->bytes, c->size, SQLITE_TRANSIENT);
  if( i >= c->columns ) return SQLITE_OK;
  bit = column->first + c->at;
  if( column->nulls && !(column->nulls[bit >> 3] >> (bit & 7) & 1) ) return SQLITE_OK;
  switch( column->kind ){
    case PACK_INTEGER:
      sqlite3_result_int64(ctx, (sqlite3_int64)packed_word(column->values + 8*c->at));
      break;
    case PACK_REAL:
      word = packed_word(column->values + 8*c->at);
      memcpy(&real, &word, 8);
      sqlite3_result_double(ctx, real);
      break;
    default:
      packed_text(c, column, ctx);
  }
  return SQLITE_OK;
}

static const sqlite3_module PACKED_MODULE = {
  .xConnect = packed_connect, .xDisconnect = packed_disconnect, .xBestIndex = packed_best_index,
  .xOpen = packed_open, .xClose = packed_close, .xFilter = packed_filter, .xNext = packed_next,
  .xEof = packed_eof, .xColumn = packed_cell, .xRowid = packed_rowid
};

int register_packed_rows(sqlite3 *db, const CatalogueEntry *entry){
  return sqlite3_create_module_v2(db, entry->name, &PACKED_MODULE, 0, 0);
}
