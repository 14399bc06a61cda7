#!/bin/sh
# A web page on localhost that asks the sandbox for its offers with the vendor's browser SDK.
# Offline: tdx-rt sandbox --tls -- sh examples/page.sh FOLDER
#
# FOLDER gets the page; put the SDK's file beside it as td.js (npm: td-js-sdk, dist/td.min.js), let the browser
# trust TDX_RT_CA_FILE, and serve the folder on this machine, for example with
# `python3 -m http.server --directory FOLDER 8000`.
set -eu
folder=${1:?the folder for the page is missing}
here=$(dirname "$0")
: "${TDX_RT_HTTPS_ENDPOINT:?run it in a sandbox with --tls: the SDK speaks https only}"

umask 077
mkdir -p "$folder"

echo "1. A personalization whose service is public: only a public one answers pages" >&2
token=$(tdx-rt ps-check "${PS:-Customer 360}" |
  tdx-rt discover --use-case web --database web_events --public |
  tdx-rt rt-events | tdx-rt rt-keys | tdx-rt rt-attrs |
  tdx-rt pz-create --jq .service.token)

echo "2. The page, with the service's token: every reader of the page can see it" >&2
sed -e "s|{{endpoint}}|${TDX_RT_HTTPS_ENDPOINT#https://}|g" -e "s|{{token}}|$token|g" \
  -e "s|{{write_key}}|$TDX_API_KEY|g" -e 's|{{database}}|web_events|g' -e 's|{{table}}|pageviews|g' \
  "$here/page.html" >"$folder/index.html"
printf '{"page":"%s/index.html","ca_file":"%s"}\n' "$folder" "$TDX_RT_CA_FILE"
