use super::*;
use proptest::prelude::*;
use std::path::{Component, Path};

#[test]
fn names_that_lead_elsewhere_are_refused_each_for_its_reason() {
    for (raw, expected) in [
        (&b"../x"[..], NameFault::Upward),
        (b"a/../../x", NameFault::Upward),
        (b"a\\..\\x", NameFault::Upward),
        (b"./a", NameFault::Upward),
        (b"/etc/passwd", NameFault::Absolute),
        (b"\\\\host\\share", NameFault::Absolute),
        (b"C:/x", NameFault::Absolute),
        (b"a\\b", NameFault::Backslash),
        (b"a//b", NameFault::Empty),
        (b"", NameFault::Empty),
        (b"/", NameFault::Absolute),
        (b"a\0b", NameFault::Control),
        (b"a\x1b[2Jb", NameFault::Control),
        ("a\u{202e}b".as_bytes(), NameFault::Control),
        (b"sel\xff.md", NameFault::NotUtf8),
        (&[b'a'; 401], NameFault::TooLong),
        (&[b'a'; 121], NameFault::TooLong),
        (b"a/b/c/d/e/f/g/h/i/j/k/l/m", NameFault::TooDeep),
    ] {
        assert_eq!(EntryName::parse(raw), Err(expected), "{raw:?}");
    }
}

#[test]
fn ordinary_names_are_kept_as_they_are() {
    let name = EntryName::parse("ch5-x/data/gambar é.png".as_bytes()).unwrap();
    assert_eq!(name.to_string(), "ch5-x/data/gambar é.png");
    assert!(!name.is_folder);
    assert_eq!(name.below_first().unwrap().to_string(), "data/gambar é.png");
    let folder = EntryName::parse(b"ch5-x/").unwrap();
    assert!(folder.is_folder && folder.below_first().is_none());
    assert!(EntryName::parse(b"__MACOSX/._x").unwrap().is_litter());
    let (upper, lower) = (EntryName::parse(b"A/B.md"), EntryName::parse(b"a/b.MD"));
    assert_eq!(upper.unwrap().folded(), lower.unwrap().folded());
}

proptest! {
    /// Whatever the bytes, what is accepted stays below its folder.
    #[test]
    fn an_accepted_name_stays_below(raw in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..60),
        "[a-c./\\\\: ]{0,20}".prop_map(String::into_bytes),
    ]) {
        if let Ok(name) = EntryName::parse(&raw) {
            let text = name.to_string();
            let ordinary = Path::new(&text).components().all(|part| matches!(part, Component::Normal(_)));
            prop_assert!(ordinary, "{:?}", raw);
            prop_assert_eq!(Path::new(&text).components().count(), name.parts().len());
        }
        let shown = name::shown(&raw);
        prop_assert!(shown.chars().all(|c| !c.is_control()) && shown.chars().count() <= 81);
    }
}
