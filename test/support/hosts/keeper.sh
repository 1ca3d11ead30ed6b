#!/usr/bin/env bash
# keeper.sh FOLDER CGROUP...: holds a network, mounts and processes of their own for a rack of hosts until its standard
# input ends, which it does however the test ends, killed included. Then all of that goes, the control groups and the folder too.
set -u
trap '' INT TERM HUP
folder=$1
shift

# The first process of its process namespace: the kernel kills whatever is left in it when it ends, and unmounts with it.
# nspawn keeps a folder below /run/systemd that has to lie on a tmpfs.
unshare --mount --net --pid --fork --kill-child --mount-proc bash -c '
  ip link set lo up &&
  mkdir -p /run/systemd && mount -t tmpfs -o mode=755,size=1m hosts /run/systemd &&
  echo ready && read -r _'

for group in "$@"; do
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -e "$group" ] || break
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
    sleep 0.1
  done
done
rm -rf "$folder"
