#!/usr/bin/env bash
# Runs pulumi. Where the job is cancelled, pulumi ends within seconds and releases the lock of the stack: its first signal lets
# it wait for the rollouts that run, for hours, and the second one ends it.
set -euo pipefail

pulumi "$@" &
pid=$!

stop() {
  echo "The job was cancelled. Gardener continues what has begun; the next run continues from there." >&2
  while kill -TERM "$pid" 2> /dev/null; do sleep 1; done
}
trap stop INT TERM

status=0
wait "$pid" || status=$?
exit "$status"
