//! What must hold for any file at all, shared by the fuzz targets and the property
//! tests (grader/src/inspect/properties.rs). A body panics where it does not hold.

use super::inspect::{ColumnSpec, MAX_LISTED, Reply, Request, TableSpec, Values, answer};
use gradien_problems::pack::{ColumnKind, TableFormat};

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
        for language in gradien_problems::Language::ALL {
            let text = fault.text(language);
            assert!(text.chars().count() < 1_000, "{text}");
        }
    }
}
