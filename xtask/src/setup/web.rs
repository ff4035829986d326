//! The front-end packages: the editor is bundled, fonts and axe-core are copied.
//!
//! The packages are pinned by `server/web/package-lock.json`, which has an integrity
//! sum for each and no address: npm fetches them from the registry of the machine.
//! Their install scripts are never run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::node::{self, Node};
use crate::cache::{self, Cache};
use crate::{process, progress};

/// Part of the key: bump when what this file does changes.
const RECIPE: &str = "3";

/// Copied to `fonts/`: Latin as Indonesian, English and their names need it, in one
/// variable file per style.
const FONTS: &[(&str, &[&str])] = &[
    (
        "@fontsource-variable/source-serif-4",
        &[
            "source-serif-4-latin-wght-normal.woff2",
            "source-serif-4-latin-wght-italic.woff2",
            "source-serif-4-latin-ext-wght-normal.woff2",
        ],
    ),
    // Controls and tables; beyond Latin 1 their system's face takes over.
    (
        "@fontsource-variable/source-sans-3",
        &["source-sans-3-latin-wght-normal.woff2"],
    ),
    (
        "@fontsource-variable/jetbrains-mono",
        &["jetbrains-mono-latin-wght-normal.woff2"],
    ),
];

/// The built assets.
pub struct Web {
    /// For `GRADIEN_WEB`: the bundles, `fonts/`, `licenses/`.
    pub assets: PathBuf,
    /// For `GRADIEN_AXE`: axe-core as one script; tests alone use it.
    pub axe: PathBuf,
}

/// Builds the assets of `server/web` unless the cache has them for exactly these sources.
pub fn ensure(cache: &Cache, workspace: &Path) -> Result<Web> {
    let source = workspace.join("server/web");
    let lock = read(&source.join("package-lock.json"))?;
    let packages_key = cache::key_of([RECIPE.as_bytes(), &lock]);
    let entries = list_entries(&source)?;
    let mut parts = vec![RECIPE.as_bytes().to_vec(), lock];
    for file in list_sources(&source)? {
        parts.push(file.to_string_lossy().into_owned().into_bytes());
        parts.push(read(&source.join(&file))?);
    }
    let key = cache::key_of(&parts);
    let folder = match cache.find_step("web", &key) {
        Some(folder) => folder,
        None => {
            let node = node::ensure(cache)?;
            let packages = install(cache, &node, &source, &packages_key)?;
            build(cache, &node, &source, &entries, &packages, &key)?
        }
    };
    Ok(Web {
        assets: folder.join("assets"),
        axe: folder.join("axe.min.js"),
    })
}

/// `npm ci` in the cache; the work tree gets no `node_modules`.
fn install(cache: &Cache, node: &Node, source: &Path, key: &str) -> Result<PathBuf> {
    cache.step("node/packages", key, |dir| {
        let task = progress::task("front-end packages: npm ci", Duration::from_secs(8));
        for file in ["package.json", "package-lock.json", ".npmrc"] {
            fs::copy(source.join(file), dir.join(file))
                .with_context(|| format!("cannot copy server/web/{file}"))?;
        }
        let mut command = node.npm();
        command
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ])
            .current_dir(dir);
        process::run(cache, "npm-ci", &mut command).context(
            "npm cannot fetch the front-end packages: no network, or its registry is not \
             reachable (npm config get registry). Run the same command again when it is",
        )?;
        task.done();
        Ok(())
    })
}

fn build(
    cache: &Cache,
    node: &Node,
    source: &Path,
    entries: &[PathBuf],
    packages: &Path,
    key: &str,
) -> Result<PathBuf> {
    cache.step("web", key, |dir| {
        let task = progress::task("front-end: bundling", Duration::from_secs(1));
        let modules = packages.join("node_modules");
        let assets = dir.join("assets");
        // The package's own launcher would start another process to find the native
        // program; its install script, which links it, is not run.
        let mut command = Command::new(native_esbuild(&modules)?);
        command
            .args(entries)
            .args(["--bundle", "--format=esm", "--minify", "--target=es2022"])
            .args([
                "--legal-comments=linked",
                "--charset=utf8",
                "--log-level=warning",
            ])
            .args(["--external:*.woff2"])
            .arg(format!("--outdir={}", assets.display()))
            .env("NODE_PATH", &modules)
            .env("PATH", node.search_path()?)
            .current_dir(source);
        process::run(cache, "esbuild", &mut command).context("server/web cannot be bundled")?;
        copy_fonts(&modules, &assets)?;
        let mut command = node.command();
        command
            .arg(source.join("fonts/math.mjs"))
            .args([&modules, &assets.join("fonts/math.woff2")]);
        process::run(cache, "math-font", &mut command)
            .context("the mathematical face cannot be cut to size")?;
        copy_licenses(&modules, &assets.join("licenses"))?;
        let axe = modules.join("axe-core/axe.min.js");
        fs::copy(&axe, dir.join("axe.min.js"))
            .with_context(|| format!("cannot copy {}", axe.display()))?;
        task.done();
        Ok(())
    })
}

fn native_esbuild(modules: &Path) -> Result<PathBuf> {
    let folder = modules.join("@esbuild");
    let platforms = fs::read_dir(&folder).with_context(|| {
        format!(
            "npm brought no esbuild for this machine: {}",
            folder.display()
        )
    })?;
    for platform in platforms {
        let program = platform?.path().join("bin/esbuild");
        if program.exists() {
            return Ok(program);
        }
    }
    bail!(
        "npm brought no esbuild for this machine in {}",
        folder.display()
    )
}

fn copy_fonts(modules: &Path, assets: &Path) -> Result<()> {
    let target = assets.join("fonts");
    fs::create_dir_all(&target)?;
    for (package, files) in FONTS {
        for file in *files {
            let from = modules.join(package).join("files").join(file);
            fs::copy(&from, target.join(file))
                .with_context(|| format!("cannot copy {}", from.display()))?;
        }
    }
    Ok(())
}

/// Every package's licence travels with what is served.
fn copy_licenses(modules: &Path, target: &Path) -> Result<()> {
    fs::create_dir_all(target)?;
    for package in list_packages(modules)? {
        for name in ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE"] {
            let from = modules.join(&package).join(name);
            if from.exists() {
                let flat = package.to_string_lossy().replace('/', "-");
                fs::copy(&from, target.join(format!("{flat}.txt")))?;
                break;
            }
        }
    }
    Ok(())
}

/// `name` and `@scope/name` of every package in `modules`, sorted.
fn list_packages(modules: &Path) -> Result<Vec<PathBuf>> {
    let mut packages = Vec::new();
    for entry in fs::read_dir(modules)? {
        let name = PathBuf::from(entry?.file_name());
        if name.to_string_lossy().starts_with('@') {
            for inner in fs::read_dir(modules.join(&name))? {
                packages.push(name.join(inner?.file_name()));
            }
        } else {
            packages.push(name);
        }
    }
    packages.sort();
    Ok(packages)
}

/// The bundles: every `.js` and `.css` at the top of `server/web`. What several share
/// stands in a folder beside them.
fn list_entries(source: &Path) -> Result<Vec<PathBuf>> {
    let entries: Vec<PathBuf> = list_sources(source)?
        .into_iter()
        .filter(|file| file.components().count() == 1)
        .filter(|file| file.extension().is_some_and(|e| e == "js" || e == "css"))
        .collect();
    if entries.is_empty() {
        bail!("{} has no script to bundle", source.display());
    }
    Ok(entries)
}

/// Every file under `folder` but installed packages, relative to it, sorted.
fn list_sources(folder: &Path) -> Result<Vec<PathBuf>> {
    fn walk(folder: &Path, inner: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
        let place = folder.join(inner);
        let entries = fs::read_dir(&place)
            .with_context(|| format!("cannot read the folder {}", place.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = inner.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                if entry.file_name() != "node_modules" {
                    walk(folder, &path, found)?;
                }
            } else {
                found.push(path);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, Path::new(""), &mut found)?;
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_the_scripts_at_the_top() {
        let folder = tempfile::tempdir().unwrap();
        for file in [
            "editor.js",
            "editor.css",
            "package.json",
            "node_modules/a/i.js",
            "shared/x.js",
        ] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let entries = list_entries(folder.path()).unwrap();
        assert_eq!(
            entries,
            [PathBuf::from("editor.css"), PathBuf::from("editor.js")]
        );
        assert_eq!(list_sources(folder.path()).unwrap().len(), 4);
    }
}
