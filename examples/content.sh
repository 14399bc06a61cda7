#!/bin/sh
# Content personalization: what has been read and watched today, and the categories that a visitor likes.
# Offline: tdx-rt sandbox -- sh examples/content.sh
# On an account: PS=… DATABASE=… sh examples/content.sh
set -eu
PS=${PS:-Customer 360} DATABASE=${DATABASE:-web_events}

umask 077
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT

echo "1. Setting up content personalization on '$PS'" >&2
tdx-rt ps-check --wait "$PS" |
  tdx-rt discover --use-case content --database "$DATABASE" --private |
  tdx-rt rt-events | tdx-rt rt-keys | tdx-rt rt-attrs |
  tdx-rt pz-create --output "$plan"

echo "2. Two films are watched, and two articles read" >&2
printf '%s\n' '{"td_client_id":"m1","watch_seconds":120}' '{"td_client_id":"m1","watch_seconds":45}' |
  tdx-rt pz-test - -f "$plan" --trigger video_watch --concurrency 1 >/dev/null
printf '%s\n' '{"td_client_id":"m1","content_id":"a1","category":"travel"}' |
  tdx-rt pz-test - -f "$plan" --concurrency 1 >/dev/null

echo "3. The second article: the offer has it all" >&2
tdx-rt pz-test -f "$plan" --key td_client_id=m1 --field content_id=a2 --field category=food \
  --expect '.offers.Default.attributes.watch_time_24h == 165' \
  --jq '.response.offers.Default.attributes | {favorite_categories, viewed_content_list, watch_time_24h}'
