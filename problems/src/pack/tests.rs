use super::*;
use std::fs;
use std::path::Path;

const FUNCTION: &str = r#"
format = 1
kind = "function"
chapter = 5
section = "5.6"
title = { id = "Sel", en = "Cell" }

[function]
name = "f"
seed = 7
outputs = [{ name = "y", kind = "float" }]

[limits]
fuel = 1000

[[inputs]]
name = "x"
shape = ["n"]
normal = [0.0, 1.0]

[[subtasks]]
name = "all"
title = { id = "Semua", en = "All" }
points = 100
cases = 3
dims = { n = [1, 4] }

[[samples]]
subtask = "all"
dims = { n = 2 }
seed = 1
"#;

fn write(folder: &Path, manifest: &str) {
    for (name, content) in [
        ("problem.toml", manifest),
        ("statement/problem.id.md", "Hitung."),
        ("statement/problem.en.md", "Compute."),
        (
            "reference.py",
            "def reference(x: Tensor) -> Tensor:\n    return x\n",
        ),
        ("starter.py", "def f(x):\n    ...\n"),
        (
            "submissions/expected.toml",
            "\"accepted/a.py\" = { verdict = \"AC\", score = 100 }\n",
        ),
        ("submissions/accepted/a.py", "def f(x):\n    return x\n"),
    ] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

fn load(manifest: &str) -> Result<Pack, PackError> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), manifest);
    Pack::load_as(folder.path(), "ch5-cell")
}

#[test]
fn a_complete_pack_loads() {
    let pack = load(FUNCTION).unwrap();
    assert_eq!(pack.max_score(), crate::Score::from_points(100));
    assert_eq!(pack.submissions[0].path, "accepted/a.py");
    let Kind::Function(function) = &pack.kind else {
        panic!("another kind")
    };
    assert_eq!(function.limits.memory_bytes, 256 << 20);
    assert_eq!(function.subtasks[0].dims["n"], (1, 4));
}

#[test]
fn the_hash_follows_the_content() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FUNCTION);
    let hash = || Pack::load_as(folder.path(), "ch5-cell").unwrap().hash;
    let before = hash();
    assert_eq!(before, hash());
    fs::write(folder.path().join("statement/problem.en.md"), "Compute!").unwrap();
    assert_ne!(before, hash());
}

/// Each row: what is replaced, by what, the line that the error names, and a part of it.
#[test]
fn errors_name_the_line_and_what_was_expected() {
    for (from, to, line, part) in [
        ("format = 1", "format = 2", Some(2), "format = 1"),
        (
            "\"function\"",
            "\"essay\"",
            Some(3),
            "expected \"answer\", \"function\"",
        ),
        ("chapter = 5", "chapter = 9", Some(4), "1 to 6"),
        (
            "section = \"5.6\"",
            "section = \"4.6\"",
            Some(5),
            "chapter 5",
        ),
        ("section = \"5.6\"", "sektion = \"5.6\"", Some(5), "section"),
        ("chapter = 5", "chapter = \"five\"", Some(4), "invalid type"),
        (", en = \"Cell\"", "", Some(6), "missing field `en`"),
        ("fuel = 1000", "fuel = 0", None, "fuel must be at least 1"),
        (
            "shape = [\"n\"]",
            "shape = [\"m * n\"]",
            None,
            "is no extent",
        ),
        ("shape = [\"n\"]", "shape = [\"m\"]", None, "needs dims.m"),
        (
            "normal = [0.0, 1.0]",
            "normal = [0.0, -1.0]",
            None,
            "normal = [mean, std]",
        ),
        (
            "normal = [0.0, 1.0]",
            "",
            None,
            "a shape and a distribution",
        ),
        ("cases = 3", "cases = 0", None, "cases 1 to 200"),
        (
            "cases = 3",
            "cases = 3\nrequires = [\"none\"]",
            None,
            "no earlier subtask",
        ),
        (
            "cases = 3",
            "cases = 3\ndriver = \"run\"",
            None,
            "needs a file driver.py",
        ),
        (
            "dims = { n = 2 }",
            "dims = { k = 2 }",
            None,
            "dims.n must be a number",
        ),
        (
            "subtask = \"all\"",
            "subtask = \"none\"",
            None,
            "is no subtask",
        ),
        (
            "name = \"x\"",
            "name = \"x y\"",
            None,
            "is not a field name",
        ),
    ] {
        assert!(FUNCTION.contains(from), "{from}");
        let error = load(&FUNCTION.replacen(from, to, 1)).unwrap_err();
        let PackError::Invalid { place, what } = &error else {
            panic!("{error}")
        };
        assert!(what.contains(part), "{to}: {error}");
        assert!(place.line.is_some(), "{to}: {error}");
        if line.is_some() {
            assert_eq!(place.line, line, "{to}: {error}");
        }
    }
}

#[test]
fn missing_files_say_what_they_are_for() {
    for (name, part) in [
        ("statement/problem.en.md", "English"),
        ("statement/problem.id.md", "Indonesian"),
        ("reference.py", "right answer"),
        ("starter.py", "editor"),
        ("submissions/expected.toml", "verdict"),
        ("submissions/accepted/a.py", "listed but not there"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), FUNCTION);
        fs::remove_file(folder.path().join(name)).unwrap();
        let error = Pack::load_as(folder.path(), "ch5-cell")
            .unwrap_err()
            .to_string();
        assert!(error.contains(part) && error.contains(name), "{error}");
    }
}

#[test]
fn an_example_must_be_listed_and_lie_in_its_verdicts_folder() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FUNCTION);
    let expected = folder.path().join("submissions/expected.toml");
    fs::write(&expected, "").unwrap();
    let error = Pack::load_as(folder.path(), "ch5-cell")
        .unwrap_err()
        .to_string();
    assert!(error.contains("accepted/a.py is not listed"), "{error}");
    fs::write(
        &expected,
        "\"accepted/a.py\" = { verdict = \"WA\", score = 0 }\n",
    )
    .unwrap();
    let error = Pack::load_as(folder.path(), "ch5-cell")
        .unwrap_err()
        .to_string();
    assert!(error.contains("submissions/wrong_answer/"), "{error}");
}

#[test]
fn links_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FUNCTION);
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("data")).unwrap();
    let error = Pack::load_as(folder.path(), "ch5-cell").unwrap_err();
    assert!(matches!(error, PackError::Refused { .. }), "{error}");
}
