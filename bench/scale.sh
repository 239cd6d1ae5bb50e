#!/usr/bin/env bash
# Scale benches: what many destinations, a flood, a long queue and many tenants cost. The program runs as users run it.
#   bench/scale.sh [destinations|flood|backlog|tenants]... [NAME=NUMBER]...      all four without a name; numbers make it smaller
# Ends with 1 when a bar is missed. Each bench makes a folder in TMPDIR and takes it away again.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../scripts/jdk.sh"
need_jdk
"$here/../sekisho" --version > /dev/null
exec "$JAVA_HOME/bin/java" -Xmx1g -Xlog:disable -cp "$here/../app/target/sekisho/lib/*" "$here/scale/Scale.java" "$here/.." "$@"
