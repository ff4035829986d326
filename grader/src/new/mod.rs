//! `pack new`: a complete small pack of each kind, to be changed into one's own.
//!
//! The templates lie beside this file as plain folders and are built in. A pack is
//! written into a temporary folder, loaded as any other, and moved to its place in
//! one step: it is there whole, or not at all.

mod templates;

use crate::GraderError;
use clap::ValueEnum;
use gradien_problems::pack::schema::schemas;
use gradien_problems::pack::{EXPECTED_FILE, MANIFEST_FILE};
use gradien_problems::{Pack, PackSlug};
use sha2::{Digest, Sha256};
use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use templates::TemplateFile;
use toml_edit::{DocumentMut, InlineTable, value};

/// Beside the packs: what editors complete their TOML with.
pub const SCHEMA_FOLDER: &str = ".gradien";

/// What students shall hand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewKind {
    /// Numbers and choices, computed by hand
    Answer,
    /// A Python function with NumPy
    Function,
    /// A table of predictions, measured by a metric
    Prediction,
    /// Weights of a network
    Model,
    /// A Jupyter notebook
    Notebook,
}

impl NewKind {
    pub const ALL: [NewKind; 5] = [
        NewKind::Answer,
        NewKind::Function,
        NewKind::Prediction,
        NewKind::Model,
        NewKind::Notebook,
    ];

    /// As in `problem.toml`.
    pub fn name(self) -> &'static str {
        match self {
            NewKind::Answer => "answer",
            NewKind::Function => "function",
            NewKind::Prediction => "prediction",
            NewKind::Model => "model",
            NewKind::Notebook => "notebook",
        }
    }

    fn template(self) -> &'static [TemplateFile] {
        match self {
            NewKind::Answer => templates::ANSWER,
            NewKind::Function => templates::FUNCTION,
            NewKind::Prediction => templates::PREDICTION,
            NewKind::Model => templates::MODEL,
            NewKind::Notebook => templates::NOTEBOOK,
        }
    }
}

/// The problem's name; a language that is not given is the other.
#[derive(Debug, Default)]
pub struct NewTitle {
    pub id: Option<String>,
    pub en: Option<String>,
}

impl NewTitle {
    /// In Indonesian and in English; `None`: the template's own.
    fn texts(&self) -> Option<[&str; 2]> {
        let (id, en) = (self.id.as_deref(), self.en.as_deref());
        Some([id.or(en)?, en.or(id)?])
    }
}

/// Writes a pack into this folder, whose name becomes the pack's, and the schemas
/// beside it.
///
/// # Errors
/// [`GraderError::New`] where the folder is not empty or its name cannot be a
/// pack's; then nothing is written.
pub fn new_pack(kind: NewKind, folder: &Path, title: &NewTitle) -> Result<Pack, GraderError> {
    let (parent, slug) = place(folder)?;
    if title
        .texts()
        .is_some_and(|texts| texts.iter().any(|text| text.trim().is_empty()))
    {
        return Err(GraderError::New("the title must not be empty".into()));
    }
    let store = |path: &Path| {
        let path = path.to_owned();
        |source| GraderError::Store { path, source }
    };
    fs::create_dir_all(&parent).map_err(store(&parent))?;
    let place = parent.join(slug.as_str());
    refuse_unless_empty(&place)?;
    let draft = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(&parent)
        .map_err(store(&parent))?;
    for (name, content) in kind.template() {
        let content = match *name {
            MANIFEST_FILE => manifest(content, &slug, title)?.into_bytes(),
            EXPECTED_FILE => with_schema("../../", "expected", content),
            _ => content.to_vec(),
        };
        write(&draft.path().join(name), &content).map_err(store(&place.join(name)))?;
    }
    let mut pack = Pack::load_as(draft.path(), slug.as_str())?;
    write_schemas(&parent.join(SCHEMA_FOLDER))?;
    let readable = Permissions::from_mode(0o755);
    fs::set_permissions(draft.path(), readable).map_err(store(draft.path()))?;
    // In the place of nothing or of an empty folder, of nothing else.
    fs::rename(draft.path(), &place).map_err(|error| match error.kind() {
        ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory => not_empty(&place),
        _ => store(&place)(error),
    })?;
    let _moved = draft.keep();
    pack.folder = place;
    Ok(pack)
}

/// The folder in which the pack's folder shall lie, and its name.
fn place(folder: &Path) -> Result<(PathBuf, PackSlug), GraderError> {
    let store = |source| GraderError::Store {
        path: folder.to_owned(),
        source,
    };
    // What is there may be named `.` or through a link.
    let whole = match folder.canonicalize() {
        Ok(whole) => whole,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::path::absolute(folder).map_err(store)?
        }
        Err(error) => return Err(store(error)),
    };
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    let slug: PackSlug = name
        .parse()
        .map_err(|error| GraderError::New(format!("{}: {error}", folder.display())))?;
    let parent = whole.parent().unwrap_or(Path::new("/")).to_owned();
    Ok((parent, slug))
}

fn refuse_unless_empty(place: &Path) -> Result<(), GraderError> {
    let is_empty = fs::read_dir(place).map(|mut entries| entries.next().is_none());
    match is_empty {
        Ok(true) => Ok(()),
        Ok(false) => Err(not_empty(place)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => Ok(()),
            ErrorKind::NotADirectory => Err(not_empty(place)),
            _ => Err(GraderError::Store {
                path: place.to_owned(),
                source: error,
            }),
        },
    }
}

fn not_empty(place: &Path) -> GraderError {
    GraderError::New(format!(
        "{}: something is there already; a new pack needs a folder that is empty or does not exist",
        place.display()
    ))
}

/// With the pack's title, and a seed of its own: two packs made from one template
/// shall not have the same hidden cases.
fn manifest(template: &[u8], slug: &PackSlug, title: &NewTitle) -> Result<String, GraderError> {
    let broken = |what: String| GraderError::New(format!("the template is broken: {what}"));
    let text = str::from_utf8(template).map_err(|error| broken(error.to_string()))?;
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| broken(error.to_string()))?;
    if let Some([id, en]) = title.texts() {
        let mut table = InlineTable::new();
        table.insert("id", id.into());
        table.insert("en", en.into());
        document["title"] = value(table);
    }
    if let Some(function) = document.get_mut("function").and_then(|f| f.as_table_mut()) {
        let digest = Sha256::digest(slug.as_str());
        let seed = u32::from_le_bytes([digest[0], digest[1], digest[2], 0]);
        function["seed"] = value(i64::from(seed));
    }
    let text = with_schema("../", "problem", document.to_string().as_bytes());
    String::from_utf8(text).map_err(|error| broken(error.to_string()))
}

/// The line by which editors find the schema, then the content.
fn with_schema(up: &str, name: &str, content: &[u8]) -> Vec<u8> {
    let line = format!("#:schema {up}{SCHEMA_FOLDER}/{name}.schema.json\n\n");
    [line.as_bytes(), content].concat()
}

/// Writes the schemas of this version into a folder.
///
/// # Errors
/// The folder cannot be written.
pub fn write_schemas(folder: &Path) -> Result<(), GraderError> {
    let store = |source| GraderError::Store {
        path: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(store)?;
    for (name, text) in schemas() {
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(store)?;
        io::Write::write_all(&mut file, text.as_bytes()).map_err(store)?;
        file.as_file()
            .set_permissions(Permissions::from_mode(0o644))
            .map_err(store)?;
        file.persist(folder.join(format!("{name}.schema.json")))
            .map_err(|error| store(error.error))?;
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)
}

#[cfg(test)]
mod tests;
