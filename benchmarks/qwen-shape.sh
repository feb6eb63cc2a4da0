#!/usr/bin/env bash
# Loads a random model of Qwen2.5-0.5B's shape from safetensors, trains 20 steps with a kill -9 and a resume in the middle, evaluates,
# and prints one JSON object: seconds, the peak of resident memory, and what was resident after each step. Needs about 20 GB of disk and 20 GiB of memory.
#   benchmarks/qwen-shape.sh [WORK_FOLDER]
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
work="${1:-$(mktemp -d)}"
mkdir -p "$work/tokenizer"
gunzip -c "$root/tests/FlowRL.Tests/Golden/tokenizers/qwen3/tokenizer.json.gz" > "$work/tokenizer/tokenizer.json"
cp "$root/tests/FlowRL.Tests/Golden/tokenizers/qwen3/tokenizer_config.json" "$work/tokenizer/"
[ -f "$work/model/model.safetensors" ] || dotnet run -c Release --project "$root/benchmarks/FlowRL.Benchmarks" -- --make-model "$work/model" --tokenizer "$work/tokenizer" >&2
cd "$work"
rm -rf runs
peak=0
resident=() # kB by step
watch_peak() { # follows VmHWM and VmRSS of the process $1 until it ends
  while [ -d "/proc/$1" ]; do
    now=$(awk '/VmHWM/ {print $2}' "/proc/$1/status" 2>/dev/null || true)
    [ -n "${now:-}" ] && [ "$now" -gt "$peak" ] && peak=$now
    step=$(wc -l < runs/qwen-shape-1/metrics.jsonl 2>/dev/null || echo 0)
    now=$(awk '/VmRSS/ {print $2}' "/proc/$1/status" 2>/dev/null || true)
    [ -n "${now:-}" ] && [ "$step" -gt 0 ] && resident[step]=$now
    "${2:-true}" "$1"
    sleep 1
  done
}
kill_after_checkpoint() { if [ -d runs/qwen-shape-1/checkpoints/step-00000010 ]; then kill -9 "$1"; fi; }
tool="$root/src/FlowRL.Cli/bin/Release/net10.0/FlowRL.Cli.dll"
[ -f "$tool" ] || dotnet build "$root/src/FlowRL.Cli" -c Release -v quiet >&2
start=$(date +%s)
dotnet "$tool" train "$root/benchmarks/qwen-shape.yaml" --set "model.path=$work/model" >&2 &
watch_peak $! kill_after_checkpoint
wait $! && { echo "the run ended before it was killed" >&2; exit 1; } || true
dotnet "$tool" train --resume runs/qwen-shape-1 --json > summary.txt &
watch_peak $!
wait $!
steps=$(tail -n 1 summary.txt | sed -E 's/.*"steps":([0-9]+).*/\1/')
by_step=$(printf '%s\n' "${resident[@]}" | awk '{printf "%s%.2f", sep, $1 / 1048576; sep = ", "}')
echo "{\"steps\": $steps, \"seconds\": $(( $(date +%s) - start )), \"peak_gib\": $(awk -v k="$peak" 'BEGIN {printf "%.2f", k / 1048576}'), \"killed_at_step\": 10, \"resident_gib_by_step\": [$by_step]}"
