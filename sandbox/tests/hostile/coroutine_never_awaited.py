# expect: BadReturn unsupported_type

async def f():
    return 1.0
