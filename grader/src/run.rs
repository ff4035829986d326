//! *Run*: the student's program on the visible samples or on their own input,
//! without a verdict, with everything it printed and returned.

use crate::GraderError;
use crate::children::Children;
use crate::compare::compare;
use crate::judge::{Programs, broken_rules, call_job, case_seed, message_of, module, prints};
use crate::prepare::{Prepared, get_subtask};
use crate::show::{show_expected, show_named, show_outputs};
use gradien_problems::Pack;
use gradien_problems::message::Message;
use gradien_problems::pack::{FunctionKind, Kind};
use gradien_problems::protocol::RunInput;
use gradien_problems::report::{RunCase, RunReport, Usage};
use gradien_sandbox::job::{Call, Module, Outcome, Status};

const OWN_INPUT: &str = "own_input";
const OWN_CALL: &str = "own_call";
/// Longest print that is shown, in characters.
const MAX_PRINT_CHARS: usize = 20_000;

pub fn run(
    pack: &Pack,
    prepared: &Prepared,
    source: &str,
    input: &RunInput,
    children: &mut Children,
) -> Result<RunReport, GraderError> {
    let Kind::Function(function) = &pack.kind else {
        return Err(GraderError::OtherKind(pack.kind.name()));
    };
    let cases = match input {
        RunInput::Samples => samples(pack, function, prepared, source, children)?,
        RunInput::Own { code } => vec![own(pack, function, source, code, children)?],
    };
    // Run says what a submission would be refused for, and runs all the same.
    let messages = broken_rules(function, source, children)?;
    Ok(RunReport {
        cases,
        messages: messages.into_iter().collect(),
    })
}

fn samples(
    pack: &Pack,
    function: &FunctionKind,
    prepared: &Prepared,
    source: &str,
    children: &mut Children,
) -> Result<Vec<RunCase>, GraderError> {
    let programs = Programs {
        function,
        source,
        data: None,
    };
    let mut cases = Vec::new();
    for (index, (sample, case)) in function.samples.iter().zip(&prepared.samples).enumerate() {
        let subtask = get_subtask(function, sample.subtask.as_str())?;
        let call = programs.call(subtask, case.inputs.clone());
        let seed = case_seed(&pack.hash, "sample", index as u32);
        let outcome = children.run(&call_job(programs.modules(), call, seed, function.limits))?;
        let mut shown = show_case(function, &subtask.entry, &outcome);
        shown.inputs = show_named(&case.inputs);
        let checked = subtask.check.is_some();
        shown.expected = (!checked).then(|| show_expected(subtask, &case.expected));
        // Run tells whether a value agrees; a checker is asked on submission alone.
        if outcome.status == Status::Ok && !checked {
            let (outputs, container) = (&outcome.outputs, outcome.container);
            let compared = compare(
                &subtask.outputs,
                function.tolerance,
                container,
                outputs,
                &case.expected,
            );
            shown.agrees = Some(compared.is_ok());
            shown.message = compared.err().map(|difference| difference.message);
        }
        cases.push(shown);
    }
    Ok(cases)
}

/// The student's code assigns the parameters in a module of its own; a line of
/// ours calls their function with them.
fn own(
    pack: &Pack,
    function: &FunctionKind,
    source: &str,
    code: &str,
    children: &mut Children,
) -> Result<RunCase, GraderError> {
    // Own input is for the first function where there are several.
    let of_first = function
        .subtasks
        .iter()
        .find(|subtask| subtask.entry == function.entry && subtask.driver.is_none());
    let names: Vec<&str> = match of_first {
        Some(subtask) => subtask.inputs.iter().map(|name| name.as_str()).collect(),
        None => function
            .inputs
            .iter()
            .map(|input| input.name.as_str())
            .collect(),
    };
    let modules = vec![
        module("solution", source),
        module(OWN_INPUT, &format!("import numpy as np\n{code}")),
        Module {
            name: OWN_CALL.into(),
            // Not a file of the student's: its lines are not shown.
            filename: "driver.py".into(),
            source: own_call(&function.entry, &names),
        },
    ];
    let call = Call {
        module: OWN_CALL.into(),
        function: "call".into(),
        args: Vec::new(),
    };
    let seed = case_seed(&pack.hash, OWN_INPUT, 0);
    let outcome = children.run(&call_job(modules, call, seed, function.limits))?;
    let mut shown = show_case(function, &function.entry, &outcome);
    if let Status::Exception(exception) = &outcome.status
        && let Some(input) = exception.message.strip_prefix(MISSING_INPUT)
    {
        shown.message = Some(Message::InputMissing {
            input: input.to_owned(),
        });
    }
    Ok(shown)
}

const MISSING_INPUT: &str = "own input: ";

fn own_call(entry: &str, names: &[&str]) -> String {
    let list: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!(
        "import own_input, solution\n\
         def call():\n    \
             for name in [{}]:\n        \
                 if not hasattr(own_input, name):\n            \
                     raise NameError({MISSING_INPUT:?} + name)\n    \
             return solution.{entry}(*[getattr(own_input, name) for name in [{}]])\n",
        list.join(", "),
        list.join(", "),
    )
}

fn show_case(function: &FunctionKind, entry: &str, outcome: &Outcome) -> RunCase {
    let (stdout, stderr) = prints(outcome);
    let cut = |text: String| text.chars().take(MAX_PRINT_CHARS).collect();
    RunCase {
        inputs: Vec::new(),
        returned: show_outputs(&outcome.outputs),
        expected: None,
        agrees: None,
        message: message_of(&outcome.status, &function.limits, entry),
        stdout: cut(stdout),
        stderr: cut(stderr),
        usage: Usage {
            fuel: outcome.fuel,
            fuel_limit: function.limits.fuel,
            memory_bytes: outcome.peak_memory_bytes,
            memory_limit_bytes: function.limits.memory_bytes,
        },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_call_names_every_parameter_in_order() {
        let code = super::own_call("f", &["x", "W_z"]);
        assert_eq!(
            code,
            "import own_input, solution\n\
             def call():\n    for name in [\"x\", \"W_z\"]:\n        \
             if not hasattr(own_input, name):\n            \
             raise NameError(\"own input: \" + name)\n    \
             return solution.f(*[getattr(own_input, name) for name in [\"x\", \"W_z\"]])\n"
        );
    }
}
