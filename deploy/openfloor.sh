#!/bin/sh
# openfloor on this machine: as the server's own user, over the server's own data.
set -eu
program=/opt/openfloor/bin/openfloor
case $(id -un) in
openfloor) ;;
root) exec runuser -u openfloor -- "$0" "$@" ;;
*) exec sudo "$0" "$@" ;;
esac
set -a
# shellcheck source=/dev/null
. /etc/openfloor/openfloor.env
exec "$program" "$@"
