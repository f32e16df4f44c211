#!/usr/bin/env bash
# Opens an issue when a version expires within 30 days, or Gardener will force an update within 14. Arguments are passed to
# `pulumi-gardener report`. Fails when the garden cannot be read, or not everything is visible.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

status=0
npx --no pulumi-gardener report --project "$GARDENER_PROJECT" --fail-on expiring=30d --fail-on forced=14d \
  --format markdown --out report.md "$@" || status=$?

case $status in
  0) echo "Nothing expires." ;;
  3) ci/issue.sh "Gardener clusters: versions expire" report.md ;;
  *) exit "$status" ;;
esac
