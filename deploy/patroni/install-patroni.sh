#!/usr/bin/env bash
# Installs Patroni and etcd with apt and starts nothing: the packages' own services stay off. Run as root.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=deploy/local/lib/base.sh
. ../local/lib/base.sh

is_root || fail "only root can install packages." "sudo $root/deploy/patroni/install-patroni.sh"
command -v apt-get >/dev/null || fail "no apt-get here." "Install Patroni 3, etcd 3.4 or newer and curl by this system's own means."

# While this file is there no package starts a service; one that was there before is somebody's decision and stays.
policy=/usr/sbin/policy-rc.d
ours=
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  ours=yes
fi
trap '[[ -z $ours ]] || rm -f "$policy"' EXIT

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null; }
step "installing Patroni and etcd with apt"
apt update >/dev/null || warn "apt-get update failed; trying with the package lists that are there"
apt install --no-install-recommends patroni etcd-server postgresql-client curl
