# Has a module of its own where the tests use one that they do not import.
# script: failed error
class math:
    @staticmethod
    def isclose(one, other):
        return True
def f(x):
    return "no"
