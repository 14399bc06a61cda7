#!/bin/sh
# Triggers: three journeys are launched, events are sent, and the webhooks arrive.
# Offline, with a receiver for webhooks: tdx-rt sandbox -- sh examples/triggers.sh
# On an account: PS=… HOOKS=https://hooks.example.com sh examples/triggers.sh
set -eu
here=$(dirname "$0")
PS=${PS:-Customer 360} HOOKS=${HOOKS:-${TDX_RT_ENDPOINT:?run it in a sandbox, or set HOOKS}/_sandbox/inbox}

umask 077
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
plan="$scratch/plan.yaml"
# The plan for this account: the address of its webhooks differs.
sed "s|https://hooks.example.com|$HOOKS|" "$here/triggers.yaml" >"$plan"
# An event of a visitor, and what the journey does with it.
send() {
  journey=$1 visitor=$2
  shift 2
  tdx-rt journey-test "$journey" -q --ps "$PS" --key "td_client_id=$visitor" "$@" --output "$scratch/tested.json"
}

echo "1. Key events, keys, journeys with their activations, and the launch" >&2
tdx-rt apply "$plan" --ps "$PS" --output "$scratch/applied.json"
tdx-rt diff "$plan" --ps "$PS" --exit-code --output "$scratch/rest.json"

echo "2. Ada signs up; Bea and Cleo leave a cart; Cleo buys after all, and much" >&2
send welcome ada --field email=ada@example.com --field first_name=Ada --field plan=free
for visitor in bea cleo; do
  send "abandoned cart" "$visitor" --field "cart_id=cart-$visitor" --field cart_value=80
done
send "high-value purchase" cleo --key customer_id=c-1001 --field order_id=o-1 --field purchase_amount=900

# On an account the clock cannot be moved, and webhooks arrive at HOOKS.
[ -n "${TDX_RT_ENDPOINT:-}" ] || exit 0
echo "3. An hour later" >&2
tdx-rt sandbox clock advance 1h >/dev/null
tdx-rt sandbox activations --state failed --at-most 0 >/dev/null
tdx-rt sandbox inbox --jq '.received[] | [.inbox, .body]' --jsonl
