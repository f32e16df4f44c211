#!/bin/sh
# `pulumi` for scripts, where the CLI has no host for programs in Node.js beside it. The CLI replaces this shell, so that signals
# reach it as everywhere; a host for the program (pulumi.js) runs for as long as the CLI keeps a pipe open.
case "$1" in
  preview | up) ;;
  *) exec "$REAL_PULUMI" "$@" ;;
esac

pipes=$(mktemp -d)
mkfifo "$pipes/open" "$pipes/address"
node "$(dirname "$(readlink -f "$0")")/pulumi.js" "$pipes/address" < "$pipes/open" &
exec 9> "$pipes/open"
read -r address < "$pipes/address"
rm -r "$pipes"
exec "$REAL_PULUMI" "$@" "--client=$address" --exec-kind auto.inline
