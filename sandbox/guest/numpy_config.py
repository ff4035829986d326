"""Stands for NumPy's generated `__config__`, which would name folders of the machine
that built it. The snapshot may not depend on those."""

__all__ = ["show_config"]
CONFIG = {"Machine Information": {"host": {"cpu": "wasm32", "family": "wasm32", "endian": "little", "system": "wasi"}}}


def show_config(mode="stdout"):
    if mode == "dicts":
        return CONFIG
    print("NumPy for wasm32-wasi, built into Gradien's guest")
