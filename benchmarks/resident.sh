#!/usr/bin/env bash
# Runs a command and writes down what its process keeps in memory, every ten seconds: benchmarks/resident.sh LOG COMMAND...
# LOG gets a line for each sample, seconds and MiB with a tab between. The last line printed says how much there was after five minutes, at the end
# and at most, in MiB, and the end as a multiple of five minutes. FLOWRL_RESIDENT_SECONDS ends the command after so many seconds, as Ctrl-C would.
set -uo pipefail
log="$1"
shift
limit="${FLOWRL_RESIDENT_SECONDS:-0}"
"$@" &
pid=$!
trap 'kill -INT $pid 2>/dev/null' INT TERM
: > "$log"
start=$SECONDS
asked=""
while kill -0 "$pid" 2>/dev/null; do
  sleep 10
  kept=$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status" 2>/dev/null)
  [ -n "$kept" ] && printf '%d\t%d\n' $((SECONDS - start)) "$kept" >> "$log"
  if [ "$limit" -gt 0 ] && [ -z "$asked" ] && [ $((SECONDS - start)) -ge "$limit" ]; then kill -TERM "$pid"; asked=yes; fi
done
wait "$pid"
status=$?
awk '{ if ($1 <= 300) five = $2; last = $2; if ($2 > most) most = $2 }
  END { printf "MiB after five minutes %d, at the end %d, at most %d; the end is %.2f of five minutes\n", five, last, most, last / five }' "$log"
exit $status
