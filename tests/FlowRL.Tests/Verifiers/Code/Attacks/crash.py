# Crashes the interpreter.
# whole: error
# call: error
import ctypes
ctypes.string_at(0)
