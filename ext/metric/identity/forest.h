/*
** Which records are one customer: disjoint sets as trees.  forest[x] is the parent of x; of a
** root: -records of its tree.  The smaller tree joins the larger one, so that no record stands
** deeper than log2 of the records of its tree, in whatever order links come in.
*/
#ifndef SIYU_FOREST_H
#define SIYU_FOREST_H

#include <stdint.h>

static inline uint32_t forest_root(int32_t *forest, uint32_t x){
  while( forest[x] >= 0 ){
    uint32_t parent = (uint32_t)forest[x];
    if( forest[parent] < 0 ) return parent;
    forest[x] = forest[parent];
    x = (uint32_t)forest[x];
  }
  return x;
}

static inline void forest_unite(int32_t *forest, uint32_t x, uint32_t y){
  x = forest_root(forest, x);
  y = forest_root(forest, y);
  if( x==y ) return;
  if( forest[x] > forest[y] ){ uint32_t swap = x; x = y; y = swap; }
  forest[x] += forest[y];
  forest[y] = (int32_t)x;
}

#endif
