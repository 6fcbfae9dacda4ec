# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# Who listens on an address, from /proc alone: a fresh machine may have neither ss nor lsof.

# "INODE UID" of the socket that listens on IPV4:PORT or on all addresses of that port; nothing when it is free.
listener() { # ADDRESS PORT
  local a b c d port
  IFS=. read -r a b c d <<<"$1"
  printf -v port '%04X' "$2"
  # Addresses are the bytes in reverse on little-endian machines; [::] takes IPv4 too, and IPv4 may come in as ::ffff:a.b.c.d.
  local address
  printf -v address '%02X%02X%02X%02X' "$d" "$c" "$b" "$a"
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$port" -v address="$address" '
    $4 == "0A" { split($2, local, ":"); if (local[2] == port && (local[1] == address || local[1] ~ /^0+$/ || local[1] == "0000000000000000FFFF0000" address)) { print $10, $8; exit } }'
}

# Says who listens there, as well as this user may know; false when nobody does.
owner_of() { # ADDRESS PORT
  local inode uid owner
  read -r inode uid < <(listener "$1" "$2") || return 1
  owner=$(find /proc/[0-9]*/fd -lname "socket:\\[$inode\\]" -print -quit 2>/dev/null | cut -d/ -f3)
  if [[ -n $owner ]]; then
    printf 'pid %s: %s' "$owner" "$(tr '\0' ' ' <"/proc/$owner/cmdline" | cut -c 1-120)"
    return 0
  fi
  printf 'a process of user %s (as root, ss -ltnp names it)' "$(getent passwd "$uid" | cut -d: -f1 || echo "$uid")"
}

# As owner_of, but a listener without an owner gets 10 s to go away: a process that was just killed holds its sockets a moment longer than
# its place in /proc.
await_owner() { # ADDRESS PORT
  local owner end=$((SECONDS + 10))
  while owner=$(owner_of "$1" "$2"); do
    if [[ $owner == pid* ]] || ((SECONDS >= end)); then
      printf '%s' "$owner"
      return 0
    fi
    sleep 0.1
  done
  return 1
}
