//! In English.

use super::{
    ArchiveFault, MAX_ARCHIVE_BYTES, MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_RATIO, MAX_TOTAL_BYTES,
    mebibytes,
};
use crate::language::Language;

pub fn text(fault: &ArchiveFault) -> String {
    match fault {
        ArchiveFault::NotAZip => {
            "this is not a zip archive; expected a pack's folder packed as .zip".into()
        }
        ArchiveFault::Damaged { detail } => {
            format!("the archive is damaged or cut off ({detail}); pack and upload it again")
        }
        ArchiveFault::EntryDamaged { entry, detail } => {
            format!("{entry}: cannot be unpacked ({detail}); pack and upload the archive again")
        }
        ArchiveFault::ArchiveTooLarge { bytes } => format!(
            "the archive has {} MiB; at most {} MiB are allowed",
            mebibytes(*bytes),
            mebibytes(MAX_ARCHIVE_BYTES)
        ),
        ArchiveFault::TooManyEntries { found } => {
            format!("the archive has {found} files and folders; at most {MAX_ENTRIES} are allowed")
        }
        ArchiveFault::EntryTooLarge { entry } => format!(
            "{entry}: has more than {} MiB when unpacked",
            mebibytes(MAX_ENTRY_BYTES)
        ),
        ArchiveFault::TotalTooLarge { entry } => format!(
            "{entry}: with this file the pack has more than {} MiB when unpacked",
            mebibytes(MAX_TOTAL_BYTES)
        ),
        ArchiveFault::Bomb { entry } => format!(
            "{entry}: becomes more than {MAX_RATIO} times larger when unpacked; archives like this are refused"
        ),
        ArchiveFault::Overlapping => {
            "several files of the archive share the same bytes; archives like this are refused"
                .into()
        }
        ArchiveFault::Encrypted { entry } => {
            format!("{entry}: is locked with a password; pack it without one")
        }
        ArchiveFault::Method { entry } => format!(
            "{entry}: is compressed in a way that is not supported; use the ordinary one of zip (deflate) or none"
        ),
        ArchiveFault::Name { entry, wrong } => {
            format!("{entry}: {}", wrong.text(Language::En))
        }
        ArchiveFault::Twice { entry: Some(entry) } => {
            format!("{entry}: is in the archive twice")
        }
        ArchiveFault::Twice { entry: None } => {
            "two entries of the archive have the same name; pack it again".into()
        }
        ArchiveFault::CaseOnly { entry, other } => format!(
            "{entry}: differs from {other} in upper and lower case only; some systems take them for one file, so rename one"
        ),
        ArchiveFault::BelowFile { entry, other } => {
            format!("{entry}: lies below {other}, which is a file and not a folder")
        }
        ArchiveFault::Link { entry } => {
            format!("{entry}: is a symbolic link; a pack has plain files and folders alone")
        }
        ArchiveFault::Special { entry } => {
            format!("{entry}: is neither a plain file nor a folder")
        }
        ArchiveFault::Empty => "the archive is empty".into(),
        ArchiveFault::NoManifest { top } => format!(
            "there is no problem.toml, neither at the top of the archive nor in the only folder there; at the top are: {}",
            top.join(", ")
        ),
        ArchiveFault::Slug { name } => format!(
            "“{name}” is no name for a pack; the folder in the archive, or else the archive itself, must be named with lower-case letters, digits and single hyphens, such as ch5-gru-cell"
        ),
        ArchiveFault::Exists { slug } => {
            format!("{slug}: there is something of this name already; it was left as it is")
        }
        ArchiveFault::Pack { detail } => format!("the pack does not load: {detail}"),
        ArchiveFault::TooCostly => {
            "unpacking the archive takes too much time or memory; archives like this are refused"
                .into()
        }
    }
}
