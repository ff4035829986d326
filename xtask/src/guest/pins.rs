//! What the guest is made of, by name, version and SHA-256.

use crate::pip::Pin;

pub const PYTHON_VERSION: &str = "3.13.5";
/// Upstream's own archive; Debian's source package carries the same bytes under
/// another name.
pub const PYTHON_SHA256: &str = "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640";
pub const PYTHON_DEBIAN_PACKAGE: &str = "python3.13";
pub const PYTHON_DEBIAN_FILE: &str = "python3.13_3.13.5.orig.tar.xz";
pub const PYTHON_UPSTREAM: &str = "https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz";

pub const NUMPY: Pin = Pin {
    name: "numpy",
    version: "2.2.6",
    file: "numpy-2.2.6.tar.gz",
    sha256: "e29554e2bef54a90aa5cc07da6ce955accb83f21ab5de01a62c8478897b264fd",
};

/// The C and C++ compiler, with a libc for WASI.
pub const ZIG: Pin = Pin {
    name: "ziglang",
    version: "0.15.2",
    file: "ziglang-0.15.2-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64.whl",
    sha256: "806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130",
};

pub const CYTHON: Pin = Pin {
    name: "Cython",
    version: "3.0.12",
    file: "Cython-3.0.12-py2.py3-none-any.whl",
    sha256: "0038c9bae46c459669390e53a1ec115f8096b2e4647ae007ff1bf4e6dee92806",
};

pub const NINJA: Pin = Pin {
    name: "ninja",
    version: "1.13.0",
    file: "ninja-1.13.0-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    sha256: "fb46acf6b93b8dd0322adc3a4945452a4e774b75b91293bafcc7b7f8e6517dfa",
};
