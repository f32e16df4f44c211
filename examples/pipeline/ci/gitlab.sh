#!/usr/bin/env bash
# curl with GitLab's token, which is not on the command line, where other processes see it.
set -euo pipefail

printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" | curl --config - --fail-with-body --silent --show-error "$@"
