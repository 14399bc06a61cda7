#!/bin/sh
# Cart personalization: what is in the cart now, also in an abandoned one.
# Offline: tdx-rt sandbox -- sh examples/cart.sh
# On an account: PS=… DATABASE=… sh examples/cart.sh
set -eu
PS=${PS:-Customer 360} DATABASE=${DATABASE:-web_events}

umask 077
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT

echo "1. Setting up cart personalization on '$PS'" >&2
tdx-rt ps-check --wait "$PS" |
  tdx-rt discover --use-case cart --database "$DATABASE" --private |
  tdx-rt rt-events | tdx-rt rt-keys | tdx-rt rt-attrs |
  tdx-rt pz-create --output "$plan"

echo "2. Two products go into the cart; then the cart is looked at, and its value is known" >&2
for product in p1 p2; do
  tdx-rt pz-test -f "$plan" --key td_client_id=c1 --field "product_id=$product" >/dev/null
done
tdx-rt pz-test -f "$plan" --trigger cart_view --key td_client_id=c1 --field cart_value=74.5 >/dev/null

echo "3. The next product: the offer has the whole cart" >&2
tdx-rt pz-test -f "$plan" --key td_client_id=c1 --field product_id=p3 \
  --expect '.offers.Default.attributes.cart_items_list | length == 3' \
  --jq '.response.offers.Default.attributes | {cart_items_list, cart_value}'
