//! Kind `notebook`: the code cells of an `.ipynb`, run as one program and then
//! judged as kind `function`, with hidden data for the parameters.

use super::error::PackError;
use super::files::Text;
use super::function_kind::FunctionKind;
use super::prediction::check_data_file;
use crate::ids::FieldName;
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::Path;
use toml::Spanned;

#[derive(Debug, Clone)]
pub struct NotebookKind {
    /// What the cells must define, and how it is judged.
    pub function: FunctionKind,
    /// Files of the pack that students may take: the notebook to begin with.
    pub downloads: Vec<String>,
    /// The notebook is run again with hidden data: the inputs are in a module of
    /// this name, and the outputs are the variables that it leaves. `None`: it
    /// defines a function, which is called.
    pub data: Option<String>,
}

/// Modules that are there already, or that are made for every run.
const TAKEN_MODULES: [&str; 5] = ["solution", "driver", "outputs", "numpy", "json"];

/// What a notebook has beside what kind `function` has.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotebookToml {
    /// Files in `data/` that students may take: the notebook to begin with.
    #[serde(default)]
    pub downloads: Vec<String>,
    /// The notebook is run again with hidden data: the module that holds them.
    /// Absent: the cells define a function, which is called.
    pub data: Option<String>,
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
            data: None,
        });
    };
    let (at, toml) = (spanned.span().start, spanned.into_inner());
    for file in &toml.downloads {
        check_data_file(folder, file).map_err(|what| text.invalid(Some(at), what))?;
    }
    if let Some(data) = &toml.data
        && (data.parse::<FieldName>().is_err() || TAKEN_MODULES.contains(&data.as_str()))
    {
        let what = format!("“{data}” cannot be the name of the module with the data");
        return Err(text.invalid(Some(at), what));
    }
    Ok(NotebookKind {
        function,
        downloads: toml.downloads,
        data: toml.data,
    })
}
