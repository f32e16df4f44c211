#!/usr/bin/env bash
# Downloads the plan of the last commit of a pull request or merge request: what was reviewed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing() {
  echo "There is no preview of $1 that has succeeded; run the preview for it." >&2
  exit 1
}

if [ -n "${GITLAB_CI:-}" ]; then
  api="$CI_API_V4_URL/projects/$CI_PROJECT_ID"
  # Of requests that build on each other, several have the commit.
  merged='map(select(.state == "merged" and .target_branch == env.CI_DEFAULT_BRANCH))[0] // empty | "\(.iid) \(.sha)"'
  read -r request head < <(ci/gitlab.sh "$api/repository/commits/$CI_COMMIT_SHA/merge_requests" | jq -r "$merged") || true
  [ -n "${request:-}" ] || missing "a merge request with the commit $CI_COMMIT_SHA"
  # That of the last commit, or of its merge result: after a push there may be none yet.
  last='.[0] | select(.status == "success" and (.sha == $head or (.ref | endswith("/merge")))).id // empty'
  pipeline=$(ci/gitlab.sh "$api/merge_requests/$request/pipelines" | jq -r --arg head "$head" "$last")
  [ -n "$pipeline" ] || missing "merge request $request"
  job=$(ci/gitlab.sh "$api/pipelines/$pipeline/jobs" | jq -r 'map(select(.name == "preview"))[0].id // empty')
  [ -n "$job" ] || missing "merge request $request"
  # It may be in an object storage, which must not see the token; its address is signed, and not for other processes to see.
  storage=$(ci/gitlab.sh --output plan.json --write-out '%{redirect_url}' "$api/jobs/$job/artifacts/plan.json")
  [ -z "$storage" ] || printf 'url = "%s"\n' "$storage" | curl --config - --fail-with-body --silent --show-error --output plan.json
else
  run=$(gh run list --workflow preview.yml --commit "$HEAD_SHA" --status success --limit 1 --json databaseId --jq '.[0].databaseId // empty')
  [ -n "$run" ] || missing "$HEAD_SHA"
  gh run download "$run" --name plan
fi
