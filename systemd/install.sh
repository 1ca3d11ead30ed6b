#!/bin/sh
# Installs the agent of Capstan on this server, makes the server a node and starts the agent. Done again it upgrades the
# agent, or does nothing. `capstan token create` prints the command that fetches and runs this:
#
#   curl … | CAPSTAN_JOIN_TOKEN=… sh                      as root
#   curl … | sudo sh -s -- --token-file FILE              the token from a file
#
# The coordinator has filled in what it is known by. The join token is not in here, and never an argument.
set -eu

coordinator=@COORDINATOR@
pin=@PIN@
origin=@ORIGIN@
server_key=@SERVER_KEY@
# One a line: architecture, SHA-256, version, file.
packages=@PACKAGES@

identity=/var/lib/capstan-agent/identity.json
trust_file=/etc/capstan-agent/conf.d/trust.yml
connect_limit=60

usage() {
  cat <<'TEXT'
Usage: sh install.sh [--token-file FILE] [--name NAME] [--trust KEY]...

Installs the Capstan agent, makes this server a node and starts the agent; run again, it upgrades the agent.

  --token-file FILE  the file that holds the join token; otherwise it is taken from CAPSTAN_JOIN_TOKEN.
                     A server that is a node already needs none
  --name NAME        the name of the node (the host's name up to the first dot)
  --trust KEY        a publisher's key whose releases this server may run, as `capstan key show` prints it; repeat it
                     for several
TEXT
}

say() { printf '%s\n' "$*"; }

fail() {
  printf 'capstan install: %s\n' "$*" >&2
  exit 1
}

# Sets token, token_file, name and keys.
read_arguments() {
  token=${CAPSTAN_JOIN_TOKEN-}
  unset CAPSTAN_JOIN_TOKEN # no program that is started from here is to have it
  token_file='' name='' keys=''
  while [ $# -gt 0 ]; do
    case $1 in
    --help)
      usage
      exit 0
      ;;
    --token-file | --name | --trust)
      [ $# -ge 2 ] || fail "$1 needs a value; --help says which."
      ;;
    *) fail "\"$1\" is not known here; --help shows what is." ;;
    esac
    case $1 in
    --token-file) token_file=$2 ;;
    --name) name=$2 ;;
    --trust)
      case $2 in
      *[!A-Za-z0-9+/=:]*) fail "\"$2\" is no public key; \`capstan key show FILE\` prints one." ;;
      ed25519:*) keys="$keys${keys:+, }\"$2\"" ;;
      *) fail "\"$2\" is no public key; \`capstan key show FILE\` prints one." ;;
      esac
      ;;
    esac
    shift 2
  done
}

check_host() {
  [ "$(id -u)" = 0 ] || fail 'this needs root: become root (sudo -i) and run the same again.'
  [ -d /run/systemd/system ] || fail 'systemd does not run here, and the agent is a service of it. docs/agent-service.md says how to do without.'
  for program in dpkg curl sha256sum; do
    command -v "$program" >/dev/null || fail "$program is missing here. The package is for Debian and Ubuntu; install $program and run the same again."
  done
  if [ -z "$token" ] && [ -n "$token_file" ]; then
    token=$(cat -- "$token_file") || fail 'the file of --token-file cannot be read; name the one that holds the join token.'
  fi
  if [ -z "$token" ] && [ ! -s "$identity" ]; then
    fail 'there is no join token: make one with `capstan token create`, and give it in CAPSTAN_JOIN_TOKEN or with --token-file FILE.'
  fi
}

# The coordinator proves that it has the key of this pin before anything is sent to it. That stands for its name and for
# an authority, which this server knows only once it is a node.
fetch() {
  curl -fsSk --pinnedpubkey "$server_key" --connect-timeout 10 --speed-limit 1000 --speed-time 30 \
    --retry 3 --output "$2" "$1"
}

install_package() {
  arch=$(dpkg --print-architecture)
  line=$(printf '%s\n' "$packages" | grep "^$arch ") ||
    fail "the coordinator has no package for $arch. Put capstan-agent_VERSION_$arch.deb into the folder of its --packages-dir and run the same again."
  # shellcheck disable=SC2086 # its words
  set -- $line
  digest=$2 version=$3 file=$4
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Version}' capstan-agent 2>/dev/null) || installed=''
  case $installed in
  'installed '*)
    installed=${installed#installed }
    if dpkg --compare-versions "$installed" ge "$version"; then
      say "capstan-agent $installed is installed."
      return 0
    fi
    say "capstan-agent $installed becomes $version."
    ;;
  *) say "capstan-agent $version is being installed." ;;
  esac

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  fetch "$origin/packages/$file" "$work/$file" ||
    fail "the package cannot be fetched from $origin: curl says why above. Run the same again when that is mended."
  printf '%s  %s\n' "$digest" "$work/$file" | sha256sum --check --status ||
    fail "what came from $origin is not the package that this script was made for. Run the same again: perhaps it has just been replaced."
  # apt waits while another one installs, and gets what the package needs.
  if command -v apt-get >/dev/null; then
    set -- apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=120 \
      -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold
  else
    set -- dpkg --install --force-confdef --force-confold
  fi
  if ! DEBIAN_FRONTEND=noninteractive "$@" "$work/$file" >"$work/log" 2>&1; then
    cat "$work/log" >&2
    fail "the package could not be installed: $1 says why above. Run the same again when that is mended."
  fi
}

trust_keys() {
  [ -n "$keys" ] || return 0
  if [ -s "$trust_file" ]; then
    say "$trust_file is there and stays as it is: --trust was not looked at."
    return 0
  fi
  printf 'apiVersion: capstan/v1\nkind: Node\ntrust: { keys: [%s] }\n' "$keys" >"$trust_file.new"
  mv "$trust_file.new" "$trust_file" # there whole, or not at all
}

sum_of_identity() { cksum <"$identity" 2>/dev/null || :; }

enrol() {
  [ -n "$token" ] || return 0 # it is a node already
  set -- --coordinator "$coordinator" --pin "$pin" --token-file -
  [ -z "$name" ] || set -- "$@" --name "$name"
  before=$(sum_of_identity)
  said=$(printf '%s\n' "$token" | capstan-agent enrol "$@") ||
    fail 'this server did not become a node: the reason is above. Run the same again when that is mended.'
  printf '%s\n' "$said" | sed 1d # what it says of the clock; that it is a node is said when it is connected
  # One that runs would go on as whoever it was.
  [ "$before" = "$(sum_of_identity)" ] || systemctl try-restart capstan-agent.service
}

start_agent() {
  systemctl enable --quiet --now capstan-agent.service ||
    fail 'the agent does not start: `journalctl -u capstan-agent` says why.'
  tries=0
  while :; do
    status=$(systemctl show --property=StatusText --value capstan-agent.service)
    case $status in 'connected to '*) break ;; esac
    tries=$((tries + 1))
    [ "$tries" -lt $((connect_limit * 5)) ] ||
      fail "the agent runs, and is not connected after $connect_limit s (${status:-it says nothing}). \`capstan-agent doctor --config /etc/capstan-agent/agent.yml\` says what is wrong."
    sleep 0.2
  done
  node=$(sed -n 's/.*"name":"\([a-z0-9-]*\)".*/\1/p' "$identity")
  say "This server is the node $node, $status."
  say "To undo it: dpkg --purge capstan-agent, and capstan node decommission $node."
}

main() {
  umask 022
  export LC_ALL=C
  read_arguments "$@"
  check_host
  install_package
  trust_keys
  enrol
  start_agent
}

# Nothing was done before this line, so that a part of the script does nothing. It is not to be taken for anybody's input.
{ main "$@" </dev/null; }
