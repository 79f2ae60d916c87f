#!/bin/sh
# Makes the secrets of compose.yaml, once, in ./secrets beside it; what is there already stays. Keep a copy elsewhere:
# with another tracking-secret every tracking key on paper is wrong.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
# Nobody else gets past the folder; in a container a file is read by the one user of that container.
chmod 0700 secrets

make() {  # make NAME TEXT: a file, if it is not there
    if [ -e "secrets/$1" ]; then echo "ya estaba: secrets/$1"; return; fi
    printf '%s' "$2" >"secrets/$1.new"
    chmod 0444 "secrets/$1.new"
    mv "secrets/$1.new" "secrets/$1"
    echo "hecho: secrets/$1"
}
random() { od -An -tx1 -N32 /dev/urandom | tr -d ' \n'; }

make secret-key "$(random)"
make tracking-secret "$(random)"
make metrics-token "$(random)"
make database-password "$(random)"
make database-url "postgresql://mesa:$(cat secrets/database-password)@db:5432/mesa"
make s3-secret "$(random)"
make s3.json "{\"identities\": [{\"name\": \"mesa\", \"actions\": [\"Admin\", \"Read\", \"Write\", \"List\", \"Tagging\"],
 \"credentials\": [{\"accessKey\": \"mesa\", \"secretKey\": \"$(cat secrets/s3-secret)\"}]}]}"
