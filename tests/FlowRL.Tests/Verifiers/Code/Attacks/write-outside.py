# Writes where the host's files are.
# whole: error
# call: error
import os
for folder in ("@HOST_FOLDER@", "/", "/usr", "/usr/bin", "/dev", "/etc", "/home", "/var"):
    try:
        open(os.path.join(folder, "@MARK@"), "w").write("here")
    except OSError as failure:
        last = failure
raise last
