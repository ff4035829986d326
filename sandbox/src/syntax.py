"""Says which names a program uses, from its text alone.

The text is parsed into a syntax tree and never compiled to code or run. Names are
followed through imports, assignments and `getattr`; where a name may stand for
several things, all are told. What is reached by arithmetic on strings, or through
values of functions, cannot be told: such places are told as `.name` or `numpy.?`.
"""

import ast

MAX_USES = 20_000
MAX_DEPTH = 40

CONSTRUCTS = {
    ast.For: "for",
    ast.AsyncFor: "for",
    ast.While: "while",
    ast.comprehension: "comprehension",
    ast.Lambda: "lambda",
    ast.ClassDef: "class",
    ast.Try: "try",
    ast.TryStar: "try",
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
    ast.MatMult: "@",
    ast.Match: "match",
}
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class Scope:
    """Names bound in one function, class or module: each to paths and expressions."""

    def __init__(self, outer):
        self.outer = outer
        self.bound = {}
        self.stars = []
        self.elsewhere = set()

    def bind(self, name, meaning=None):
        scope = self
        if name in self.elsewhere:
            while scope.outer is not None:
                scope = scope.outer
        meanings = scope.bound.setdefault(name, [])
        if meaning is not None:
            meanings.append(meaning)


def text_of(node):
    """The string that an expression surely is, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = text_of(node.left), text_of(node.right)
        return left + right if left is not None and right is not None else None
    if isinstance(node, ast.JoinedStr):
        parts = [text_of(getattr(part, "value", None)) or text_of(part) for part in node.values]
        return "".join(parts) if None not in parts else None
    return None


class Reader:
    def __init__(self):
        self.uses = set()
        self.scopes = {}

    # First pass: what each scope binds.

    def collect(self, node, scope):
        for child in ast.iter_child_nodes(node):
            self.collect_one(child, scope)

    def collect_one(self, node, scope):
        if isinstance(node, ast.Import):
            for name in node.names:
                whole = name.asname is not None
                bound = name.asname if whole else name.name.partition(".")[0]
                scope.bind(bound, name.name if whole else bound)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for name in node.names:
                if name.name == "*":
                    scope.stars.append(module)
                else:
                    scope.bind(name.asname or name.name, f"{module}.{name.name}")
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            scope.elsewhere.update(node.names)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self.assign(target, node.value, scope)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            self.assign(node.target, node.value, scope)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            items = getattr(node.iter, "elts", None) or [None]
            for item in items:
                self.assign(node.target, item, scope)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            scope.bind(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            scope.bind(node.name)
        elif isinstance(node, SCOPES):
            self.enter(node, scope)
            return
        self.collect(node, scope)

    def enter(self, node, scope):
        if not isinstance(node, ast.Lambda):
            scope.bind(node.name)
        inner = self.scopes[node] = Scope(scope)
        if not isinstance(node, ast.ClassDef):
            args = node.args
            plain = args.posonlyargs + args.args
            for arg in plain + args.kwonlyargs + [args.vararg, args.kwarg]:
                if arg is not None:
                    inner.bind(arg.arg)
            defaults = list(zip(plain[len(plain) - len(args.defaults) :], args.defaults))
            for arg, default in defaults + list(zip(args.kwonlyargs, args.kw_defaults)):
                if default is not None:
                    inner.bind(arg.arg, (default, scope))
        self.collect(node, inner)

    def assign(self, target, value, scope):
        if isinstance(target, ast.Name):
            scope.bind(target.id, (value, scope) if value is not None else None)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = getattr(value, "elts", None)
            if values is None or len(values) != len(target.elts):
                values = [None] * len(target.elts)
            for one, its in zip(target.elts, values):
                self.assign(one, its, scope)

    # Second pass: what each expression may stand for.

    def of_name(self, name, scope, depth):
        inside = scope
        while scope is not None:
            if name in scope.bound and (name not in scope.elsewhere or scope.outer is None):
                found = set()
                for meaning in scope.bound[name]:
                    if isinstance(meaning, str):
                        found.add(meaning)
                    else:
                        found |= self.paths(meaning[0], meaning[1], depth + 1)
                return found
            scope = scope.outer
        found = {name}
        while inside is not None:
            found |= {f"{module}.{name}" for module in inside.stars}
            inside = inside.outer
        return found

    def paths(self, node, scope, depth=0):
        if depth > MAX_DEPTH:
            return set()
        if isinstance(node, ast.Name):
            return self.of_name(node.id, scope, depth)
        if isinstance(node, ast.Attribute):
            return {f"{path}.{node.attr}" for path in self.paths(node.value, scope, depth + 1)}
        if isinstance(node, ast.IfExp):
            return self.paths(node.body, scope, depth + 1) | self.paths(node.orelse, scope, depth + 1)
        if isinstance(node, ast.BoolOp):
            return set().union(*(self.paths(value, scope, depth + 1) for value in node.values))
        if isinstance(node, ast.NamedExpr):
            return self.paths(node.value, scope, depth + 1)
        if isinstance(node, ast.Subscript):
            return self.of_subscript(node, scope, depth)
        if isinstance(node, ast.Call) and node.args:
            return self.of_call(node, scope, depth)
        return set()

    def of_subscript(self, node, scope, depth):
        name = text_of(node.slice)
        found = set()
        for path in self.paths(node.value, scope, depth + 1):
            if path == "sys.modules":
                found.add(name or "?")
            elif path.endswith(".__dict__"):
                found.add(path.removesuffix("__dict__") + (name or "?"))
        return found

    def of_call(self, node, scope, depth):
        found = set()
        for function in self.paths(node.func, scope, depth + 1):
            function = function.removeprefix("builtins.").removeprefix("__builtins__.")
            if function in ("__import__", "importlib.import_module"):
                found.add(text_of(node.args[0]) or "?")
            elif function == "vars":
                found |= {path + ".__dict__" for path in self.paths(node.args[0], scope, depth + 1)}
            elif function == "getattr" and len(node.args) > 1:
                name = text_of(node.args[1]) or "?"
                owners = self.paths(node.args[0], scope, depth + 1) or {""}
                found |= {f"{owner}.{name}" for owner in owners}
        return found

    # Third pass: what is told.

    def tell(self, path, kind, node, lines):
        self.uses.add((getattr(node, "lineno", lines), path[:200], kind))

    def read(self, node, scope, line=1, called=False):
        """`line` is that of the nearest node above that has one."""
        line = getattr(node, "lineno", line)
        construct = CONSTRUCTS.get(type(node))
        if construct is not None:
            self.tell(construct, "construct", node, line)
        if isinstance(node, ast.Import):
            for name in node.names:
                self.tell(name.name, "import", node, line)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for name in node.names:
                self.tell(f"{module}.{name.name}", "import", node, line)
        elif isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call)):
            found = self.paths(node, scope)
            if isinstance(node, ast.Attribute) and not found:
                found = {"." + node.attr}
            if isinstance(getattr(node, "ctx", None), ast.Load) or isinstance(node, ast.Call):
                for path in found:
                    self.tell(path, "call" if called else "name", node, line)
            # A chain of names is told once, as a whole.
            if isinstance(node, ast.Attribute):
                while isinstance(node, ast.Attribute):
                    node = node.value
                if isinstance(node, ast.Name):
                    return
                self.read(node, scope, line)
                return
        inside = self.scopes.get(node, scope)
        for child in ast.iter_child_nodes(node):
            called = isinstance(node, ast.Call) and child is node.func
            # Decorators, defaults and bases belong to the scope outside.
            self.read(child, inside if self.belongs(node, child) else scope, line, called)

    @staticmethod
    def belongs(node, child):
        if isinstance(node, ast.Lambda):
            return child is node.body
        return not isinstance(node, SCOPES) or child in node.body


def look(source):
    """`{"uses": [[line, path, kind], …]}`, or `{"error": [kind, message, line]}`."""
    try:
        tree = ast.parse(source, "solution.py")
        reader, outermost = Reader(), Scope(None)
        reader.collect(tree, outermost)
        reader.read(tree, outermost)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        message = str(getattr(error, "msg", error))[:500]
        return {"error": ["syntax", message, line or 1]}
    except (RecursionError, MemoryError):
        return {"error": ["too_complex", "", 1]}
    uses = sorted(reader.uses)
    if len(uses) > MAX_USES:
        return {"error": ["too_complex", "", 1]}
    return {"uses": [list(use) for use in uses]}
