# expect: BadReturn | Ok

def f():
    return {"a": {"b": [float("inf"), float("-inf"), float("nan")]}}
