# Runs a job where it can do no harm: in namespaces of its own, on a read-only file system, as nobody.
# $1 join files of the control group, one a line; $2 folder of the job; $3 processor seconds; $4 bytes a file;
# the rest is the program with its arguments, started in the folder.
set -eu
join=$1 folder=$2 seconds=$3 bytes=$4
shift 4
for file in $join; do echo 0 >"$file"; done
exec unshare --mount --propagation private --pid --net --ipc --uts --fork --kill-child=KILL sh -eu -c '
folder=$1 seconds=$2 bytes=$3
shift 3
mount -t proc -o nosuid,nodev,noexec,hidepid=2 proc /proc
mount -t tmpfs -o size=64k,mode=755 tmpfs /mnt
mkdir /mnt/job
mount --bind "$folder" /mnt/job
# Everything else is read-only: not only the root, but whatever else is mounted where others may write. A mount that
# another one hides cannot be reached.
while read -r _ _ _ _ point _; do
  case $point in
    /mnt | /mnt/* | /proc | /proc/*) ;;
    *) if [ -e "$(printf %b "$point")" ]; then mount -o remount,bind,ro "$(printf %b "$point")"; fi ;;
  esac
done </proc/self/mountinfo
mount -o remount,bind,ro /mnt
cd /mnt/job
exec prlimit --cpu="$seconds" --fsize="$bytes" --core=0 --nofile=256 \
  setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
  env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/mnt/job TMPDIR=/mnt/job LANG=C.UTF-8 "$@"
' confine "$folder" "$seconds" "$bytes" "$@"
