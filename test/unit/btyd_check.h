/* What the files of the predicted-value checks share. */
#ifndef BTYD_CHECK_H
#define BTYD_CHECK_H

/* counts one check and prints the failures */
void check(int ok, const char *what);
void check_near(double got, double want, double tolerance, const char *what);

/* btyd_published.c: fits of the data sets in a directory against published values */
void check_published_data(const char *directory);

#endif
