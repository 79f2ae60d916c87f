#!/bin/sh
# Makes a sector's own folder from deploy/kubernetes/sector; it names the source wherever it was cloned.
#   sh sector.sh FOLDER
set -eu
to=${1:?"uso: sector.sh CARPETA (una que todavía no existe)"}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ -e "$to" ]; then
    echo "Ya existe $to: no se toca." >&2
    exit 1
fi
cp -r "$here/sector" "$to"
source=$(realpath --relative-to="$to" "$here/..")
awk -v source="$source" '/^resources:/ { printf "resources: [\"%s\"]\n", source; next } { print }' \
    "$here/sector/kustomization.yaml" >"$to/kustomization.yaml"
