//! Developer commands, as `cargo xtask …`.

mod cache;
mod checksum;
mod debian;
mod pip;
mod process;
mod progress;
mod setup;

fn main() -> anyhow::Result<()> {
    let cache = cache::Cache::open()?;
    let args: Vec<String> = std::env::args().collect();
    match args[1].as_str() {
        "web" => {
            let w = setup::web::ensure(&cache, std::path::Path::new("."))?;
            println!("{}", w.assets.display());
        }
        "chromium" => {
            let c = setup::chromium::ensure(&cache)?.unwrap();
            println!("{}", c.browser.display());
        }
        "src" => println!(
            "{:?}",
            debian::source_tarball(
                &cache,
                "python3.13",
                "3.13.5",
                "python3.13_3.13.5.orig.tar.xz",
                &"0".repeat(64)
            )
        ),
        "sdist" => println!(
            "{:?}",
            pip::source_archive(
                &cache,
                &pip::Pin {
                    name: "numpy",
                    version: "2.2.6",
                    file: "numpy-2.2.6.tar.gz",
                    sha256: "e29554e2bef54a90aa5cc07da6ce955accb83f21ab5de01a62c8478897b264fd"
                },
                "mesonpy"
            )
        ),
        _ => {}
    }
    Ok(())
}
