//! How a program is judged, in words: what it must be called, its limits, its subtasks.

use crate::i18n::{Texts, mebibytes};
use gradien_problems::Language;
use gradien_problems::pack::{FunctionKind, NotebookKind};

pub(super) struct Rule {
    pub name: String,
    pub text: String,
}

pub(super) struct SubtaskLine {
    pub title: String,
    pub cases: u32,
    pub points: u32,
}

pub(super) fn subtask_lines(function: &FunctionKind, t: Texts) -> Vec<SubtaskLine> {
    let lines = function.subtasks.iter().map(|subtask| SubtaskLine {
        title: subtask.title.get(t.language).to_owned(),
        cases: subtask.cases,
        points: subtask.points,
    });
    lines.collect()
}

pub(super) fn rules(function: &FunctionKind, t: Texts) -> Vec<Rule> {
    // Where there are several functions, each with its own parameters.
    let signatures = function.entries().into_iter().filter_map(|entry| {
        let mut subtasks = function.subtasks.iter();
        let subtask = subtasks.find(|subtask| subtask.entry == entry)?;
        let parameters: Vec<&str> = subtask.inputs.iter().map(|name| name.as_str()).collect();
        Some(format!("{entry}({})", parameters.join(", ")))
    });
    let signature = signatures.collect::<Vec<_>>().join(", ");
    let limits = &function.limits;
    let decimal = |number: f64| in_language(&format!("{number:?}"), t.language);
    let forbidden: Vec<&str> = function
        .must_not_use
        .iter()
        .map(|rule| rule.written.as_str())
        .collect();
    let forbidden = (!forbidden.is_empty()).then(|| Rule {
        name: t.get("rule-forbidden"),
        text: t.with("rule-forbidden-text", "names", forbidden.join(", ")),
    });
    let mut rules = vec![
        Rule {
            name: t.get("rule-function"),
            text: t.with("rule-function-text", "signature", signature),
        },
        Rule {
            name: t.get("rule-tolerance"),
            text: t.with_two(
                "rule-tolerance-text",
                ("atol", decimal(function.tolerance.atol)),
                ("rtol", decimal(function.tolerance.rtol)),
            ),
        },
        Rule {
            name: t.get("rule-fuel"),
            text: t.with("rule-fuel-text", "n", (limits.fuel / 1_000_000) as i64),
        },
        Rule {
            name: t.get("rule-memory"),
            text: t.with(
                "rule-memory-text",
                "n",
                mebibytes(limits.memory_bytes) as i64,
            ),
        },
        Rule {
            name: t.get("rule-output"),
            text: t.with("rule-output-text", "n", (limits.output_bytes >> 10) as i64),
        },
    ];
    if let Some(forbidden) = forbidden {
        rules.insert(1, forbidden);
    }
    rules
}

/// As [`rules`], where a notebook is run again and not called.
pub(super) fn notebook_rules(notebook: &NotebookKind, t: Texts) -> Vec<Rule> {
    let function = &notebook.function;
    let mut rules = rules(function, t);
    let Some(module) = &notebook.data else {
        return rules;
    };
    let outputs = function.outputs.iter().map(|output| output.name.as_str());
    let outputs: Vec<&str> = outputs.collect();
    let how = [
        Rule {
            name: t.get("rule-notebook"),
            text: t.with("rule-notebook-data", "module", module.clone()),
        },
        Rule {
            name: t.get("rule-notebook-leaves"),
            text: outputs.join(", "),
        },
    ];
    // In place of the first, which says how a function is called.
    rules.splice(..1, how);
    rules
}

fn in_language(number: &str, language: Language) -> String {
    match language {
        Language::Id => number.replace('.', ","),
        Language::En => number.to_owned(),
    }
}
