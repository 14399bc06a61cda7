#!/bin/sh
# Web personalization with a plan that is kept: propose it, check it, apply it, send a file of visits.
# Offline: tdx-rt sandbox -- sh examples/web.sh
# On an account: PS=… DATABASE=… sh examples/web.sh
set -eu
PS=${PS:-Customer 360} DATABASE=${DATABASE:-web_events}

umask 077
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
plan="$scratch/plan.yaml"

# Public, because a web page asks. That is fixed when the service is made.
echo "1. A plan from the real schemas, to be read and kept" >&2
tdx-rt ps-check --wait "$PS" | tdx-rt discover --use-case web --database "$DATABASE" --public --yaml --output "$plan"

echo "2. What it would change, and then the change itself" >&2
tdx-rt validate "$plan" --output "$scratch/findings.json"
tdx-rt diff "$plan" --unified >&2
tdx-rt apply "$plan" --output "$scratch/applied.json"

echo "3. A file of visits, answered line by line" >&2
cat >"$scratch/visits.ndjson" <<'VISITS'
{"td_client_id":"w1","product_id":"p1"}
{"td_client_id":"w1","product_id":"p2"}
{"td_client_id":"w2","product_id":"p9","customer_id":"c-1001"}
{"td_client_id":"w1","product_id":"p3"}
VISITS
# One at a time: the views of a visitor count up in the order of the file.
tdx-rt pz-test - -f "$scratch/applied.json" --concurrency 1 <"$scratch/visits.ndjson" \
  --jq '[.input.td_client_id, (.result.response.offers | to_entries[] | .key, .value.attributes.last_product_viewed)] | @csv'
