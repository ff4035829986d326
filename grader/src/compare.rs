//! Compares what a function returned with what the reference gives, in the order
//! container → shape → kind of number → finite → values. The first check that
//! fails speaks; later ones would only confuse.

use crate::json;
use crate::show::{element_text, float_text};
use gradien_problems::message::{BadReturn, Container, Message, NumberKind, PrecisionLoss};
use gradien_problems::pack::{OutputKind, OutputSpec, Tolerance};
use gradien_problems::report::Worst;
use gradien_problems::shown::index_text;
use gradien_sandbox::array::{Array, DType, Named, Value};
use gradien_sandbox::job::{self, Output};

/// Outside the tolerance, but no further than this many times it, an answer is
/// "less precise than asked" rather than wrong …
const PRECISION_BAND: f64 = 1_000.0;
/// … as long as that band stays below this relative error.
const PRECISION_BAND_MAX_RTOL: f64 = 1e-2;

/// Why the returned values do not agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub message: Message,
    pub worst: Option<Worst>,
}

impl From<Message> for Box<Difference> {
    fn from(message: Message) -> Self {
        Box::new(Difference {
            message,
            worst: None,
        })
    }
}

/// `expected` is in the order of `specs`; `Ok` means agreement.
pub fn compare(
    specs: &[OutputSpec],
    tolerance: Tolerance,
    container: job::Container,
    outputs: &[Output],
    expected: &[Array],
) -> Result<(), Box<Difference>> {
    // A structure is one value, whatever it is made of.
    if let ([spec], [expected]) = (specs, expected)
        && spec.kind == OutputKind::Json
    {
        let got = json::of_outputs(container, outputs)?;
        return compare_json(json::ROOT, &got, tolerance, expected);
    }
    let outputs = arrange(specs, container, outputs)?;
    for (index, ((spec, output), expected)) in specs.iter().zip(outputs).zip(expected).enumerate() {
        let name = (specs.len() > 1).then(|| spec.name.to_string());
        let Some(kind) = spec.kind.number() else {
            let got = json::of_value(&output.value, spec.name.as_str())?;
            compare_json(spec.name.as_str(), &got, tolerance, expected)?;
            continue;
        };
        let got = get_array(output)?;
        compare_one(name, kind, tolerance, got, expected)
            .map_err(|difference| place_in(difference, index))?;
    }
    Ok(())
}

/// The returned values by the names of `specs`, if they have the shapes and kinds of
/// `template` and are finite: what a checker may be given.
pub fn fit(
    specs: &[OutputSpec],
    container: job::Container,
    outputs: &[Output],
    template: &[Array],
) -> Result<Vec<Named>, Box<Difference>> {
    let outputs = arrange(specs, container, outputs)?;
    let mut named = Vec::new();
    for (index, ((spec, output), template)) in specs.iter().zip(outputs).zip(template).enumerate() {
        let name = (specs.len() > 1).then(|| spec.name.to_string());
        let got = get_array(output)?;
        // The pack was refused if it asked a checker to look at JSON.
        let kind = spec.kind.number().unwrap_or(NumberKind::Float);
        check_form(name, kind, got, template).map_err(|difference| place_in(difference, index))?;
        named.push(Named {
            name: spec.name.to_string(),
            value: got.clone().into(),
        });
    }
    Ok(named)
}

fn get_array(output: &Output) -> Result<&Array, Box<Difference>> {
    match &output.value {
        Value::Array(array) => Ok(array),
        Value::Json(_) => Err(Message::BadReturn {
            type_name: output.type_name.clone(),
            reason: BadReturn::UnsupportedType,
        }
        .into()),
    }
}

/// Whether two sets of arrays are the same to this tolerance, both in the order
/// of `specs`.
pub fn agree(
    specs: &[OutputSpec],
    tolerance: Tolerance,
    got: &[Array],
    expected: &[Array],
) -> bool {
    specs.len() == got.len()
        && got.len() == expected.len()
        && specs
            .iter()
            .zip(got)
            .zip(expected)
            .all(|((spec, got), expected)| match spec.kind.number() {
                Some(kind) => compare_one(None, kind, tolerance, got, expected).is_ok(),
                None => json::from_array(got)
                    .is_some_and(|got| compare_json("", &got, tolerance, expected).is_ok()),
            })
}

/// How far `got` lies from `expected`, both in the order of `specs`: the largest
/// deviation of an element in multiples of what the tolerance allows it. 1 or less
/// is agreement; infinite where shapes or kinds differ, a value is not finite, or a
/// whole number is another.
pub fn excess(
    specs: &[OutputSpec],
    tolerance: Tolerance,
    got: &[Array],
    expected: &[Array],
) -> f64 {
    if specs.len() != got.len() || got.len() != expected.len() {
        return f64::INFINITY;
    }
    let arrays = specs.iter().zip(got).zip(expected);
    let each = arrays.map(|((spec, got), expected)| {
        // A structure agrees or does not: it has no distance.
        let Some(kind) = spec.kind.number() else {
            let agrees = json::from_array(got)
                .is_some_and(|got| compare_json("", &got, tolerance, expected).is_ok());
            return if agrees { 0.0 } else { f64::INFINITY };
        };
        if check_form(None, kind, got, expected).is_err() {
            return f64::INFINITY;
        }
        let (got, expected) = (got.to_f64_vec(), expected.to_f64_vec());
        let pairs = got.iter().zip(&expected);
        pairs
            .map(|(&g, &w)| deviation(g, w, kind, tolerance))
            .fold(0.0, f64::max)
    });
    each.fold(0.0, f64::max)
}

/// Of one element, in multiples of what is allowed; infinite where it is not finite
/// or nothing but the same is allowed.
pub fn deviation(got: f64, wanted: f64, kind: NumberKind, tolerance: Tolerance) -> f64 {
    if got == wanted {
        return 0.0;
    }
    let allowed = match kind {
        NumberKind::Float => tolerance.atol + tolerance.rtol * wanted.abs(),
        NumberKind::Integer | NumberKind::Boolean => 0.0,
    };
    let deviation = (got - wanted).abs() / allowed;
    if deviation.is_nan() {
        f64::INFINITY
    } else {
        deviation
    }
}

fn compare_json(
    place: &str,
    got: &serde_json::Value,
    tolerance: Tolerance,
    expected: &Array,
) -> Result<(), Box<Difference>> {
    let expected = json::from_array(expected).unwrap_or_default();
    Ok(json::compare(place, got, &expected, tolerance)?)
}

impl From<json::Difference> for Box<Difference> {
    fn from(json::Difference { place, fault }: json::Difference) -> Self {
        Message::WrongJson { place, fault }.into()
    }
}

fn place_in(mut difference: Box<Difference>, output: usize) -> Box<Difference> {
    if let Some(worst) = &mut difference.worst {
        worst.output = output;
    }
    difference
}

/// The outputs in the order of the specs: a bare value, a tuple or list by
/// position, a dictionary by name.
fn arrange<'a>(
    specs: &[OutputSpec],
    container: job::Container,
    outputs: &'a [Output],
) -> Result<Vec<&'a Output>, Box<Difference>> {
    let got = match container {
        job::Container::Single => Container::Single,
        job::Container::Tuple | job::Container::List => Container::Tuple {
            length: outputs.len(),
        },
        job::Container::Dict => Container::Dict {
            length: outputs.len(),
        },
    };
    let expected = match specs.len() {
        1 => Container::Single,
        length => Container::Tuple { length },
    };
    let by_name = || {
        specs
            .iter()
            .map(|spec| {
                outputs
                    .iter()
                    .find(|o| o.key.as_deref() == Some(spec.name.as_str()))
            })
            .collect::<Option<Vec<_>>>()
            .filter(|found| found.len() == outputs.len())
    };
    let arranged = match got {
        Container::Dict { .. } if specs.len() > 1 => by_name(),
        _ if got == expected && outputs.len() == specs.len() => Some(outputs.iter().collect()),
        _ => None,
    };
    arranged.ok_or_else(|| Message::WrongContainer { expected, got }.into())
}

fn kind_of(dtype: DType) -> NumberKind {
    match dtype {
        DType::F32 | DType::F64 => NumberKind::Float,
        DType::I32 | DType::I64 | DType::U8 => NumberKind::Integer,
        DType::Bool => NumberKind::Boolean,
    }
}

/// Shape, kind of number and finiteness, in this order.
fn check_form(
    output: Option<String>,
    kind: NumberKind,
    got: &Array,
    expected: &Array,
) -> Result<(), Box<Difference>> {
    if got.shape != expected.shape {
        let (expected, got) = (expected.shape.clone(), got.shape.clone());
        return Err(Message::WrongShape {
            output,
            expected,
            got,
        }
        .into());
    }
    if kind_of(got.dtype) != kind {
        let got = got.dtype.name().to_owned();
        return Err(Message::WrongKind {
            output,
            expected: kind,
            got,
        }
        .into());
    }
    let (values, wanted) = (got.to_f64_vec(), expected.to_f64_vec());
    let place = |index| index_text(index, &got.shape);
    let infinite = values
        .iter()
        .zip(&wanted)
        .position(|(g, w)| !g.is_finite() && w.is_finite());
    if let Some(index) = infinite {
        let value = float_text(values[index]);
        let message = Message::NotFinite {
            output,
            place: place(index),
            value,
        };
        return Err(Box::new(Difference {
            message,
            worst: Some(Worst {
                output: 0,
                flat_index: index,
            }),
        }));
    }
    Ok(())
}

fn compare_one(
    output: Option<String>,
    kind: NumberKind,
    tolerance: Tolerance,
    got: &Array,
    expected: &Array,
) -> Result<(), Box<Difference>> {
    check_form(output.clone(), kind, got, expected)?;
    let (values, wanted) = (got.to_f64_vec(), expected.to_f64_vec());
    let place = |index| index_text(index, &got.shape);
    let Some(Misses {
        wrong,
        worst,
        excess,
    }) = misses(&values, &wanted, kind, tolerance)
    else {
        return Ok(());
    };
    let total = values.len();
    let (place, got_text, expected_text) = (
        place(worst),
        element_text(got, worst),
        element_text(expected, worst),
    );
    let band = PRECISION_BAND.min(PRECISION_BAND_MAX_RTOL / tolerance.rtol.max(f64::MIN_POSITIVE));
    let cause = (kind == NumberKind::Float)
        .then(|| precision_loss(got.dtype, &values, &wanted))
        .flatten();
    let message = if kind == NumberKind::Float && (excess <= band || cause.is_some()) {
        let tolerance = format!("rtol {:e}, atol {:e}", tolerance.rtol, tolerance.atol);
        Message::LessPrecise {
            output,
            wrong,
            total,
            place,
            got: got_text,
            expected: expected_text,
            tolerance,
            cause,
        }
    } else {
        Message::WrongValues {
            output,
            wrong,
            total,
            place,
            got: got_text,
            expected: expected_text,
        }
    };
    Err(Box::new(Difference {
        message,
        worst: Some(Worst {
            output: 0,
            flat_index: worst,
        }),
    }))
}

/// Rounding to fewer decimals than this is too coarse to be told from a mistake.
const FEWEST_DECIMALS: u32 = 2;
const MOST_DECIMALS: u32 = 12;
/// Of float32 values, relative to the largest: what a few operations lose.
const FLOAT32_RTOL: f64 = 1e-5;

/// Whether wrong values are the right ones with less precision: all rounded to
/// the same number of decimals, or computed in float32.
fn precision_loss(dtype: DType, got: &[f64], wanted: &[f64]) -> Option<PrecisionLoss> {
    let pairs = || got.iter().zip(wanted);
    let rounded = (FEWEST_DECIMALS..=MOST_DECIMALS).find(|&decimals| {
        let unit = 10f64.powi(-(decimals as i32));
        // Binary fractions hold no decimal one: a millionth of a unit of room.
        pairs().all(|(g, w)| {
            let whole = g / unit;
            (whole - whole.round()).abs() < 1e-6 && (g - w).abs() <= unit * (0.5 + 1e-6)
        })
    });
    // Zeros alone are the rounding of any small numbers, and of nothing.
    if let Some(decimals) = rounded.filter(|_| got.iter().any(|&g| g != 0.0)) {
        return Some(PrecisionLoss::Rounded { decimals });
    }
    let largest = wanted.iter().fold(0.0, |max: f64, w| max.max(w.abs()));
    let is_float32 = dtype == DType::F32 || got.iter().all(|&g| f64::from(g as f32) == g);
    let near = pairs().all(|(g, w)| (g - w).abs() <= FLOAT32_RTOL * largest);
    (is_float32 && near).then_some(PrecisionLoss::Float32)
}

struct Misses {
    wrong: usize,
    worst: usize,
    /// How many times the tolerance the worst is off.
    excess: f64,
}

/// One pass over the elements; `None` where all agree. NaN agrees with nothing,
/// an infinity only with itself.
fn misses(got: &[f64], wanted: &[f64], kind: NumberKind, tolerance: Tolerance) -> Option<Misses> {
    let mut found: Option<Misses> = None;
    for (index, (&g, &w)) in got.iter().zip(wanted).enumerate() {
        let excess = deviation(g, w, kind, tolerance);
        if excess <= 1.0 {
            continue;
        }
        let misses = found.get_or_insert(Misses {
            wrong: 0,
            worst: index,
            excess,
        });
        misses.wrong += 1;
        if excess > misses.excess {
            (misses.worst, misses.excess) = (index, excess);
        }
    }
    found
}

#[cfg(test)]
mod tests;
