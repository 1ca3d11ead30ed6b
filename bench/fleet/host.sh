#!/bin/sh
# host.sh: makes a host's of the mount namespace that it is started in, and holds it until its standard input ends.
# What is written below /srv and /run is in memory, and no other host sees it. Whoever logs in as root has a home there,
# and the plainest shell: nothing of this machine's own root slows a login down.
set -e
for folder in /srv /run; do mount -t tmpfs -o mode=755 host "$folder"; done
mkdir -p /srv/home /srv/www /srv/etc /run/sshd
sed 's,^root:.*,root:x:0:0:root:/srv/home:/bin/sh,' /etc/passwd >/srv/etc/passwd
echo 'root:*:20000:0:99999:7:::' >/srv/etc/shadow
for file in passwd shadow; do mount --bind "/srv/etc/$file" "/etc/$file"; done
echo ready
read -r _ || :
