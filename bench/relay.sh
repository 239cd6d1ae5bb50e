#!/usr/bin/env bash
# Relay bench: Sekisho and Postfix in turn, same cells, ratios from one run. Needs the meters in ../shared/bench (or METERS=folder).
#   bench/relay.sh [ROUNDS=3]      SCALE and WARM as the meters say (SCALE=20 WARM=50000 for figures to publish)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
meters=${METERS:-$here/../../shared/bench}
rounds=${1:-3}
if [ ! -x "$meters/compare.sh" ] && [ ! -f "$meters/compare.sh" ]; then
  echo "bench: no meters at $meters; set METERS to the folder that has compare.sh" >&2
  exit 3
fi
home=$(mktemp -d "${TMPDIR:-/tmp}/sekisho-bench-XXXXXX")
chmod 755 "$home"
smtp=${SMTP_PORT:-2525}
sink=${SINK_PORT:-2600}
cat > "$home/sekisho.conf" <<CONF
data = $home/data
hostname = sekisho.test
smtp.listen = 127.0.0.1:$smtp
smtp.sessions-per-address = 12000
routes = $home/routes.conf
CONF
echo "dst.test  bench  127.0.0.1:$sink  recipients=*" > "$home/routes.conf"
"$here/../sekisho" --version > /dev/null
"$here/../sekisho" run --config "$home/sekisho.conf" > "$home/console.log" 2>&1 &
pid=$!
stop() { kill "$pid" 2> /dev/null || true; wait "$pid" 2> /dev/null || true; [ -n "${KEEP:-}" ] || rm -rf "$home"; }
trap stop EXIT
for _ in $(seq 300); do
  (exec 3<> "/dev/tcp/127.0.0.1/$smtp") 2> /dev/null && break
  kill -0 "$pid" 2> /dev/null || { cat "$home/console.log" >&2; exit 1; }
  sleep 0.1
done
SCALE=${SCALE:-1} WARM=${WARM:-20000} bash "$meters/compare.sh" "$smtp" "$sink" "$rounds" "$pid"
if [ -f "$meters/idle.py" ]; then
  echo "10,000 idle sessions:"
  python3 "$meters/idle.py" sekisho "$smtp" "pid:$pid" 10000
fi
