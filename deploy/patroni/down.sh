#!/usr/bin/env bash
# Stops the cluster that up.sh started: all of it, or the members named. PATRONI_DIR and PATRONI_ADDRESSES as there.
set -euo pipefail
[[ -z ${PATRONI_DIR:-} ]] || PATRONI_DIR=$(realpath -m "$PATRONI_DIR")
cd "$(dirname "$0")"
# shellcheck source=deploy/patroni/lib.sh
. ./lib.sh

choose_members "$@"
[[ -d $run_dir ]] || { say "Nothing was started here." && exit 0; }
lock_topology
stop() { # KIND
  local member
  for member in "${chosen[@]}"; do signal_process "$1-$member" TERM; done
  for member in "${chosen[@]}"; do await_end "$1-$member" $((SECONDS + 30)); done
}
# Patroni stops its PostgreSQL in order; etcd goes last, or Patroni would wait for it.
stop patroni
for member in "${chosen[@]}"; do end_orphans "$data_dir/$member"; done
stop etcd
say "Stopped. Data stays in $data_dir; deploy/patroni/up.sh goes on with it."
