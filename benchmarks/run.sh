#!/usr/bin/env bash
# Every figure this project promises, beside the floor, on SQLite and PostgreSQL. About eight minutes.
#
#   MEASURE=folder of the load generator  benchmarks/run.sh | tee benchmarks/results.txt
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
: "${MEASURE:?the folder that holds load.py, page_weight.py and floor/}"
export OUT=${OUT:-/tmp/together-bench}
py=$here/.venv/bin/python
load() { echo; echo "\$ load.py $*"; (cd "$OUT" && taskset -c 1 "$py" "$MEASURE/load.py" "$@" 2>/dev/null); }
slips() { (cd "$here" && $py -c "
import os, django
os.environ['DJANGO_SETTINGS_MODULE'] = 'coprod.settings'
django.setup()
from feedback.models import Round
print(Round.objects.get(meeting__date='2036-12-14').slips.count())"); }

for kind in sqlite pg; do
    echo "== $kind, $(date -u +%F), $(nproc) cores, $($py -V)"
    rm -f "$OUT.in" "$OUT.log"; mkfifo "$OUT.in"
    "$here/benchmarks/serve.sh" $kind < "$OUT.in" > "$OUT.log" 2>&1 &
    exec 9> "$OUT.in"
    until grep -qs ready "$OUT.log"; do sleep 1; done
    export DATA_DIR=$OUT/app SECRET_KEY=x ALLOWED_HOSTS=127.0.0.1
    [ $kind = sqlite ] || export DATABASE_URL=postgresql://postgres@127.0.0.1:5432/together_bench_app
    # First, while both tables are of a hundred slips: the floor adds up again each time.
    load floor_table.json app_table.json app_pdf.json --mode get --conc 1 --seconds 4 --rounds 5
    load floor.json app.json big.json --conc 8 --seconds 5 --rounds 6
    before=$(slips)
    load floor.json app.json --mode open --rate 30 --seconds 10 --rounds 3
    echo "slips stored meanwhile, the warm-up's twenty included: $(($(slips) - before))"
    if [ $kind = sqlite ]; then
        echo; echo "\$ page_weight.py"
        "$py" "$MEASURE/page_weight.py" "$($py -c "import json; print(json.load(open('$OUT/app.json'))['url'])")" --list
        echo; echo "\$ benchmarks/pdf.py"
        (cd "$here" && taskset -c 1 "$py" benchmarks/pdf.py)
    fi
    exec 9>&-
    wait
done
