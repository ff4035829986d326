//! Debian's packages without root and without touching the system.
//!
//! Theory of operation. `apt-get` reads the machine's own sources, keys and proxies,
//! but its state and its downloads lie in our cache, and hooks of the machine that
//! would run after a download are cleared. Binary packages: apt says (in a simulation,
//! which needs no root) what an installation would add to this machine; exactly those
//! are downloaded, verified by apt against the signed index, and unpacked with
//! `dpkg -x` into one folder. Source archives: an index of the *stable* release is
//! read whatever release the machine has, since the pool keeps the upstream archive
//! of a stable release's version.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cache::{self, Cache};
use crate::{checksum, process};

/// The release whose source archives are pinned.
const STABLE: &str = "trixie";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// One place that the machine's own apt configuration names.
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    uri: String,
    release: String,
    component: String,
}

/// The `main` archive of Debian proper that this machine is set up to use, if it is.
pub fn find_mirror() -> Option<String> {
    process::find_program("apt-get")?;
    let listed = process::output(Command::new("apt-get").args([
        "indextargets",
        "--no-release-info",
        "--format",
        "$(CREATED_BY)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)",
    ]))
    .ok()?;
    mirror_of(&parse_origins(&listed))
}

fn parse_origins(listed: &str) -> Vec<Origin> {
    listed
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('|');
            if fields.next()? != "Packages" {
                return None;
            }
            Some(Origin {
                uri: fields.next()?.to_owned(),
                release: fields.next()?.to_owned(),
                component: fields.next()?.to_owned(),
            })
        })
        .collect()
}

/// The pool of Debian proper: an archive with component `main` and a plain release
/// name whose path ends in `debian`. Ubuntu's ends in `ubuntu`, the security archive
/// in `debian-security`; other vendors' have names of their own.
fn mirror_of(origins: &[Origin]) -> Option<String> {
    origins
        .iter()
        .find(|origin| {
            origin.component == "main"
                && !origin.release.contains('-')
                && origin.uri.trim_end_matches('/').ends_with("/debian")
        })
        .map(|origin| origin.uri.clone())
}

/// The upstream archive `file` of source package `package`, in the cache, with SHA-256
/// `sha256`. `version` is upstream's ("3.13.5"): Debian's revision behind it changes
/// with each security update and the archive does not. Fails on machines that are not
/// Debian: have a second source.
pub fn source_tarball(
    cache: &Cache,
    package: &str,
    version: &str,
    file: &str,
    sha256: &str,
) -> Result<PathBuf> {
    let target = cache.downloads().join(file);
    if target.exists() {
        return Ok(target);
    }
    let _lock = cache.lock(&format!("download-{file}"))?;
    if target.exists() {
        return Ok(target);
    }
    let mirror = find_mirror().with_context(|| {
        format!("this machine has no Debian mirror configured, so {file} cannot come from Debian")
    })?;
    let apt = Apt::for_sources(cache, &mirror)?;
    apt.update()?;
    let shown = process::output(
        apt.command("apt-cache")
            .args(["showsrc", "--only-source"])
            .arg(package),
    )
    .with_context(|| format!("Debian {STABLE} has no source package {package}"))?;
    let revision = find_revision(&shown, version)
        .with_context(|| format!("Debian {STABLE} no longer has {package} {version}"))?;
    let folder = cache.scratch("debian-source", package)?;
    let mut command = apt.command("apt-get");
    command
        .args(["source", "--download-only", "--tar-only", "--only-source"])
        .arg(format!("{package}={revision}"))
        .current_dir(&folder);
    process::run(cache, &format!("apt-source-{package}"), &mut command)
        .with_context(|| format!("cannot fetch the source of {package} {version} from Debian"))?;
    let arrived = folder.join(file);
    if !arrived.exists() {
        bail!("Debian's source package {package} {version} has no file {file}");
    }
    checksum::require(&arrived, sha256)?;
    fs::rename(&arrived, &target)
        .with_context(|| format!("cannot put {} into place", target.display()))?;
    cache::remove_tree(&folder)?;
    Ok(target)
}

/// The full version of the first shown source package whose upstream part is `version`.
fn find_revision(shown: &str, version: &str) -> Option<String> {
    shown
        .lines()
        .filter_map(|line| line.strip_prefix("Version: "))
        .find(|full| {
            let no_epoch = full.split_once(':').map_or(*full, |(_, rest)| rest);
            no_epoch.rsplit_once('-').map_or(no_epoch, |(up, _)| up) == version
        })
        .map(str::to_owned)
}

/// Unpacks what `names` need beyond this machine into `root`, without their scripts
/// and without installing anything. Gives back the packages as `name=version`.
pub fn unpack_packages(cache: &Cache, names: &[&str], root: &Path) -> Result<Vec<String>> {
    for program in ["apt-get", "dpkg"] {
        process::get_program(program)?;
    }
    let _lock = cache.lock("apt-binary")?;
    let apt = Apt::for_packages(cache)?;
    apt.update()?;
    let simulated = process::output(
        apt.command("apt-get")
            .args(["install", "--simulate", "--no-install-recommends"])
            .args(names),
    )
    .with_context(|| format!("apt cannot say what {} need", names.join(" ")))?;
    let packages = parse_simulation(&simulated);
    if packages.is_empty() {
        bail!("{} are installed already", names.join(" "));
    }
    let folder = cache.scratch("debian-packages", names[0])?;
    let mut command = apt.command("apt-get");
    command.arg("download").args(&packages).current_dir(&folder);
    process::run(cache, "apt-download", &mut command)
        .with_context(|| format!("cannot fetch the packages of {}", names.join(" ")))?;
    fs::create_dir_all(root)?;
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            let mut command = Command::new("dpkg");
            command.arg("-x").arg(&path).arg(root);
            process::run(cache, "dpkg-x", &mut command)?;
        }
    }
    cache::remove_tree(&folder)?;
    Ok(packages)
}

/// `name=version` of every line "Inst name [old] (version origin [arch])".
fn parse_simulation(simulated: &str) -> Vec<String> {
    simulated
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.strip_prefix("Inst ")?.split_once(' ')?;
            let version = rest.split_once('(')?.1.split_whitespace().next()?;
            Some(format!("{name}={version}"))
        })
        .collect()
}

/// apt-get with its state and downloads in our cache.
struct Apt<'a> {
    cache: &'a Cache,
    config: PathBuf,
}

impl<'a> Apt<'a> {
    /// The machine's own sources.
    fn for_packages(cache: &'a Cache) -> Result<Apt<'a>> {
        Apt::new(cache, "packages", "")
    }

    /// Only the source index of the stable release, at `mirror`.
    fn for_sources(cache: &'a Cache, mirror: &str) -> Result<Apt<'a>> {
        let folder = cache.root().join("apt/sources");
        fs::create_dir_all(&folder)?;
        let list = folder.join("sources.list");
        let signed = if Path::new(KEYRING).exists() {
            format!(" [signed-by={KEYRING}]")
        } else {
            String::new()
        };
        fs::write(&list, format!("deb-src{signed} {mirror} {STABLE} main\n"))?;
        Apt::new(
            cache,
            "sources",
            &format!(
                "Dir::Etc::sourcelist \"{}\";\nDir::Etc::sourceparts \"/dev/null\";\n",
                list.display()
            ),
        )
    }

    fn new(cache: &'a Cache, name: &str, more: &str) -> Result<Apt<'a>> {
        let folder = cache.root().join("apt").join(name);
        for inner in ["lists/partial", "archives/partial", "etc"] {
            fs::create_dir_all(folder.join(inner))?;
        }
        let config = folder.join("apt.conf");
        fs::write(&config, configuration(&folder, more))?;
        Ok(Apt { cache, config })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.arg("-c").arg(&self.config);
        // Its messages are parsed.
        command.env("LC_ALL", "C.UTF-8");
        command
    }

    fn update(&self) -> Result<()> {
        process::run(
            self.cache,
            "apt-update",
            self.command("apt-get").args(["update", "-q"]),
        )
        .context(
            "apt-get cannot read the package index: no network, or the mirror in \
             /etc/apt/sources.list is not reachable. Run the same command again when it is",
        )
    }
}

/// Read after the machine's own configuration, so that its proxies stay and its hooks
/// (container images delete every downloaded package) go.
fn configuration(folder: &Path, more: &str) -> String {
    let folder = folder.display();
    format!(
        "#clear APT::Update::Pre-Invoke;\n\
         #clear APT::Update::Post-Invoke;\n\
         #clear APT::Update::Post-Invoke-Success;\n\
         #clear DPkg::Pre-Invoke;\n\
         #clear DPkg::Post-Invoke;\n\
         #clear Acquire::Languages;\n\
         Acquire::Languages \"none\";\n\
         Acquire::Retries \"3\";\n\
         Acquire::IndexTargets::deb::DEP-11::DefaultEnabled \"false\";\n\
         Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled \"false\";\n\
         APT::Sandbox::User \"\";\n\
         Debug::NoLocking \"true\";\n\
         Dir::State::lists \"{folder}/lists\";\n\
         Dir::Cache \"{folder}\";\n\
         Dir::Cache::archives \"{folder}/archives\";\n\
         Dir::Cache::pkgcache \"\";\n\
         Dir::Cache::srcpkgcache \"\";\n\
         {more}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pool_of_debian_proper_is_found() {
        let listed = "DEP-11|http://mirror.example/debian/|bookworm|main\n\
             Packages|http://mirror.example/debian-security/|bookworm-security|main\n\
             Packages|http://mirror.example/debian/|bookworm-updates|main\n\
             Packages|http://other.example/apt/|bookworm|main\n\
             Packages|http://mirror.example/debian/|bookworm|main\n";
        let origins = parse_origins(listed);
        assert_eq!(origins.len(), 4);
        assert_eq!(
            mirror_of(&origins).as_deref(),
            Some("http://mirror.example/debian/")
        );
    }

    #[test]
    fn ubuntu_has_no_debian_pool() {
        let listed = "Packages|http://mirror.example/ubuntu/|noble|main\n\
             Packages|http://mirror.example/ubuntu/|noble|universe\n";
        assert_eq!(mirror_of(&parse_origins(listed)), None);
    }

    #[test]
    fn simulated_installations_are_read() {
        let said = "Reading package lists...\n\
             Inst libfoo1 (1.2-3 Debian:12.5/stable [amd64])\n\
             Inst bar [1.0] (2:1.1+b1 Debian-Security:12/stable-security [amd64]) []\n\
             Conf libfoo1 (1.2-3 Debian:12.5/stable [amd64])\n";
        assert_eq!(parse_simulation(said), ["libfoo1=1.2-3", "bar=2:1.1+b1"]);
    }

    #[test]
    fn the_revision_of_an_upstream_version_is_found() {
        let shown = "Package: x\nVersion: 3.13.4-1\n\nPackage: x\nVersion: 1:3.13.5-2+deb13u2\n";
        assert_eq!(
            find_revision(shown, "3.13.5").as_deref(),
            Some("1:3.13.5-2+deb13u2")
        );
        assert_eq!(find_revision(shown, "3.13"), None);
    }

    #[test]
    fn the_machines_hooks_are_cleared() {
        let text = configuration(Path::new("/c"), "");
        assert!(text.contains("#clear APT::Update::Post-Invoke;"));
        assert!(text.contains("Dir::State::lists \"/c/lists\";"));
    }
}
