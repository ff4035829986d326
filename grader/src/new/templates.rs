//! The files of each template, built into the program.

/// A file of a template: its path below the pack's folder, and what it holds.
pub type TemplateFile = (&'static str, &'static [u8]);

macro_rules! template {
    ($kind:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!($kind, "/", $name)))),+]
    };
}

pub const ANSWER: &[TemplateFile] = template!(
    "answer":
    "misconceptions/bias_forgotten.py",
    "misconceptions/tanh_for_sigmoid.py",
    "misconceptions/text.toml",
    "problem.toml",
    "reference.py",
    "statement/problem.en.md",
    "statement/problem.id.md",
    "submissions/accepted/comma_and_expression.toml",
    "submissions/accepted/exact.toml",
    "submissions/expected.toml",
    "submissions/wrong_answer/bias_forgotten.toml",
    "submissions/wrong_answer/empty.toml",
    "submissions/wrong_answer/slip.toml",
    "submissions/wrong_answer/tanh_for_sigmoid.toml",
);

pub const FUNCTION: &[TemplateFile] = template!(
    "function":
    "misconceptions/bias_forgotten.py",
    "misconceptions/no_activation.py",
    "misconceptions/sigmoid_for_relu.py",
    "misconceptions/text.toml",
    "problem.toml",
    "reference.py",
    "starter.py",
    "statement/problem.en.md",
    "statement/problem.id.md",
    "submissions/accepted/loops.py",
    "submissions/accepted/matrix.py",
    "submissions/compile_error/colon_missing.py",
    "submissions/expected.toml",
    "submissions/run_time_error/only_vectors.py",
    "submissions/wrong_answer/bias_forgotten.py",
    "submissions/wrong_answer/no_activation.py",
    "submissions/wrong_answer/rounded.py",
    "submissions/wrong_answer/sigmoid_for_relu.py",
);

pub const PREDICTION: &[TemplateFile] = template!(
    "prediction":
    "data/generate.py",
    "data/labels.csv",
    "data/sample_submission.csv",
    "data/test.csv",
    "data/train.csv",
    "problem.toml",
    "statement/problem.en.md",
    "statement/problem.id.md",
    "submissions/accepted/both_features.csv",
    "submissions/accepted/sorted_by_id.csv",
    "submissions/compile_error/first_half.csv",
    "submissions/compile_error/words.csv",
    "submissions/expected.toml",
    "submissions/wrong_answer/constant.csv",
    "submissions/wrong_answer/hours_only.csv",
    "submissions/wrong_answer/ids_moved.csv",
);

pub const MODEL: &[TemplateFile] = template!(
    "model":
    "data/generate.py",
    "data/hidden.csv",
    "data/train.csv",
    "problem.toml",
    "statement/problem.en.md",
    "statement/problem.id.md",
    "submissions/accepted/by_hand.safetensors",
    "submissions/accepted/float64.safetensors",
    "submissions/compile_error/other_names.safetensors",
    "submissions/compile_error/transposed.safetensors",
    "submissions/expected.toml",
    "submissions/wrong_answer/classes_swapped.safetensors",
    "submissions/wrong_answer/constant.safetensors",
    "submissions/wrong_answer/one_line.safetensors",
    "submissions/wrong_answer/untrained.safetensors",
);

pub const NOTEBOOK: &[TemplateFile] = template!(
    "notebook":
    "data/normalise.ipynb",
    "misconceptions/not_divided.py",
    "misconceptions/sample_deviation.py",
    "misconceptions/text.toml",
    "misconceptions/whole_table.py",
    "problem.toml",
    "reference.py",
    "statement/problem.en.md",
    "statement/problem.id.md",
    "submissions/accepted/by_columns.ipynb",
    "submissions/accepted/with_loop.ipynb",
    "submissions/compile_error/magic.ipynb",
    "submissions/expected.toml",
    "submissions/run_time_error/import_forgotten.ipynb",
    "submissions/wrong_answer/not_divided.ipynb",
    "submissions/wrong_answer/sample_deviation.ipynb",
    "submissions/wrong_answer/transposed.ipynb",
    "submissions/wrong_answer/whole_table.ipynb",
);
