#!/usr/bin/env python3
"""Runs on disks that are full from the beginning, or fill up and are emptied again while they train. Needs root, for it mounts a tmpfs.

    tests/campaigns/disk.py TOOL [--sizes 40] [--seed 1]

TOOL is FlowRL.Cli.dll. A run with its logs on a full disk ends well. A run on a disk of each size ends well or with one sentence and exit code 1 or 2; every checkpoint that is there is whole; and
with more space it goes on to the bits of a run that had enough. The last line is a JSON object.
"""
import argparse, hashlib, json, os, pathlib, random, shutil, subprocess, sys, tempfile

from kills import SMALL, sets

STEPS = 8
KEYS = sets(f"training.steps={STEPS}", "evaluation.every=4", *SMALL, "run.name=disk")


class Disk:
    def __init__(self, tool, place):
        self.tool, self.place, self.problems = tool, place, []

    def mount(self, kilobytes):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", self.place], check=True)

    def unmount(self):
        subprocess.run(["umount", self.place], check=True)

    def grow(self):
        subprocess.run(["mount", "-o", "remount,size=400m", self.place], check=True)

    def train(self, what, output=subprocess.DEVNULL):
        run = self.place / "disk-1"
        more = ["--resume", str(run)] if (run / "recipe.yaml").exists() else ["countdown", *KEYS, "--run-folder", str(self.place)]
        if len(more) > 2:
            shutil.rmtree(run, ignore_errors=True)
        process = subprocess.run(["dotnet", self.tool, "train", *more], stdout=output, stderr=subprocess.PIPE, text=True, timeout=600)
        last = process.stderr.strip().split("\n")[-1]
        if process.returncode not in (0, 1, 2) or "   at " in process.stderr or (process.returncode != 0 and not last.endswith(".")):
            self.problems.append(f"{what}: exit {process.returncode}: {process.stderr[-400:]}")
        return process.returncode, last

    def look(self, what):
        for folder in self.place.glob("disk-1/checkpoints/step-*"):
            for file in json.loads((folder / "checkpoint.json").read_text())["files"]:
                if hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest() != file["sha256"]:
                    self.problems.append(f"{what}: {folder}/{file['name']} is not what was saved")

    def full_logs(self, place):
        """A run whose TensorBoard folder is on a disk that is full, and nothing else: it ends well."""
        keys = ["countdown", *KEYS, "--run-folder", str(place)]
        first = subprocess.run(["dotnet", self.tool, "train", *keys, "--set", "training.max_seconds=0.01"], capture_output=True, text=True, timeout=600)
        run = place / "disk-1"
        shutil.rmtree(run / "tensorboard")
        (run / "tensorboard").symlink_to(self.place)
        self.mount(16)
        (self.place / "full").write_bytes(b"")
        with open(self.place / "full", "wb", buffering=0) as filling:
            try:
                while True:
                    filling.write(bytes(1024))
            except OSError:
                pass
        last = subprocess.run(["dotnet", self.tool, "train", "--resume", str(run), "--set", "training.max_seconds=0"], capture_output=True, text=True,
                              timeout=600)
        self.unmount()
        if (first.returncode, last.returncode) != (0, 0) or "cannot be written" not in last.stderr:
            self.problems.append(f"full logs: exit {first.returncode}, {last.returncode}: {last.stderr[-400:]}")
        return self.bits(place)

    def bits(self, place=None):
        folder = (place or self.place) / "disk-1" / "checkpoints" / f"step-{STEPS:08d}"
        return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.rglob("*.safetensors")))).hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--sizes", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw, ends, same = random.Random(given.seed), {0: 0, 1: 0, 2: 0}, 0
    with tempfile.TemporaryDirectory() as folder:
        disk = Disk(os.path.abspath(given.tool), pathlib.Path(folder))
        disk.mount(400_000)
        disk.train("alone")
        bits, used = disk.bits(), int(subprocess.check_output(["du", "-sk", folder]).split()[0])
        disk.unmount()
        with tempfile.TemporaryDirectory() as logs:
            if disk.full_logs(pathlib.Path(logs)) != bits:
                disk.problems.append("full logs: other bits")
        for number in range(given.sizes):
            size = draw.randint(4, 2 * used)  # kB: from one that holds nothing to one that is enough
            what = f"disk of {size} kB"
            disk.mount(size)
            try:
                # Where standard output is on that disk too, it is as full as the disk.
                output = open(disk.place / "output.txt", "w") if number % 4 == 0 else subprocess.DEVNULL
                code, last = disk.train(what, output)
                if output is not subprocess.DEVNULL:
                    output.close()
                ends[code] = ends.get(code, 0) + 1
                disk.look(what)
                disk.grow()
                if code != 0 and disk.train(what + ", grown")[0] != 0:
                    disk.problems.append(f"{what}: does not go on with more space")
                if disk.bits() == bits:
                    same += 1
                else:
                    disk.problems.append(f"{what}: other bits")
                print(what, code, last[:150], flush=True)
            finally:
                disk.unmount()
    for problem in disk.problems:
        print(problem, file=sys.stderr)
    print(json.dumps({"campaign": "disk", "seed": given.seed, "disks": given.sizes, "largest_kb": 2 * used, "exit_codes": ends, "same_bits": same,
                      "unexpected": len(disk.problems)}))
    return 1 if disk.problems else 0


if __name__ == "__main__":
    sys.exit(main())
