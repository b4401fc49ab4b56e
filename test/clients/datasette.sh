# Datasette finds siyu by its entry point.
. "$(dirname "$0")/common"
pip_has datasette
can_load
orders
"$venv/bin/datasette" orders.db --get '/orders.json?sql=select+gmv(amount)+as+gmv+from+orders&_shape=array' | grep -q '"gmv": 25000'
