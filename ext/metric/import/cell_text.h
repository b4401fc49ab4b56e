/*
** The text of a cell as people and their programs write it, made plain: one byte per sign,
** ASCII where there is an ASCII sign, and a code of our own for the few words of Chinese that
** stand in amounts and times.  Shared by parse_amount and parse_time.
*/
#ifndef SIYU_CELL_TEXT_H
#define SIYU_CELL_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Longer texts are neither an amount nor a time. */
#define CELL_TEXT_MAX 120

enum {
  SIGN_YEAR = 0x81, SIGN_MONTH, SIGN_DAY,              /* 年 月 日 号 */
  SIGN_HOUR, SIGN_MINUTE, SIGN_SECOND,                 /* 时 点 分 秒 */
  SIGN_MORNING, SIGN_AFTERNOON, SIGN_NOON, SIGN_NIGHT, /* 上午 下午 中午 晚上 */
  SIGN_WEEKDAY,                                        /* 星期六 周六 */
  SIGN_WAN, SIGN_YI, SIGN_QIAN, SIGN_YUAN,             /* 万 亿 千 元 */
  SIGN_CURRENCY,                                       /* a sign such as that of the yuan or euro */
  SIGN_OTHER = 0xff                                    /* anything else */
};

typedef struct CellText { unsigned char z[CELL_TEXT_MAX + 1]; int n; } CellText;

/* Full-width signs become ASCII ones, every kind of blank a space, every kind of dash '-'; a
** leading ' or ` and the wrapping ="..." of spreadsheets and blanks at both ends are taken off.
** 0 when the text is too long. */
int cell_text(const char *text, int n, CellText *out);

/* Bytes of a blank at z (of n), or 0: space, tab, line ends, no-break and full-width spaces,
** zero-width signs and the byte order mark. */
int blank_at(const char *z, int n);
/* The same for what ends at z + n. */
int blank_before(const char *z, int n);

/* Takes blanks, a leading ' or `, and ="..." off both ends, in the curly signs of text programs too. */
void cell_strip(const char **text, int *n);

#endif
