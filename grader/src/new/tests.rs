use super::*;
use gradien_problems::pack::list_files;

const NO_TITLE: NewTitle = NewTitle { id: None, en: None };

/// Names below a folder, for telling that nothing was left behind.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_file_of_a_templates_folder_is_built_in() {
    for kind in NewKind::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/new")
            .join(kind.name());
        let there: Vec<String> = list_files(&folder)
            .unwrap()
            .into_iter()
            .map(|f| f.0)
            .collect();
        let mut built_in: Vec<&str> = kind.template().iter().map(|file| file.0).collect();
        built_in.sort();
        assert_eq!(there, built_in, "{}", kind.name());
    }
}

#[test]
fn each_kind_loads_and_has_what_a_pack_proves_itself_with() {
    let folder = tempfile::tempdir().unwrap();
    for kind in NewKind::ALL {
        let place = folder.path().join(format!("ch3-my-{}", kind.name()));
        new_pack(kind, &place, &NO_TITLE).unwrap();
        let pack = Pack::load(&place).unwrap();
        assert_eq!(pack.kind.name(), kind.name());
        assert!(
            pack.submissions
                .iter()
                .any(|one| one.score == pack.max_score())
        );
        let wrong = |one: &&_| {
            let one: &gradien_problems::pack::ExampleSubmission = one;
            one.path.starts_with("wrong_answer/")
        };
        assert!(pack.submissions.iter().filter(wrong).count() >= 3);
        let teaches = pack.misconceptions.len() + pack.kind.flaws().len();
        assert!(teaches >= 2, "{}", kind.name());
    }
    assert!(folder.path().join(".gradien/problem.schema.json").is_file());
    assert!(
        folder
            .path()
            .join(".gradien/expected.schema.json")
            .is_file()
    );
    assert_eq!(names(folder.path()).len(), 1 + NewKind::ALL.len());
}

#[test]
fn a_title_and_a_seed_are_the_packs_own() {
    let folder = tempfile::tempdir().unwrap();
    let title = NewTitle {
        id: Some("Lapisan \"kedua\"".into()),
        en: None,
    };
    let [one, two] = ["ch2-one", "ch2-two"]
        .map(|name| new_pack(NewKind::Function, &folder.path().join(name), &title).unwrap());
    assert_eq!(one.title.id, "Lapisan \"kedua\"");
    assert_eq!(one.title.en, one.title.id);
    let seed = |pack: &Pack| pack.kind.find_function().unwrap().seed;
    assert_ne!(seed(&one), seed(&two));
    let text = fs::read_to_string(one.folder.join(MANIFEST_FILE)).unwrap();
    assert!(text.starts_with("#:schema ../.gradien/problem.schema.json\n"));
    // Comments of the template stay.
    assert!(text.contains("# Hidden cases."), "{text}");
}

#[test]
fn what_is_there_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("ch1-mine");
    fs::create_dir(&place).unwrap();
    fs::write(place.join("notes.txt"), "mine").unwrap();
    let file = folder.path().join("ch1-file");
    fs::write(&file, "mine").unwrap();
    for taken in [&place, &file] {
        let error = new_pack(NewKind::Answer, taken, &NO_TITLE).unwrap_err();
        assert!(
            error.to_string().contains("something is there already"),
            "{error}"
        );
    }
    for bad in ["Ch1", "ch1_x", "ch1--x", "x y"] {
        let error = new_pack(NewKind::Answer, &folder.path().join(bad), &NO_TITLE).unwrap_err();
        assert!(error.to_string().contains("lower-case words"), "{error}");
    }
    let empty = NewTitle {
        id: Some(" ".into()),
        en: None,
    };
    assert!(new_pack(NewKind::Answer, &folder.path().join("ch1-x"), &empty).is_err());
    assert_eq!(names(folder.path()), ["ch1-file", "ch1-mine"]);
    assert_eq!(fs::read_to_string(place.join("notes.txt")).unwrap(), "mine");

    // An empty folder is as good as none.
    fs::remove_file(place.join("notes.txt")).unwrap();
    new_pack(NewKind::Answer, &place, &NO_TITLE).unwrap();
    assert!(place.join(MANIFEST_FILE).is_file());
}
