//! What a field takes, by its type.

use crate::pack::field::{Choice, ChoiceOption, Entry, GivenColumn, Precision, Trace, TraceColumn};
use crate::pack::manifest::{FieldToml, FieldType};
use std::collections::BTreeSet;

const MAX_OPTIONS: usize = 12;
const MAX_ROWS: usize = 60;
const MAX_COLUMNS: usize = 16;

/// `checked`: a checker judges it, so no precision is asked for.
pub(super) fn entry(field: &FieldToml, checked: bool) -> Result<Entry, String> {
    let is_choice = matches!(field.takes, FieldType::Choice | FieldType::Choices);
    let is_trace = field.takes == FieldType::Trace;
    if !is_choice && (!field.options.is_empty() || field.withheld.is_some()) {
        return Err("options and withheld are for type \"choice\" and \"choices\"".into());
    }
    let has_table = field.rows.is_some() || !field.columns.is_empty() || !field.given.is_empty();
    if !is_trace && has_table {
        return Err("rows, columns and given are for type \"trace\"".into());
    }
    if field.takes == FieldType::Number {
        return match field.decimals {
            Some(_) if checked => Err("a checker judges it: leave out decimals".into()),
            None if checked => Ok(Entry::Number),
            Some(_) => Ok(Entry::Number),
            None => Err("decimals must say how many digits after the point are asked for".into()),
        };
    }
    if field.decimals.is_some() || field.slack_units != 0.0 {
        return Err(
            "decimals and slack_units are for numbers; a trace has them by its columns".into(),
        );
    }
    if field.takes != FieldType::Integer && !field.shape.is_empty() {
        return Err("shape is for numbers and integers".into());
    }
    match field.takes {
        FieldType::Number => Ok(Entry::Number),
        FieldType::Integer => Ok(Entry::Integer),
        FieldType::Shape => Ok(Entry::Shape),
        FieldType::Choice => choice(field, false),
        FieldType::Choices => choice(field, true),
        FieldType::Trace => trace(field),
    }
}

/// The shape of what is compared, where `entry` is that of the field.
pub(super) fn shape(field: &FieldToml, entry: &Entry) -> Vec<usize> {
    match entry {
        Entry::Number | Entry::Integer => field.shape.clone(),
        Entry::Choice(choice) if choice.multiple => vec![choice.options.len()],
        Entry::Choice(_) | Entry::Shape => vec![],
        Entry::Trace(trace) => vec![field.rows.unwrap_or(0), trace.columns.len()],
    }
}

fn choice(field: &FieldToml, multiple: bool) -> Result<Entry, String> {
    if !(2..=MAX_OPTIONS).contains(&field.options.len()) {
        return Err(format!("a choice has 2 to {MAX_OPTIONS} options"));
    }
    let names: BTreeSet<&str> = field.options.iter().map(|o| o.name.as_str()).collect();
    if names.len() < field.options.len() {
        return Err("two options have the same name".into());
    }
    let options = field.options.iter().map(|option| {
        if option.text.id.trim().is_empty() || option.text.en.trim().is_empty() {
            return Err(format!(
                "option “{}” needs a text in id and en",
                option.name
            ));
        }
        Ok(ChoiceOption {
            name: option.name.clone(),
            text: option.text.clone(),
        })
    });
    Ok(Entry::Choice(Choice {
        options: options.collect::<Result<_, _>>()?,
        multiple,
        withheld: field.withheld.unwrap_or(true),
    }))
}

fn trace(field: &FieldToml) -> Result<Entry, String> {
    let rows = match field.rows {
        Some(rows) if (1..=MAX_ROWS).contains(&rows) => rows,
        _ => return Err(format!("a trace has rows = 1 to {MAX_ROWS}")),
    };
    if !(1..=MAX_COLUMNS).contains(&field.columns.len()) {
        return Err(format!("a trace has 1 to {MAX_COLUMNS} columns"));
    }
    let columns = field.columns.iter().map(|column| {
        let decimals = column.decimals.unwrap_or(0);
        let slack = column.slack_units;
        if column.label.trim().is_empty() || decimals > 12 || !(0.0..=100.0).contains(&slack) {
            return Err("a column needs a label, decimals at most 12, slack_units 0 to 100".into());
        }
        Ok(TraceColumn {
            label: column.label.clone(),
            precision: Precision {
                decimals,
                slack_units: slack,
                integer: column.decimals.is_none(),
            },
        })
    });
    let given = field.given.iter().map(|given| {
        if given.label.trim().is_empty() || given.values.len() != rows {
            return Err(format!(
                "given “{}” needs a label and {rows} values",
                given.label
            ));
        }
        let values = given.values.iter().map(|value| match value {
            toml::Value::String(text) => Ok(text.clone()),
            toml::Value::Integer(number) => Ok(number.to_string()),
            toml::Value::Float(number) => Ok(number.to_string()),
            _ => Err("a given value is a number or a text".to_owned()),
        });
        Ok(GivenColumn {
            label: given.label.clone(),
            values: values.collect::<Result<_, _>>()?,
        })
    });
    Ok(Entry::Trace(Trace {
        given: given.collect::<Result<_, String>>()?,
        columns: columns.collect::<Result<_, String>>()?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str) -> Result<(Entry, Vec<usize>), String> {
        let head = "name = \"f\"\nlabel = { id = \"f\", en = \"f\" }\npoints = 10\n";
        let field: FieldToml =
            toml::from_str(&format!("{head}{toml}")).map_err(|error| error.message().to_owned())?;
        let entry = entry(&field, false)?;
        let shape = shape(&field, &entry);
        Ok((entry, shape))
    }

    const OPTIONS: &str = r#"options = [
  { name = "yes", text = { id = "Ya", en = "Yes" } },
  { name = "no", text = { id = "Tidak", en = "No" } },
]"#;

    #[test]
    fn each_type_has_the_shape_of_what_its_reference_gives() {
        let choice = format!("type = \"choice\"\n{OPTIONS}");
        let choices = format!("type = \"choices\"\nwithheld = false\n{OPTIONS}");
        let trace = "type = \"trace\"\nrows = 2\ncolumns = [{ label = \"z\", decimals = 1 }, { label = \"y\" }]\ngiven = [{ label = \"x\", values = [0, \"a\"] }]";
        for (toml, shape) in [
            ("decimals = 2\nshape = [2, 3]", vec![2, 3]),
            ("type = \"integer\"\nshape = [4]", vec![4]),
            ("type = \"shape\"", vec![]),
            (&*choice, vec![]),
            (&*choices, vec![2]),
            (trace, vec![2, 2]),
        ] {
            assert_eq!(load(toml).unwrap().1, shape, "{toml}");
        }
        assert!(load(&choice).unwrap().0.find_choice().unwrap().withheld);
        assert!(!load(&choices).unwrap().0.find_choice().unwrap().withheld);
        let precision = load(trace).unwrap().0.find_trace().unwrap().columns[1].precision;
        assert!(precision.integer);
    }

    #[test]
    fn what_does_not_fit_the_type_is_told() {
        let twice = OPTIONS.replace("\"no\"", "\"yes\"");
        for (toml, part) in [
            ("", "decimals must say"),
            ("type = \"integer\"\ndecimals = 2", "are for numbers"),
            ("type = \"shape\"\nshape = [2]", "shape is for numbers"),
            ("type = \"choice\"", "2 to 12 options"),
            (&format!("type = \"choice\"\n{twice}"), "the same name"),
            (&format!("decimals = 1\n{OPTIONS}"), "options and withheld"),
            ("decimals = 1\nrows = 2", "for type \"trace\""),
            ("type = \"trace\"\nrows = 0", "rows = 1 to"),
            ("type = \"trace\"\nrows = 2", "columns"),
            (
                "type = \"trace\"\nrows = 2\ncolumns = [{ label = \"z\" }]\ngiven = [{ label = \"x\", values = [0] }]",
                "2 values",
            ),
            ("type = \"essay\"", "unknown variant"),
        ] {
            let error = load(toml).expect_err(toml);
            assert!(error.contains(part), "{toml}: {error}");
        }
    }
}
