#!/usr/bin/env bash
# The search of docs/evaluation.md (tuning protocol) for one objective: six trials on validation problems.
#   benchmarks/tune.sh NAME PULL_KEY "DEFAULT OTHER OTHER" FOLDER [flowrl train arguments, e.g. --set objective=grpo]
#   benchmarks/tune.sh grpo objective.kl.coefficient "0.001 0 0.01" runs/tune --set objective.type=grpo
# FLOWRL: the command to run (the repository's own unless given). TUNE_RECIPE, TUNE_STEPS, TUNE_RATES: recipe, steps and rates of a trial.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
flowrl="${FLOWRL:-$root/flowrl}" recipe="${TUNE_RECIPE:-countdown}" steps="${TUNE_STEPS:-150}" rates="${TUNE_RATES:-1.5e-4 5e-5 4.5e-4}"
name=$1 pull_key=$2 pulls=($3) folder=$4
shift 4
table="$folder/$name.tsv"
mkdir -p "$folder"
best_score="" best_distinct="" best_rate="" best_pull=${pulls[0]} best_passes=1

# trial RATE PULL PASSES: runs it unless its line is there already, and keeps it where it is the best so far.
trial() {
  local run="$name-$1-$2-$3" line
  if ! grep -qs "^$1	$2	$3	" "$table"; then
    rm -rf "${folder:?}/$run"-[0-9]*
    $flowrl train "$recipe" "${arguments[@]}" --set training.optimizer.learning_rate="$1" --set "$pull_key=$2" --set training.passes="$3" \
      --set training.steps="$steps" --set evaluation.every=$((steps / 3)) --set evaluation.test_problems=0 \
      --set run.seed=101 --set run.folder="$folder" --set run.name="$run" > "$folder/$run.log" 2>&1
    # The validated step with the highest score: score and different solutions.
    line="$(grep -h '"validation_score"' "$folder/$run"*/metrics.jsonl |
      sed -E 's/.*"validation_distinct":([0-9.]+).*"validation_score":([-0-9.eE]+).*/\2\t\1/' | sort -g | tail -1)"
    printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$line" >> "$table"
  fi
  read -r score distinct <<< "$(grep "^$1	$2	$3	" "$table" | cut -f4,5)"
  if [ -z "$best_score" ] || awk "BEGIN { d = $score - $best_score; exit !(d >= 0.01 || d > -0.01 && $distinct > $best_distinct) }"; then
    best_score=$score best_distinct=$distinct best_rate=$1 best_pull=$2 best_passes=$3
  fi
}

arguments=("$@")
for rate in $rates; do trial "$rate" "${pulls[0]}" 1; done
rate=$best_rate
for pull in "${pulls[@]:1}"; do trial "$rate" "$pull" 1; done
trial "$best_rate" "$best_pull" 2
printf 'taken: rate %s, %s %s, passes %s (validation %s, different %s)\n' \
  "$best_rate" "$pull_key" "$best_pull" "$best_passes" "$best_score" "$best_distinct" | tee "$folder/$name.taken"
