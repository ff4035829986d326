//! The hidden rows of a pack of kind `model`, read once per pack version: the
//! table of its labels, whose further columns are the elements of the inputs.

use super::labels::Source;
use super::{Labels, Prepared, PreparedCase};
use crate::GraderError;
use crate::inspect::{ColumnSpec, InspectConfig, Values};
use gradien_problems::Pack;
use gradien_problems::pack::{ColumnKind, ModelKind};
use gradien_sandbox::array::{Array, Named, Value};

const INPUT: &str = "x";

/// The hidden rows as they are needed to judge.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    /// Rows, then the shape of one example: float64, or int64 for ids.
    pub inputs: &'a Array,
    pub labels: &'a Labels,
}

impl Rows<'_> {
    /// From what [`prepare`] made.
    pub fn of(prepared: &Prepared) -> Result<Rows<'_>, GraderError> {
        let case = prepared.subtasks.first().and_then(|cases| cases.first());
        let inputs = case.map(|case| case.inputs.as_slice());
        match (inputs, &prepared.labels) {
            (
                Some(
                    [
                        Named {
                            value: Value::Array(inputs),
                            ..
                        },
                    ],
                ),
                Some(labels),
            ) => Ok(Rows { inputs, labels }),
            _ => Err(GraderError::Pack("its hidden rows were not read".into())),
        }
    }
}

/// # Errors
/// [`GraderError::Pack`] with everything that is wrong with the table.
pub(super) fn prepare(
    pack: &Pack,
    kind: &ModelKind,
    config: &InspectConfig,
) -> Result<Prepared, GraderError> {
    let input = kind.network.input();
    let elements: usize = input.shape.iter().product();
    let columns = (0..elements).map(|index| ColumnSpec {
        name: format!("x{index}"),
        kind: match input.ids {
            true => ColumnKind::Int,
            false => ColumnKind::Float,
        },
        classes: Vec::new(),
    });
    let source = Source {
        file: &kind.rows,
        target: &kind.target,
        classes: &kind.classes,
        scoring: &kind.scoring,
    };
    let (labels, columns) = source.read(pack, columns.collect(), config)?;
    let columns: Vec<Vec<f64>> = columns
        .into_iter()
        .map(|values| match values {
            Values::Numbers(numbers) => numbers,
            Values::Classes(_) => Vec::new(),
        })
        .collect();
    let rows = labels.truth.rows();
    let values: Vec<f64> = (0..rows)
        .flat_map(|row| columns.iter().map(move |column| column[row]))
        .collect();
    let shape = [&[rows], &input.shape[..]].concat();
    let inputs = match input.ids {
        false => Array::from_f64(&shape, &values),
        true => {
            let ids: Vec<i64> = values.iter().map(|&id| id as i64).collect();
            Array::from_i64(&shape, &ids)
        }
    };
    let case = PreparedCase {
        inputs: vec![Named {
            name: INPUT.into(),
            value: inputs.into(),
        }],
        expected: Vec::new(),
        steps: Vec::new(),
    };
    Ok(Prepared {
        // Nothing is computed.
        device: "cpu".into(),
        subtasks: vec![vec![case]],
        samples: Vec::new(),
        misconceptions: Vec::new(),
        pairs: Vec::new(),
        labels: Some(labels),
    })
}
