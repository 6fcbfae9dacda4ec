# Runs the private PostgreSQL of a developer's node, as durable as any. Arguments: its place, the directory of the server's programs, the port,
# where the data goes if the server's user cannot reach the place, then the words that change to the server's user (none for an ordinary user).
# It says "started" once the server process exists, and stops the server when its standard input ends, that is, with the node, however that ends.
set -eu
trap '' INT HUP TERM
place=$1 bin=$2 port=$3 elsewhere=$4
shift 4
umask 077

mkdir -p "$(dirname "$place")"
if [ ! -e "$place" ]; then
  if [ $# -gt 0 ] && ! "$@" test -x "$(dirname "$place")"; then
    mkdir -p "$elsewhere"
    ln -sfn "$elsewhere" "$place"
  else
    mkdir "$place"
  fi
fi
[ $# -eq 0 ] || chown "$("$@" id -u):$("$@" id -g)" "$place/"
data=$(cd "$place" && pwd -P)
cd /
# The data's own directory is the marker: initdb leaves it behind only when it was done and renamed.
if [ ! -d "$data/data" ]; then
  rm -rf "$data/new"
  "$@" "$bin/initdb" -D "$data/new" -U smsgateway -A trust -E UTF8 --locale=C.UTF-8 --no-instructions >"$data/initdb.log" 2>&1 || {
    cat "$data/initdb.log"
    exit 1
  }
  mv "$data/new" "$data/data"
fi

"$@" "$bin/postgres" -D "$data/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 \
  -c fsync=on -c synchronous_commit=on -c timezone=UTC -c log_timezone=UTC </dev/null >>"$data/server.log" 2>&1 &
server=$!
echo started
read -r _ || true
kill -INT "$server" 2>/dev/null || true
wait "$server" || true
