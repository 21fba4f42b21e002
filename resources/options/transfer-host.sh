#!/bin/bash
# What a transfer host does at its first start: it sees to it that it ends, and then installs rclone. It ends by turning
# itself off, which terminates it (InstanceInitiatedShutdownBehavior).
set -euo pipefail

# Whether anybody uses the host: rclone runs, or somebody has a session.
cat > /usr/local/sbin/reelmill-idle <<'IDLE'
#!/bin/bash
set -euo pipefail
seen=${REELMILL_SEEN:-/run/reelmill-seen}
if [ ! -e "$seen" ] || pgrep -x rclone > /dev/null || pgrep -f ssm-session-worker > /dev/null; then
  touch "$seen"
elif [ -z "$(find "$seen" -mmin -__IDLE_MINUTES__)" ]; then
  systemctl poweroff
fi
IDLE
chmod 755 /usr/local/sbin/reelmill-idle

timer() {
  printf '[Unit]\nDescription=%s\n[Service]\nType=oneshot\nExecStart=%s\n' "$2" "$3" > "/etc/systemd/system/$1.service"
  printf '[Timer]\n%s\n[Install]\nWantedBy=timers.target\n' "$4" > "/etc/systemd/system/$1.timer"
}
timer reelmill-idle 'End the host when nobody uses it' /usr/local/sbin/reelmill-idle $'OnBootSec=5min\nOnUnitActiveSec=1min'
timer reelmill-last 'End the host at last' '/usr/bin/systemctl poweroff' 'OnBootSec=__HOURS__h'
systemctl daemon-reload
systemctl enable --now reelmill-idle.timer reelmill-last.timer

apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y rclone
# The bucket as "media:", with the rights of the instance.
mkdir -p /etc/rclone
cat > /etc/rclone/rclone.conf <<CONF
[media]
type = s3
provider = AWS
env_auth = true
region = __REGION__
no_check_bucket = true
CONF
printf 'RCLONE_CONFIG=/etc/rclone/rclone.conf\n' >> /etc/environment
