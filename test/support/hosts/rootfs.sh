#!/usr/bin/env bash
# rootfs.sh FOLDER: makes the Debian that all test hosts have in common, unless it is there. Whoever comes second waits.
set -euo pipefail
folder=$1
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
[ ! -e "$folder" ] || exit 0

half=$folder.half
rm -rf "$half"
. /etc/os-release
sources=/etc/apt/sources.list.d/debian.sources
[ -e "$sources" ] || sources=/etc/apt/sources.list
mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,dbus,iproute2,curl \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  "$VERSION_CODENAME" "$half" "$sources"
# Each host has a name and an identity of its own, and nobody to ask for addresses.
rm -f "$half/etc/hostname" "$half/etc/machine-id" "$half/var/lib/dbus/machine-id"
echo 'nameserver 127.0.0.1' >"$half/etc/resolv.conf"
mv "$half" "$folder"
