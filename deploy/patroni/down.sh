#!/usr/bin/env bash
# Stops the cluster that up.sh started: all of it, or the members named. PATRONI_DIR and PATRONI_ADDRESSES as there.
set -euo pipefail
cd "$(dirname "$0")"
. ./lib.sh

[[ -d $run_dir ]] || { say "Nothing was started here."; exit 0; }
lock_topology
chosen=("$@")
((${#chosen[@]} > 0)) || chosen=("${members[@]}")
for member in "${chosen[@]}"; do
  [[ " ${members[*]} " == *" $member "* ]] || fail "no member is named $member." "There are: ${members[*]}"
done
# Patroni stops its PostgreSQL in order; etcd goes last, or Patroni would wait for it.
for kind in patroni etcd; do
  for member in "${chosen[@]}"; do signal_process "$kind-$member" TERM; done
  for member in "${chosen[@]}"; do await_end "$kind-$member" $((SECONDS + 30)); done
done
say "Stopped. Data stays in $data_dir; deploy/patroni/up.sh goes on with it."
