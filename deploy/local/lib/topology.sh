# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# What belongs to the local topology, where it listens and how each part is started.

declare -A address=(
  [smsc1.dc3]=127.0.1.1 [smsc2.dc3]=127.0.1.2 [smsc1.bos]=127.0.2.1 [smsc2.bos]=127.0.2.2
  [carrier-a]=127.0.9.1 [carrier-b]=127.0.9.2 [sink]=127.0.9.9 [postgres]=127.0.0.1
)
sink_address=127.0.9.9:8090
all_nodes=(smsc1.dc3 smsc2.dc3 smsc1.bos smsc2.bos)
admin_key='X-Api-Key: local-admin-key'

is_node() { [[ " ${all_nodes[*]} " == *" $1 "* ]]; }

# Sets nodes, wanted (all parts in the order they start), ledger_connection.
read_environment() {
  local name
  read -ra nodes <<<"${NODES:-${all_nodes[*]}}"
  ((${#nodes[@]} > 0)) || fail "NODES is empty." "Name some of: ${all_nodes[*]}"
  for name in "${nodes[@]}"; do
    is_node "$name" || fail "NODES: no node $name." "Name some of: ${all_nodes[*]}"
  done
  mapfile -t nodes < <(printf '%s\n' "${nodes[@]}" | awk '!seen[$0]++')
  for name in CARRIER_A CARRIER_B; do
    [[ -z ${!name:-} || ${!name} =~ ^[A-Za-z0-9._-]+:[0-9]{1,5}$ ]] || fail "$name=${!name} is not HOST:PORT." "For instance $name=127.0.0.1:2776"
  done
  [[ -z ${CALLBACK_URL:-} || $CALLBACK_URL =~ ^https?://[^[:space:]\"\\]+$ ]] || fail "CALLBACK_URL=$CALLBACK_URL is not an http or https URL."
  if [[ -n ${LEDGER:-} ]]; then
    [[ ${FRESH:-} != 1 ]] || fail "FRESH=1 forgets all data, and LEDGER names a server that is not ours to empty." "Use one of the two."
    ledger_connection=$LEDGER
  else
    ledger_connection="Host=127.0.0.1;Port=$pg_port;Username=smsgateway;Database=smsgateway"
  fi
  wanted=("${nodes[@]}")
  [[ -n ${CARRIER_A:-} ]] || wanted+=(carrier-a)
  [[ -n ${CARRIER_B:-} ]] || wanted+=(carrier-b)
  [[ -n ${CALLBACK_URL:-} ]] || wanted+=(sink)
}

# ADDRESS:PORT of everything NAME listens on.
listens() {
  case $1 in
    postgres) echo "127.0.0.1:$pg_port" ;;
    smsc*) echo "${address[$1]}:8080 ${address[$1]}:2775 ${address[$1]}:8081" ;;
    carrier-*) echo "${address[$1]}:2775 ${address[$1]}:8090" ;;
    sink) echo "$sink_address" ;;
  esac
}

# Sets missing (what is to be started) and stopped (what was put to sleep with SIGSTOP and is reported, not waited for).
plan() {
  local name hash running=()
  missing=()
  stopped=()
  if [[ -z ${LEDGER:-} ]] && adopt_server && [[ $state == [Tt] ]]; then
    fail "PostgreSQL (pid $pid) is stopped (SIGSTOP)." "kill -CONT $pid lets it go on; kill -KILL $pid and another up.sh start it anew."
  fi
  hash=$(sha256sum <<<"$ledger_connection")
  for name in "${wanted[@]}"; do
    if ! find_process "$name"; then
      missing+=("$name")
    elif [[ $state == [Tt] ]]; then
      stopped+=("$name")
      warn "$name (pid $pid) is stopped (SIGSTOP): kill -CONT $pid lets it go on; kill -KILL $pid and another up.sh start it anew."
    elif [[ -f $run_dir/$name.ledger && $(<"$run_dir/$name.ledger") != "$hash" ]]; then
      fail "$name (pid $pid) runs on another ledger." "Call deploy/local/down.sh first."
    else
      running+=("$name")
    fi
  done
  ((${#running[@]} == 0)) || step "already running: ${running[*]}"
}

# Before anything starts: whose the addresses are that we need.
check_ports() {
  local name place owner taken=() check=("${missing[@]}")
  [[ -n ${LEDGER:-} ]] || adopt_server || check+=(postgres)
  for name in "${check[@]}"; do
    for place in $(listens "$name"); do
      if owner=$(await_owner "${place%:*}" "${place##*:}"); then taken+=("$place ($name): $owner"); fi
    done
  done
  ((${#taken[@]} == 0)) || fail "taken:" "${taken[@]}" "End the owner, and call again. What another clone's up.sh started, its down.sh stops."
}

start_one() { # NAME
  step "starting $1"
  case $1 in
    smsc*) start_node "$1" ;;
    carrier-*)
      launch "$1" env -C "$app/simulator" dotnet "$app/simulator/SmsGateway.Simulator.dll" carrier --name "$1" \
        --listen "${address[$1]}:2775" --control "${address[$1]}:8090" --system-id smsgw --password smsgw
      ;;
    sink) launch sink env -C "$app/simulator" dotnet "$app/simulator/SmsGateway.Simulator.dll" sink --listen "$sink_address" ;;
  esac
}

start_node() {
  sha256sum <<<"$ledger_connection" >"$run_dir/$1.ledger"
  launch "$1" env -C "$app/host" -u ASPNETCORE_URLS DOTNET_ENVIRONMENT=Production ASPNETCORE_ENVIRONMENT=Production \
    Node__Name="$1" Node__Site="${1#*.}" Ledger__ConnectionString="$ledger_connection" \
    Receiver__Address="${address[$1]}:8080" Smpp__Address="${address[$1]}:2775" Admin__Address="${address[$1]}:8081" \
    Hold__Directory="$local_dir/hold" Snapshot__Directory="$local_dir/snapshot" Callbacks__AllowPrivateTargets=true dotnet "$app/host/SmsGateway.Host.dll"
}
