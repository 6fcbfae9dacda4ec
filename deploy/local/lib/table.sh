# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# The table at the end: what runs where, and how to get in.

row() { printf '%-11s %-46s %s\n' "$@"; }

print_table() {
  local name
  say ""
  row PART WHERE ACCESS
  if [[ -z ${LEDGER:-} ]]; then
    row PostgreSQL "127.0.0.1:$pg_port, database smsgateway" "user smsgateway, no password (trust on loopback)"
  else
    row PostgreSQL "as LEDGER says" ""
  fi
  for name in "${nodes[@]}"; do
    row "$name" "http://${address[$name]}:8080/httpapi/receiver" "accounts demo / demo1234 (sender 12345), acme / acme1234 (sender 67890)"
    row "" "${address[$name]}:2775 SMPP" "the same accounts"
    row "" "http://${address[$name]}:8081 admin, /swagger" "X-Api-Key: local-admin-key (/health, /metrics: none)"
  done
  carrier_row carrier-a "${CARRIER_A:-}"
  carrier_row carrier-b "${CARRIER_B:-}"
  if [[ -n ${CALLBACK_URL:-} ]]; then
    row callback "$CALLBACK_URL" "MOs and receipts of demo"
  else
    row sink "http://$sink_address" "POST /callback, GET /received, POST /behaviour"
  fi
}

carrier_row() { # NAME EXTERNAL
  row "$1" "${2:-${address[$1]}:2775} SMPP" "system_id smsgw, password smsgw"
  [[ -n $2 ]] || row "" "http://${address[$1]}:8090" "POST /mo, GET /submits, POST /behaviour"
}
