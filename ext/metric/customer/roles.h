/* Relationship, reach and segment of one customer, and the readable names of all codes. */
#ifndef SIYU_ROLES_H
#define SIYU_ROLES_H
#include <stddef.h>
#include <stdint.h>

/* 'none', 'fan', 'customer', 'member', 'distributor' or 'koc': the highest that holds. */
const char *relationship_role(int isFan, int64_t orders, int isMember, int isDistributor, int64_t referrals);

/* Code of the last step of the unbroken run from the left of six flags, or NULL. */
#define REACH_STEPS 6
const char *reach_stage(const int flag[REACH_STEPS]);

/* One of the eight segments, each score being high or not. */
const char *rfm_segment(int recencyHigh, int frequencyHigh, int moneyHigh);

/* One of Shopify's eleven groups, from scores 1 ... 5; without an order 'prospects'. */
const char *rfm_group(int hasOrder, int recency, int frequency, int money);
/* A score of so many levels as one of five. */
static inline int rfm_fifth(int score, int levels){ return (5*score + levels - 1) / levels; }

/* The area of a triangle drawn on three axes at 120 degrees. */
double triangle_area(double ownership, double value, double referral);

/* The readable name of a code in English or Chinese; NULL for an unknown code. */
const char *label_of(const char *code, size_t n, int chinese);

#endif
