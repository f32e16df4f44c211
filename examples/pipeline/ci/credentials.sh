#!/usr/bin/env bash
# Writes the kubeconfig of the garden, a secret of the pipeline, to the file that GARDEN_KUBECONFIG names.
set -euo pipefail

umask 077
printf '%s\n' "$KUBECONFIG_CONTENT" > "$GARDEN_KUBECONFIG"
