# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# HTTP over bash's own sockets: a fresh machine may not have curl.

# Sets http_status and http_body; status 000 when nobody answers.
http() { # METHOD ADDRESS:PORT PATH [FORM [HEADER]]
  local answer
  # HTTP/1.0, so that the answer is neither chunked nor kept open.
  # shellcheck disable=SC2016  # expanded by the inner shell, which timeout can end
  answer=$(timeout 10 bash -c '
    exec 3<>"/dev/tcp/${2%:*}/${2##*:}" || exit 1
    printf "%s %s HTTP/1.0\r\nHost: %s\r\n%sContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s" \
      "$1" "$3" "$2" "${5:+$5$'"'\r\n'"'}" "${#4}" "$4" >&3
    cat <&3' http "$1" "$2" "$3" "${4:-}" "${5:-}" 2>/dev/null) || answer=
  answer=${answer//$'\r'/}
  http_status=000
  [[ $answer =~ ^HTTP/[0-9.]+\ ([0-9]{3}) ]] && http_status=${BASH_REMATCH[1]}
  http_body=${answer#*$'\n\n'}
}
