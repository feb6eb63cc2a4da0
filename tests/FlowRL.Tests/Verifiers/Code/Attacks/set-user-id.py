# Starts programs of the system that run as root.
# whole: error failed
# call: error failed
import subprocess
for command in (["su", "-c", "id"], ["mount"], ["passwd", "-S"], ["unshare", "-Ur", "id"]):
    out = subprocess.run(command, capture_output=True, text=True, timeout=5)
    if "uid=0" in out.stdout:
        print("@SECRET@")
def f(x):
    return ""
