#!/usr/bin/env bash
# Brings a database of an earlier version up to this one while a round is open, and sees that nothing which people hold
# in their hands has died: slips, phones' cookies, sessions, sent invitations, the open link to a pack.
#
#   benchmarks/upgrade.sh [REVISION]      the earlier version; 7e8aa93 unless another is named
#
# On SQLite, and on PostgreSQL where a server listens on 127.0.0.1:5432. Needs the history of the repository.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
revision=${1:-7e8aa93}
py=$here/.venv/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/old"
git -C "$here" archive "$revision" | tar -x -C "$work/old"
export DEBUG=1 DEMO=1 SECRET_KEY=the-same-secret-before-and-after-1234567890 PYTHONDONTWRITEBYTECODE=1

upgrade() {
    export DATA_DIR=$work/$1
    mkdir "$DATA_DIR"
    echo "$1: $revision makes the database"
    (cd "$work/old" && PYTHONPATH=. "$py" "$here/benchmarks/upgrade/before.py" "$DATA_DIR/held.json")
    echo "$1: this version goes on with it"
    (cd "$here" && PYTHONPATH=. "$py" benchmarks/upgrade/after.py "$DATA_DIR/held.json")
}

upgrade sqlite
if psql -q -h 127.0.0.1 -U postgres -d postgres -c "DROP DATABASE IF EXISTS together_upgrade" -c "CREATE DATABASE together_upgrade" 2>/dev/null; then
    export DATABASE_URL=postgresql://postgres@127.0.0.1:5432/together_upgrade
    upgrade postgresql
    psql -q -h 127.0.0.1 -U postgres -d postgres -c "DROP DATABASE together_upgrade"
else
    echo "No PostgreSQL server listens on 127.0.0.1:5432: tried on SQLite alone."
fi
