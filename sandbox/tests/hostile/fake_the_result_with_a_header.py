# expect: Ok

def f():
    # What the caller's own header looks like, as a value.
    return {"status": "ok", "container": "single", "outputs": [{"value": {"kind": "array", "offset": 0}}]}
