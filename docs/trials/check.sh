#!/usr/bin/env bash
# Applies each trial to a fresh work tree of HEAD, builds it there and runs the tests that the patch names. Prints a line a trial; exits 1
# if one does not apply, does not build or fails. What goes wrong is shown; nothing is left behind.
#   docs/trials/check.sh [PATCH...]      all of them unless named
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(git -C "$here" rev-parse --show-toplevel)" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
scratch="$(mktemp -d)"
trap 'git -C "$root" worktree remove --force "$scratch/tree"; rm -rf "$scratch"' EXIT
git -C "$root" worktree add --quiet --detach "$scratch/tree" HEAD || exit 1
cd "$scratch/tree" || exit 1

# Says in one line how the trial went; what it wrote is in the log.
try() {
    local patch="$1" classes arguments=() class count
    classes="$(sed -n 's/^Tests: //p' "$patch")"
    [ -n "$classes" ] || { echo "names no tests"; return 1; }
    for class in $classes; do arguments+=(-class "$class"); done
    # Three ways, so that other lines of the same file may change, as those of the table of all keys do.
    git apply --3way "$patch" || { echo "does not apply"; return 1; }
    dotnet build tests/FlowRL.Tests -c Release -v quiet -clp:ErrorsOnly >&2 || { echo "does not build"; return 1; }
    dotnet tests/FlowRL.Tests/bin/Release/net10.0/FlowRL.Tests.dll "${arguments[@]}" >&2 || { echo "fails its tests"; return 1; }
    count="$(sed -nE 's/.*Total: *([0-9]+).*/\1/p' "$scratch/log" | tail -n 1)"
    [ "${count:-0}" -gt 0 ] || { echo "ran no tests"; return 1; }
    echo "passes $count tests"
}

[ $# -gt 0 ] && patches=() || patches=("$here"/*.patch)
for patch in "$@"; do patches+=("$(realpath "$OLDPWD/$patch" 2>/dev/null || realpath "$patch")"); done
failed=0
for patch in "${patches[@]}"; do
    # What the last trial built is kept: only what differs is built again.
    git reset --quiet --hard && git clean --quiet --force -d
    result="$(try "$patch" 2> "$scratch/log")" || { failed=1; tail -n 40 "$scratch/log"; }
    echo "$(basename "$patch" .patch): $result"
done
exit "$failed"
