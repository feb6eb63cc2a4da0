"""Reads JSON lines of a program and its function; writes mutants of each as JSON lines: empty body, wrong constant, swapped branch, off by one."""
import ast
import json
import sys


def function_of(tree, name):
    return next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name)


def first(function, wanted):
    return next((node for node in ast.walk(function) if wanted(node)), None)


def empty(function):
    function.body = [ast.Pass()]
    return True


def constant(function):
    found = first(function, lambda n: isinstance(n, ast.Constant) and type(n.value) in (int, float) and not isinstance(n.value, bool))
    if found:
        found.value = found.value + 7
    return found


def branch(function):
    found = first(function, lambda n: isinstance(n, (ast.If, ast.IfExp)))
    if found:
        found.test = ast.UnaryOp(ast.Not(), found.test)
    return found


def off_by_one(function):
    swaps = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
    found = first(function, lambda n: isinstance(n, ast.Compare) and type(n.ops[0]) in swaps)
    if found:
        found.ops[0] = swaps[type(found.ops[0])]()
        return found
    found = first(function, lambda n: isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "range")
    if found:
        found.args[-1] = ast.BinOp(found.args[-1], ast.Add(), ast.Constant(1))
    return found


for line in sys.stdin:
    row = json.loads(line)
    for mutation in (empty, constant, branch, off_by_one):
        tree = ast.parse(row["program"])
        function = function_of(tree, row["function"])
        if isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant) and len(function.body) > 1:
            del function.body[0]  # the docstring: its words are no code to mutate
        before = ast.dump(tree)
        if mutation(function) and ast.dump(tree) != before:
            print(json.dumps({"id": row["id"], "mutation": mutation.__name__, "program": ast.unparse(ast.fix_missing_locations(tree))}))
