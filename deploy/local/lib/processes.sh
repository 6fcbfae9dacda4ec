# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# Processes of the local topology. .local/run/NAME.pid is the process itself, NAME.start its start time and boot: a process id that was used again
# since is never taken for ours.

run_dir=$local_dir/run
log_dir=$local_dir/log
boot_id=$(</proc/sys/kernel/random/boot_id)

# What is written here is one user's; root may stop it, but would leave files that this user cannot write.
own_local_dir() {
  mkdir -p "$local_dir"
  [[ -O $local_dir ]] || fail "$local_dir belongs to $(stat -c %U "$local_dir")." "Call this as that user, or remove the directory (that forgets all data)."
}

# One up.sh or down.sh at a time. Everything started holds 9>&-, or it would keep the lock.
lock_topology() {
  mkdir -p "$run_dir" "$log_dir" || true
  [[ -w $local_dir && -w $run_dir && -w $log_dir ]] || fail "may not write in $local_dir." "Call this as $(stat -c %U "$local_dir"), or as root."
  exec 9>"$local_dir/topology.lock"
  flock -n 9 || { step "another up.sh or down.sh is at work here; waiting for it" && flock 9; }
}

# Sets stat_state and stat_start; false when there is no such process, or only its remains.
read_stat() {
  local line field
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra field <<<"${line##*) }"
  stat_state=${field[0]}
  stat_start="${field[19]} $boot_id"
  [[ $stat_state != [ZX] ]]
}

# Sets pid and state of NAME; false when it does not run.
find_process() {
  local started
  pid=
  state=
  { read -r pid <"$run_dir/$1.pid" && read -r started <"$run_dir/$1.start"; } 2>/dev/null || return 1
  [[ $pid =~ ^[0-9]+$ ]] && read_stat "$pid" && [[ $stat_start == "$started" ]] || return 1
  state=$stat_state
}

remember() { # NAME PID
  read_stat "$2" || return 1
  printf '%s\n' "$stat_start" >"$run_dir/$1.start"
  printf '%s\n' "$2" >"$run_dir/$1.pid"
}

forget() { rm -f "$run_dir/$1.pid" "$run_dir/$1.start" "$run_dir/$1.ledger"; }

# How long the log was when NAME was started here: what came after is its own.
declare -A log_before=()

# The last COUNT lines of NAME's log, without stack traces and without those of its predecessors.
end_of_log() { # NAME COUNT
  tail -c +$((${log_before[$1]:-0} + 1)) "$log_dir/$1.log" | grep -vE '^ +at |^---' | tail -n "$2"
}

# Starts NAME in a session of its own, so that neither a closed terminal nor Ctrl-C here reaches it.
launch() { # NAME COMMAND...
  local name=$1 log=$log_dir/$1.log
  shift
  if [[ -f $log ]] && (($(stat -c %s "$log") > 20000000)); then mv "$log" "$log.1"; fi
  log_before[$name]=$(stat -c %s "$log" 2>/dev/null || echo 0)
  setsid "$@" </dev/null >>"$log" 2>&1 8>&- 9>&- &
  remember "$name" $! || fail "$name ended at once." "$(end_of_log "$name" 5)"
  disown
}

# Asks NAME to end with SIGNAL; a stopped process is woken, or it would never hear.
signal_process() { # NAME SIGNAL
  find_process "$1" || return 0
  step "stopping $1 (pid $pid)"
  kill "-$2" "$pid" 2>/dev/null || [[ ! -d /proc/$pid ]] ||
    fail "may not stop $1 (pid $pid, user $(stat -c %U "/proc/$pid"))." "Call this as that user or as root."
  kill -CONT "$pid" 2>/dev/null || true
}

# Waits for the end of NAME until SECONDS is DEADLINE, then kills it.
await_end() { # NAME DEADLINE
  local deadline=$2
  while find_process "$1"; do
    if ((SECONDS >= deadline)); then
      warn "$1 (pid $pid) did not end in time; killing it"
      kill -KILL "$pid" 2>/dev/null || true
      deadline=$((SECONDS + 10))
    fi
    sleep 0.1
  done
  forget "$1"
}

# Processes that work in DIRECTORY: a server's first, then backends that may have outlived it.
processes_in() { # DIRECTORY
  local directory cwd
  directory=$(realpath -m "$1")
  for cwd in /proc/[0-9]*/cwd; do
    [[ $(readlink "$cwd" 2>/dev/null) == "$directory" ]] || continue
    cwd=${cwd#/proc/}
    read_stat "${cwd%/cwd}" && printf '%s\n' "${cwd%/cwd}"
  done
  return 0
}

# After a kill -9 of a server, or of its Patroni, what it started may live on, and no new server starts beside that.
end_orphans() { # DATA
  local orphans tries
  for ((tries = 0; tries < 100; tries++)); do
    mapfile -t orphans < <(processes_in "$1")
    ((${#orphans[@]} > 0)) || return 0
    ((tries > 0)) || step "ending ${#orphans[@]} processes of PostgreSQL that were left in $1"
    kill -KILL "${orphans[@]}" 2>/dev/null || true
    sleep 0.1
  done
  fail "processes ${orphans[*]} hold $1 and cannot be ended." "End them (as their user or as root) and call again."
}
