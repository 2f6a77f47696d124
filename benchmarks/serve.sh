#!/usr/bin/env bash
# Serves the floor and the site side by side, as a real deployment would, on core 0.
#
#   MEASURE=folder of the load generator  benchmarks/serve.sh sqlite|pg [slips kept in the database]
#
# Writes profiles for the load generator to $OUT (default /tmp/together-bench) and stops what it
# started when its input ends.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
kind=${1:-sqlite}; ballast=${2:-0}
OUT=${OUT:-/tmp/together-bench}
: "${MEASURE:?the folder that holds load.py and floor/}"
rm -rf "$OUT"; mkdir -p "$OUT"
py=$here/.venv/bin/python
gunicorn=$here/.venv/bin/gunicorn
export SECRET_KEY=benchmark-only-benchmark-only-benchmark-only-1234567890 ALLOWED_HOSTS=127.0.0.1 HTTPS=0 DEBUG=0
export DATA_DIR=$OUT/data STATIC_ROOT=$OUT/static
mkdir -p "$DATA_DIR"
if [ "$kind" = pg ]; then
    export DATABASE_URL=postgresql://postgres@127.0.0.1:5432/together_bench
    export DB=pg PGDATABASE=together_bench_floor PGUSER=postgres PGHOST=127.0.0.1 PGPORT=5432
    for name in together_bench together_bench_floor; do
        psql -q -h 127.0.0.1 -U postgres -d postgres -c "DROP DATABASE IF EXISTS $name" -c "CREATE DATABASE $name"
    done
else
    export DB=sqlite-full DBPATH=$OUT/floor.sqlite3
fi
cd "$here"
$py manage.py collectstatic --noinput -v0
$py manage.py migrate -v0
$py manage.py createcachetable
$py benchmarks/prepare.py "$OUT" "$ballast"
(cd "$MEASURE/floor" && $py floor.py setup 300 && taskset -c 0 "$gunicorn" -w 2 -b 127.0.0.1:8201 -p "$OUT/floor.pid" --log-level error floor:application) &
taskset -c 0 "$gunicorn" -w 2 -b 127.0.0.1:8202 -p "$OUT/app.pid" --log-level error coprod.wsgi &
trap 'kill $(cat "$OUT"/*.pid) 2>/dev/null; wait' EXIT
cat > /dev/null
