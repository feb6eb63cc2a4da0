#!/usr/bin/env python3
"""Kills runs with SIGKILL at random moments and goes on with them, until they end: in the bits of a run that was left alone.

    tests/campaigns/kills.py TOOL [--kills 100] [--seed 1] [--kind NAME]

TOOL is FlowRL.Cli.dll. Five kinds of run, each killed a fifth of the times: reinforcement learning with replay and validation; supervised; adapters,
merged into a model at the end (the merge is killed too); a comparison of two objectives; sampling beside the update, with a reward program. After each
kill every checkpoint is inspected (its sums), and what the next command leaves must hold nothing temporary. The last line is a JSON object.
"""
import argparse, hashlib, json, os, pathlib, random, shutil, signal, subprocess, sys, tempfile, time

SMALL = ["rollout.problems=2", "rollout.group_size=4", "rollout.slots=8", "rollout.sampling.max_new_tokens=12", "training.mini_batch=8",
         "evaluation.test_problems=2", "evaluation.test_samples=2", "evaluation.validation_problems=2", "evaluation.validation_samples=2",
         "checkpoint.every=2", "run.threads=1"]
SCORER = """import sys, json
for line in sys.stdin:
    text = json.loads(line).get("response", "")
    print(json.dumps({"reward": len(text) / 100}), flush=True)
"""


def sets(*keys):
    return [word for key in keys for word in ("--set", key)]


class Kind:
    """A kind of run in a folder of its own: how it starts, how it goes on, and what tells two ends apart."""

    def __init__(self, name, folder, steps):
        self.name, self.folder, self.steps = name, folder, steps
        folder.mkdir(parents=True)
        (folder / "score.py").write_text(SCORER)

    @property
    def run(self):
        return self.folder / "runs" / f"{self.name}-1"

    def command(self):
        train = ["--set", f"training.steps={self.steps}", "--set", "evaluation.every=4", *sets(*SMALL), "--set", f"run.name={self.name}"]
        if self.name == "compare":
            return ["compare", "compare.yaml"]
        if (self.run / "recipe.yaml").exists():
            if self.name == "lora" and (self.run / "summary.json").exists():
                return ["merge", str(self.run), "--out", "merged"]
            more = ["--allow-programs"] if self.name == "lag" else []
            return ["sft" if self.name == "sft" else "train", "--resume", str(self.run), *more]
        shutil.rmtree(self.run, ignore_errors=True)  # killed before it had its recipe: nothing to go on with
        if self.name == "sft":
            return ["sft", "countdown-sft", *sets("model.create.width=16", "model.create.heads=2", "model.create.key_value_heads=1", "model.create.layers=2",
                    "model.create.feed_forward_width=24", f"steps={self.steps}", "batch=8", "task.train_problems=64", "evaluation.every=4",
                    *SMALL[5:], f"run.name={self.name}")]
        more = {"rl": ["training.replay.capacity=8", "training.replay.groups=2"], "lora": ["model.lora.rank=4"],
                "lag": ["rollout.lag=1", "reward.parts={right: task, length: {type: process, command: [python3, score.py], weight: 0.1}}"]}[self.name]
        return ["train", "countdown", *train, *sets(*more), *(["--allow-programs"] if self.name == "lag" else [])]

    def is_done(self):
        if self.name == "compare":
            return (self.folder / "out" / "comparison.json").exists()
        return (self.folder / "merged").exists() if self.name == "lora" else (self.run / "summary.json").exists()

    def prepare(self):
        if self.name == "compare":
            (self.folder / "base.yaml").write_text("task: countdown\nobjective: flowrl\n")
            keys = {"rollout": "{problems: 2, group_size: 4, slots: 8, sampling: {max_new_tokens: 12}}",
                    "training": f"{{steps: {self.steps}, mini_batch: 8}}", "checkpoint": "{every: 2}", "run": "{threads: 1}",
                    "evaluation": "{every: 4, validation_problems: 2, validation_samples: 2, test_problems: 0}"}
            (self.folder / "compare.yaml").write_text("base: base.yaml\nfolder: out\nseeds: [1]\nevaluation: {problems: 2, samples: 4, k: [1, 4]}\n"
                "train:\n" + "".join(f"  {key}: {value}\n" for key, value in keys.items()) +
                "objectives:\n  flowrl: {objective: flowrl}\n  grpo: {objective: grpo}\n")

    def checkpoints(self):
        return [path for path in self.folder.rglob("checkpoints/step-*") if path.is_dir()]

    def temporary(self):
        return [path for path in self.folder.rglob("*") if ".tmp-" in path.name or path.name.startswith((".trash-", ".old-"))]

    def bits(self):
        """Of all weights at the end, and of what was merged of them."""
        digest = hashlib.sha256()
        for path in sorted(self.folder.rglob("*.safetensors")):
            digest.update(str(path.relative_to(self.folder)).encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()


class Campaign:
    def __init__(self, tool, seed):
        self.tool, self.random, self.problems = tool, random.Random(seed), []

    def start(self, kind, arguments):
        return subprocess.Popen(["dotnet", self.tool, *arguments], cwd=kind.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                start_new_session=True)

    def end(self, kind, arguments):
        process = self.start(kind, arguments)
        error = process.communicate(timeout=600)[1]
        if process.returncode != 0:
            self.problems.append(f"{kind.name}: {' '.join(arguments)} ended with {process.returncode}: {error[-300:]}")
        return process.returncode == 0

    def alone(self, kind):
        kind.prepare()
        began = time.monotonic()
        while not kind.is_done():
            if not self.end(kind, kind.command()):
                sys.exit("\n".join(self.problems))
        return kind.bits(), time.monotonic() - began

    def killed(self, kind, kills, seconds):
        kind.prepare()
        done = 0
        while done < kills:
            if kind.is_done():
                # It ended between two kills: from the beginning again, or with adapters from the merge.
                shutil.rmtree(kind.folder / "merged" if kind.name == "lora" else kind.folder / ("out" if kind.name == "compare" else "runs"))
            arguments = kind.command()
            process = self.start(kind, arguments)
            try:
                process.communicate(timeout=self.random.uniform(0.05, seconds))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                done += 1
                self.look(kind)
                continue
            if process.returncode != 0:
                self.problems.append(f"{kind.name}: {' '.join(arguments)} ended by itself with {process.returncode}")
                return done
        while not kind.is_done():
            if not self.end(kind, kind.command()):
                return done
        left = kind.temporary()
        if left:
            self.problems.append(f"{kind.name}: left behind {', '.join(map(str, left[:3]))}")
        return done

    def look(self, kind):
        """Sums of every checkpoint, as they were recorded; the tool's own check is in what goes on with them."""
        for folder in kind.checkpoints():
            record = json.loads((folder / "checkpoint.json").read_text())
            for file in record["files"]:
                content = (folder / file["name"]).read_bytes()
                if hashlib.sha256(content).hexdigest() != file["sha256"]:
                    self.problems.append(f"{kind.name}: {folder}/{file['name']} is not what was saved")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", help="one kind alone")
    given = parser.parse_args()
    campaign, counts = Campaign(os.path.abspath(given.tool), given.seed), {}
    with tempfile.TemporaryDirectory() as place:
        for name, steps in {"rl": 16, "sft": 40, "lora": 16, "compare": 8, "lag": 16}.items():
            if given.kind not in (None, name):
                continue
            bits, seconds = campaign.alone(Kind(name, pathlib.Path(place) / "alone" / name, steps))
            kind = Kind(name, pathlib.Path(place) / "killed" / name, steps)
            kills = campaign.killed(kind, given.kills // 5, seconds)
            same = kind.bits() == bits
            if not same:
                campaign.problems.append(f"{name}: other bits after {kills} kills")
            counts[name] = {"kills": kills, "same_bits": same, "seconds_alone": round(seconds, 1)}
            print(name, counts[name], flush=True)
    for problem in campaign.problems:
        print(problem, file=sys.stderr)
    print(json.dumps({"campaign": "kills", "seed": given.seed, "kinds": counts, "kills": sum(kind["kills"] for kind in counts.values()),
                      "unexpected": len(campaign.problems)}))
    return 1 if campaign.problems else 0


if __name__ == "__main__":
    sys.exit(main())
