//! Running a program again with hidden data in place of the visible: what the
//! olympiads do with notebooks.
//!
//! Theory of operation. The student's program takes its data from a module of the
//! pack's choice (`from data import X_train, …`), of which a version with visible
//! data is there for them to take. For each case a module of that name is made
//! with the case's inputs written into it, and executed before the program; so
//! the program's own lines run on hidden data from the first to the last, and
//! what it leaves in the variables that the pack names is what it returns. The
//! pack's driver may turn the drawn inputs into what the module holds. Expected
//! values are in none of these modules.

use super::cases::{Programs, module};
use gradien_problems::message::Message;
use gradien_problems::pack::Subtask;
use gradien_sandbox::array::{Array, Named, Value};
use gradien_sandbox::job::{Call, Module, Status};

const COLLECT: &str = "outputs";
const MISSING: &str = "no variable: ";

/// What runs for a case: the pack's driver, the data, the program, and a look at
/// what it has left.
pub fn modules(
    programs: &Programs<'_>,
    data: &str,
    subtask: &Subtask,
    inputs: &[Named],
) -> (Vec<Module>, Call) {
    let mut modules = Vec::new();
    let driver = programs.function.driver.as_ref();
    modules.extend(driver.map(|driver| module("driver", driver)));
    modules.push(of_ours(
        data,
        data_source(subtask.driver.as_deref(), inputs),
    ));
    modules.push(module("solution", programs.source));
    modules.push(of_ours(COLLECT, collect_source(&names(programs))));
    let call = Call {
        module: COLLECT.into(),
        function: "collect".into(),
        args: Vec::new(),
    };
    (modules, call)
}

/// A variable that the program does not leave.
pub fn find_message(programs: &Programs<'_>, status: &Status) -> Option<Message> {
    let Status::Exception(exception) = status else {
        return None;
    };
    let variable = exception.message.strip_prefix(MISSING)?;
    // Its own words could say this too, and more than a name.
    names(programs)
        .contains(&variable)
        .then(|| Message::VariableMissing {
            variable: variable.to_owned(),
        })
}

fn names<'a>(programs: &Programs<'a>) -> Vec<&'a str> {
    let outputs = programs.function.outputs.iter();
    outputs.map(|output| output.name.as_str()).collect()
}

/// Not a file of the student's: its lines are not shown.
fn of_ours(name: &str, source: String) -> Module {
    Module {
        name: name.into(),
        filename: "driver.py".into(),
        source,
    }
}

fn data_source(driver: Option<&str>, inputs: &[Named]) -> String {
    let mut source = String::from(
        "import json as _json\nimport numpy as _np\n\
         def _array(code, shape, text):\n    \
             array = _np.frombuffer(bytes.fromhex(text), dtype=code).reshape(shape).copy()\n    \
             return array[()] if shape == () else array\n\
         _inputs = {\n",
    );
    for Named { name, value } in inputs {
        let value = match value {
            Value::Array(array) => array_source(array),
            Value::Json(value) => format!("_json.loads({})", quoted(&value.to_string())),
        };
        source.push_str(&format!("    {name:?}: {value},\n"));
    }
    source.push_str("}\n");
    match driver {
        Some(function) => source.push_str(&format!(
            "import driver as _driver\nglobals().update(_driver.{function}(**_inputs))\n"
        )),
        None => source.push_str("globals().update(_inputs)\n"),
    }
    source
}

fn array_source(array: &Array) -> String {
    let shape: Vec<String> = array.shape.iter().map(usize::to_string).collect();
    let shape = match &shape[..] {
        [] => "()".to_owned(),
        shape => format!("({},)", shape.join(", ")),
    };
    let text: String = array
        .data
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("_array({:?}, {shape}, \"{text}\")", array.dtype.code())
}

/// A text of Python: what JSON escapes, Python reads the same.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn collect_source(names: &[&str]) -> String {
    let list: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    let returned = match names {
        [only] => format!("solution.{only}"),
        names => {
            let values: Vec<String> = names.iter().map(|n| format!("solution.{n}")).collect();
            format!("({})", values.join(", "))
        }
    };
    format!(
        "import solution\n\
         def collect():\n    \
             for name in [{}]:\n        \
                 if not hasattr(solution, name):\n            \
                     raise NameError({MISSING:?} + name)\n    \
             return {returned}\n",
        list.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_lines_of_python_and_driver_functions_are_called_with_them() {
        let inputs = [
            Named {
                name: "X".into(),
                value: Array::from_i64(&[2, 1], &[1, -1]).into(),
            },
            Named {
                name: "words".into(),
                value: Value::Json(serde_json::json!(["a\"\n", "é"])),
            },
        ];
        let source = data_source(Some("visible"), &inputs);
        let lines: Vec<&str> = source.lines().collect();
        assert_eq!(
            lines[6],
            "    \"X\": _array(\"<i8\", (2, 1,), \"0100000000000000ffffffffffffffff\"),"
        );
        assert_eq!(
            lines[7],
            r#"    "words": _json.loads("[\"a\\\"\\n\",\"é\"]"),"#
        );
        assert_eq!(lines[10], "globals().update(_driver.visible(**_inputs))");
        let source = data_source(None, &inputs);
        assert!(source.ends_with("globals().update(_inputs)\n"));
    }

    #[test]
    fn one_variable_is_returned_bare_and_several_as_a_tuple() {
        assert!(collect_source(&["p"]).ends_with("    return solution.p\n"));
        let two = collect_source(&["w", "b"]);
        assert!(two.contains("for name in [\"w\", \"b\"]:"));
        assert!(two.ends_with("    return (solution.w, solution.b)\n"));
    }
}
