# Takes shared memory that has a name.
# whole: error
# call: error
from multiprocessing import shared_memory
kept = [shared_memory.SharedMemory(create=True, size=1 << 24) for _ in range(100)]
