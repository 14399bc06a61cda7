#!/bin/sh
# A plan in continuous integration: `ci.sh check` on a pull request, `ci.sh deploy` on the main branch.
# Offline, all of it: tdx-rt sandbox -- sh examples/ci.sh rehearse
#
# Reads PLAN (default: the plan beside this script). `deploy` needs TDX_API_KEY and TDX_SITE; `check`
# needs neither, because it tries the plan on a sandbox. On a machine that did not make the service, `deploy`
# needs TDX_RT_TOKEN as well. With PRUNE=1 it also deletes what the plan made and no longer names.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PLAN=${PLAN:-$here/web-personalization.yaml}
# What the plan made is recorded under this name, in a file that has to be kept from run to run.
PLAN_NAME=${PLAN_NAME:-web-personalization}
OWNERSHIP=${OWNERSHIP:-${TDX_RT_STATE_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/tdx-rt}/ownership.json}
# What must hold for the answer to a visit.
EXPECT=${EXPECT:-'.offers | has("Default")'}

umask 077
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The plan is valid, can be applied, gives the expected answer, and has no changes the second time.
check() {
  tdx-rt validate --strict "$PLAN" --output "$scratch/findings.json"
  tdx-rt apply "$PLAN" --output "$scratch/applied.json"
  tdx-rt pz-test -f "$scratch/applied.json" --key td_client_id=ci --field product_id=p1 \
    --expect "$EXPECT" --output "$scratch/tested.json"
  tdx-rt diff "$PLAN" --exit-code --output "$scratch/rest.json"
}

# `diff --save` saves the plan with the state that it was compared with, so that exactly the shown changes are
# made. When the test that follows fails, they are undone.
deploy() {
  status=0
  tdx-rt diff "$PLAN" --plan-name "$PLAN_NAME" --ownership "$OWNERSHIP" ${PRUNE:+--prune} --exit-code \
    --save "$scratch/saved.json" --output "$scratch/changes.json" || status=$?
  case $status in
    0) echo "nothing to change" >&2 ;;
    10)
      tdx-rt apply "$scratch/saved.json" --yes --ownership "$OWNERSHIP" --journal "$scratch/journal" \
        --output "$scratch/applied.json"
      tdx-rt pz-test -f "$scratch/applied.json" --key td_client_id=ci --field product_id=p1 \
        --expect "$EXPECT" --output "$scratch/tested.json" ||
        { tdx-rt undo "$scratch/journal" --yes --output "$scratch/undone.json"; exit 1; }
      ;;
    *) exit "$status" ;;
  esac
  tdx-rt diff "$PLAN" --plan-name "$PLAN_NAME" --ownership "$OWNERSHIP" \
    --jq '{deployed: true, changes: (.changes | length), no_longer_named}'
}

case ${1:-} in
  check) tdx-rt sandbox -- sh "$0" check-here ;;
  check-here) check ;;
  deploy) deploy ;;
  rehearse)
    sh "$0" check
    deploy
    deploy
    ;;
  *) echo "usage: ci.sh check|deploy" >&2; exit 2 ;;
esac
