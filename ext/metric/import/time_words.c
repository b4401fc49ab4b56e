/*
** Times as other countries write them, said again as parse_time.c reads them: months and words by
** their name, eras (令和7年, R7.3.4, 民國114年, 114/03/04), 4. 3. 2025, 10h05, a clock with dots or before
** the date, Tue Mar 04 10:05:00 UTC 2025.  Only what could not be read comes here.
*/
#include "base/memory.h"
#include "metric/import/cell_text.h"
#include "metric/import/parse.h"

#include <string.h>

typedef struct TimeWord { const char *word, *as; } TimeWord;

/* Whole words of Latin letters, in any case. */
static const TimeWord TIME_LATIN[] = {
  { "um", " " }, { "at", " " }, { "as", " " }, { "\xC3\xA0s", " " }, { "\xC3\xA0", " " }, { "alle", " " }, { "ore", " " }, { "kl.", " " }, { "kl", " " }, { "godz.", " " }, { "o", " " }, { "pukul", " " }, { "jam", " " },
  { "januari", " Jan " }, { "februari", " Feb " }, { "maret", " Mar " }, { "mei", " May " }, { "juni", " Jun " }, { "juli", " Jul " }, { "agustus", " Aug " }, { "agt", " Aug " }, { "oktober", " Oct " }, { "desember", " Dec " }, { "des", " Dec " },
  { "stycznia", " Jan " }, { "lutego", " Feb " }, { "marca", " Mar " }, { "kwietnia", " Apr " }, { "maja", " May " }, { "czerwca", " Jun " }, { "lipca", " Jul " }, { "sierpnia", " Aug " }, { "wrze\xC5\x9Bnia", " Sep " }, { "pa\xC5\xBA" "dziernika", " Oct " }, { "listopada", " Nov " }, { "grudnia", " Dec " },
  { "ocak", " Jan " }, { "\xC5\x9Fubat", " Feb " }, { "mart", " Mar " }, { "nisan", " Apr " }, { "may\xC4\xB1s", " May " }, { "haziran", " Jun " }, { "temmuz", " Jul " }, { "a\xC4\x9Fustos", " Aug " }, { "eyl\xC3\xBCl", " Sep " }, { "ekim", " Oct " }, { "kas\xC4\xB1m", " Nov " }, { "aral\xC4\xB1k", " Dec " }
};

/* Parts of a text in other letters; the longer ones first. */
static const TimeWord TIME_OTHERS[] = {
  { "января", " Jan " }, { "февраля", " Feb " }, { "марта", " Mar " }, { "апреля", " Apr " }, { "мая", " May " }, { "июня", " Jun " }, { "июля", " Jul " }, { "августа", " Aug " }, { "сентября", " Sep " }, { "октября", " Oct " }, { "ноября", " Nov " }, { "декабря", " Dec " },
  { "янв.", " Jan " }, { "янв", " Jan " }, { "февр.", " Feb " }, { "фев.", " Feb " }, { "фев", " Feb " }, { "мар.", " Mar " }, { "мар", " Mar " }, { "апр.", " Apr " }, { "апр", " Apr " }, { "май", " May " }, { "июн.", " Jun " }, { "июн", " Jun " }, { "июл.", " Jul " }, { "июл", " Jul " },
  { "авг.", " Aug " }, { "авг", " Aug " }, { "сент.", " Sep " }, { "сен.", " Sep " }, { "сен", " Sep " }, { "окт.", " Oct " }, { "окт", " Oct " }, { "нояб.", " Nov " }, { "ноя.", " Nov " }, { "ноя", " Nov " }, { "дек.", " Dec " }, { "дек", " Dec " }, { "года", " " }, { "г.", " " }, { " в ", " " },
  { "曜日", " " }, { "요일", " " }, { "เวลา", " " }, { "น.", " " }, { "พ.ศ.", " " }
};

static const TimeWord TIME_THAI[] = {
  { "มกราคม", " Jan " }, { "กุมภาพันธ์", " Feb " }, { "มีนาคม", " Mar " }, { "เมษายน", " Apr " }, { "พฤษภาคม", " May " }, { "มิถุนายน", " Jun " }, { "กรกฎาคม", " Jul " }, { "สิงหาคม", " Aug " }, { "กันยายน", " Sep " }, { "ตุลาคม", " Oct " }, { "พฤศจิกายน", " Nov " }, { "ธันวาคม", " Dec " },
  { "ม.ค.", " Jan " }, { "ก.พ.", " Feb " }, { "มี.ค.", " Mar " }, { "เม.ย.", " Apr " }, { "พ.ค.", " May " }, { "มิ.ย.", " Jun " }, { "ก.ค.", " Jul " }, { "ส.ค.", " Aug " }, { "ก.ย.", " Sep " }, { "ต.ค.", " Oct " }, { "พ.ย.", " Nov " }, { "ธ.ค.", " Dec " }
};

/* The year before the first one of an era. */
static const struct { const char *name; int before; } TIME_ERAS[] = {
  { "中華民國", 1911 }, { "民國", 1911 }, { "民国", 1911 }, { "令和", 2018 }, { "平成", 1988 }, { "昭和", 1925 }, { "R", 2018 }, { "H", 1988 }
};

typedef struct Words { char z[4*CELL_TEXT_MAX + 1]; int n; } Words;

static int w_digit(char c){ return c >= '0' && c <= '9'; }
static int w_letter(char c){ return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c & 0x80); }

/* `as` in place of the k bytes at i; 0 where there is no room. */
static int w_put(Words *w, int i, int k, const char *as){
  int length = (int)strlen(as);
  if( w->n - k + length > 4*CELL_TEXT_MAX ) return 0;
  memmove(w->z + i + length, w->z + i + k, (size_t)(w->n - i - k + 1));
  memcpy(w->z + i, as, (size_t)length);
  w->n += length - k;
  return 1;
}

static int w_replace(Words *w, const TimeWord *table, size_t count, int latin){
  size_t t;
  int found = 0;
  for(t=0; t<count; t++){
    int k = (int)strlen(table[t].word), i;
    for(i=0; i + k <= w->n; i++){
      if( latin ? sqlite3_strnicmp(w->z + i, table[t].word, k)!=0 : memcmp(w->z + i, table[t].word, (size_t)k)!=0 ) continue;
      if( latin && ((i > 0 && w_letter(w->z[i-1])) || (w_letter(w->z[i+k-1]) && i + k < w->n && w_letter(w->z[i+k]))) ) continue;
      found |= w_put(w, i, k, table[t].as);
    }
  }
  return found;
}

/* A year of its own, of `digits` digits at i, counted from another beginning. */
static int w_year(Words *w, int i, int digits, int before){
  char year[12];
  int v = 0, k;
  for(k=0; k<digits; k++) v = v*10 + (w->z[i+k] - '0');
  sqlite3_snprintf((int)sizeof year, year, "%04d", v + before);
  return w_put(w, i, digits, year);
}

static int w_digits(const Words *w, int i){
  int k = 0;
  while( i + k < w->n && w_digit(w->z[i+k]) ) k++;
  return k;
}

/* 令和元年 is its first year; R7.3.4 begins the text; 114/03/04 has three digits where nobody else has. */
static int w_era(Words *w){
  size_t e;
  int k;
  for(e=0; e<sizeof TIME_ERAS/sizeof TIME_ERAS[0]; e++){
    int length = (int)strlen(TIME_ERAS[e].name);
    if( strncmp(w->z, TIME_ERAS[e].name, (size_t)length)!=0 ) continue;
    while( w->z[length]==' ' ) length++;
    if( strncmp(w->z + length, "元", 3)==0 ) (void)w_put(w, length, 3, "1");
    k = w_digits(w, length);
    return k > 0 && k <= 3 && w_put(w, 0, length, "") && w_year(w, 0, k, TIME_ERAS[e].before);
  }
  k = w_digits(w, 0);
  return k==3 && *w->z=='1' && (strchr("/-.", w->z[3]) || strncmp(w->z + 3, "年", 3)==0) && w_year(w, 0, 3, 1911);
}

/* 4. 3. 2025, 2025. 3. 4., 10h05, 9:5:3, (火). */
static void w_signs(Words *w){
  int i;
  for(i=1; i<w->n; i++){
    char *z = w->z + i;
    if( *z=='.' && w_digit(z[-1]) && z[1]==' ' && w_digit(z[2]) && w_digits(w, i + 2) <= 4 && z[2 + w_digits(w, i + 2)]!=':' ) (void)w_put(w, i + 1, 1, "");
    else if( *z=='.' && w_digit(z[-1]) && (z[1]==' ' || z[1]==0) ) (void)w_put(w, i, 1, "");
    else if( (*z=='h' || *z=='H') && w_digit(z[-1]) && w_digit(z[1]) && w_digit(z[2]) ) *z = ':';
    else if( *z==':' && w_digit(z[1]) && z[2]==':' ) (void)w_put(w, i + 1, 0, "0");
    else if( *z=='(' && (z[1] & 0x80) && strchr(z, ')') && strchr(z, ')') - z <= 10 ) (void)w_put(w, i, (int)(strchr(z, ')') - z) + 1, " ");
    else if( *z=='T' && w_digits(w, 0)==i && i==8 && w_digits(w, i + 1)==6 ) (void)w_put(w, i, 1, "");
  }
}

/* Bytes of a clock at i: 15:05, 15:05:07; with dots where `mark` is one. */
static int w_clock(const Words *w, int i, char mark){
  int k = w_digits(w, i), part;
  if( k < 1 || k > 2 ) return 0;
  for(part=0; part<2 && w->z[i+k]==mark && w_digits(w, i + k + 1)==2; part++) k += 3;
  return part && (w->z[i+k]==0 || w->z[i+k]==' ') ? k : 0;
}

static void w_clocks(Words *w){
  char clock[16];
  int k = w_clock(w, 0, ':'), i, n;
  if( k && w->z[k]==' ' ){                            /* before the date: behind it */
    memcpy(clock + 1, w->z, (size_t)k);
    clock[0] = ' ';
    clock[k+1] = 0;
    (void)w_put(w, 0, k + 1, "");
    (void)w_put(w, w->n, 0, clock);
    return;
  }
  for(i=6; i<w->n; i++){
    if( w->z[i-1]!=' ' || (k = w_clock(w, i, '.'))==0 ) continue;
    for(n=i; n<i+k; n++) if( w->z[n]=='.' ) w->z[n] = ':';
  }
}

/* Tue Mar 04 10:05:00 UTC 2025: the year behind all of it comes before the clock. */
static void w_year_last(Words *w){
  char year[8];
  int i = w->n - 5, k;
  if( i < 12 || w->z[i]!=' ' || w_digits(w, i + 1)!=4 || !w_letter(*w->z) ) return;
  for(k=0; k<i && w->z[k]!=':'; k++){}
  while( k > 0 && w->z[k-1]!=' ' ) k--;
  if( k==0 || k >= i || w_clock(w, k, ':')==0 ) return;
  memcpy(year, w->z + i + 1, 4);
  memcpy(year + 4, " ", 2);
  w->n = i;
  w->z[i] = 0;
  (void)w_put(w, k, 0, year);
}

/* Of a Thai date with a year of two digits: 68 is 2568. */
static void w_thai_year(Words *w){
  int i = 0, k;
  while( i < w->n && !w_letter(w->z[i]) ) i++;
  while( i < w->n && (w_letter(w->z[i]) || w->z[i]==' ') ) i++;
  k = w_digits(w, i);
  if( k==2 ) (void)w_put(w, i, 0, "25");
}

static int w_has_words(const Words *w){
  int i;
  for(i=0; i<w->n; i++) if( w_letter(w->z[i]) ) return 1;
  return 0;
}

int time_in_words(const char *text, int n, char out[TIME_WORDS_SIZE]){
  Words w;
  cell_strip(&text, &n);
  if( n <= 0 || n > 2*CELL_TEXT_MAX ) return 0;
  memcpy(w.z, text, (size_t)n);
  w.z[n] = 0;
  w.n = n;
  if( !w_era(&w) ) w_signs(&w);
  if( w_has_words(&w) ){
    if( w_replace(&w, TIME_THAI, sizeof TIME_THAI/sizeof TIME_THAI[0], 0) ) w_thai_year(&w);
    (void)w_replace(&w, TIME_OTHERS, sizeof TIME_OTHERS/sizeof TIME_OTHERS[0], 0);
    (void)w_replace(&w, TIME_LATIN, sizeof TIME_LATIN/sizeof TIME_LATIN[0], 1);
    w_signs(&w);
  }
  w_clocks(&w);
  w_year_last(&w);
  if( w.n==n && memcmp(w.z, text, (size_t)n)==0 ) return 0;
  memcpy(out, w.z, (size_t)w.n + 1);
  return w.n;
}
