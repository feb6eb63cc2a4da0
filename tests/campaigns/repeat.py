#!/usr/bin/env python3
"""Runs the tests that look at clocks, memory and live tensors again and again, beside a core that is busy.

    tests/campaigns/repeat.py TESTS [--times 100] [--only NAME]

TESTS is FlowRL.Tests.dll. One process a time and group of tests. What the busy core does is a loop without end. The last line is a JSON object.
"""
import argparse, json, os, re, subprocess, sys

GROUPS = {
    "live tensors": ["-class", "FlowRL.Tests.Models.FusedFunctionTests"],
    "measurements": ["-class", "FlowRL.Tests.Lab.Benchmarking.MeasurementTests"],
    "sampling beside the update": ["-class", "FlowRL.Tests.Training.RolloutStageTests"],
    "reading programs": ["-class", "FlowRL.Tests.Verifiers.Code.ProgramTextTests"],
    "damaged weights": ["-class", "FlowRL.Tests.Checkpoints.SafetensorsDamageTests"],
    "reward programs": ["-class", "FlowRL.Tests.Rewards.RewardTrialTests"],
    "resident memory": ["-class", "FlowRL.Tests.Runs.MemoryTests"],
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tests")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--only", help="one group alone")
    given = parser.parse_args()
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    counts, failures = {}, []
    try:
        for name, tests in GROUPS.items():
            if given.only not in (None, name):
                continue
            counts[name] = {"times": 0, "tests": 0, "failed": 0}
            for _ in range(given.times):
                done = subprocess.run(["dotnet", os.path.abspath(given.tests), *tests, "-noLogo", "-noColor"], capture_output=True, text=True)
                total = re.search(r"Total: (\d+), Errors: (\d+), Failed: (\d+)", done.stdout)
                if not total or int(total[1]) == 0:
                    sys.exit(f"{name}: no test ran: {done.stdout[-400:]}{done.stderr[-400:]}")
                counts[name]["times"] += 1
                counts[name]["tests"] += int(total[1])
                counts[name]["failed"] += int(total[2]) + int(total[3])
                if done.returncode != 0:
                    failures.append(f"{name}: {done.stdout[-2000:]}")
            print(name, counts[name], flush=True)
    finally:
        busy.kill()
    for failure in failures:
        print(failure, file=sys.stderr)
    print(json.dumps({"campaign": "repeat", "groups": counts, "failed": sum(group["failed"] for group in counts.values())}))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
