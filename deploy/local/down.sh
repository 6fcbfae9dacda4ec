#!/usr/bin/env bash
# Stops exactly what up.sh started here: nodes first and gracefully, then carriers, sink, PostgreSQL. Data stays for the next up.sh.
#   deploy/local/down.sh NODE...   stops those nodes only, one after the other
cd "$(dirname "$0")" || exit
# shellcheck source=deploy/local/lib/base.sh
. ./lib/base.sh
# shellcheck source=deploy/local/lib/processes.sh
. ./lib/processes.sh
# shellcheck source=deploy/local/lib/postgres.sh
. ./lib/postgres.sh
# shellcheck source=deploy/local/lib/topology.sh
. ./lib/topology.sh
# shellcheck source=deploy/local/lib/stop.sh
. ./lib/stop.sh

for name in "$@"; do is_node "$name" || fail "no node $name." "Name some of: ${all_nodes[*]}; without a name everything is stopped."; done
[[ -d $run_dir ]] || { say "Nothing was started here." && exit 0; }
lock_topology
if (($# > 0)); then
  for name in "$@"; do stop_together "$node_stop_seconds" "$name"; done
  say "Stopped: $*. deploy/local/up.sh starts what is missing."
  exit
fi
stop_all
say "Everything that was started here is stopped. Data stays in $pg_data; deploy/local/up.sh goes on with it."
