# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# One MT by HTTP, and its receipt as the customer gets it. Once per ledger: a second up.sh changes nothing.

demo_marker=$run_dir/demo.shown

show_demo() {
  local ledger node
  for node in "${nodes[@]}"; do if is_hot "$node"; then break; fi; done
  is_hot "$node" || { say "No demonstration MT: no node is in mode hot." && return; }
  ledger=$(sha256sum <<<"$ledger_connection" | cut -c 1-12)
  if [[ -f $demo_marker && $(<"$demo_marker") == "$ledger "* ]]; then
    say "Demonstration MT: was shown on the first call, message_id $(cut -d' ' -f2 "$demo_marker")."
    return
  fi
  local id
  id=demo-$(date +%s)
  local form="login=demo&password=demo1234&phone_number=447700900123&sender=12345&message=Hello+from+SmsGateway&message_id=$id&receipt=TRUE"
  say ""
  step "demonstration: an MT by HTTP at $node, with a receipt"
  say "  curl 'http://${address[$node]}:8080/httpapi/receiver' -d '$form'"
  http POST "${address[$node]}:8080" /httpapi/receiver "$form"
  say "  $http_status $http_body"
  [[ $http_status == 200 ]] || fail "the demonstration MT was not accepted." "The node's log: $log_dir/$node.log"
  if [[ -n ${CALLBACK_URL:-} ]]; then
    await "the end of the demonstration MT" 60 message_ended "${address[$node]}" "$id"
    say "  its receipt went to $CALLBACK_URL; the gateway's own view:"
    say "  $http_body"
  else
    await "the receipt of the demonstration MT at the sink" 60 receipt_arrived "$id"
    say "  its receipt, as it came to http://$sink_address/callback:"
    [[ ! $http_body =~ \"body\":\"([^\"]*)\" ]] || say "  ${BASH_REMATCH[1]}"
  fi
  printf '%s %s\n' "$ledger" "$id" >"$demo_marker"
}

receipt_arrived() { http GET "$sink_address" "/received?message_id=$1" && [[ $http_body == *message_state* ]]; }

message_ended() {
  http GET "$1:8081" "/admin/v1/messages?account=demo&message_id=$2" "" "$admin_key" && [[ ${http_body,,} == *delivered* ]]
}
