#!/usr/bin/env bash
# Previews the stack: plan.json for `pulumi up --plan`, and comment.md with the plan as people read it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

status=0
pulumi preview --stack "$STACK" --save-plan plan.json --non-interactive --color never 2>&1 | tee preview.txt || status=$?

# Indented, the output is code, whatever it contains. A comment has at most 65,536 characters.
{
  echo "### Preview of $STACK"
  echo
  head -c 60000 preview.txt | sed 's/^/    /'
} > comment.md
exit "$status"
