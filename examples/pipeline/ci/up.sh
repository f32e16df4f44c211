#!/usr/bin/env bash
# Performs the plan that was reviewed, and nothing else. What may not be started yet stays pending, and the exit code is 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec ci/pulumi.sh up --stack "$STACK" --plan plan.json --yes --skip-preview --non-interactive --color never
