#!/usr/bin/env bash
# Downloads the plan of the last commit of a pull request: what was reviewed (GitHub).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run=$(gh run list --workflow preview.yml --commit "$HEAD_SHA" --status success --limit 1 --json databaseId --jq '.[0].databaseId // empty')
if [ -z "$run" ]; then
  echo "There is no preview of $HEAD_SHA that has succeeded; run the preview workflow for it." >&2
  exit 1
fi
gh run download "$run" --name plan
