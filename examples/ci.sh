#!/bin/sh
# A plan in continuous integration. The repository needs nothing but the plan, and this file.
#
#   ci.sh check      on a pull request, without a key: tries the plan in a sandbox that is made of it
#   ci.sh review     on a pull request, with a key that may read: prints what would change, as a comment
#   ci.sh deploy     on the main branch: makes the changes, tests them, and undoes them when the test fails
#   ci.sh rehearse   check, then review, deploy, and deploy again, in a sandbox
#
# PLAN is the plan (default: plan.yaml), PS its parent segment where it names none. `review` and `deploy` need
# TDX_API_KEY and TDX_SITE; on a machine that did not make the service, `deploy` needs TDX_RT_TOKEN as well. With
# PRUNE=1 it also deletes what the plan made and no longer names. The test sends an event: VISITOR is its id
# (COLUMN=VALUE; default: the first stitching key), EVENT its other columns as JSON, and EXPECT what must hold for
# the answer, such as '.offers | has("Default")'.
set -eu
PLAN=${PLAN:-plan.yaml}
# What the plan made is recorded under this name, in a file that has to be kept from run to run.
PLAN_NAME=${PLAN_NAME:-$(basename "${PLAN%.*}")}
OWNERSHIP=${OWNERSHIP:-${TDX_RT_STATE_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/tdx-rt}/ownership.json}
EVENT=${EVENT:-'{}'}

umask 077
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One event, where the plan has a personalization service.
try() {
  grep -q '"personalization_service' "$1" || return 0
  if [ -z "${VISITOR:-}" ]; then
    key=$(tdx-rt rt-keys -f "$1" --jq '.id_stitching.stitching_keys[0] | .name? // .') || {
      echo "ci.sh: set VISITOR=COLUMN=VALUE: the plan has no stitching key of its own" >&2
      return 2
    }
    VISITOR=$key=ci
  fi
  tdx-rt pz-test -f "$1" --key "$VISITOR" --event-json "$EVENT" ${EXPECT:+--expect "$EXPECT"} \
    --output "$scratch/tested.json"
}

# The plan is valid, can be applied, gives the expected answer, and has no changes the second time.
check() {
  tdx-rt validate --strict --live "$PLAN" ${PS:+--ps "$PS"} --output "$scratch/findings.json"
  tdx-rt apply "$PLAN" ${PS:+--ps "$PS"} --output "$scratch/applied.json"
  try "$scratch/applied.json"
  tdx-rt diff "$PLAN" ${PS:+--ps "$PS"} --exit-code --output "$scratch/rest.json"
}

compare() {
  tdx-rt diff "$PLAN" ${PS:+--ps "$PS"} --plan-name "$PLAN_NAME" --ownership "$OWNERSHIP" ${PRUNE:+--prune} "$@"
}

# What would change, in Markdown.
review() {
  compare --unified --output "$scratch/diff.txt"
  printf '### `%s`\n\n' "$PLAN"
  if [ -s "$scratch/diff.txt" ]; then
    printf '~~~~diff\n'
    head -n 800 "$scratch/diff.txt"
    printf '~~~~\n'
  else
    echo "This changes nothing."
  fi
}

# `diff --save` saves the plan with the state that it was compared with, so that exactly the shown changes are
# made. When the test that follows fails, they are undone.
deploy() {
  status=0
  compare --exit-code --save "$scratch/saved.json" --output "$scratch/changes.json" || status=$?
  case $status in
    0) echo "nothing to change" >&2 ;;
    10)
      tdx-rt apply "$scratch/saved.json" --yes --ownership "$OWNERSHIP" --journal "$scratch/journal" \
        --output "$scratch/applied.json"
      try "$scratch/applied.json" ||
        { tdx-rt undo "$scratch/journal" --yes --output "$scratch/undone.json"; exit 1; }
      ;;
    *) exit "$status" ;;
  esac
  compare --jq '{deployed: true, changes: (.changes | length), no_longer_named}'
}

case ${1:-} in
  check) tdx-rt sandbox --seed-from "$PLAN" ${PS:+--ps "$PS"} -- sh "$0" check-here ;;
  check-here) check ;;
  review) review ;;
  deploy) deploy ;;
  rehearse)
    sh "$0" check
    tdx-rt sandbox --seed-from "$PLAN" ${PS:+--ps "$PS"} -- sh "$0" rehearse-here
    ;;
  rehearse-here)
    review
    deploy
    deploy
    ;;
  *) echo "usage: ci.sh check|review|deploy|rehearse" >&2; exit 2 ;;
esac
