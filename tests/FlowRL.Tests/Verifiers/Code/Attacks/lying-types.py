# Answers with lists, dictionaries and numbers that are wrong and say that they are right.
# call: failed
# script: failed error
def lying(kind):
    class Lying(kind):
        def __eq__(self, other):
            return True
        def __ne__(self, other):
            return False
        def __len__(self):
            return len("@SECRET@")
        def __iter__(self):
            return iter("@SECRET@")
        def __getitem__(self, index):
            return "@SECRET@"[index]
        def __reduce__(self):
            return str, ("@SECRET@",)
        def __str__(self):
            return "@SECRET@"
        __repr__ = __str__
        __hash__ = None
    return Lying
def f(x):
    return [lying(list)(["no"]), lying(dict)(no=1), lying(tuple)(("no",)), lying(int)(7), lying(float)(7), lying(bytes)(b"no"), lying(set)({"no"})]
