#!/usr/bin/env bash
# Serves the floor and the site side by side, as a real deployment would, all on core 0:
# the floor on 8201, the site with 30 slips in its database on 8202, and with 30,000 on 8203.
#
#   MEASURE=folder of the load generator  benchmarks/serve.sh sqlite|pg
#
# Writes profiles for the load generator to $OUT, says "ready", and stops what it started when its
# standard input ends.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
kind=${1:-sqlite}
OUT=${OUT:-/tmp/together-bench}
: "${MEASURE:?the folder that holds load.py and floor/}"
rm -rf "$OUT"; mkdir -p "$OUT"
py=$here/.venv/bin/python
gunicorn=$here/.venv/bin/gunicorn
export SECRET_KEY=benchmark-only-benchmark-only-benchmark-only-1234567890 ALLOWED_HOSTS=127.0.0.1 HTTPS=0 DEBUG=0
export STATIC_ROOT=$OUT/static
trap 'kill $(cat "$OUT"/*.pid) 2>/dev/null; wait' EXIT
cd "$here"

fresh() { psql -q -h 127.0.0.1 -U postgres -d postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" 2>/dev/null; }

if [ "$kind" = pg ]; then
    fresh together_bench_floor
    export DB=pg PGDATABASE=together_bench_floor PGUSER=postgres PGHOST=127.0.0.1 PGPORT=5432
else
    export DB=sqlite-full DBPATH=$OUT/floor.sqlite3
fi
(cd "$MEASURE/floor" && "$py" floor.py setup 300 && taskset -c 0 "$gunicorn" -w 2 -b 127.0.0.1:8201 -p "$OUT/floor.pid" --log-level error floor:application) >/dev/null &
collected=
for name in app big; do
    export DATA_DIR=$OUT/$name
    mkdir -p "$DATA_DIR"
    if [ "$kind" = pg ]; then
        fresh "together_bench_$name"
        export DATABASE_URL=postgresql://postgres@127.0.0.1:5432/together_bench_$name
    fi
    [ -n "$collected" ] || { $py manage.py collectstatic --noinput -v0; collected=yes; }
    $py manage.py migrate -v0
    if [ $name = big ]; then port=8203 slips=30000; else port=8202 slips=30; fi
    $py benchmarks/prepare.py "$OUT" $name $port $slips
    taskset -c 0 "$gunicorn" -w 2 -b 127.0.0.1:$port -p "$OUT/$name.pid" --log-level error coprod.wsgi &
done
sleep 5
echo ready
cat > /dev/null
