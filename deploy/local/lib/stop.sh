# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# Stops all of the local topology, in the order in which nothing is cut off from what it still needs.

stop_all() {
  local name file nodes=()
  for file in "$run_dir"/smsc*.pid; do
    [[ -e $file ]] && nodes+=("$(basename "$file" .pid)")
  done
  # Together: each drains on its own.
  for name in "${nodes[@]}"; do signal_process "$name" TERM; done
  for name in "${nodes[@]}"; do await_end "$name" 60; done
  for name in carrier-a carrier-b sink; do signal_process "$name" TERM; done
  for name in carrier-a carrier-b sink; do await_end "$name" 15; done
  adopt_server || true
  # INT is PostgreSQL's fast stop: sessions end, the data is flushed.
  signal_process postgres INT
  await_end postgres 120
  end_orphans
}
