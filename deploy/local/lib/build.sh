# shellcheck shell=bash disable=SC2034,SC2154 # parts of one program share their variables
# Builds Release when a source changed, and keeps a copy of each build that runs: a later build (tests/run.sh makes one too) must not exchange
# the files under a running process.

app=

# Content, not times: a fresh checkout of the same sources is the same build.
source_hash() {
  (cd "$root" && find src Directory.Build.props Directory.Packages.props global.json .editorconfig \( -name bin -o -name obj \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-12)
}

# Sets app: the directory with host/ and simulator/ of the sources as they are.
build_app() {
  app=$local_dir/app/$(source_hash)
  [[ -d $app ]] && return
  need_dotnet
  lock_build
  step "building the gateway and the simulator"
  (cd "$root" && dotnet build deploy/local/topology.slnf "${build_flags[@]}" </dev/null 9>&-) ||
    fail "the build failed, see above." "If it could not write: bin/ and obj/ below src/ may belong to another user (find src -not -user $(id -un))."
  rm -rf "$app.new"
  mkdir -p "$app.new"
  cp -r "$root/src/SmsGateway.Host/bin/Release/net10.0" "$app.new/host"
  cp -r "$root/src/SmsGateway.Simulator/bin/Release/net10.0" "$app.new/simulator"
  mv "$app.new" "$app"
  unlock_build
  remove_old_builds
}

remove_old_builds() {
  local build
  for build in "$local_dir"/app/*; do
    [[ $build == "$app" ]] || grep -qsF "$build" /proc/[0-9]*/cmdline || rm -rf "$build"
  done
}
