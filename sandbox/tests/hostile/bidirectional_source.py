# expect: Ok

def f():
    access = "user‮ ⁦# admins only⁩ ⁦"
    return float(len(access))
