/*
** A/B groups: the same customer and salt give the same group on every machine and in every
** version.  h = FNV-1a, 64 bits (Fowler, Noll, Vo), over the bytes of  salt ':' customer,
** then the finaliser of MurmurHash3 (Appleby), which FNV needs to be well mixed; the group
** is h mod n.  An INTEGER customer is its decimal text, so that 1 and '1' are one person
** before and after an import.
**
** In Python:
**   h = 0xcbf29ce484222325
**   for b in f'{salt}:{customer}'.encode(): h = (h ^ b) * 0x100000001b3 % 2**64
**   h = (h ^ h >> 33) * 0xff51afd7ed558ccd % 2**64
**   h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53 % 2**64
**   group = (h ^ h >> 33) % n
*/
#include "metric/experiment/experiment.h"

static uint64_t fnv_add(uint64_t h, const char *z, size_t n){
  size_t i;
  for(i=0; i<n; i++) h = (h ^ (unsigned char)z[i]) * UINT64_C(0x100000001b3);
  return h;
}

int64_t experiment_group(const char *salt, size_t saltBytes, const char *customer, size_t customerBytes,
                         int64_t groups){
  uint64_t h = fnv_add(UINT64_C(0xcbf29ce484222325), salt, saltBytes);
  h = fnv_add(h, ":", 1);
  h = fnv_add(h, customer, customerBytes);
  h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
  h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
  return (int64_t)((h ^ h >> 33) % (uint64_t)groups);
}
