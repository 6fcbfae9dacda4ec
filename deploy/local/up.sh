#!/usr/bin/env bash
# Starts the local topology: PostgreSQL, four nodes at two sites, simulated carriers, callback sink. Call it again to start what is missing;
# down.sh stops it.
#   NODES="smsc1.dc3 ..."  only some of smsc1.dc3 smsc2.dc3 smsc1.bos smsc2.bos        FRESH=1    forget all data first
#   LEDGER=...             Npgsql connection string of another PostgreSQL              NO_DEMO=1  no demonstration MT
#   CARRIER_A, CARRIER_B=HOST:PORT  another SMSC instead of a simulated carrier        CALLBACK_URL=...  of demo, instead of the sink
cd "$(dirname "$0")" || exit
# shellcheck source=deploy/local/lib/base.sh
. ./lib/base.sh
# shellcheck source=deploy/local/lib/processes.sh
. ./lib/processes.sh
# shellcheck source=deploy/local/lib/ports.sh
. ./lib/ports.sh
# shellcheck source=deploy/local/lib/postgres.sh
. ./lib/postgres.sh
# shellcheck source=deploy/local/lib/stop.sh
. ./lib/stop.sh
# shellcheck source=deploy/local/lib/build.sh
. ./lib/build.sh
# shellcheck source=deploy/local/lib/http.sh
. ./lib/http.sh
# shellcheck source=deploy/local/lib/topology.sh
. ./lib/topology.sh
# shellcheck source=deploy/local/lib/ready.sh
. ./lib/ready.sh
# shellcheck source=deploy/local/lib/binds.sh
. ./lib/binds.sh
# shellcheck source=deploy/local/lib/table.sh
. ./lib/table.sh
# shellcheck source=deploy/local/lib/demo.sh
. ./lib/demo.sh
cd "$root"

read_environment
own_local_dir
lock_topology
if [[ ${FRESH:-} == 1 ]]; then
  step "FRESH=1: forgetting all data"
  stop_all
  remove_data
  rm -f "$run_dir"/prepared "$run_dir"/seeded "$demo_marker"
  rm -rf "$local_dir/hold" # journals of an installation that is no more
fi
plan
check_ports
if [[ -z ${LEDGER:-} ]]; then
  need_postgres
  if ! adopt_server; then
    initialise_server
    start_server
  else
    mind_the_server
  fi
  await_server
else
  reach_ledger
fi
build_app
prepare_ledger
for name in "${missing[@]}"; do start_one "$name"; done
await_ready
await_binds
print_table
if [[ ${NO_DEMO:-} != 1 ]]; then show_demo; fi
say ""
say "Up after $SECONDS s. Logs: $log_dir. Stop: deploy/local/down.sh"
