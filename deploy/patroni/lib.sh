# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# Shared by up.sh and down.sh: members, addresses, directories. Processes are kept as those of the local topology are, in a directory of their own.
# shellcheck source=deploy/local/lib/base.sh
. "$(dirname "${BASH_SOURCE[0]}")/../local/lib/base.sh"
# shellcheck source=deploy/local/lib/processes.sh
. "$(dirname "${BASH_SOURCE[0]}")/../local/lib/processes.sh"

# Three failure domains: two sites, and a third for the witness and a data node.
members=(pg1.dc3 pg2.bos pg3.third)
read -ra addresses <<<"${PATRONI_ADDRESSES:-127.0.31.1 127.0.31.2 127.0.31.3}"
((${#addresses[@]} == 3)) || fail "PATRONI_ADDRESSES must be three addresses, not \"${PATRONI_ADDRESSES:-}\"."

# Everything is below one directory: tests give one of their own.
local_dir=${PATRONI_DIR:-$root/.local/patroni}
# The path goes through sed, sh, YAML and Patroni's own splitting of commands. Spaces survive that.
[[ $local_dir != *[\'\"\`\\\&\|\$]* ]] || fail "none of ' \" \` \\ & | \$ may be in the path $local_dir." "Give another with PATRONI_DIR."
run_dir=$local_dir/run
log_dir=$local_dir/log

# Where data is: below local_dir, or, where the server's user cannot enter that, in a place of its own with a link to it.
data_dir=$local_dir/data

# Sets chosen: the members named, all without a name.
choose_members() { # MEMBER...
  local member
  for member in "$@"; do
    [[ " ${members[*]} " == *" $member "* ]] || fail "no member is named $member." "There are: ${members[*]}"
  done
  chosen=("$@")
  (($# > 0)) || chosen=("${members[@]}")
}

is_chosen() { [[ " ${chosen[*]} " == *" $1 "* ]]; }

connection_string() {
  local hosts
  printf -v hosts '%s:5432,' "${addresses[@]}"
  printf 'Host=%s;Username=smsgateway;Database=smsgateway\n' "${hosts%,}"
}

# The member whose Patroni holds the leader's lock and says so; empty when there is none.
leader() {
  local i
  for i in 0 1 2; do
    if curl -fsS -m 2 -o /dev/null "http://${addresses[i]}:8008/primary" 2>/dev/null; then
      printf '%s\n' "${members[i]}"
      return
    fi
  done
}
