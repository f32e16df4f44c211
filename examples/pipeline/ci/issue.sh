#!/usr/bin/env bash
# Opens an issue, or replaces the text of the open one with the same title: ci/issue.sh TITLE FILE
set -euo pipefail
title=$1 file=$2

if [ -n "${GITLAB_CI:-}" ]; then
  issues="$CI_API_V4_URL/projects/$CI_PROJECT_ID/issues"
  number=$(ci/gitlab.sh --get "$issues" --data state=opened --data in=title --data-urlencode "search=$title" | jq -r '.[0].iid // empty')
  if [ -n "$number" ]; then
    ci/gitlab.sh --request PUT "$issues/$number" --data-urlencode "description@$file" > /dev/null
  else
    ci/gitlab.sh --request POST "$issues" --data-urlencode "title=$title" --data-urlencode "description@$file" > /dev/null
  fi
else
  number=$(gh issue list --state open --search "in:title \"$title\"" --json number --jq '.[0].number // empty')
  if [ -n "$number" ]; then
    gh issue edit "$number" --body-file "$file"
  else
    gh issue create --title "$title" --body-file "$file"
  fi
fi
