//! Kind `answer`: fixed inputs and the fields that are typed.

use super::field::{entry, shape};
use super::input::input;
use crate::ids::FieldName;
use crate::pack::checker::{Check, CheckToml, Checker};
use crate::pack::error::PackError;
use crate::pack::field::Entry;
use crate::pack::files::Text;
use crate::pack::function_kind::InputValue;
use crate::pack::manifest::{CarryToml, Manifest};
use crate::pack::model::{AnswerKind, Carry, Field};
use crate::pack::variants::variants;
use std::collections::BTreeSet;

const MAX_CELLS: usize = 400;

pub(super) fn answer(
    text: &Text,
    manifest: Manifest,
    checker: Option<Checker>,
    kind_at: usize,
) -> Result<AnswerKind, PackError> {
    if manifest.function.is_some() || !manifest.subtasks.is_empty() || !manifest.samples.is_empty()
    {
        let what = "kind \"answer\" has [[fields]], not [function], [[subtasks]] or [[samples]]";
        return Err(text.invalid(Some(kind_at), what));
    }
    let mut inputs = Vec::new();
    for input in manifest.inputs {
        let at = input.span().start;
        let input = self::input(text, input)?;
        if matches!(
            input.value,
            InputValue::Drawn { .. } | InputValue::OneOf(_) | InputValue::ListOf { .. }
        ) {
            let what = format!(
                "input “{}” needs a value: kind \"answer\" has fixed inputs",
                input.name
            );
            return Err(text.invalid(Some(at), what));
        }
        if input.varies.is_some() && manifest.variants.is_none() {
            let what = "an input varies, but there is no [variants] with count and seed";
            return Err(text.invalid(Some(at), what));
        }
        inputs.push(input);
    }
    let varying = inputs.iter().filter(|input| input.varies.is_some()).count();
    let variants = variants(text, manifest.variants, varying)?;
    let checked: BTreeSet<FieldName> = manifest
        .checks
        .iter()
        .flat_map(|check| check.get_ref().fields.iter().cloned())
        .collect();
    let mut names = BTreeSet::new();
    let mut fields = Vec::new();
    for field in manifest.fields {
        let (at, field) = (field.span().start, field.into_inner());
        let fail = |what: String| Err(text.invalid(Some(at), what));
        if !names.insert(field.name.clone()) {
            return fail(format!("field “{}” stands twice", field.name));
        }
        let field_entry = match entry(&field, checked.contains(&field.name)) {
            Ok(entry) => entry,
            Err(what) => return fail(format!("field “{}”: {what}", field.name)),
        };
        let shape = shape(&field, &field_entry);
        if field.shape.len() > 2 || field.shape.contains(&0) {
            return fail(
                "a field's shape is [], [columns] or [rows, columns], each at least 1".into(),
            );
        }
        if shape
            .iter()
            .try_fold(1usize, |n, &e| n.checked_mul(e))
            .is_none_or(|n| n > MAX_CELLS)
        {
            return fail(format!("a field may have at most {MAX_CELLS} cells"));
        }
        let decimals = field.decimals.unwrap_or(0);
        if field.points == 0 || decimals > 12 || !(0.0..=100.0).contains(&field.slack_units) {
            return fail(
                "points must be at least 1, decimals at most 12, slack_units 0 to 100".into(),
            );
        }
        let carry = match field.carry {
            None => None,
            Some(carry) => match self::carry(carry, &field.name, &field_entry, &fields) {
                Ok(carry) => Some(carry),
                Err(what) => return fail(format!("field “{}”: {what}", field.name)),
            },
        };
        fields.push(Field {
            carry,
            name: field.name,
            label: field.label,
            entry: field_entry,
            shape,
            points: field.points,
            decimals,
            slack_units: field.slack_units,
        });
    }
    if fields.is_empty() {
        return Err(text.invalid(
            Some(kind_at),
            "kind \"answer\" needs at least one [[fields]]",
        ));
    }
    let mut checks: Vec<Check> = Vec::new();
    for spanned in manifest.checks {
        let (at, toml) = (spanned.span().start, spanned.into_inner());
        let check = check(toml, &fields, &checks, checker.as_ref());
        checks.push(check.map_err(|what| text.invalid(Some(at), what))?);
    }
    if checker.is_some() && checks.is_empty() {
        let what = "there is a checker.py, but no [[checks]] says which fields it judges";
        return Err(text.invalid(Some(kind_at), what));
    }
    Ok(AnswerKind {
        inputs,
        fields,
        checks,
        checker,
        variants,
    })
}

fn check(
    toml: CheckToml,
    fields: &[Field],
    earlier: &[Check],
    checker: Option<&Checker>,
) -> Result<Check, String> {
    let function = toml.function;
    match checker {
        None => return Err("[[checks]] need a file checker.py".into()),
        Some(checker) if !checker.defines(&function) => {
            return Err(format!("checker.py has no function “{function}”"));
        }
        Some(_) => {}
    }
    if toml.fields.is_empty() {
        return Err("a check judges at least one field".into());
    }
    for name in &toml.fields {
        let field = fields.iter().find(|field| field.name == *name);
        let field = field.ok_or_else(|| format!("“{name}” is no field"))?;
        if !matches!(field.entry, Entry::Number | Entry::Integer) || field.carry.is_some() {
            return Err(format!(
                "“{name}” must take numbers and have no carry to be checked"
            ));
        }
        if earlier.iter().any(|other| other.fields.contains(name)) {
            return Err(format!("“{name}” is judged by two checks"));
        }
    }
    Ok(Check {
        function,
        fields: toml.fields,
    })
}

fn carry(
    mut carry: CarryToml,
    own: &FieldName,
    entry: &Entry,
    earlier: &[Field],
) -> Result<Carry, String> {
    match entry {
        Entry::Choice(_) | Entry::Shape => {
            return Err("a choice or a shape has no carry".into());
        }
        // A row follows from the row before it.
        Entry::Trace(_) => carry.from.retain(|name| name != own),
        Entry::Number | Entry::Integer if carry.from.is_empty() => {
            return Err("carry.from must name at least one earlier field".into());
        }
        Entry::Number | Entry::Integer => {}
    }
    let numbers = |field: &Field| !matches!(field.entry, Entry::Choice(_) | Entry::Shape);
    let unknown = |name: &&FieldName| {
        let mut earlier = earlier.iter();
        !earlier.any(|field| field.name == **name && numbers(field))
    };
    if let Some(name) = carry.from.iter().find(unknown) {
        return Err(format!(
            "carry.from names “{name}”, which is no earlier field of numbers"
        ));
    }
    if carry.function.parse::<FieldName>().is_err() {
        return Err(format!("“{}” is no name of a function", carry.function));
    }
    let share_percent = (carry.share * 100.0).round();
    if !(1.0..=100.0).contains(&share_percent) {
        return Err("carry.share must be above 0 and at most 1, in whole per cent".into());
    }
    Ok(Carry {
        from: carry.from,
        function: carry.function,
        share_percent: share_percent as u32,
    })
}
