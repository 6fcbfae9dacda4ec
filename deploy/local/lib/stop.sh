# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# Stops all of the local topology, in the order in which nothing is cut off from what it still needs; or some of its nodes.

# Longer than a node allows itself (Node:StopTimeout, 30 s).
node_stop_seconds=45

stop_all() {
  local file nodes=()
  for file in "$run_dir"/smsc*.pid; do
    [[ -e $file ]] && nodes+=("$(basename "$file" .pid)")
  done
  stop_together "$node_stop_seconds" "${nodes[@]}"
  stop_together 15 carrier-a carrier-b sink
  adopt_server || true
  # INT is PostgreSQL's fast stop: sessions end, the data is flushed.
  signal_process postgres INT
  await_end postgres "$((SECONDS + 120))"
  end_orphans "$pg_data"
}

# Each drains on its own, and all have the same SECONDS for it.
stop_together() { # SECONDS NAME...
  local name deadline=$((SECONDS + $1))
  shift
  for name in "$@"; do signal_process "$name" TERM; done
  for name in "$@"; do await_end "$name" "$deadline"; done
}
