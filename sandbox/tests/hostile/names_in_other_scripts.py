# expect: Ok

def ｆ():
    ﬁ = 1.0
    return fi
