#!/usr/bin/env bash
# Starts a ledger with failover on this machine: three members of etcd, three of Patroni with PostgreSQL, in strict synchronous mode, on loopback addresses
# of their own. A second call starts what is missing. As root or not; installs the packages as root, prints the one command otherwise.
#   deploy/patroni/up.sh                  prints a table and the connection string
#   deploy/patroni/up.sh --print-ledger   prints the connection string only (for LEDGER=... deploy/local/up.sh)
#   PATRONI_ADDRESSES="A B C"             other addresses (127.0.31.1 127.0.31.2 127.0.31.3); ports are 2379, 2380, 8008, 5432
#   PATRONI_DIR=DIRECTORY                 other place for data, logs and pids (.local/patroni)
#   MEMBERS="pg1.dc3 ..."                 start these only
set -euo pipefail
[[ -z ${PATRONI_DIR:-} ]] || PATRONI_DIR=$(realpath -m "$PATRONI_DIR")
cd "$(dirname "$0")"
# shellcheck source=deploy/patroni/lib.sh
. ./lib.sh

only_ledger=
case ${1:-} in
  "") ;;
  --print-ledger) only_ledger=yes ;;
  *) fail "no argument is named $1." "There is --print-ledger; members are named in MEMBERS." ;;
esac
read -ra wanted <<<"${MEMBERS:-}"
choose_members "${wanted[@]}"
# With --print-ledger only the connection string goes to standard output.
exec 3>&1
[[ -z $only_ledger ]] || exec 1>&2

need_patroni() {
  local missing=()
  command -v etcd >/dev/null || missing+=(etcd-server)
  command -v patroni >/dev/null || missing+=(patroni)
  command -v psql >/dev/null || missing+=(postgresql-client)
  command -v curl >/dev/null || missing+=(curl)
  ((${#missing[@]} > 0)) || return 0
  is_root || fail "${missing[*]} missing, and only root can install them. The one command:" "sudo $root/deploy/patroni/install-patroni.sh"
  "$root/deploy/patroni/install-patroni.sh"
}

# The server's user must be able to enter every directory above the data.
make_directories() {
  if [[ -d $data_dir ]]; then
    [[ $(stat -c %u "$data_dir/") == "$(as_server id -u)" ]] ||
      fail "the data in $data_dir belongs to $(stat -c %U "$data_dir/"), and the servers would run as $(as_server id -un)." \
        "Call this as the user who began, or remove $local_dir to forget the data."
    return
  fi
  if is_root && ! as_server test -x "$local_dir"; then
    local place
    place=/var/lib/smsgateway-patroni-$(sha256sum <<<"$local_dir" | cut -c 1-8)
    rm -rf "$place"
    mkdir -p "$place"
    ln -sfn "$place" "$data_dir"
  else
    mkdir -p "$data_dir"
  fi
  ! is_root || chown "$(as_server id -u):$(as_server id -g)" "$data_dir/"
  chmod 700 "$data_dir/"
}

etcd_hosts() { printf '"%s:2379", ' "${addresses[@]}" | sed 's/, $//'; }

configure_member() { # NUMBER
  local i=$1 hba
  hba=$'    - local all all trust\n    - host all all 127.0.0.0/8 trust\n    - host replication replicator 127.0.0.0/8 trust'
  # Through a pipe and not by name: only the server's user may enter its directory.
  awk -v hba="$hba" '$0 == "@PG_HBA@" { print hba; next } { print }' patroni.yml.template |
    sed -e "s|@NAME@ in capitals between at-signs|@NAME@|" -e "s|@NAME@|${members[i]}|" -e "s|@ADDRESS@|${addresses[i]}|g" -e "s|@ETCD_HOSTS@|$(etcd_hosts)|" \
      -e "s|@MAX_CONNECTIONS@|400|" -e "s|@DATA@|$data_real/${members[i]}|g" -e "s|@BIN@|$postgres_bin|" -e "s|@POST_INIT@|$data_real/post-init.sh|" \
      -e "s|@SOCKETS@||" -e "s|@WATCHDOG@|'off'|" -e "s|@[A-Z]*_PASSWORD@|local|" |
    as_server sh -c "umask 077; cat > '$data_real/${members[i]}.yml'"
}

start_etcd() { # NUMBER
  local i=$1 cluster='' n
  find_process "etcd-${members[i]}" && { not_stopped "etcd-${members[i]}"; return; }
  for n in 0 1 2; do cluster+="${members[n]}=http://${addresses[n]}:2380,"; done
  step "starting etcd of ${members[i]} on ${addresses[i]}:2379"
  launch "etcd-${members[i]}" env -C / "${server_user[@]}" etcd --name "${members[i]}" --data-dir "$data_real/etcd-${members[i]}" \
    --listen-peer-urls "http://${addresses[i]}:2380" --initial-advertise-peer-urls "http://${addresses[i]}:2380" \
    --listen-client-urls "http://${addresses[i]}:2379" --advertise-client-urls "http://${addresses[i]}:2379" \
    --initial-cluster "${cluster%,}" --initial-cluster-token smsgateway --heartbeat-interval 200 --election-timeout 2000 --pre-vote \
    --logger zap --log-level info 3>&-
}

start_patroni() { # NUMBER
  local i=$1
  find_process "patroni-${members[i]}" && { not_stopped "patroni-${members[i]}"; return; }
  end_orphans "$data_real/${members[i]}"
  step "starting Patroni of ${members[i]} on ${addresses[i]}:8008, PostgreSQL on ${addresses[i]}:5432"
  launch "patroni-${members[i]}" env -C / PATH="$postgres_bin:$PATH" "${server_user[@]}" "${patroni_python[@]}" "$data_real/start-patroni.py" \
    "$data_real/${members[i]}.yml" 3>&-
}

not_stopped() {
  [[ $state != T ]] || warn "$1 (pid $pid) is stopped (SIGSTOP); kill -CONT $pid"
}

# Fewer than two are no ledger: etcd needs a majority, and the primary a standby that it waits for.
need_two() {
  local kind member running
  for kind in etcd patroni; do
    running=()
    for member in "${members[@]}"; do
      find_process "$kind-$member" && running+=("$member")
    done
    ((${#running[@]} > 1)) || fail "$kind runs only for: ${running[*]:-none}. A ledger needs two members: etcd a majority, the primary a standby." \
      "What was asked for is started; call with another of ${members[*]} in MEMBERS, or without MEMBERS."
  done
}

# A leader, and a standby that it waits for: before that an answered COMMIT would wait, or be on one machine.
await_cluster() {
  local deadline=$((SECONDS + 120)) at synchronous=
  step "waiting for a primary and its synchronous standby"
  while ((SECONDS < deadline)); do
    at=$(leader)
    if [[ -n $at ]]; then
      synchronous=$(curl -fsS -m 2 "http://$(address_of "$at"):8008/cluster" 2>/dev/null | grep -o '"sync_standby"' | head -n 1 || true)
      if [[ -n $synchronous ]] && psql -h "$(address_of "$at")" -U smsgateway -d smsgateway -Atqc 'SELECT 1' >/dev/null 2>&1; then
        return 0
      fi
    fi
    sleep 0.3
  done
  fail "no primary with a synchronous standby after 120 s; the logs are in $log_dir." "$(tail -n 3 "$log_dir"/patroni-*.log)"
}

address_of() {
  local i
  for i in 0 1 2; do [[ ${members[i]} != "$1" ]] || printf '%s\n' "${addresses[i]}"; done
}

print_table() {
  local i at role
  at=$(leader)
  printf '\n%-12s%-16s%-22s%-26s%s\n' MEMBER ADDRESS POSTGRESQL PATRONI ROLE
  for i in 0 1 2; do
    role=standby
    [[ ${members[i]} != "$at" ]] || role=primary
    find_process "patroni-${members[i]}" || role="not running"
    printf '%-12s%-16s%-22s%-26s%s\n' "${members[i]}" "${addresses[i]}" "${addresses[i]}:5432" "http://${addresses[i]}:8008" "$role"
  done
  printf '\nLedger: %s\n' "$(connection_string)"
  printf 'Look:    patronictl -c %q list\nLogs:    %s\nStop:    deploy/patroni/down.sh\n' "$data_dir/${chosen[0]}.yml" "$log_dir"
}

need_patroni
need_postgres
lock_topology
make_directories
data_real=$(realpath "$data_dir")
# The Python that has Patroni's modules.
read -ra patroni_python < <(sed -n '1s/^#! *//p' "$(command -v patroni)")
for script in post-init.sh start-patroni.py; do
  as_server sh -c "cat > '$data_real/$script' && chmod 700 '$data_real/$script'" <"$script"
done
for i in 0 1 2; do
  is_chosen "${members[i]}" && start_etcd "$i"
done
for i in 0 1 2; do
  is_chosen "${members[i]}" || continue
  configure_member "$i"
  start_patroni "$i"
done
need_two
await_cluster
if [[ -n $only_ledger ]]; then connection_string >&3; else print_table; fi
