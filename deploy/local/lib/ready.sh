# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # parts of one program share their variables
# From an empty ledger to a topology that answers.

# LEDGER names somebody else's server: a word about it before the gateway is built for nothing.
reach_ledger() {
  local hosts port host
  hosts=$(tr ';' '\n' <<<"$LEDGER" | sed -nE 's/^ *(host|server) *= *(.*[^ ]) *$/\2/Ip')
  port=$(tr ';' '\n' <<<"$LEDGER" | sed -nE 's/^ *port *= *([0-9]+) *$/\1/Ip')
  [[ -n $hosts ]] || fail "LEDGER is not an Npgsql connection string." "For instance LEDGER='Host=db1;Port=5432;Username=smsgateway;Password=...;Database=smsgateway'"
  for host in ${hosts//,/ }; do
    [[ $host != /* ]] || return 0
    [[ $host == *:* ]] || host=$host:${port:-5432}
    # shellcheck disable=SC2016 # expanded by the inner shell
    if timeout 5 bash -c 'exec 3<>"/dev/tcp/${1%:*}/${1##*:}"' probe "$host" 2>/dev/null; then return 0; fi
  done
  fail "no database reachable: LEDGER names $hosts (port ${port:-5432}), and nobody answers there." \
    "Start it, or mend LEDGER, or call without LEDGER for a private PostgreSQL."
}

host_command() {
  env -C "$app/host" DOTNET_ENVIRONMENT=Production ASPNETCORE_ENVIRONMENT=Production Ledger__ConnectionString="$ledger_connection" \
    Node__Name=up.sh Node__Site=local timeout --kill-after=10s 120s dotnet "$app/host/SmsGateway.Host.dll" "$@" </dev/null 8>&- 9>&-
}

# The seed with the carriers and the callback URL that were asked for.
write_seed() {
  local seed
  seed=$(<"$root/deploy/local/seed.json")
  [[ -z ${CARRIER_A:-} ]] || replace '"host": "127.0.9.1", "port": 2775' "\"host\": \"${CARRIER_A%:*}\", \"port\": ${CARRIER_A##*:}"
  [[ -z ${CARRIER_B:-} ]] || replace '"host": "127.0.9.2", "port": 2775' "\"host\": \"${CARRIER_B%:*}\", \"port\": ${CARRIER_B##*:}"
  [[ -z ${CALLBACK_URL:-} ]] || replace '"http://127.0.9.9:8090/callback"' "\"$CALLBACK_URL\""
  printf '%s\n' "$seed" >"$local_dir/seed.json"
}

replace() { # OLD NEW, in seed
  [[ $seed == *"$1"* ]] || fail "deploy/local/seed.json has no $1 any more." "Bring it back, or call without CARRIER_A, CARRIER_B, CALLBACK_URL."
  seed=${seed//"$1"/"$2"}
}

# Schema and configuration. Done once per build, ledger and seed: a node that was killed shall be back quickly.
prepare_ledger() {
  local now
  write_seed
  now=$(printf '%s\n' "$app" "$ledger_connection" "$(<"$local_dir/seed.json")" | sha256sum)
  if [[ ! -f $run_dir/prepared || $(<"$run_dir/prepared") != "$now" ]]; then
    step "migrating the ledger's schema"
    host_command migrate || fail "the ledger's schema could not be migrated, see above." \
      "A wrong option: mend the environment. Out of reach or refused: check LEDGER and the server." \
      "A schema that does not fit: use the build that does, or FRESH=1 (forgets all data)."
    step "applying deploy/local/seed.json if the ledger is empty"
    host_command config apply "$local_dir/seed.json" --if-empty || fail "the configuration was refused, see above; nothing was applied." \
      "Mend deploy/local/seed.json and call again."
    printf '%s\n' "$now" >"$run_dir/prepared"
  fi
  mind_the_seed
}

# A ledger keeps the configuration it has. Whoever asks for other carriers than it was seeded with must know that nothing changed.
mind_the_seed() {
  local ledger seed
  ledger=$(sha256sum <<<"$ledger_connection")
  seed=$(sha256sum <"$local_dir/seed.json")
  if [[ ! -f $run_dir/seeded || $(head -n 1 "$run_dir/seeded") != "$ledger" ]]; then
    printf '%s\n%s\n' "$ledger" "$seed" >"$run_dir/seeded"
  elif [[ $(tail -n 1 "$run_dir/seeded") != "$seed" ]]; then
    warn "the ledger keeps the configuration it was seeded with; what seed.json, CARRIER_A, CARRIER_B and CALLBACK_URL say now is in"
    warn "$local_dir/seed.json. Apply it with \"config apply\" of the host, or begin anew with FRESH=1."
  fi
}

# Repeats a check until it holds, with the process of a part watched meanwhile.
await() { # WHAT SECONDS CHECK...
  local what=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@"; do
    ((SECONDS < deadline)) || fail "waited in vain for $what." "Logs: $log_dir; last answer: $http_status $http_body"
    sleep 0.2
  done
}

is_ready() { # NAME
  if ! find_process "$1"; then
    ! was_ending "$1" || return 1
    # Perhaps the ledger is not what it was: the next call looks again.
    rm -f "$run_dir/prepared"
    fail "$1 ended at its start; the end of $log_dir/$1.log (without stack traces):" "$(end_of_log "$1" 8)" \
      "A wrong option: mend the environment. A schema that does not fit: use the build that does, or FRESH=1 (forgets all data)." \
      "A name that is taken: the process that holds it must end first, wherever it runs."
  fi
  [[ $state != [Tt] ]] || fail "$1 (pid $pid) is stopped (SIGSTOP)." "kill -CONT $pid lets it go on."
  case $1 in
    smsc*) http GET "${address[$1]}:8081" /health/ready ;;
    carrier-*) http GET "${address[$1]}:8090" /health ;;
    sink) http GET "$sink_address" /health ;;
  esac
  [[ $http_status == 200 ]] || is_not_hot "$1"
}

# Nodes that an operator took out of traffic: that is as it was asked for, and no reason to wait.
not_hot=()

is_not_hot() { # NAME
  [[ $1 == smsc* && $http_body =~ \"mode\":\{\"ok\":false(,\"detail\":\"([^\"]*)\")? ]] || return 1
  local detail=${BASH_REMATCH[2]:-it is not in mode hot} what whose=()
  [[ $detail != *"of its site"* ]] || whose+=("sites/${1#*.}")
  [[ $detail == *"of its site"* && $detail != *"of the node"* ]] || whose+=("nodes/$1")
  not_hot+=("$1")
  warn "$1 is up, but not ready: $detail. Make it hot:"
  for what in "${whose[@]}"; do
    warn "  curl -X PUT -H '$admin_key' -H 'Content-Type: application/json' -d '{\"mode\":\"hot\"}' http://${address[$1]}:8081/admin/v1/$what/mode"
  done
}

is_hot() { [[ " ${not_hot[*]} " != *" $1 "* ]]; }

# A node that was told to stop may still have been there when the others were counted. It is started again, once it has gone.
was_ending() { # NAME
  local place
  [[ " ${missing[*]} " != *" $1 "* ]] || return 1
  missing+=("$1")
  for place in $(listens "$1"); do
    await_owner "${place%:*}" "${place##*:}" >/dev/null && fail "$1 has ended, but $place is taken: $(owner_of "${place%:*}" "${place##*:}")."
  done
  start_one "$1"
}

await_ready() {
  local name
  for name in "${wanted[@]}"; do
    [[ " ${stopped[*]} " == *" $name "* ]] || await "$name to be ready" 180 is_ready "$name"
  done
  ((${#stopped[@]} == 0)) || fail "all else is up, but these are stopped (SIGSTOP): ${stopped[*]}" "What to do with each is said above."
}
