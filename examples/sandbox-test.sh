#!/bin/sh
# How to test your own script: inject faults, look at what was sent, move the clock. Offline: tdx-rt sandbox -- sh examples/sandbox-test.sh
set -eu

here=$(dirname "$0")
# The script under test.
setup() { tdx-rt apply -q -f "$here/web-personalization.yaml" --output "$1"; }

umask 077
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

echo "1. A create is carried out, but its answer is lost; then the platform is overloaded, twice" >&2
tdx-rt sandbox faults add commit-then-drop --operation 'POST /audiences/{}/realtime_key_events' >/dev/null
tdx-rt sandbox faults add status --status 429 --retry-after 0 --count 2 --method GET >/dev/null
setup "$scratch/first.json"
tdx-rt sandbox requests --operation 'POST /entities/realtime_personalizations' --count --expect 1 >/dev/null

echo "2. A second run writes nothing" >&2
tdx-rt sandbox requests clear >/dev/null
setup "$scratch/second.json"
tdx-rt sandbox requests --method POST,PUT,PATCH,DELETE --count --expect 0 >/dev/null
tdx-rt sandbox snapshot save configured >/dev/null

echo "3. Two visits count for a day, and no longer" >&2
views() {
  tdx-rt sandbox profile --ps "Customer 360" td_client_id=u1 \
    --jq '.attributes[] | select(.identifier == "page_views_24h").sub_attributes[]'
}
for product in p1 p2; do
  tdx-rt pz-test -q -f "$scratch/second.json" --key td_client_id=u1 --field "product_id=$product" >/dev/null
done
today=$(views)
tdx-rt sandbox clock advance 25h >/dev/null
tomorrow=$(views)

echo "4. Back to the configured state: without any visitor" >&2
tdx-rt sandbox reset configured >/dev/null
people=$(tdx-rt sandbox profile --ps "Customer 360" --jq .profiles)

printf '{"today":%s,"tomorrow":%s,"people":%s}\n' "$today" "$tomorrow" "$people"
