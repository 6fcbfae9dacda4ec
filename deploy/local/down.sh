#!/usr/bin/env bash
# Stops exactly what up.sh started here: nodes first and gracefully, then carriers, sink, PostgreSQL. Data stays for the next up.sh.
cd "$(dirname "$0")" || exit
# shellcheck source=deploy/local/lib/base.sh
. ./lib/base.sh
# shellcheck source=deploy/local/lib/processes.sh
. ./lib/processes.sh
# shellcheck source=deploy/local/lib/postgres.sh
. ./lib/postgres.sh
# shellcheck source=deploy/local/lib/stop.sh
. ./lib/stop.sh

[[ -d $run_dir ]] || { say "Nothing was started here." && exit 0; }
lock_topology
stop_all
say "Everything that was started here is stopped. Data stays in $pg_data; deploy/local/up.sh goes on with it."
