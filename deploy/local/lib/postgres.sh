# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# The private PostgreSQL of the local topology: as durable as a production one, reachable by TCP on loopback only.

pg_port=25432
pg_data=$local_dir/pg

# Four nodes with 40 hot and 16 cold connections each at most, and room for those of nodes that were just killed.
pg_connections=400

pg_settings=(
  listen_addresses=127.0.0.1 "port=$pg_port" unix_socket_directories= "max_connections=$pg_connections"
  fsync=on synchronous_commit=on full_page_writes=on
  shared_buffers=256MB max_wal_size=4GB min_wal_size=512MB checkpoint_timeout=15min checkpoint_completion_target=0.9 wal_compression=on
  # The tables of what is open stay small only if they are cleaned all the time.
  autovacuum=on autovacuum_naptime=5s autovacuum_vacuum_cost_delay=0
  timezone=UTC log_timezone=UTC log_line_prefix='%m [%p] ' log_checkpoints=on
)

# A server whose pid file was lost is found again by its directory.
adopt_server() {
  find_process postgres && return
  local candidate
  { read -r candidate <"$pg_data/postmaster.pid"; } 2>/dev/null || return 1
  # Not grep -q: it leaves early, and the pipe then fails.
  processes_in "$pg_data" | grep -x "$candidate" >/dev/null || return 1
  remember postgres "$candidate" && find_process postgres
}

# A server that an older up.sh started is left alone, with the settings it was started with.
mind_the_server() {
  tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qx "max_connections=$pg_connections" ||
    warn "PostgreSQL (pid $pid) was started with another max_connections than $pg_connections; deploy/local/down.sh and another up.sh change that."
}

# A directory the server's user can reach: below a home of mode 0700 that is a place of its own, and .local/pg a link to it.
make_data_directory() {
  if is_root && ! as_server test -x "$local_dir"; then
    local place
    place=/var/lib/smsgateway-local-$(sha256sum <<<"$root" | cut -c 1-8)
    step "$local_dir cannot be reached by the server's user; its data goes to $place"
    rm -rf "$place"
    mkdir -p "$place"
    ln -sfn "$place" "$pg_data"
  else
    mkdir -p "$pg_data"
  fi
  ! is_root || chown "$(as_server id -u):$(as_server id -g)" "$pg_data/"
  chmod 700 "$pg_data/"
}

# The marker is written last: a directory without it is the remains of an interrupted start.
initialise_server() {
  [[ -f $pg_data/smsgateway.ready ]] && return
  remove_data
  step "creating the database cluster in $pg_data"
  make_data_directory
  local log=$log_dir/postgres.log data
  data=$(realpath "$pg_data")
  # From a directory its user may enter. Single-user mode needs neither a port nor a client program.
  (
    cd / &&
      as_server "$postgres_bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-instructions &&
      printf '%s\n' 'CREATE ROLE smsgateway LOGIN;' 'GRANT pg_monitor TO smsgateway;' 'CREATE DATABASE smsgateway OWNER smsgateway;' |
      as_server "$postgres_bin/postgres" --single -D "$data" postgres &&
      as_server touch "$data/smsgateway.ready"
  ) >>"$log" 2>&1 || fail "the database cluster could not be created; the end of $log:" "$(tail -n 5 "$log")"
}

remove_data() {
  [[ -e $pg_data || -L $pg_data ]] || return 0
  ! [[ -L $pg_data ]] || rm -rf "$(realpath -m "$pg_data")"
  rm -rf "$pg_data"
}

start_server() {
  local data_major argument arguments=()
  read -r data_major <"$pg_data/PG_VERSION"
  if [[ $data_major != "$postgres_major" ]]; then
    local same=/usr/lib/postgresql/$data_major/bin
    [[ -x $same/postgres ]] || fail "the data in $pg_data is PostgreSQL $data_major's, and $postgres_bin is $postgres_major." \
      "Install postgresql-$data_major, or call with FRESH=1 to forget the data."
    postgres_bin=$same
  fi
  [[ $(stat -c %u "$pg_data/") == "$(as_server id -u)" ]] || fail "the data in $pg_data belongs to $(stat -c %U "$pg_data/"), and the server would run as $(as_server id -un)." \
    "Call this as the user who began, or with FRESH=1 to forget the data."
  end_orphans "$pg_data"
  rm -f "$pg_data/postmaster.pid"
  for argument in "${pg_settings[@]}"; do arguments+=(-c "$argument"); done
  step "starting PostgreSQL $data_major on 127.0.0.1:$pg_port"
  launch postgres env -C / "${server_user[@]}" "$postgres_bin/postgres" -D "$(realpath "$pg_data")" "${arguments[@]}"
}

# Line 8 of its pid file is the server's own word on whether it takes connections. Recovery after a crash may take its time.
await_server() {
  local deadline=$((SECONDS + 120)) status
  while :; do
    find_process postgres || fail "PostgreSQL ended at its start; the end of $log_dir/postgres.log:" "$(tail -n 8 "$log_dir/postgres.log")"
    status=$(sed -n 8p "$pg_data/postmaster.pid" 2>/dev/null || true)
    [[ $status != ready* ]] || return 0
    ((SECONDS < deadline)) || fail "PostgreSQL is not ready after 120 s; the end of $log_dir/postgres.log:" "$(tail -n 8 "$log_dir/postgres.log")"
    sleep 0.1
  done
}
