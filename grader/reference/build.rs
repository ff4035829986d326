//! Compiles the C++ shim against the libtorch that torch-sys was built with, and
//! has the binary find that libtorch at run time.

use std::env;
use std::path::{Path, PathBuf};

const SOURCES: [&str; 7] = [
    "allowed",
    "call",
    "compile",
    "functional",
    "node",
    "resolver",
    "runtime",
];
const HEADERS: [&str; 3] = ["node.h", "script.h", "shim.h"];

fn main() {
    // Set by torch-sys: the folder of libtorch's libraries.
    println!("cargo:rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    println!("cargo:rerun-if-changed=build.rs");
    let libraries = PathBuf::from(
        env::var_os("DEP_TCH_LIBTORCH_LIB").expect("torch-sys says where libtorch lies"),
    );
    let include = libraries
        .parent()
        .expect("lib/ has a parent")
        .join("include");

    let shim = Path::new("shim");
    let mut build = cc::Build::new();
    build
        .cpp(true)
        .std("c++17")
        .pic(true)
        // libtorch's headers are not free of warnings; as system headers they are silent.
        .flag("-isystem")
        .flag(include.as_os_str())
        .flag("-isystem")
        .flag(include.join("torch/csrc/api/include").as_os_str())
        .flag_if_supported("-Wno-unused-parameter")
        .extra_warnings(true);
    for source in SOURCES {
        let path = shim.join(source).with_extension("cpp");
        println!("cargo:rerun-if-changed={}", path.display());
        build.file(path);
    }
    for header in HEADERS {
        println!("cargo:rerun-if-changed={}", shim.join(header).display());
    }
    build.compile("gradien_shim");

    // After the shim, whose symbols they satisfy.
    for library in ["torch_cpu", "c10"] {
        println!("cargo:rustc-link-lib=dylib={library}");
    }
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", libraries.display());
}
