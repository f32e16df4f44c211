#!/usr/bin/env bash
# Continues what is pending: the next wave, a maintenance window that is open. A Shoot that the preflight checks block, or whose
# rollout fails, does not end the run for the others, as its preview would; the run fails at its end. How many rollouts may fail
# before no further one is started is gardener:maxFailedRollouts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec ci/pulumi.sh up --stack "$STACK" --yes --skip-preview --continue-on-error --non-interactive --color never
