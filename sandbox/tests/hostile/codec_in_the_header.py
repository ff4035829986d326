# -*- coding: utf-7 -*-
# expect: Ok | Exception

def f():
    return 1.0
