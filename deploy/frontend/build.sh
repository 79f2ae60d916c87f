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
npx sass --style=compressed --no-source-map --no-charset --quiet-deps scss/tablero.scss build/tablero.css
for script in mesa archivos tablero; do
    npx esbuild "$script.mjs" --bundle --minify --format=esm --target=es2020 --legal-comments=none --outfile="build/$script.mjs"
done
sed -i '1i /* Includes GOV.UK Frontend 6.3.0, MIT licence: see THIRD_PARTY.md */' build/mesa.mjs

# A name that changes with the content may be kept for ever by a browser; all begin with "mesa-".
kept() {
    name="mesa-${2:+$2-}$(sha256sum "build/$1" | cut -c1-10).${1##*.}"
    cp "build/$1" "$out/$name"
    printf '"%s": "%s"' "$1" "$name"
}
printf '{%s, %s, %s, %s, %s}\n' "$(kept mesa.css)" "$(kept mesa.mjs)" "$(kept archivos.mjs archivos)" \
    "$(kept tablero.css tablero)" "$(kept tablero.mjs tablero)" > "$out/manifest.json"
wc -c "$out"/mesa-*
