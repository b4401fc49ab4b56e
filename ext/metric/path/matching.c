/* Augmenting paths: see matching.h. */
#include "metric/path/matching.h"

int matching_seat(Matching *m, int seeker, uint32_t *visited){
  uint32_t seats = m->wants[seeker] & ~m->taken;
  int seat;
  if( seats ){
    seat = lowest_bit(seats);
    m->taken |= UINT32_C(1) << seat;
    m->holder[seat] = (uint8_t)seeker;
    return 1;
  }
  while( (seats = m->wants[seeker] & ~*visited)!=0 ){
    seat = lowest_bit(seats);
    *visited |= UINT32_C(1) << seat;
    if( matching_seat(m, m->holder[seat], visited) ){
      m->holder[seat] = (uint8_t)seeker;
      return 1;
    }
  }
  return 0;
}
