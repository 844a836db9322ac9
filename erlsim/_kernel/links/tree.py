"""The red-black tree of the textbooks, as the BEAM keeps links in it: what counts here is its shape."""

from __future__ import annotations


class _Node:
    """A node of the tree. Every branch ends in the tree's one `leaf`, which is black."""

    __slots__ = ("left", "number", "parent", "red", "right")

    def __init__(self, number: int, leaf: _Node | None) -> None:
        self.number = number
        self.red = leaf is not None
        self.left: _Node = leaf or self
        self.right: _Node = leaf or self
        self.parent: _Node = leaf or self

    def side(self, left: bool) -> _Node:
        """The child on one side."""
        return self.left if left else self.right


class Tree:
    """A red-black tree of numbers. To delete a node with two children its successor is put in its place."""

    def __init__(self) -> None:
        self.leaf = self.root = _Node(0, None)

    def insert(self, number: int) -> None:
        parent, place = self.leaf, self.root
        while place is not self.leaf:
            parent, place = place, place.side(number < place.number)
        node = _Node(number, self.leaf)
        self._hang(node, parent, number < parent.number)
        while node.parent.red:
            node = self._lift_red(node)
        self.root.red = False

    def delete(self, number: int) -> None:
        node = self.root
        while node.number != number:
            node = node.side(number < node.number)
        out = node
        if node.left is not self.leaf and node.right is not self.leaf:
            out = node.right
            while out.left is not self.leaf:
                out = out.left
        node.number = out.number
        orphan = out.right if out.left is self.leaf else out.left
        self._hang(orphan, out.parent, out is out.parent.left)
        if not out.red:
            while orphan is not self.root and not orphan.red:
                orphan = self._fill_black(orphan)
            orphan.red = False

    def taken_down(self) -> list[int]:
        """The numbers in the order in which the nodes are freed: left, right, then the node itself."""
        found: list[int] = []
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node is not self.leaf:
                found.append(node.number)
                waiting += (node.left, node.right)
        found.reverse()
        return found

    def _hang(self, node: _Node, parent: _Node, left: bool) -> None:
        """Put `node` below `parent`, or at the top if that is the leaf."""
        node.parent = parent
        if parent is self.leaf:
            self.root = node
        elif left:
            parent.left = node
        else:
            parent.right = node

    def _rotate(self, node: _Node, left: bool) -> None:
        """Let `node` sink to the `left` or the right, its child of the other side taking its place."""
        child = node.side(not left)
        inner = child.side(left)
        if inner is not self.leaf:
            inner.parent = node
        if left:
            node.right, child.left = inner, node
        else:
            node.left, child.right = inner, node
        self._hang(child, node.parent, node is node.parent.left)
        node.parent = child

    def _lift_red(self, node: _Node) -> _Node:
        """`node` and its parent are red: mend that, or move it up; the node to go on with."""
        grand = node.parent.parent
        left = node.parent is grand.left
        uncle = grand.side(not left)
        if uncle.red:
            node.parent.red = uncle.red = False
            grand.red = True
            return grand
        if node is node.parent.side(not left):
            node = node.parent
            self._rotate(node, left)
        node.parent.red = False
        grand.red = True
        self._rotate(grand, not left)
        return node

    def _fill_black(self, node: _Node) -> _Node:
        """A black node is missing above `node`: put one there, or move the gap up; the node to go on with."""
        parent = node.parent
        left = node is parent.left
        sibling = parent.side(not left)
        if sibling.red:
            sibling.red, parent.red = False, True
            self._rotate(parent, left)
            sibling = parent.side(not left)
        if not sibling.left.red and not sibling.right.red:
            sibling.red = True
            return parent
        if not sibling.side(not left).red:
            sibling.side(left).red = False
            sibling.red = True
            self._rotate(sibling, not left)
            sibling = parent.side(not left)
        sibling.red, parent.red = parent.red, False
        sibling.side(not left).red = False
        self._rotate(parent, left)
        return self.root
