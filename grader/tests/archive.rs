//! Archives from strangers, through the real program: each fault has its own
//! message, and nothing is left behind.

use gradien_grader::archive::{ImportRequest, export, import};
use gradien_problems::pack::archive::{
    ArchiveFault, ImportOutcome, ImportedPack, MAX_ENTRIES, NameFault,
};
use gradien_problems::{Language, Pack};
use proptest::prelude::*;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const PACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../problems/packs");

type Archive = ZipWriter<Cursor<Vec<u8>>>;

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

fn add(archive: &mut Archive, name: &str, content: &[u8]) {
    archive.start_file(name, options()).unwrap();
    archive.write_all(content).unwrap();
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        add(&mut archive, name, content);
    }
    archive.finish().unwrap().into_inner()
}

/// Every occurrence, in the headers and in the directory.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let mut found = 0;
    for at in 0..=bytes.len() - from.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + from.len()].copy_from_slice(to);
            found += 1;
        }
    }
    assert!(found > 0);
    bytes
}

/// Changes a two-byte field at these offsets in local and central headers.
fn field(mut bytes: Vec<u8>, local: usize, central: usize, value: u16) -> Vec<u8> {
    for at in 0..bytes.len() - 4 {
        let offset = match &bytes[at..at + 4] {
            b"PK\x03\x04" => local,
            b"PK\x01\x02" => central,
            _ => continue,
        };
        bytes[at + offset..at + offset + 2].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

fn import_bytes(bytes: &[u8], into: &Path, replace: bool) -> ImportOutcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paket-baru.zip");
    fs::write(&path, bytes).unwrap();
    import(&ImportRequest {
        archive: &path,
        into,
        slug: None,
        replace,
        grader: env!("CARGO_BIN_EXE_gradien-grader").into(),
    })
    .unwrap()
}

/// The fault, after it is certain that nothing was left and both texts are there.
fn refused(bytes: &[u8]) -> ArchiveFault {
    let into = tempfile::tempdir().unwrap();
    let ImportOutcome::Refused(refusal) = import_bytes(bytes, into.path(), false) else {
        panic!("it was imported");
    };
    let left: Vec<_> = fs::read_dir(into.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!refusal.text.id.is_empty() && refusal.text.id != refusal.text.en);
    refusal.fault
}

fn name_fault(bytes: &[u8]) -> NameFault {
    match refused(bytes) {
        ArchiveFault::Name { wrong, .. } => wrong,
        other => panic!("{other:?}"),
    }
}

fn gru(into: &Path) -> Vec<u8> {
    let path = into.join("x.zip");
    export(&Path::new(PACKS).join("ch5-gru-cell"), &path).unwrap();
    fs::read(path).unwrap()
}

fn imported(outcome: ImportOutcome) -> ImportedPack {
    match outcome {
        ImportOutcome::Imported(imported) => imported,
        ImportOutcome::Refused(refusal) => panic!("{}", refusal.text.en),
    }
}

#[test]
fn a_shipped_pack_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(PACKS).unwrap() {
        let from = entry.unwrap().path();
        let zip = folder.path().join("out.zip");
        let pack = export(&from, &zip).unwrap();
        let bytes = fs::read(&zip).unwrap();
        export(&from, &zip).unwrap();
        assert_eq!(
            bytes,
            fs::read(&zip).unwrap(),
            "the same folder, the same bytes"
        );
        let into = folder.path().join("in");
        let taken = imported(import_bytes(&bytes, &into, false));
        assert_eq!((&taken.slug, &taken.hash), (&pack.slug, &pack.hash));
        let place = into.join(pack.slug.as_str());
        assert_eq!(Pack::load(&place).unwrap().hash, pack.hash);
        let again = import_bytes(&bytes, &into, false);
        let exists = matches!(&again, ImportOutcome::Refused(r) if matches!(r.fault, ArchiveFault::Exists { .. }));
        assert!(exists, "{again:?}");
    }
}

#[test]
fn a_pack_is_replaced_in_one_step_and_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = gru(folder.path());
    let into = folder.path().join("in");
    imported(import_bytes(&bytes, &into, false));
    let place = into.join("ch5-gru-cell");
    fs::write(place.join("notes.txt"), "mine").unwrap();
    imported(import_bytes(&bytes, &into, true));
    assert!(!place.join("notes.txt").exists());
    let left = fs::read_dir(&into).unwrap().count();
    assert_eq!(
        left, 1,
        "the old one is gone, and no temporary folder is left"
    );
}

/// Without a folder in the archive, the archive's own name is the pack's; what
/// macOS adds is left out.
#[test]
fn files_at_the_top_are_tolerated_and_litter_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let pack = Path::new(PACKS).join("ch5-convolution-hand");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, path) in gradien_problems::pack::list_files(&pack).unwrap() {
        add(&mut out, &name, &fs::read(path).unwrap());
    }
    add(&mut out, "__MACOSX/._problem.toml", b"x");
    add(&mut out, "statement/.DS_Store", b"x");
    let bytes = out.finish().unwrap().into_inner();
    let taken = imported(import_bytes(&bytes, folder.path(), false));
    assert_eq!(taken.slug.as_str(), "paket-baru");
    assert_eq!(taken.hash, Pack::load(&pack).unwrap().hash);
    assert_eq!(taken.left_out.len(), 2);
}

#[test]
fn what_is_no_archive_or_is_cut_off_is_refused() {
    assert_eq!(refused(b""), ArchiveFault::NotAZip);
    assert_eq!(refused(b"%PDF-1.7 and so on"), ArchiveFault::NotAZip);
    let folder = tempfile::tempdir().unwrap();
    let whole = gru(folder.path());
    let cut = refused(&whole[..whole.len() / 2]);
    assert!(matches!(cut, ArchiveFault::Damaged { .. }), "{cut:?}");
    assert_eq!(refused(&archive(&[])), ArchiveFault::Empty);
    let wrong = replaced(
        &archive(&[("ch1-x/problem.toml", b"format = 1\nformat = 1\n")]),
        b"PK\x03\x04",
        b"PK\x03\x05",
    );
    let damaged = refused(&replaced(&wrong, b"PK\x03\x05", b"PK\x03\x04")[..]);
    assert!(matches!(damaged, ArchiveFault::Pack { .. }), "{damaged:?}");
}

#[test]
fn a_wrong_checksum_is_found() {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = options().compression_method(CompressionMethod::Stored);
    out.start_file("ch1-x/problem.toml", stored).unwrap();
    out.write_all(b"format = 1 and more").unwrap();
    let bytes = out.finish().unwrap().into_inner();
    let fault = refused(&replaced(&bytes, b"and more", b"and less"));
    let named =
        matches!(&fault, ArchiveFault::EntryDamaged { entry, .. } if entry == "ch1-x/problem.toml");
    assert!(named, "{fault:?}");
}

#[test]
fn names_that_lead_out_are_refused() {
    let patched = |name: &str, raw: &[u8]| {
        let bytes = archive(&[("a-pack/problem.toml", b""), (name, b"evil")]);
        replaced(&bytes, name.as_bytes(), raw)
    };
    assert_eq!(name_fault(&patched("AA/BB", b"../BB")), NameFault::Upward);
    assert_eq!(name_fault(&patched("AA/BB", b"/A/BB")), NameFault::Absolute);
    assert_eq!(name_fault(&patched("AA/BB", b"..\\BB")), NameFault::Upward);
    assert_eq!(
        name_fault(&patched("AA/BB", b"A\xff/BB")),
        NameFault::NotUtf8
    );
    assert_eq!(name_fault(&patched("AA/BB", b"A\0/BB")), NameFault::Control);
    assert_eq!(name_fault(&patched("AA/BB", b"A//BB")), NameFault::Empty);
}

#[test]
fn names_that_are_one_file_for_some_systems_are_refused() {
    let manifest: (&str, &[u8]) = ("p/problem.toml", b"");
    let fault = refused(&archive(&[manifest, ("p/Data/x", b""), ("p/data/y", b"")]));
    assert!(matches!(fault, ArchiveFault::CaseOnly { .. }), "{fault:?}");
    let fault = refused(&archive(&[manifest, ("p/X.md", b""), ("p/x.md", b"")]));
    assert!(matches!(fault, ArchiveFault::CaseOnly { .. }), "{fault:?}");
    let twice = archive(&[manifest, ("p/QQ", b"1"), ("p/RR", b"2")]);
    let fault = refused(&replaced(&twice, b"p/RR", b"p/QQ"));
    assert!(matches!(fault, ArchiveFault::Twice { .. }), "{fault:?}");
    for order in [["p/a", "p/a/b"], ["p/a/b", "p/a"]] {
        let fault = refused(&archive(&[manifest, (order[0], b""), (order[1], b"")]));
        let below = ArchiveFault::BelowFile {
            entry: if order[0] == "p/a" { "p/a/b" } else { "a/b" }.into(),
            other: if order[0] == "p/a" { "a" } else { "p/a" }.into(),
        };
        assert_eq!(fault, below);
    }
}

#[test]
fn links_and_devices_are_refused() {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    add(&mut out, "p/problem.toml", b"");
    out.add_symlink("p/data", "/etc", options()).unwrap();
    let bytes = out.finish().unwrap().into_inner();
    let entry = || "p/data".to_owned();
    assert_eq!(refused(&bytes), ArchiveFault::Link { entry: entry() });
    // The upper half of the external attributes of the last entry: a pipe.
    let at = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    let mut pipe = bytes;
    pipe[at + 40..at + 42].copy_from_slice(&0o010_644u16.to_le_bytes());
    assert_eq!(refused(&pipe), ArchiveFault::Special { entry: entry() });
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let zeros = vec![0; 80 << 20];
    let bomb = archive(&[("p/problem.toml", b""), ("p/data/zeros", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    let entry = || "p/data/zeros".to_owned();
    assert_eq!(refused(&bomb), ArchiveFault::Bomb { entry: entry() });
    // The directory says 16 bytes: the reading finds out.
    let real = (zeros.len() as u32).to_le_bytes();
    let lying = refused(&replaced(&bomb, &real, &16u32.to_le_bytes()));
    let found = matches!(
        lying,
        ArchiveFault::Bomb { .. }
            | ArchiveFault::EntryDamaged { .. }
            | ArchiveFault::Damaged { .. }
    );
    assert!(found, "{lying:?}");

    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    add(&mut out, "p/problem.toml", b"");
    let noise: Vec<u8> = (0..200_000u32)
        .flat_map(|i| (i.wrapping_mul(2_654_435_761) >> 7).to_le_bytes())
        .collect();
    add(&mut out, "p/data/a", &noise);
    out.shallow_copy_file("p/data/a", "p/data/b").unwrap();
    let overlapping = out.finish().unwrap().into_inner();
    assert_eq!(refused(&overlapping), ArchiveFault::Overlapping);
}

#[test]
fn a_hundred_thousand_files_are_refused() {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = options().compression_method(CompressionMethod::Stored);
    out.start_file("p/problem.toml", stored).unwrap();
    for index in 0..100_000 {
        out.start_file(format!("p/data/{index}"), stored).unwrap();
    }
    let found = 100_001;
    assert!(found > MAX_ENTRIES);
    let bytes = out.finish().unwrap().into_inner();
    assert_eq!(refused(&bytes), ArchiveFault::TooManyEntries { found });
}

#[test]
fn locked_and_exotic_entries_are_refused() {
    let plain = archive(&[("p/problem.toml", b"format = 1, and so on and so on")]);
    let entry = || "p/problem.toml".to_owned();
    let locked = field(plain.clone(), 6, 8, 1);
    assert_eq!(refused(&locked), ArchiveFault::Encrypted { entry: entry() });
    let bzip2 = field(plain, 8, 10, 12);
    assert_eq!(refused(&bzip2), ArchiveFault::Method { entry: entry() });
}

#[test]
fn what_is_not_a_pack_is_refused_with_its_place() {
    let fault = refused(&archive(&[("a/x.md", b""), ("b/y.md", b"")]));
    let top = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(fault, ArchiveFault::NoManifest { top });
    let fault = refused(&archive(&[("My Pack/problem.toml", b"")]));
    assert_eq!(
        fault,
        ArchiveFault::Slug {
            name: "My Pack".into()
        }
    );
    let fault = refused(&archive(&[("p/problem.toml", b"format = 1\nkind = [\n")]));
    let text = fault.text(Language::En);
    assert!(text.contains("problem.toml:2"), "{text}");
    assert!(!text.contains(".unpack-"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Any bytes changed in a whole archive: never a panic, never a file outside.
    #[test]
    fn a_damaged_archive_never_escapes(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>(), cuts in any::<bool>()) {
        use gradien_grader::archive::unpack;
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("in");
        fs::create_dir(&inner).unwrap();
        let mut bytes = archive(&[
            ("p/problem.toml", b"format = 1"), ("p/statement/problem.id.md", b"Hitung"),
            ("p/../p/x", b"up"), ("p/data/a.csv", b"id,label\n1,2\n"),
        ]);
        for (index, value) in &changes {
            let at = index.index(bytes.len());
            bytes[at] = *value;
        }
        if cuts {
            let length = cut.index(bytes.len());
            bytes.truncate(length);
        }
        let outcome = unpack(Cursor::new(bytes), &inner, None, "x");
        prop_assert!(outcome.is_err());
        let beside = fs::read_dir(outer.path()).unwrap().count();
        prop_assert_eq!(beside, 1);
    }

    /// Bytes that are no archive at all.
    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), zip in any::<bool>()) {
        use gradien_grader::archive::unpack;
        let folder = tempfile::tempdir().unwrap();
        let start: &[u8] = if zip { b"PK\x03\x04" } else { b"" };
        let bytes = [start, &bytes].concat();
        prop_assert!(unpack(Cursor::new(bytes), folder.path(), None, "x").is_err());
        prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
