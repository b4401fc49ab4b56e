# dbt-sqlite: the library among `extensions` of the profile; ref() writes quoted names.
VENV=-dbt            # its own: dbt wants older packages than others
. "$(dirname "$0")/common"
pip_has 'dbt-core<1.11' 'dbt-sqlite<1.11'     # newer ones fetch a parser that is no package
can_load
orders
mkdir -p models schemas
mv orders.db schemas/main.db
cat >dbt_project.yml <<'YML'
name: brand
version: '1.0'
profile: brand
model-paths: [models]
models: {brand: {+materialized: table}}
YML
cat >profiles.yml <<YML
brand:
  target: dev
  outputs:
    dev: {type: sqlite, threads: 1, database: database, schema: main, schemas_and_paths: {main: '$work/schemas/main.db'}, schema_directory: '$work/schemas', extensions: ['$SIYU.so']}
YML
cat >models/paid.sql <<'SQL'
SELECT * FROM orders WHERE amount > 0
SQL
cat >models/value.sql <<'SQL'
SELECT gmv(amount) AS gmv, arppu(customer, amount) AS arppu FROM {{ ref('paid') }}
SQL
cat >models/per_customer.sql <<'SQL'
SELECT customer, orders, revenue FROM customer_summary('{{ ref('paid') }}', 'customer', 'time', 'amount')
SQL
[ -e "$SIYU.so" ] || lacks "no $SIYU.so"
DBT_SEND_ANONYMOUS_USAGE_STATS=0 "$venv/bin/dbt" run --profiles-dir . >dbt.log 2>&1 || { cat dbt.log; exit 1; }
[ "$(sqlite3 schemas/main.db 'SELECT * FROM value; SELECT * FROM per_customer ORDER BY 1')" = "25000|12500.0
ann|2|20000
bo|1|5000" ]
