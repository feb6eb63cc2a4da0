# Reads what every user of the host may read.
# whole: error
# call: error
print(open("/etc/passwd").read())
