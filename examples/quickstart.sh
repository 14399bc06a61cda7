#!/bin/sh
# From a parent segment to a tested personalization: six commands in one pipeline, then a few
# visits. Offline: tdx-rt sandbox -- sh examples/quickstart.sh
set -eu

# A scratch file for the finished plan; it holds the service's token, so only its owner reads it.
umask 077
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT

echo "1. Setting up web personalization on 'Customer 360'" >&2
tdx-rt ps-check --wait "Customer 360" |
  tdx-rt discover --use-case web --database web_events --private |
  tdx-rt rt-events |
  tdx-rt rt-keys |
  tdx-rt rt-attrs |
  tdx-rt pz-create --output "$plan"

# visit KEY=VALUE PRODUCT: one page view; prints the offers that come back.
visit() {
  tdx-rt pz-test -f "$plan" --key "$1" --field "product_id=$2" --jq '.response.offers'
}

echo "2. An anonymous visitor looks at three products, the first one twice" >&2
visit td_client_id=u1 p1 >/dev/null
visit td_client_id=u1 p2 >/dev/null
visit td_client_id=u1 p3 >/dev/null
anonymous=$(visit td_client_id=u1 p1)

echo "3. A VIP customer looks at two" >&2
visit customer_id=c-1001 p7 >/dev/null
vip=$(visit customer_id=c-1001 p8)

echo "4. The same page, two visitors, two offers" >&2
printf '{"anonymous":%s,"vip":%s}\n' "$anonymous" "$vip"
