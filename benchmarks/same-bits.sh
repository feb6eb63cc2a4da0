#!/usr/bin/env bash
# Shows that a change of structure changed no number: seven runs of five steps by this tree and by another revision, one after the other on this
# machine, with the sha256 of the weights they end with; then that revision's run folders, cut back to their second step and resumed by this tree.
#   benchmarks/same-bits.sh REVISION
set -euo pipefail
revision="${1:?usage: benchmarks/same-bits.sh REVISION}"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
work="$(mktemp -d)"
cleanup() { git -C "$root" worktree remove --force "$work/other" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
git -C "$root" worktree add --detach --quiet "$work/other" "$revision"

common="training.steps=5 evaluation.every=0 evaluation.test_problems=0 checkpoint.every=1 checkpoint.keep_last=9 run.threads=2"
small="rollout.problems=8 rollout.group_size=4 training.mini_batch=16"
declare -A runs=(
  [countdown]="$root/recipes/countdown.yaml $small"
  [ppo]="$root/recipes/countdown.yaml objective=ppo training.passes=2 $small"
  [dapo]="$root/recipes/countdown.yaml objective=dapo training.replay.capacity=16 training.replay.groups=4 rollout.problems=8 rollout.group_size=4 training.mini_batch=24"
  [lag]="$root/recipes/countdown.yaml rollout.lag=1 $small"
  [bfloat16]="$root/recipes/countdown.yaml rollout.decode.weights=bfloat16 $small"
  [lora]="$root/recipes/countdown.yaml model.lora.rank=4 training.recompute=true $small"
  [modes]="$root/recipes/modes.yaml"
)

# NAME TREE FOLDER [MORE SETTINGS]
train() {
  local words=(${runs[$1]}) sets=()
  local recipe="${words[0]}"
  for setting in "${words[@]:1}" $common run.folder="$3" run.name="$1" ${4:-}; do sets+=(--set "$setting"); done
  (cd "$2" && ./flowrl train "$recipe" "${sets[@]}" >"$3/$1.log" 2>&1) || { cat "$3/$1.log"; exit 1; }
}
weights() { sha256sum "$1"/checkpoints/step-00000005/*.safetensors | awk '{print $1}' | sha256sum | cut -c1-16; }

mkdir -p "$work/a" "$work/b" "$work/c"
failed=0
for name in countdown ppo dapo lag bfloat16 lora modes; do
  train "$name" "$work/other" "$work/a"
  train "$name" "$root" "$work/b"
  before="$(weights "$work/a/$name-1")" after="$(weights "$work/b/$name-1")"
  cp -r "$work/a/$name-1" "$work/c/$name-1"
  rm -rf "$work/c/$name-1"/checkpoints/step-0000000[345] "$work/c/$name-1/summary.json"
  (cd "$root" && ./flowrl train --resume "$work/c/$name-1" >"$work/c/$name.log" 2>&1) || { cat "$work/c/$name.log"; exit 1; }
  resumed="$(weights "$work/c/$name-1")"
  [ "$before" = "$after" ] && [ "$before" = "$resumed" ] && word=same || { word=DIFFERENT; failed=1; }
  echo "$name $before $after resumed $resumed: $word"
done
exit $failed
