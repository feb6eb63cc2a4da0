#!/usr/bin/env bash
# Whole GRPO steps of random models of shapes S and M: 32 problems × 8 responses, prompts of 24 digits, up to 72 new tokens, no reference, one update a
# step; this version and an earlier one in turns, so that what else the machine does meets both. Prints one JSON object: response tokens a second of a
# whole step (the best of the steps after the first two), and its parts in seconds.
#   benchmarks/grpo-step.sh [EARLIER_COMMIT] [STEPS]
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
earlier="${1:-bca7abd}"
steps="${2:-6}"
work="$(mktemp -d)"
trap 'git -C "$root" worktree remove --force "$work/earlier" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
git -C "$root" worktree add -q --detach "$work/earlier" "$earlier"
for tree in "$work/earlier" "$root"; do dotnet build "$tree/src/FlowRL.Cli" -c Release -v quiet -clp:ErrorsOnly >&2; done

# The vocabulary is learnt from the worked solutions; problems are digits, each a token of its own.
python3 - "$root/data/word-problems/train.jsonl" "$work" <<'PYTHON'
import json, random, sys
digits = random.Random(1)
texts = [json.loads(line)["problem"] for line in open(sys.argv[1])]
for name in ("train", "validation", "test"):
    with open(f"{sys.argv[2]}/{name}.jsonl", "w") as rows:
        for text in texts if name == "train" else texts[:8]:
            problem = "".join(digits.choice("0123456789") for _ in range(24))
            rows.write(json.dumps({"problem": problem, "answer": "1", "solution": text}) + "\n")
PYTHON

step() { # TREE NAME SHAPE VOCABULARY WIDTH LAYERS HEADS FEED_FORWARD
  cat > "$work/recipe.yaml" <<YAML
model: {create: {vocabulary: $4, width: $5, layers: $6, heads: $7, key_value_heads: $7, feed_forward_width: $8, context_length: 96}}
task: {type: math, data: {train: [train.jsonl], validation: [validation.jsonl], test: [test.jsonl], prompt: {template: "{problem}"}}}
objective: {type: grpo, kl: {coefficient: 0}}
rollout: {problems: 32, group_size: 8, slots: 256, sampling: {max_new_tokens: 72}}
training: {steps: $steps, mini_batch: 256, token_budget: 8192}
evaluation: {every: 0, test_problems: 0}
run: {name: $2-$3, folder: runs}
YAML
  (cd "$work" && dotnet "$1/src/FlowRL.Cli/bin/Release/net10.0/FlowRL.Cli.dll" train recipe.yaml >/dev/null 2>"$work/error" </dev/null || { cat "$work/error" >&2; exit 1; })
}
for shape in "S 512 256 6 8 672" "M 4096 512 8 16 1344"; do
  step "$work/earlier" earlier $shape
  step "$root" now $shape
done
python3 - "$work/runs" "$earlier" <<'PYTHON'
import json, os, sys
folder, earlier = sys.argv[1:]
cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
result = {"cpu": cpu, "processors": os.cpu_count(), "earlier": earlier, "shapes": {}}
for shape in ("S", "M"):
    both = {}
    for name in ("earlier", "now"):
        lines = [json.loads(line) for line in open(f"{folder}/{name}-{shape}-1/metrics.jsonl")]
        for line, before in zip(reversed(lines[1:]), reversed(lines[:-1])):
            line["seconds"] -= before["seconds"]  # of the step, which the file has from the run's beginning on
        best = min(lines[2:], key=lambda line: line["seconds"] / line["length"])
        both[name] = {"response_tokens_per_second": round(256 * best["length"] / best["seconds"]), "seconds": round(best["seconds"], 3),
                      "sampling": round(best["seconds_sampling"], 3), "gradient": round(best["seconds_gradient"], 3), "length": round(best["length"], 1)}
    both["ratio"] = round(both["now"]["response_tokens_per_second"] / both["earlier"]["response_tokens_per_second"], 2)
    result["shapes"][shape] = both
print(json.dumps(result))
PYTHON
