#!/bin/bash
# Installs Openfloor on a fresh Debian 12 and prints the founding link. Safe to run again: it updates the program
# and leaves the data and your settings as they are.
set -euo pipefail
PATH=/usr/local/bin:$PATH

name="" zone="" host="" wheel="" postgresql="" onion=""

usage() {
    cat <<'USAGE'
sudo deploy/install.sh --name "Harbor General committee" --zone America/Los_Angeles --host vote.example.org
    --postgresql    keep the data in PostgreSQL instead of one file
    --onion         answer on an onion service, too
    --wheel FILE    install this wheel instead of the folder this script is in
USAGE
    exit "${1:-2}"
}

while [ $# -gt 0 ]; do
    case $1 in
    --name) name=${2:?} && shift ;;
    --zone) zone=${2:?} && shift ;;
    --host) host=${2:?} && shift ;;
    --wheel) wheel=$(realpath "${2:?}") && shift ;;
    --postgresql) postgresql=yes ;;
    --onion) onion=yes ;;
    --help) usage 0 ;;
    *) usage ;;
    esac
    shift
done

here=$(dirname "$(realpath "$0")")
project=$(dirname "$here")
settings=/etc/openfloor/openfloor.env
data=/var/lib/openfloor

say() { printf '\n== %s\n' "$1"; }
die() { printf '%s\n' "$1" >&2 && exit 1; }
systemd_runs() { [ -d /run/systemd/system ]; }

[ "$(id -u)" -eq 0 ] || die "Run this with sudo."
if [ -z "$name" ] || [ -z "$zone" ] || [ -z "$host" ]; then usage; fi
case $host in *[!a-z0-9.-]* | .* | -* | "") die "--host is the bare name, like vote.example.org" ;; esac
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || command -v apt-get >/dev/null ||
    die "This needs Debian 12 or later."

install_packages() {
    say "Packages from Debian"
    local wanted=(python3-venv caddy logrotate curl)
    [ -z "$postgresql" ] || wanted+=(postgresql)
    [ -z "$onion" ] || wanted+=(tor)
    # Whatever already sets the clock is left alone.
    [ -e /usr/sbin/chronyd ] || [ -e /usr/sbin/ntpd ] || wanted+=(systemd-timesyncd)
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
}

make_user_and_folders() {
    say "A user of its own"
    id openfloor >/dev/null 2>&1 ||
        useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin openfloor
    install -d -o openfloor -g openfloor -m 700 "$data" /var/backups/openfloor /var/log/openfloor
    # systemd would make it root's, and the rotation, which is not root, could not empty it.
    [ -e /var/log/openfloor/server.log ] ||
        install -o openfloor -g openfloor -m 600 /dev/null /var/log/openfloor/server.log
    install -d -m 755 /etc/openfloor
    [ -e "$settings" ] || install -m 640 -g openfloor "$here/openfloor.env" "$settings"
}

install_program() {
    say "The program, with every dependency checked against its hash"
    [ -x /opt/openfloor/bin/python ] || python3 -m venv /opt/openfloor
    local pip=(/opt/openfloor/bin/pip install --quiet --disable-pip-version-check --no-cache-dir)
    "${pip[@]}" --require-hashes -r "$project/requirements/app.txt"
    [ -z "$postgresql" ] || "${pip[@]}" --require-hashes -r "$project/requirements/scale.txt"
    if [ -z "$wheel" ]; then
        "${pip[@]}" --require-hashes -r "$project/requirements/build.txt"
        "${pip[@]}" --no-deps --no-build-isolation --force-reinstall "$project"
    else
        "${pip[@]}" --no-deps --force-reinstall "$wheel"
    fi
    install -m 755 "$here/openfloor.sh" /usr/local/bin/openfloor
}

prepare_postgresql() {
    say "A database"
    systemd_runs && systemctl start postgresql
    local as_postgres=(runuser -u postgres -- psql --quiet --no-psqlrc --tuples-only --no-align)
    "${as_postgres[@]}" -c "SELECT 1 FROM pg_roles WHERE rolname = 'openfloor'" | grep -q 1 ||
        runuser -u postgres -- createuser openfloor
    "${as_postgres[@]}" -c "SELECT 1 FROM pg_database WHERE datname = 'openfloor'" | grep -q 1 ||
        runuser -u postgres -- createdb --owner openfloor --encoding UTF8 --template template0 openfloor
    set_setting OPENFLOOR_DATABASE "postgresql://openfloor@/openfloor?host=/run/postgresql"
}

# Written once: what is in the settings already stays.
set_setting() {
    grep -q "^$1=" "$settings" || printf '%s="%s"\n' "$1" "$2" >>"$settings"
}

install_units() {
    say "Units, web server, log rotation"
    install -m 644 "$here"/openfloor*.service "$here"/openfloor*.timer /etc/systemd/system/
    install -m 644 "$here/openfloor.logrotate" /etc/logrotate.d/openfloor
    if ! grep -q "^$host {" /etc/caddy/Caddyfile; then
        [ ! -e /etc/caddy/Caddyfile ] || cp --backup=numbered /etc/caddy/Caddyfile /etc/caddy/Caddyfile.before-openfloor
        sed "s/^vote\.example\.org {/$host {/" "$here/Caddyfile" >/etc/caddy/Caddyfile
    fi
    caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile >/dev/null 2>&1 || die "Caddy does not accept /etc/caddy/Caddyfile."
}

found_committee() {
    say "The committee"
    if [ -e "$data/address" ]; then
        echo "There is one already. If nobody has used its link yet, type: openfloor init --renew"
        local report
        report=$(openfloor doctor --json || true)
        if grep -q '"check": "version", "state": "to_do"' <<<"$report"; then
            ! systemd_runs || systemctl stop openfloor
            openfloor upgrade
        fi
    else
        founding_link=$(openfloor init --name "$name" --zone "$zone" --url "https://$host")
    fi
}

start_all() {
    say "Starting"
    if ! systemd_runs; then
        echo "systemd does not run here, so nothing was started."
        return
    fi
    systemctl daemon-reload
    systemctl enable --quiet openfloor openfloor-backup.timer openfloor-doctor.timer caddy
    systemctl restart openfloor
    systemctl start openfloor-backup.timer openfloor-doctor.timer
    systemctl reload-or-restart caddy
    for _ in $(seq 60); do
        curl -fsS -H "Host: $host" http://127.0.0.1:8000/healthz >/dev/null 2>&1 && return
        sleep 1
    done
    die "The server did not start. Look at: tail /var/log/openfloor/server.log; journalctl -u openfloor"
}

add_onion() {
    say "The onion service"
    grep -q "HiddenServiceDir /var/lib/tor/openfloor/" /etc/tor/torrc || cat "$here/torrc" >>/etc/tor/torrc
    if ! systemd_runs; then
        echo "systemd does not run here, so tor was not started."
        return
    fi
    systemctl restart tor
    for _ in $(seq 30); do
        [ ! -e /var/lib/tor/openfloor/hostname ] || break
        sleep 1
    done
    set_setting OPENFLOOR_ONION "$(cat /var/lib/tor/openfloor/hostname)"
    systemctl restart openfloor
    echo "With Tor Browser: http://$(cat /var/lib/tor/openfloor/hostname)/"
}

founding_link=""
install_packages
make_user_and_folders
install_program
[ -z "$postgresql" ] || prepare_postgresql
install_units
found_committee
start_all
[ -z "$onion" ] || add_onion

say "Done"
printf '%s\n' "$founding_link"
echo "Next: openfloor backup-key, then openfloor doctor. See docs/start/rented-machine.md."
