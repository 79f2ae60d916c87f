#!/bin/sh
# Builds the styles and the script of the screens into hub/web/static, once, whenever scss/ or mesa.mjs change.
# Needs Node; what it makes is committed, so that neither the product nor its tests need Node.
set -eu
cd "$(dirname "$0")"
out=../../hub/web/static

npm install --no-audit --no-fund --no-package-lock --silent
rm -f "$out"/mesa-*.css "$out"/mesa-*.mjs
mkdir -p build "$out"

npx sass --style=compressed --no-source-map --no-charset --quiet-deps --load-path=node_modules scss/mesa.scss build/mesa.css
npx esbuild mesa.mjs --bundle --minify --format=esm --target=es2020 --legal-comments=none \
    --banner:js='/* Includes GOV.UK Frontend 6.3.0, MIT licence: see THIRD_PARTY.md */' --outfile=build/mesa.mjs

# A name that changes with the content may be kept for ever by a browser.
hash_of() { sha256sum "$1" | cut -c1-10; }
css="mesa-$(hash_of build/mesa.css).css"
script="mesa-$(hash_of build/mesa.mjs).mjs"
cp build/mesa.css "$out/$css"
cp build/mesa.mjs "$out/$script"
printf '{"mesa.css": "%s", "mesa.mjs": "%s"}\n' "$css" "$script" > "$out/manifest.json"
wc -c "$out/$css" "$out/$script"
