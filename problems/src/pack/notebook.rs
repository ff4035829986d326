//! Kind `notebook`: the code cells of an `.ipynb`, run as one program and then
//! judged as kind `function`, with hidden data for the parameters.

use super::error::PackError;
use super::files::Text;
use super::model::FunctionKind;
use super::prediction::check_data_file;
use serde::Deserialize;
use std::path::Path;
use toml::Spanned;

#[derive(Debug, Clone)]
pub struct NotebookKind {
    /// What the cells must define, and how it is judged.
    pub function: FunctionKind,
    /// Files of the pack that students may take: the notebook to begin with.
    pub downloads: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotebookToml {
    #[serde(default)]
    pub downloads: Vec<String>,
}

pub(super) fn notebook(
    text: &Text,
    folder: &Path,
    function: FunctionKind,
    toml: Option<Spanned<NotebookToml>>,
) -> Result<NotebookKind, PackError> {
    let Some(spanned) = toml else {
        return Ok(NotebookKind {
            function,
            downloads: Vec::new(),
        });
    };
    let (at, toml) = (spanned.span().start, spanned.into_inner());
    for file in &toml.downloads {
        check_data_file(folder, file).map_err(|what| text.invalid(Some(at), what))?;
    }
    Ok(NotebookKind {
        function,
        downloads: toml.downloads,
    })
}
