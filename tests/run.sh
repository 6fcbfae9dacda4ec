#!/usr/bin/env bash
# The one command that passes the tests on a fresh machine: installs what is missing (as root), builds Release, checks the format, runs every test
# project and plays the drills in their short form. Usage: tests/run.sh [PROJECT...], for instance tests/run.sh SmsGateway.Ledger.Tests SmsGateway.Drills.
# The last line is "Tests: N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=deploy/local/lib/base.sh
. ../deploy/local/lib/base.sh
cd "$root"

results=$local_dir/test-results
passed=0
failed=0
finished=
running=
told=() # results files of this run
drilled=

# Each failure once more, named and short, after everything else: who reads the end of a log finds why.
tell_failures() {
  local trx drills=$results/drills.txt
  for trx in "${told[@]}"; do
    awk '
      /<UnitTestResult .*outcome="Failed"/ { match($0, /testName="[^"]*"/); print "FAILED: " substr($0, RSTART + 10, RLENGTH - 11); lines = 30 }
      /<\/UnitTestResult>/ { lines = 0; inside = 0 }
      lines && /<Message>/ { inside = 1 }
      lines && inside { gsub(/<[^>]*>/, ""); if (/[^ ]/) { print; lines-- } }' "$trx" | sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#xD;//g; s/&amp;/\&/g'
  done
  # A drill's report is a paragraph that ends with how it ended.
  [[ -z $drilled ]] || awk '/, seed [0-9]+, short: / { report = "" } { report = report $0 "\n" } /^  FAILED after / { printf "FAILED: drill %s", report; report = "" }' "$drills"
}

# Whatever ends this script, the last line tells the truth: what did not run to its end counts as a failure.
conclude() {
  local code=$?
  [[ -n $finished ]] || failed=$((failed + 1))
  [[ -z $running ]] || kill "$running" 2>/dev/null || true
  tell_failures || true
  printf 'Tests: %d passed, %d failed\n' "$passed" "$failed"
  ((code == 0 && failed > 0)) && code=1
  exit "$code"
}
trap conclude EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    is_root || fail "node and npm are missing (an SMPP stack of theirs is a customer in the tests). The one command:" "sudo apt-get install -y nodejs npm"
    step "installing node and npm with apt"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q update >/dev/null </dev/null || warn "apt-get update failed; trying with the package lists that are there"
    # Some packages of node bring npm and conflict with the distribution's, so one after the other.
    local package
    for package in nodejs npm; do
      command -v "${package%js}" >/dev/null ||
        apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 install --reinstall --no-install-recommends "$package" </dev/null
    done
  fi
  local stamp=tests/interop/node_modules/.lock-installed
  cmp -s tests/interop/package-lock.json "$stamp" && return
  step "npm ci in tests/interop"
  (cd tests/interop && npm ci --no-audit --no-fund --ignore-scripts </dev/null)
  cp tests/interop/package-lock.json "$stamp"
}

# The drills hurt a ledger under Patroni too.
need_patroni() {
  command -v patroni >/dev/null && command -v etcd >/dev/null && return
  is_root || fail "Patroni and etcd are missing (a ledger that fails over is drilled). The one command:" "sudo $root/deploy/patroni/install-patroni.sh"
  # The drills that need it say so and fail; the others are played.
  "$root/deploy/patroni/install-patroni.sh" || warn "Patroni and etcd could not be installed"
}

count() { sed -nE "s/.*<Counters [^>]*\b$2=\"([0-9]+)\".*/\1/p" "$1" | head -n 1; }

run_project() { # NAME
  local name=$1 trx=$results/$1.trx code=0 total ok skipped
  step "$name"
  rm -f "$trx"
  timeout --kill-after=30s 30m dotnet test --no-build -c Release "tests/$name/$name.csproj" --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --blame-hang-timeout 10m --blame-hang-dump-type none -nologo </dev/null &
  # In the background, so that a signal to this script is not kept waiting for the tests.
  running=$!
  wait "$running" || code=$?
  running=
  [[ ! -s $trx ]] || told+=("$trx")
  total=$(count "$trx" total 2>/dev/null || true)
  ok=$(count "$trx" passed 2>/dev/null || true)
  skipped=$(count "$trx" notExecuted 2>/dev/null || true)
  if [[ -z $total || -z $ok ]] || ((total == 0)); then
    warn "$name: no result of any test (exit code $code)"
    failed=$((failed + 1))
    return
  fi
  local bad=$((total - ok - ${skipped:-0}))
  # A test host that dies leaves results that look good.
  if ((code != 0 && bad == 0)); then
    warn "$name: ended with exit code $code"
    bad=1
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

# Each drill counts as one test; their last line tells the sums. They wait more than they work, so a few at once.
run_drills() {
  local code=0 sums ok bad
  step "SmsGateway.Drills, short forms"
  lock_build
  dotnet build -c Drill "${build_flags[@]:2}" tests/SmsGateway.Drills </dev/null
  unlock_build
  timeout --kill-after=30s 30m dotnet tests/SmsGateway.Drills/bin/Drill/net10.0/SmsGateway.Drills.dll all --short --at-once 3 --json "$results/drills.json" \
    </dev/null >"$results/drills.txt" 2>&1 &
  running=$!
  wait "$running" || code=$?
  running=
  drilled=yes
  cat "$results/drills.txt"
  sums=$(tail -n 1 "$results/drills.txt")
  if [[ ! $sums =~ ^Drills:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    warn "the drills did not come to their end (exit code $code)"
    failed=$((failed + 1))
    return
  fi
  ok=${BASH_REMATCH[1]}
  bad=${BASH_REMATCH[2]}
  if ((code != 0 && bad == 0)); then bad=1; fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

# What tests start lives for seconds: the runtime need not watch it for what to compile better.
export DOTNET_TieredPGO=0

need_dotnet
need_postgres
need_node
if [[ -z ${SMSGATEWAY_VECTORS:-} && -f $root/../shared/vectors/pdus.tsv ]]; then
  SMSGATEWAY_VECTORS=$(realpath "$root/../shared/vectors/pdus.tsv")
  export SMSGATEWAY_VECTORS
fi

projects=("$@")
if ((${#projects[@]} == 0)); then
  # The quick ones first: Smpp, Ledger, Host, EndToEnd, and the drills.
  mapfile -t projects < <(basename -a -s .csproj tests/*.Tests/*.csproj | sort -r)
  projects+=(SmsGateway.Drills)
fi
for name in "${projects[@]}"; do
  [[ -f tests/$name/$name.csproj ]] || fail "no test project $name." "There are: $(basename -a tests/*.Tests | tr '\n' ' ')SmsGateway.Drills"
done

[[ " ${projects[*]} " != *" SmsGateway.Drills "* ]] || need_patroni

lock_build
step "building Release"
dotnet build SmsGateway.sln "${build_flags[@]}" </dev/null
if (($# == 0)); then
  step "checking the format"
  # A file in another shape is a failure, and no reason to keep the tests' results back.
  if ! dotnet format whitespace SmsGateway.sln --verify-no-changes --no-restore </dev/null ||
    ! dotnet format style SmsGateway.sln --verify-no-changes --no-restore </dev/null; then
    warn "the format is not the project's own: dotnet format whitespace; dotnet format style"
    failed=$((failed + 1))
  fi
fi
unlock_build

mkdir -p "$results"
for name in "${projects[@]}"; do
  if [[ $name == SmsGateway.Drills ]]; then run_drills; else run_project "$name"; fi
done
finished=yes
