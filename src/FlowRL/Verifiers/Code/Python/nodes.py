"""LeetCode's linked lists and trees, and how its tests write them."""


class ListNode:
    def __init__(self, val=0, next=None):
        self.val, self.next = val, next


class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val, self.left, self.right = val, left, right


def list_node(values, kind=ListNode):
    """A linked list as LeetCode writes it."""
    head = None
    for value in reversed(values):
        head = kind(value, head)
    return head


def tree_node(values, kind=TreeNode):
    """A tree as LeetCode writes it: level by level, None where a child is missing."""
    if not values or values[0] is None:
        return None
    root = kind(values[0])
    rest, waiting = iter(values[1:]), [root]
    for parent in waiting:
        for side in ("left", "right"):
            value = next(rest, None)
            if value is not None:
                setattr(parent, side, kind(value))
                waiting.append(getattr(parent, side))
    return root


MOST_NODES = 1 << 17


def list_values(node):
    values = []
    while node is not None and len(values) < MOST_NODES:
        values.append(node.val)
        node = node.next
    return values


def tree_values(node):
    values, level = [], [node]
    for node in level:
        values.append(None if node is None else node.val)
        if node is not None and len(level) < MOST_NODES:
            level += [node.left, node.right]
    while values and values[-1] is None:
        values.pop()
    return values


NODES = {"ListNode": ListNode, "TreeNode": TreeNode, "list_node": list_node, "tree_node": tree_node,
         "is_same_list": lambda one, other: list_values(one) == list_values(other),
         "is_same_tree": lambda one, other: tree_values(one) == tree_values(other)}


def to_node(value, kind, names):
    if type(value) is not list:
        return value
    for name, make in (("ListNode", list_node), ("TreeNode", tree_node)):
        if name in kind:
            node = names.get(name) or NODES[name]
            return [make(item, node) if type(item) is list else item for item in value] if "ist[" in kind else make(value, node)
    return value


def from_node(value, kind):
    if value is None and ("ListNode" in kind or "TreeNode" in kind):
        return []
    if type(value) is list:
        return [from_node(item, kind) for item in value]
    return {"ListNode": list_values, "TreeNode": tree_values}.get(type(value).__name__, lambda same: same)(value)
