//! The statements of every pack that comes with Gradien can be shown as they are.

use gradien::render::markdown;
use gradien_problems::{Language, Pack};
use std::path::Path;

#[test]
fn every_formula_of_every_pack_can_be_read() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
    let mut formulas = 0;
    for entry in std::fs::read_dir(packs).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let pack = Pack::load(&folder).unwrap();
        for language in Language::ALL {
            let rendered = markdown::render(pack.statement.get(language));
            let errors = &rendered.math_errors;
            assert!(errors.is_empty(), "{} ({language}): {errors:?}", pack.slug);
            assert!(!rendered.html.contains(" style="), "{}", pack.slug);
            formulas += rendered.html.matches("<math").count();
        }
    }
    assert!(formulas > 20, "{formulas} formulas in all packs");
}
