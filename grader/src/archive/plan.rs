//! What an archive's entries shall become, decided before the first byte is
//! written: from its directory alone.

use gradien_problems::pack::MANIFEST_FILE;
use gradien_problems::pack::archive::{
    ArchiveFault, EntryName, MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_RATIO, MAX_TOTAL_BYTES,
    RATIO_FREE_BYTES, shown,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use zip::{CompressionMethod, ZipArchive};

/// The file type of a Unix mode, and its values.
const TYPE_MASK: u32 = 0o170_000;
const TYPE_FILE: u32 = 0o100_000;
const TYPE_FOLDER: u32 = 0o040_000;
const TYPE_LINK: u32 = 0o120_000;

/// The files to write, each below the pack's folder.
pub struct Plan {
    /// The one folder at the top, if the pack lies in one.
    pub root: Option<String>,
    pub files: Vec<PlannedFile>,
    pub folders: BTreeSet<String>,
    pub left_out: Vec<String>,
}

pub struct PlannedFile {
    /// Position in the archive.
    pub index: usize,
    /// Path below the pack's folder.
    pub path: String,
    /// As the archive names it, for messages.
    pub entry: String,
    pub compressed_bytes: u64,
}

/// Checks names, kinds and stated sizes.
pub fn plan<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Plan, ArchiveFault> {
    if archive.len() > MAX_ENTRIES {
        return Err(ArchiveFault::TooManyEntries {
            found: archive.len(),
        });
    }
    if archive.has_duplicate_names() {
        return Err(ArchiveFault::Twice { entry: None });
    }
    let damaged = |error: zip::result::ZipError| ArchiveFault::Damaged {
        detail: error.to_string(),
    };
    if archive.has_overlapping_entries().map_err(damaged)? {
        return Err(ArchiveFault::Overlapping);
    }
    let (mut named, mut left_out) = (Vec::new(), Vec::new());
    let mut total = 0u64;
    for index in 0..archive.len() {
        let data = archive.by_index_data(index).map_err(damaged)?;
        let entry = shown(data.name_raw());
        let name = EntryName::parse(data.name_raw()).map_err(|wrong| ArchiveFault::Name {
            entry: entry.clone(),
            wrong,
        })?;
        match (data.external_attributes() >> 16) & TYPE_MASK {
            TYPE_LINK => return Err(ArchiveFault::Link { entry }),
            0 => {}
            TYPE_FILE if !name.is_folder => {}
            TYPE_FOLDER if name.is_folder => {}
            _ => return Err(ArchiveFault::Special { entry }),
        }
        if data.encrypted() {
            return Err(ArchiveFault::Encrypted { entry });
        }
        let method = data.compression();
        if method != CompressionMethod::Stored && method != CompressionMethod::Deflated {
            return Err(ArchiveFault::Method { entry });
        }
        let sizes = (data.size(), data.compressed_size());
        total = total.saturating_add(sizes.0);
        check_sizes(&entry, sizes.0, sizes.1, total)?;
        if name.is_litter() {
            left_out.push(name.to_string());
        } else {
            named.push((index, name, entry, sizes.1));
        }
    }
    let root = find_root(&named)?;
    let (mut files, mut folders) = (Vec::new(), BTreeSet::new());
    let mut taken = Taken::default();
    for (index, name, entry, compressed_bytes) in named {
        let below = match &root {
            Some(_) => name.below_first(),
            None => Some(name),
        };
        let Some(below) = below else { continue };
        taken.take(&below, &entry)?;
        let path = below.to_string();
        if below.is_folder {
            folders.insert(path);
            continue;
        }
        for (position, _) in path.match_indices('/') {
            folders.insert(path[..position].to_owned());
        }
        files.push(PlannedFile {
            index,
            path,
            entry,
            compressed_bytes,
        });
    }
    Ok(Plan {
        root,
        files,
        folders,
        left_out,
    })
}

/// Whether an entry may have so many bytes, stated or already unpacked.
pub fn check_sizes(
    entry: &str,
    bytes: u64,
    compressed_bytes: u64,
    total_bytes: u64,
) -> Result<(), ArchiveFault> {
    let entry = entry.to_owned();
    if bytes > RATIO_FREE_BYTES && bytes > compressed_bytes.saturating_mul(MAX_RATIO) {
        return Err(ArchiveFault::Bomb { entry });
    }
    if bytes > MAX_ENTRY_BYTES {
        return Err(ArchiveFault::EntryTooLarge { entry });
    }
    if total_bytes > MAX_TOTAL_BYTES {
        return Err(ArchiveFault::TotalTooLarge { entry });
    }
    Ok(())
}

/// The folder that holds everything, where the manifest is not at the top.
fn find_root(named: &[(usize, EntryName, String, u64)]) -> Result<Option<String>, ArchiveFault> {
    let top: BTreeSet<&str> = named
        .iter()
        .map(|(_, name, ..)| name.parts()[0].as_str())
        .collect();
    if top.is_empty() {
        return Err(ArchiveFault::Empty);
    }
    let has = |path: &[&str]| {
        named
            .iter()
            .any(|(_, name, ..)| !name.is_folder && name.parts().iter().eq(path.iter()))
    };
    if has(&[MANIFEST_FILE]) {
        return Ok(None);
    }
    match top.iter().next() {
        Some(only) if top.len() == 1 && has(&[only, MANIFEST_FILE]) => Ok(Some((*only).to_owned())),
        _ => Err(ArchiveFault::NoManifest {
            top: top
                .iter()
                .take(8)
                .map(|part| shown(part.as_bytes()))
                .collect(),
        }),
    }
}

/// Which names are taken, as a file system that is blind to case sees them.
#[derive(Default)]
struct Taken {
    /// Folded name → the name as written, and whether it is a file.
    names: BTreeMap<String, (String, bool)>,
}

impl Taken {
    fn take(&mut self, name: &EntryName, entry: &str) -> Result<(), ArchiveFault> {
        let entry = entry.to_owned();
        let parts = name.parts();
        for length in 1..parts.len() {
            let folder = parts[..length].join("/");
            match self.names.get(&folder.to_lowercase()) {
                Some((other, _)) if *other != folder => {
                    let other = other.clone();
                    return Err(ArchiveFault::CaseOnly { entry, other });
                }
                Some((other, true)) => {
                    let other = other.clone();
                    return Err(ArchiveFault::BelowFile { entry, other });
                }
                Some(_) => {}
                None => {
                    self.names.insert(folder.to_lowercase(), (folder, false));
                }
            }
        }
        let path = name.to_string();
        match self.names.get(&name.folded()) {
            Some((other, _)) if *other != path => {
                let other = other.clone();
                Err(ArchiveFault::CaseOnly { entry, other })
            }
            Some((_, false)) if name.is_folder => Ok(()),
            // A file where entries before it have a folder, or the reverse.
            Some((other, _)) => {
                let other = other.clone();
                Err(match self.names[&name.folded()].1 {
                    true => ArchiveFault::Twice { entry: Some(entry) },
                    false => ArchiveFault::BelowFile {
                        entry: self.find_below(&other).unwrap_or(other),
                        other: entry,
                    },
                })
            }
            None => {
                self.names.insert(name.folded(), (path, !name.is_folder));
                Ok(())
            }
        }
    }

    fn find_below(&self, folder: &str) -> Option<String> {
        let start = format!("{folder}/");
        self.names
            .values()
            .map(|(name, _)| name)
            .find(|name| name.starts_with(&start))
            .cloned()
    }
}
