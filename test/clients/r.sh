# R's RSQLite: loadable.extensions = TRUE is the default.
. "$(dirname "$0")/common"
need Rscript
Rscript -e 'library(RSQLite)' >/dev/null 2>&1 || lacks "no RSQLite (r-cran-rsqlite)"
Rscript -e 'library(DBI); db <- dbConnect(RSQLite::SQLite(), ":memory:")
  dbExecute(db, "SELECT load_extension(?)", params = list(commandArgs(TRUE)[1]))
  stopifnot(dbGetQuery(db, "SELECT gmv(column1) AS g FROM (VALUES (1), (2))")$g == 3)' "$SIYU"
