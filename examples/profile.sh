#!/bin/sh
# Profile personalization: who logs in decides what is offered, from the first request on.
# Offline: tdx-rt sandbox -- sh examples/profile.sh
# On an account: PS=… DATABASE=… sh examples/profile.sh
set -eu
PS=${PS:-Customer 360} DATABASE=${DATABASE:-web_events}

umask 077
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT

echo "1. Setting up profile personalization on '$PS'" >&2
tdx-rt ps-check --wait "$PS" |
  tdx-rt discover --use-case profile --database "$DATABASE" |
  tdx-rt rt-events | tdx-rt rt-keys | tdx-rt rt-attrs |
  tdx-rt pz-create --output "$plan"

echo "2. An unknown user logs in, and then a VIP customer" >&2
login() {
  tdx-rt pz-test -f "$plan" --key "$1" --expect "$2" \
    --jq '.response.offers | to_entries[0] | {section: .key, logins: .value.attributes.logins_30d, tier: .value.attributes.loyalty_tier}'
}
unknown=$(login user_id=u-1 '.offers | has("Default")')
vip=$(login customer_id=c-1001 '.offers | has("VIP Customers")')
printf '{"unknown":%s,"vip":%s}\n' "$unknown" "$vip"
