#!/usr/bin/env bash
# Posts comment.md to the pull request, or replaces the comment of the last run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -n "${GITLAB_CI:-}" ]; then
  ci/gitlab.sh --data-urlencode "body@comment.md" \
    "$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes" > /dev/null
else
  gh pr comment "$PULL_REQUEST" --body-file comment.md --edit-last --create-if-none
fi
