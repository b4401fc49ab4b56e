# SQLAlchemy: siyu.sqlalchemy_engine, or an event on "connect".
. "$(dirname "$0")/common"
pip_has sqlalchemy
can_load
"$venv/bin/python" - <<'PY'
import siyu, sqlalchemy
with siyu.sqlalchemy_engine("sqlite://").connect() as connection:
    assert connection.execute(sqlalchemy.text("SELECT gmv(column1) FROM (VALUES (1), (2))")).scalar() == 3
PY
