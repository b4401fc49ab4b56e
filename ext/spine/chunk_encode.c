/* Chunks as bytes: see chunk_form.h. */
#include "base/time/calendar.h"
#include "spine/chunk_form.h"

#define SEES(t) (UINT32_C(1) << (t))

/* ---- sequences of numbers ---- */

/* What is packed: the values themselves; of steps the first of each customer, then the others. */
static void put_numbers(Buffer *out, const Chunk *c, const int64_t *v, size_t n, int steps, int64_t *room){
  size_t first = 0, step = 0, i;
  int k;
  if( !steps ){ packed_put(out, v, n); return; }
  for(k=0; k<c->customers; k++) first += c->start[k] < c->start[k+1];
  for(k=0, i=0; k<c->customers; k++){
    if( c->start[k]==c->start[k+1] ) continue;
    room[i++] = v[c->start[k]];
    for(size_t j=c->start[k]+1; j<c->start[k+1]; j++){
      room[first + step++] = (int64_t)((uint64_t)v[j] - (uint64_t)v[j-1]);
    }
  }
  packed_put(out, room, first);
  packed_put(out, room + first, step);
}

/* The decimals that all REALs have at most, exactly; -1 when they have more. */
static int decimals_of(const Vector *v, int64_t *numbers){
  size_t i = 0;
  int d;
  for(d=0; d<=CHUNK_DECIMALS_MAX; d++){
    double power = chunk_power_of_ten(d);
    for(; i<v->count; i++){
      double r = v->cell[i].r, scaled = r*power, back;
      Cell same;
      if( v->type[i]==CELL_NULL ) continue;
      if( !(scaled > -9e15 && scaled < 9e15) ) return -1;
      numbers[i] = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
      back = (double)numbers[i] / power;
      same.r = back;
      if( same.i!=v->cell[i].i ) break;
    }
    if( i==v->count ) break;
  }
  if( d > CHUNK_DECIMALS_MAX ) return -1;
  for(i=0; i<v->count; i++){               /* those that fewer decimals held */
    double scaled = v->cell[i].r*chunk_power_of_ten(d);
    Cell same;
    if( v->type[i]==CELL_NULL ) continue;
    if( !(scaled > -9e15 && scaled < 9e15) ) return -1;
    numbers[i] = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    same.r = (double)numbers[i] / chunk_power_of_ten(d);
    if( same.i!=v->cell[i].i ) return -1;
  }
  return d;
}

/* ---- times as text ---- */

static int two_digits(const char *z, int *out){
  if( z[0] < '0' || z[0] > '9' || z[1] < '0' || z[1] > '9' ) return 0;
  *out = (z[0] - '0')*10 + z[1] - '0';
  return 1;
}

/* The form of a time that is written as vector_value() would write it, and its number. */
static int form_of_text(const char *z, uint32_t n, int64_t *out){
  int century, year, month, day, hour, minute, second, m, d;
  int64_t days, back;
  if( n!=10 && n!=19 ) return CHUNK_VALUES;
  if( z[4]!='-' || z[7]!='-' || !two_digits(z, &century) || !two_digits(z + 2, &year)
   || !two_digits(z + 5, &month) || !two_digits(z + 8, &day) || month < 1 || month > 12 || day < 1 ) return CHUNK_VALUES;
  year += century*100;
  days = days_from_civil(year, month, day);
  civil_from_days(days, &back, &m, &d);
  if( back!=year || m!=month || d!=day ) return CHUNK_VALUES;      /* 31 February */
  *out = days;
  if( n==10 ) return CHUNK_DATES;
  if( (z[10]!=' ' && z[10]!='T') || z[13]!=':' || z[16]!=':' || !two_digits(z + 11, &hour)
   || !two_digits(z + 14, &minute) || !two_digits(z + 17, &second) || hour > 23 || minute > 59 || second > 59 ) return CHUNK_VALUES;
  *out = days*86400 + hour*3600 + minute*60 + second;
  return z[10]==' ' ? CHUNK_STAMPS : CHUNK_STAMPS_T;
}

/* The one form of all texts, or CHUNK_VALUES. */
static int form_of_texts(const Vector *v, int64_t *numbers){
  int form = -1;
  size_t i;
  for(i=0; i<v->count; i++){
    int one;
    if( v->type[i]==CELL_NULL ) continue;
    one = form_of_text(v->bytes + v->cell[i].i, v->size[i], &numbers[i]);
    if( one==CHUNK_VALUES || (form >= 0 && one!=form) ) return CHUNK_VALUES;
    form = one;
  }
  return form < 0 ? CHUNK_VALUES : form;
}

/* ---- values one by one ---- */

static void put_one(Buffer *out, const ChunkValue *v, ChunkValue *before){
  uint32_t shared = 0, most;
  buffer_put_byte(out, (unsigned)v->type);
  if( v->type==CELL_INTEGER ) buffer_put_signed(out, v->cell.i);
  else if( v->type==CELL_REAL ) buffer_put_real(out, v->cell.r);
  if( v->type < CELL_TEXT ) return;
  most = v->size < before->size ? v->size : before->size;
  while( shared < most && v->bytes[shared]==before->bytes[shared] ) shared++;
  buffer_put_unsigned(out, shared);
  buffer_put_unsigned(out, v->size - shared);
  buffer_put(out, v->bytes + shared, v->size - shared);
  *before = *v;
}

static void put_values(Buffer *out, const Vector *v){
  ChunkValue before = {0}, one;
  char room[VECTOR_TEXT_SIZE];
  size_t i;
  for(i=0; i<v->count; i++){
    vector_value(v, i, &one, room);
    put_one(out, &one, &before);
  }
}

/* ---- a dictionary ---- */

#define WORDS_MAX 4096

typedef struct Words {
  uint32_t slot[4*WORDS_MAX];          /* the row where a word stands first, + 1 */
  uint32_t place[4*WORDS_MAX];         /* its place among the words */
  uint32_t first[WORDS_MAX];
  uint32_t count;
} Words;

static uint64_t hash_value(const ChunkValue *v){
  return v->type >= CELL_TEXT ? hash_bytes(v->bytes, v->size, (uint64_t)v->type)
                              : hash_bytes(&v->cell.i, v->type==CELL_NULL ? 0 : 8, (uint64_t)v->type);
}

/* The place of the word of row i; -1 when there are too many. */
static int64_t word_place(Words *w, const Vector *v, size_t i){
  ChunkValue one, other;
  char room[VECTOR_TEXT_SIZE];
  size_t at;
  vector_value(v, i, &one, room);
  at = (size_t)(hash_value(&one) % (4*WORDS_MAX));
  for(; w->slot[at]; at = (at + 1) % (4*WORDS_MAX)){
    vector_value(v, w->slot[at] - 1, &other, room);
    if( value_same(&one, &other) ) return w->place[at];
  }
  if( w->count==WORDS_MAX ) return -1;
  w->slot[at] = (uint32_t)i + 1;
  w->place[at] = w->count;
  w->first[w->count] = (uint32_t)i;
  return w->count++;
}

/* 1 when a dictionary was written, because few words are used often. */
static int put_words(Buffer *out, const Vector *v, int64_t *numbers){
  Words *w = memory_zeroed(sizeof *w);
  ChunkValue before = {0}, one;
  char room[VECTOR_TEXT_SIZE];
  size_t i;
  uint32_t k;
  int fits = w!=0;
  if( w==0 ) out->failed = 1;
  for(i=0; fits && i<v->count; i++){
    numbers[i] = word_place(w, v, i);
    fits = numbers[i] >= 0;
  }
  fits = fits && (size_t)w->count*4 <= v->count + 16;
  if( fits ){
    buffer_put_byte(out, CHUNK_WORDS);
    buffer_put_unsigned(out, w->count);
    for(k=0; k<w->count; k++){
      vector_value(v, w->first[k], &one, room);
      put_one(out, &one, &before);
    }
    packed_put(out, numbers, v->count);
  }
  memory_free(w);
  return fits;
}

/* ---- a column ---- */

static void put_nulls(Buffer *out, const Vector *v){
  size_t i;
  unsigned byte = 0;
  for(i=0; i<v->count; i++){
    byte |= (unsigned)(v->type[i]==CELL_NULL) << (i & 7);
    if( (i & 7)==7 || i+1==v->count ){ buffer_put_byte(out, byte); byte = 0; }
  }
}

/* A NULL repeats the number before it. */
static void fill_nulls(const Vector *v, int64_t *numbers){
  size_t i;
  int64_t last = 0;
  for(i=0; i<v->count && v->type[i]==CELL_NULL; i++){}
  if( i<v->count ) last = numbers[i];
  for(i=0; i<v->count; i++){
    if( v->type[i]==CELL_NULL ) numbers[i] = last; else last = numbers[i];
  }
}

/* The form in which all that is not NULL are numbers, which it hands out; or CHUNK_VALUES. */
static int numbers_of(const Vector *v, int64_t *numbers, int *decimals){
  uint32_t seen = v->seen & ~SEES(CELL_NULL);
  size_t i;
  if( seen==SEES(CELL_INTEGER) || (v->form!=VECTOR_PLAIN && seen==SEES(CELL_TEXT)) ){
    for(i=0; i<v->count; i++) numbers[i] = v->cell[i].i;
    return seen==SEES(CELL_INTEGER) ? CHUNK_INTEGERS : CHUNK_DATES + (int)v->form - VECTOR_DATES;
  }
  if( seen==SEES(CELL_TEXT) ) return form_of_texts(v, numbers);
  if( seen!=SEES(CELL_REAL) ) return CHUNK_VALUES;
  *decimals = decimals_of(v, numbers);
  if( *decimals >= 0 ) return CHUNK_DECIMALS;
  for(i=0; i<v->count; i++) numbers[i] = v->cell[i].i;
  return CHUNK_REALS;
}

/* Times are in order, customer by customer: their steps are small. */
static void put_column(Buffer *out, const Chunk *c, const Vector *v, int steps, int64_t *numbers, int64_t *room){
  int decimals = 0, form, nulls = (v->seen & SEES(CELL_NULL))!=0;
  size_t i;
  if( (v->seen & ~SEES(CELL_NULL))==0 ){ buffer_put_byte(out, CHUNK_NULLS); return; }
  form = numbers_of(v, numbers, &decimals);
  if( form==CHUNK_VALUES ){
    if( put_words(out, v, numbers) ) return;
    buffer_put_byte(out, CHUNK_VALUES);
    put_values(out, v);
    return;
  }
  steps = steps && form!=CHUNK_REALS;
  buffer_put_byte(out, (unsigned)form | (nulls ? CHUNK_HAS_NULLS : 0) | (steps ? CHUNK_STEPS : 0));
  if( nulls ){
    put_nulls(out, v);
    fill_nulls(v, numbers);
  }
  if( form==CHUNK_DECIMALS ) buffer_put_byte(out, (unsigned)decimals);
  if( form==CHUNK_REALS ){
    for(i=0; i<v->count; i++){
      Cell r;
      r.i = numbers[i];
      buffer_put_real(out, r.r);
    }
  }else{
    put_numbers(out, c, numbers, v->count, steps, room);
  }
}

static void put_keys(Buffer *out, const Chunk *c, int64_t *numbers){
  const Vector *v = &c->key;
  size_t i;
  if( v->seen!=SEES(CELL_INTEGER) ){
    buffer_put_byte(out, CHUNK_VALUES);
    put_values(out, v);
    return;
  }
  buffer_put_byte(out, CHUNK_INTEGERS | CHUNK_STEPS);
  for(i=0; i<v->count; i++){
    numbers[i] = i ? (int64_t)((uint64_t)v->cell[i].i - (uint64_t)v->cell[i-1].i) : v->cell[0].i;
  }
  packed_put(out, numbers, v->count);
}

static void put_replaces(Buffer *out, const Chunk *c){
  int i, any = 0;
  unsigned byte = 0;
  for(i=0; i<c->customers; i++) any |= c->replaces[i];
  buffer_put_byte(out, (unsigned)any);
  for(i=0; any && i<c->customers; i++){
    byte |= (unsigned)c->replaces[i] << (i & 7);
    if( (i & 7)==7 || i+1==c->customers ){ buffer_put_byte(out, byte); byte = 0; }
  }
}

static void put_checksum(Buffer *out){
  uint64_t sum;
  int i;
  if( out->failed ) return;
  sum = hash_bytes(out->data + CHUNK_HEAD, out->size - CHUNK_HEAD, CHUNK_SEED);
  for(i=0; i<8; i++) out->data[CHUNK_HEAD - 8 + i] = (unsigned char)(sum >> (8*i));
}

void chunk_encode(const Chunk *c, Buffer *out){
  size_t most = (size_t)(c->rows > c->customers ? c->rows : c->customers) + 1;
  int64_t *numbers = memory_alloc(2*most*sizeof *numbers);
  Buffer column = {0};
  int i;
  if( numbers==0 ){ out->failed = 1; return; }
  buffer_put(out, CHUNK_MAGIC, 4);
  buffer_put_byte(out, CHUNK_VERSION);
  buffer_put(out, "\0\0\0\0\0\0\0", 8);
  buffer_put_unsigned(out, (uint64_t)c->rows);
  buffer_put_unsigned(out, (uint64_t)c->customers);
  buffer_put_unsigned(out, (uint64_t)c->columns);
  put_keys(out, c, numbers);
  for(i=0; i<c->customers; i++) numbers[i] = (int64_t)(c->start[i+1] - c->start[i]);
  packed_put(out, numbers, (size_t)c->customers);
  put_replaces(out, c);
  for(i=0; i<c->columns; i++){
    column.size = 0;
    put_column(&column, c, &c->column[i], i==0, numbers, numbers + most);
    buffer_put_unsigned(out, column.size);
    buffer_put(out, column.data, column.size);
    out->failed |= column.failed;
  }
  buffer_destroy(&column);
  memory_free(numbers);
  put_checksum(out);
}
