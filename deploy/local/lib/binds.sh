# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # parts of one program share their variables
# A topology is up when every node has every bind that the configuration wants to every simulated carrier.

await_binds() {
  local name carrier external
  for name in "${nodes[@]}"; do
    is_hot "$name" || continue
    for carrier in carrier-a carrier-b; do
      external=CARRIER_${carrier#carrier-}
      external=${external^^}
      if [[ -z ${!external:-} ]]; then
        await "the binds of $name to $carrier" 60 is_bound "$name" "$carrier"
      elif ! is_bound "$name" "$carrier"; then
        warn "$name is not bound to $carrier (${!external}) yet; it keeps trying."
      fi
    done
  done
}

# Binds are named CARRIER@NODE#n. Each listing of a carrier begins with what is wanted of it, and ends with the binds that are up.
is_bound() { # NODE CARRIER
  local carrier wanted_binds up
  http GET "${address[$1]}:8081" /admin/v1/carriers "" "$admin_key"
  [[ $http_status == 200 && $http_body == *"\"name\":\"$2\",\"enabled\":"* ]] || return 1
  carrier=${http_body#*"\"name\":\"$2\",\"enabled\":"}
  wanted_binds=$(binds_wanted "${carrier%%\"binds\":*}")
  up=$(grep -o "\"$2@$1#" <<<"$http_body" | wc -l)
  ((up >= wanted_binds))
}

# The operator may have changed the configuration: a carrier that is switched off or connects elsewhere has no binds here, and one with a limit
# over all nodes (max_binds) has as many as the others leave.
binds_wanted() { # LISTING
  if [[ $1 == false* || $1 == *'"connects_from_here":false'* || $1 =~ \"max_binds\":[0-9] ]]; then
    echo 0
  elif [[ $1 =~ \"binds_per_node\":([0-9]+) ]]; then
    echo "${BASH_REMATCH[1]}"
  else
    echo 1
  fi
}
