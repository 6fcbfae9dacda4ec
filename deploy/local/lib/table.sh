# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# The table at the end: what runs where, and how to get in.

row() { printf '%-10s  %-39s  %-17s  %s\n' "$@"; }

print_table() {
  local name
  say ""
  row NODE "RECEIVER (HTTP)" SMPP "ADMIN (/swagger, /health/ready, /metrics)"
  for name in "${nodes[@]}"; do
    row "$name" "http://${address[$name]}:8080/httpapi/receiver" "${address[$name]}:2775" "http://${address[$name]}:8081"
  done
  say ""
  row PART WHERE SMPP "ACCESS"
  if [[ -z ${LEDGER:-} ]]; then
    row PostgreSQL "127.0.0.1:$pg_port, database smsgateway" "" "user smsgateway, no password (trust on loopback)"
  else
    row PostgreSQL "as LEDGER says" "" ""
  fi
  carrier_row carrier-a "${CARRIER_A:-}"
  carrier_row carrier-b "${CARRIER_B:-}"
  if [[ -n ${CALLBACK_URL:-} ]]; then
    row callback "$CALLBACK_URL" "" "MOs and receipts of demo"
  else
    row sink "http://$sink_address" "" "POST /callback, GET /received, POST /behaviour"
  fi
  row accounts "at every node, HTTP and SMPP" "" "demo / demo1234 (sender 12345), acme / acme1234 (sender 67890)"
  row admin "at every node" "" "X-Api-Key: local-admin-key"
}

carrier_row() { # NAME EXTERNAL
  if [[ -n $2 ]]; then
    row "$1" "" "$2" "system_id smsgw, password smsgw"
  else
    row "$1" "http://${address[$1]}:8090" "${address[$1]}:2775" "smsgw / smsgw; POST /mo, GET /submits, POST /behaviour"
  fi
}
