/* The list of families. */
#include "sql/catalogue.h"

const CatalogueEntry *const CATALOGUE[] = {
  CATALOGUE_VALUE,
  CATALOGUE_REPURCHASE,
  CATALOGUE_PATH,
  CATALOGUE_LIFECYCLE,
  CATALOGUE_REFERRAL,
  CATALOGUE_ROLES,
  CATALOGUE_SERVICE,
  CATALOGUE_EXPERIMENT,
  CATALOGUE_PREDICTION,
  CATALOGUE_TIME,
  CATALOGUE_TABLES,
  CATALOGUE_PATHS,
  CATALOGUE_CUSTOMERS,
  CATALOGUE_ABOUT,             /* last: siyu_version() says that all the others are there */
  0
};
