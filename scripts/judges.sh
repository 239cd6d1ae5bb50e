# Sourced by ./dev. The programs of others that judge ours: found, or installed where that is possible, or named as missing.

# programs and their Debian packages
JUDGES="swaks:swaks smtp-source:postfix smtp-sink:postfix python3:python3 openssl:openssl
  dkimverify:python3-dkim opendkim:opendkim postfix:postfix initdb:postgresql-15
  nsd:nsd unbound:unbound ldns-signzone:ldnsutils"

# tools of Postfix lie where only root's PATH looks
PATH=$PATH:/usr/sbin:/usr/lib/postfix/sbin
# those of PostgreSQL, of the oldest version that we support, nowhere
PATH=$PATH:/usr/lib/postgresql/15/bin

missing_judges() {
  local pair
  for pair in $JUDGES; do
    command -v "${pair%%:*}" > /dev/null || echo "$pair"
  done
  # swaks speaks TLS only with this
  perl -MNet::SSLeay -e 1 2> /dev/null || echo "swaks-tls:libnet-ssleay-perl"
}

# get_judges: installs what is missing where we are root on Debian or Ubuntu. No mail service is started by it.
get_judges() {
  local missing packages
  missing=$(missing_judges)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    return 0
  fi
  packages=$(echo "$missing" | sed 's/.*://' | sort -u | tr '\n' ' ')
  echo "Installing for the tests: $packages"
  if command -v debconf-set-selections > /dev/null; then
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  fi
  mkdir -p target
  # shellcheck disable=SC2086
  install_quietly $packages > target/install.log 2>&1 < /dev/null || echo "  that failed, see target/install.log"
}

# install_quietly PACKAGE…: in a shell of its own, so that the policy is taken back however it ends
install_quietly() (
  policy=/usr/sbin/policy-rc.d
  export DEBIAN_FRONTEND=noninteractive
  # 101 tells the packages not to start services
  if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' > $policy
    chmod 755 $policy
  fi
  apt-get install -y --no-install-recommends "$@" \
    || { apt-get update && apt-get install -y --no-install-recommends "$@"; }
)
