#!/usr/bin/env bash
# Installs PostgreSQL's server binaries with apt and starts nothing: without the package's usual cluster on port 5432. Run as root.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=deploy/local/lib/base.sh
. ./lib/base.sh

is_root || fail "only root can install packages." "sudo $root/deploy/local/install-postgres.sh"
command -v apt-get >/dev/null || fail "no apt-get here." "Install PostgreSQL 15 or newer by this system's own means, or set PG_BIN to its bin directory."

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null; }

# Must be in place before the server package's own script runs; an administrator who decided already is not overruled.
no_default_cluster() {
  local conf=/etc/postgresql-common/createcluster.conf
  grep -qsE '^[[:space:]]*create_main_cluster' "$conf" /etc/postgresql-common/createcluster.d/*.conf && return
  if grep -qs '^include_dir' "$conf"; then
    mkdir -p /etc/postgresql-common/createcluster.d
    printf '# SmsGateway uses private clusters only.\ncreate_main_cluster = false\n' >/etc/postgresql-common/createcluster.d/smsgateway.conf
  else
    printf 'create_main_cluster = false\n' >>"$conf"
  fi
}

step "installing PostgreSQL with apt"
apt update >/dev/null || warn "apt-get update failed; trying with the package lists that are there"
apt install --no-install-recommends postgresql-common >/dev/null
no_default_cluster
# dpkg may hold the server for installed although its files are gone: then they have to be brought back.
mapfile -t installed < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'postgresql-[0-9]*' 'postgresql-client-[0-9]*' 2>/dev/null |
  sed -nE 's/^installed (postgresql-(client-)?[0-9]+)$/\1/p' || true)
if ((${#installed[@]} > 0)); then
  apt install --reinstall --no-install-recommends "${installed[@]}"
else
  apt install --no-install-recommends postgresql
fi
