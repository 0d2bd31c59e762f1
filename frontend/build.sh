#!/bin/sh
# Rebuilds what is vendored: the style sheet, GOV.UK Frontend's script and axe-core for the tests, with
# their checksums. Needs Node 20 and npm; users of Ringfence need neither, since the results are committed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
vendor="$root/src/ringfence/web/static/vendor"
support="$root/tests/support/vendor"

cd "$here"
npm ci --no-audit --no-fund
mkdir -p "$vendor" "$support"

npm exec --offline -- sass --pkg-importer=node --no-source-map --style=compressed --no-error-css \
    ringfence.scss "$vendor/ringfence.css"

# The script names a source map that is not shipped, which Django's manifest storage would refuse.
sed 's|//# sourceMappingURL=.*$||' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js \
    > "$vendor/govuk-frontend.min.js"
cp licences/govuk-frontend.txt "$vendor/govuk-frontend.LICENSE.txt"

cp node_modules/axe-core/axe.min.js "$support/axe.min.js"
cp node_modules/axe-core/LICENSE "$support/axe.LICENSE.txt"

node vendored.mjs "$root"
