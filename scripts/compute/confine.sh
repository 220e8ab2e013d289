# Runs a job where it can do no harm: in namespaces of its own, with system programs and its folder as the only files, all
# but that folder read-only, as nobody.
# $1 join files of the control group, one a line; $2 folder of the job; $3 an empty folder to make its root in;
# $4 processor seconds; $5 bytes a file; $6 the program node, which the job finds as /node; the rest is the program with
# its arguments, started in /job.
set -eu
join=$1 folder=$2 root=$3 seconds=$4 bytes=$5 node=$6
shift 6
for file in $join; do echo 0 >"$file"; done
exec unshare --mount --propagation private --pid --net --ipc --uts --fork --kill-child=KILL sh -eu -c '
folder=$1 root=$2 seconds=$3 bytes=$4 node=$5
shift 5
# What is not put here does not exist for the job: no sockets of the machine, no files of other accounts.
mount -t tmpfs -o size=64k,mode=755 tmpfs "$root"
cd "$root"
mkdir dev etc job proc usr
mount --bind "$folder" job
mount --rbind /usr usr
for name in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$name" ]; then
    ln -s "$(readlink "/$name")" "$name"
  elif [ -d "/$name" ]; then
    mkdir "$name"
    mount --rbind "/$name" "$name"
  fi
done
for name in ld.so.cache alternatives; do
  [ -e "/etc/$name" ] || continue
  if [ -d "/etc/$name" ]; then mkdir "etc/$name"; else : >"etc/$name"; fi
  mount --bind "/etc/$name" "etc/$name"
done
echo "nobody:x:65534:65534:nobody:/job:/bin/sh" >etc/passwd
echo "nogroup:x:65534:" >etc/group
for name in null zero full random urandom; do
  : >"dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
ln -s /proc/self/fd dev/fd
: >node
mount --bind "$node" node
mount -t proc -o nosuid,nodev,noexec,hidepid=2 proc proc
pivot_root . .
umount -l .
cd /
# The root last: while it is written to, its mounts are made read-only one by one.
while read -r _ _ _ _ point _; do
  case $point in
    / | /job | /proc) ;;
    *) mount -o remount,bind,ro "$(printf %b "$point")" ;;
  esac
done </proc/self/mountinfo
mount -o remount,bind,nosuid,nodev /job
mount -o remount,ro /
cd /job
exec prlimit --cpu="$seconds" --fsize="$bytes" --core=0 --nofile=256 \
  setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
  env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/job TMPDIR=/job LANG=C.UTF-8 "$@"
' confine "$folder" "$root" "$seconds" "$bytes" "$node" "$@"
