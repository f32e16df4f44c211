#!/usr/bin/env bash
# Continues what is pending: the next wave, a maintenance window that is open.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec ci/pulumi.sh up --stack "$STACK" --yes --non-interactive --color never
