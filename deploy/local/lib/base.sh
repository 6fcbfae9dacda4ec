# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# Shared by up.sh, down.sh, install-postgres.sh and tests/run.sh: where things are, how we speak, what tools we need. Sourced, never run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
local_dir=$root/.local
me=$(basename "$0")

say() { printf '%s\n' "$*"; }
step() { printf '==> %s\n' "$*"; }
warn() { printf '%s: %s\n' "$me" "$*" >&2; }
# What is wrong, and on further lines what to do.
fail() {
  printf '\n%s: %s\n' "$me" "$1" >&2
  shift
  (($# == 0)) || printf '  %s\n' "$@" >&2
  exit 1
}

is_root() { ((EUID == 0)); }

# runuser, su and setpriv keep HOME of the caller; .NET and npm need one they can write.
use_own_home() {
  [[ -n ${HOME:-} && -w $HOME ]] && return
  HOME=$(getent passwd "$EUID" | cut -d: -f6)
  [[ -n $HOME && -w $HOME ]] || { HOME=$local_dir/home && mkdir -p "$HOME"; }
  export HOME
}

need_dotnet() {
  use_own_home
  if ! command -v dotnet >/dev/null; then
    local candidate
    for candidate in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
      [[ -x $candidate/dotnet ]] && PATH=$candidate:$PATH && return
    done
    fail "the .NET 10 SDK is missing." "Install it (https://dot.net, or: apt-get install dotnet-sdk-10.0 where the distribution has it) and call again."
  fi
}

# The .NET command line without servers that stay behind, banners and calls home.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
build_flags=(-c Release -nodeReuse:false -p:UseSharedCompilation=false -nologo -v:quiet -clp:NoSummary)

# One build of this clone at a time, whoever starts it. Daemons started meanwhile must not inherit the lock: 8>&-.
lock_build() {
  mkdir -p "$local_dir"
  exec 8>"$local_dir/build.lock"
  flock -n 8 || { say "another build of this clone is running; waiting for it" && flock 8; }
}
unlock_build() { exec 8>&-; }

# Directory of initdb and postgres: PG_BIN, else the highest major of the distribution's packages, else PATH. Empty when there are none.
find_postgres() {
  local bin
  if [[ -n ${PG_BIN:-} ]]; then
    [[ -x $PG_BIN/postgres && -x $PG_BIN/initdb ]] || fail "PG_BIN=$PG_BIN has no initdb and postgres." "Unset it or point it at the server's bin directory."
    printf '%s\n' "$PG_BIN"
    return
  fi
  for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5nr); do
    [[ -x $bin/postgres && -x $bin/initdb ]] && printf '%s\n' "$bin" && return
  done
  if bin=$(command -v postgres) && [[ -x $(dirname "$bin")/initdb ]]; then
    dirname "$bin"
  fi
}

# Sets postgres_bin; installs the package as root, names the one command otherwise.
need_postgres() {
  postgres_bin=$(find_postgres)
  if [[ -z $postgres_bin ]]; then
    is_root || fail "no PostgreSQL server binaries here, and only root can install them. The one command:" "sudo $root/deploy/local/install-postgres.sh" \
      "(or set PG_BIN to the bin directory of a PostgreSQL 15 or newer)"
    "$root/deploy/local/install-postgres.sh"
    postgres_bin=$(find_postgres)
    [[ -n $postgres_bin ]] || fail "PostgreSQL was installed, but its server binaries are not in /usr/lib/postgresql/*/bin." "Set PG_BIN to their directory."
  fi
  local version
  version=$("$postgres_bin/postgres" --version)
  postgres_major=$(sed -E 's/[^0-9]*([0-9]+).*/\1/' <<<"$version")
  ((postgres_major >= 15)) || fail "$version in $postgres_bin is too old; 15 or newer is needed." "Install a newer one (https://apt.postgresql.org) or set PG_BIN."
}

# PostgreSQL refuses root. setpriv replaces itself with the command, so the process that was started is the server.
server_user=()
if is_root && getent passwd postgres >/dev/null; then
  server_user=(setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all --)
elif is_root; then
  server_user=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --)
fi
as_server() { "${server_user[@]}" "$@"; }
