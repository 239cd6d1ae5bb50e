#!/usr/bin/env bash
# TLS bench: Sekisho and Postfix in turn with STARTTLS on both legs, the same certificate (ECDSA, P-256), suite and group for both.
#   bench/tls.sh [ROUNDS=3]      SCALE=20 and WARM=50000 for figures to publish; CELLS="kept full resume" chooses, and so does
#   SERVERS="postfix sekisho"; SEKISHO_JAVA_OPTS=-Dio.netty.handler.ssl.noOpenSsl=true has Sekisho do TLS in Java alone
# Cells: 10 KB; 20 sessions that are kept; 200 sessions with one message a connection, each with a full handshake; the same resumed.
# Needs the meters in ../shared/bench (or METERS=folder), root, python3, openssl, a C compiler and the headers of OpenSSL.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
meters=${METERS:-$here/../../shared/bench}
rounds=${1:-3}
scale=${SCALE:-8}
warm=${WARM:-20000}
cells=${CELLS:-kept full resume}
servers=${SERVERS:-postfix sekisho}
smtp=${SMTP_PORT:-2527}
sink=${SINK_PORT:-2620}
postfix_port=${POSTFIX_PORT:-2503}
# whether Postfix keeps TLS connections to the next hop; measured both ways, this is the quicker
reuse=${POSTFIX_TLS_REUSE:-yes}
lib=$here/../target/bench-tls

missing=""
[ -f "$meters/cell.py" ] && [ -f "$meters/setup-postfix.sh" ] || missing+="
  the meters: no cell.py and setup-postfix.sh in $meters (METERS=folder)"
[ "$(id -u)" = 0 ] || missing+="
  root, for a Postfix of its own"
for program in python3 openssl cc; do
  command -v $program > /dev/null || missing+="
  $program"
done
[ -f /usr/include/openssl/ssl.h ] || missing+="
  the headers of OpenSSL (Debian: libssl-dev)"
if [ -n "$missing" ]; then
  echo "bench: missing is$missing" >&2
  exit 3
fi

mkdir -p "$lib"
for tool in load sink; do
  if [ ! -x "$lib/$tool" ] || [ "$here/tls/$tool.c" -nt "$lib/$tool" ] || [ "$here/tls/wire.h" -nt "$lib/$tool" ]; then
    cc -O2 -Wall -Wextra -Werror -o "$lib/$tool" "$here/tls/$tool.c" -lssl -lcrypto
  fi
done

home=$(mktemp -d "${TMPDIR:-/tmp}/sekisho-bench-XXXXXX")
chmod 755 "$home"
pid=""
sink_pid=""
anchors=${ANCHORS:-${TMPDIR:-/tmp}/anchors}
tree=root
root=$anchors/$tree/postfix
postfix=(chroot "$root" /usr/sbin/postfix -c /etc/postfix-tls)
stop() {
  [ -z "$pid" ] || kill "$pid" 2> /dev/null || true
  [ -z "$pid" ] || wait "$pid" 2> /dev/null || true
  [ -z "$sink_pid" ] || kill "$sink_pid" 2> /dev/null || true
  [ ! -d "$root/etc/postfix-tls" ] || "${postfix[@]}" stop > /dev/null 2>&1 || true
  [ -n "${KEEP:-}" ] || rm -rf "$home"
}
trap stop EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=bench.test \
  -addext subjectAltName=DNS:bench.test -keyout "$home/key.pem" -out "$home/certificate.pem" 2> /dev/null

# a Postfix of the same settings as in plaintext, with TLS, beside the one of the meters
start_postfix() {
  [ -x "$root/usr/sbin/postfix" ] || bash "$meters/setup-postfix.sh"
  local own=$root/etc/postfix-tls
  rm -rf "$own" "$root/var/spool/postfix-tls" "$root/var/lib/postfix-tls"
  cp -r "$root/etc/postfix" "$own"
  cp "$meters/conf/postfix-main.cf" "$own/main.cf"
  install -m 600 "$home/key.pem" "$home/certificate.pem" "$own"
  mkdir -p "$root/var/spool/postfix-tls"
  sed -i "s/^127.0.0.1:2501 /127.0.0.1:$postfix_port /; s/^smtp  *inet .*/127.0.0.1:$postfix_port inet n - n - - smtpd/" "$own/master.cf"
  in_root() { chroot "$root" /usr/sbin/postconf -c /etc/postfix-tls "$@"; }
  # shellcheck disable=SC2016
  in_root queue_directory=/var/spool/postfix-tls data_directory=/var/lib/postfix-tls maillog_file=/var/log/postfix-tls.log \
    "relayhost=[127.0.0.1]:$sink" \
    smtpd_tls_security_level=may smtpd_tls_cert_file=/etc/postfix-tls/certificate.pem smtpd_tls_key_file=/etc/postfix-tls/key.pem \
    'smtpd_tls_session_cache_database=btree:${data_directory}/smtpd_scache' \
    smtp_tls_security_level=encrypt 'smtp_tls_session_cache_database=btree:${data_directory}/smtp_scache' \
    "smtp_tls_connection_reuse=$reuse"
  in_root -M 'tlsproxy/unix=tlsproxy unix - - n - 0 tlsproxy'
  in_root -F '*/*/chroot=n'
  "${postfix[@]}" start > "$home/postfix.log" 2>&1 || { cat "$home/postfix.log" >&2; exit 1; }
}

start_sekisho() {
  cat > "$home/sekisho.conf" <<CONF
data = $home/data
hostname = sekisho.test
smtp.listen = 127.0.0.1:$smtp
smtp.sessions-per-address = 12000
routes = $home/routes.conf
tls = on
tls.certificate = $home/certificate.pem
tls.key = $home/key.pem
CONF
  echo "dst.test  bench  127.0.0.1:$sink  recipients=*" > "$home/routes.conf"
  "$here/../sekisho" --version > /dev/null
  "$here/../sekisho" run --config "$home/sekisho.conf" > "$home/console.log" 2>&1 &
  pid=$!
}

# until somebody listens on PORT; false after 30 s or when process PID has ended
listening() {
  for _ in $(seq 300); do
    (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null && return
    kill -0 "$2" 2> /dev/null || return 1
    sleep 0.1
  done
  return 1
}

ulimit -n "$(ulimit -Hn)"
mkdir -p "$home/bin"
ln -s "$lib/load" "$home/bin/smtpload"
"$lib/sink" "$sink" $((sink + 1)) "$home/certificate.pem" "$home/key.pem" < /dev/null > "$home/sink.log" 2>&1 &
sink_pid=$!
echo $sink_pid > "$home/sink.pid"
start_postfix
start_sekisho
listening "$sink" $sink_pid || { cat "$home/sink.log" >&2; exit 1; }
listening "$smtp" $pid || { cat "$home/console.log" >&2; exit 1; }
master=$(tr -d ' ' < "$root/var/spool/postfix-tls/pid/master.pid")
listening "$postfix_port" "$master" || { tail "$root/var/log/postfix-tls.log" >&2; exit 1; }

# cell NAME CELL PORT PID MESSAGES SESSIONS EACH HOW
cell() {
  ANCHORS=$home QUIET=${QUIET:-3} python3 "$meters/cell.py" "$1" "$3" $((sink + 1)) "pid:$4" "$6" "$5" 10240 "$7" 180 \
    -e "$8" -j "$home/load.jsonl" > "$home/cell.json"
  exec 3<> "/dev/tcp/127.0.0.1/$((sink + 1))"
  printf S >&3
  read -r counts <&3
  exec 3>&-
  printf '{"cell":"%s","sink":"%s","meter":%s,"load":%s}\n' "$2" "$counts" "$(cat "$home/cell.json")" \
    "$(tail -n 1 "$home/load.jsonl")" >> "$home/results.jsonl"
}

if [ "$warm" -gt 0 ]; then
  "$lib/load" -p "$smtp" -s 20 -m "$warm" -l 10240 -T 180 > /dev/null || true
  for how in full resume; do "$lib/load" -p "$smtp" -s 200 -m $((warm / 4)) -k 1 -l 10240 -T 180 -e $how > /dev/null || true; done
  "$lib/load" -p "$postfix_port" -s 20 -m 500 -l 10240 -T 60 > /dev/null || true
fi
few=$((scale > 4 ? 4 : scale))
for _ in $(seq "$rounds"); do
  for name in $cells; do
    case $name in
      kept) shape="20 0 full" ;;
      full) shape="200 1 full" ;;
      resume) shape="200 1 resume" ;;
      *) echo "bench: no cell is called $name" >&2; exit 64 ;;
    esac
    # shellcheck disable=SC2086
    for server in $servers; do
      case $server in
        postfix) cell postfix "$name" "$postfix_port" "$master" $((1600 * few)) $shape ;;
        sekisho) cell sekisho "$name" "$smtp" "$pid" $((1600 * scale)) $shape ;;
      esac
    done
  done
done
python3 "$here/tls/table.py" "$home/results.jsonl"
cp "$home/results.jsonl" "$lib/results-$(date +%s).jsonl"
