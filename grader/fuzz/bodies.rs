//! What must hold for any file at all, shared by the fuzz targets and the property
//! tests (grader/src/inspect/properties.rs). A body panics where it does not hold.

use super::archive::{UnpackError, unpack};
use super::inspect::{ColumnSpec, MAX_LISTED, Reply, Request, TableSpec, Values, answer};
use super::{model, reference};
use gradien_problems::Language;
use gradien_problems::pack::{ColumnKind, TableFormat, list_files};
use gradien_problems::protocol;
use gradien_sandbox::frame::{encode_frame, read_frame};
use std::fs;
use std::io::Cursor;

/// More than the bytes that are tried, so that the cap is not all that is tested.
const MAX_BYTES: usize = 1 << 20;

fn column(name: &str, kind: ColumnKind, classes: &[&str]) -> ColumnSpec {
    ColumnSpec {
        name: name.into(),
        kind,
        classes: classes.iter().map(|class| class.to_string()).collect(),
    }
}

/// `id, label, p`: a CSV, with these ids asked for or any.
pub fn csv(bytes: &[u8]) {
    for ids in [None, Some(vec!["1".to_owned(), "2".to_owned()])] {
        let columns = vec![
            column("id", ColumnKind::Id, &[]),
            column("label", ColumnKind::Label, &["cat", "dog"]),
            column("p", ColumnKind::Probability, &[]),
        ];
        table(bytes, TableFormat::Csv, columns, ids);
    }
}

/// An array of two rows, alone and with three columns.
pub fn npy(bytes: &[u8]) {
    let number = |name: &str| column(name, ColumnKind::Float, &[]);
    let ids = || Some(vec![String::new(); 2]);
    table(bytes, TableFormat::Npy, vec![number("a")], ids());
    let three = vec![number("a"), number("b"), number("c")];
    table(bytes, TableFormat::Npy, three, ids());
}

/// Arrays `a` and `b` of two rows.
pub fn npz(bytes: &[u8]) {
    let columns = vec![
        column("a", ColumnKind::Float, &[]),
        column("b", ColumnKind::Label, &["0", "1"]),
    ];
    table(
        bytes,
        TableFormat::Npz,
        columns,
        Some(vec![String::new(); 2]),
    );
}

pub fn notebook(bytes: &[u8]) {
    let bytes = bytes.to_vec();
    let length = bytes.len();
    match answer(&Request::Notebook { bytes }) {
        Reply::Notebook { cells } => {
            assert!(!cells.is_empty());
            let text: usize = cells.iter().map(|cell| cell.source.len()).sum();
            // An escape of six bytes may stand for three.
            assert!(text <= length, "much was made of little");
        }
        other => faults(&other),
    }
}

/// A pack in a zip archive: nothing is written but below the folder, and nothing at
/// all is this machine's fault.
pub fn archive(bytes: &[u8]) {
    let above = tempfile::tempdir().expect("a temporary folder");
    let folder = above.path().join("pack");
    fs::create_dir(&folder).expect("a temporary folder");
    let unpacked = unpack(Cursor::new(bytes), &folder, None, "ch1-archive");
    let beside = fs::read_dir(above.path()).expect("it is there");
    assert_eq!(beside.count(), 1, "something was written beside the folder");
    // Refuses links and devices.
    let files = list_files(&folder).expect("files and folders alone");
    let size = |path| fs::metadata(path).expect("it is there").len();
    let total: u64 = files.iter().map(|(_, path)| size(path)).sum();
    assert!(
        total <= 2 << 20 || total <= 200 * bytes.len() as u64,
        "a bomb"
    );
    match unpacked {
        Ok(pack) => {
            assert_eq!(pack.files, files.len());
            assert_eq!(pack.bytes, total);
        }
        Err(UnpackError::Refused(fault)) => {
            for language in Language::ALL {
                let text = fault.text(language);
                assert!(text.chars().count() < 5_000, "{text}");
            }
        }
        Err(fault) => panic!("{fault:?}"),
    }
}

/// What the grader's children and the grader itself say to whoever started them:
/// what is read is whole, and reads back the same.
pub fn frames(bytes: &[u8]) {
    again::<reference::Hello>(bytes);
    again::<reference::wire::Reply>(bytes);
    again::<model::Reply>(bytes);
    again::<Reply>(bytes);
    again::<protocol::Request>(bytes);
    again::<protocol::Response>(bytes);
}

/// Encoded, decoded and encoded again, the bytes are the same (NaNs are not equal, so
/// values cannot be compared).
fn again<T: serde::Serialize + serde::de::DeserializeOwned>(bytes: &[u8]) {
    let Ok(value) = read_frame::<T>(&mut &*bytes, MAX_BYTES) else {
        return;
    };
    let once = encode_frame(&value).expect("what was read can be written");
    let back: T = read_frame(&mut once.as_slice(), usize::MAX).expect("and read again");
    assert_eq!(encode_frame(&back).expect("and written again"), once);
}

fn table(bytes: &[u8], format: TableFormat, columns: Vec<ColumnSpec>, ids: Option<Vec<String>>) {
    let spec = TableSpec {
        format,
        columns,
        ids,
    };
    let request = Request::Table {
        bytes: bytes.to_vec(),
        spec: spec.clone(),
    };
    let Reply::Table(table) = answer(&request) else {
        return faults(&answer(&request));
    };
    let rows = table.places.len();
    if let Some(ids) = &spec.ids {
        assert_eq!(rows, ids.len(), "every row that was asked for");
    }
    let asked = spec.columns.iter().filter(|c| c.kind != ColumnKind::Id);
    assert_eq!(table.columns.len(), asked.clone().count());
    for (values, column) in table.columns.iter().zip(asked) {
        assert_eq!(values.len(), rows);
        match values {
            Values::Classes(classes) => {
                let count = column.classes.len();
                assert!(classes.iter().all(|&class| (class as usize) < count));
            }
            Values::Numbers(numbers) => assert!(numbers.iter().all(|n| n.is_finite())),
        }
    }
}

fn faults(reply: &Reply) {
    let Reply::Faults { faults, more } = reply else {
        panic!("another reply: {reply:?}");
    };
    assert!((1..=MAX_LISTED).contains(&faults.len()));
    assert!(*more == 0 || faults.len() == MAX_LISTED);
    for fault in faults {
        for language in Language::ALL {
            let text = fault.text(language);
            assert!(text.chars().count() < 1_000, "{text}");
        }
    }
}
