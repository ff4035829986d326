//! The loop: one frame in, one frame out.

use gradien_grader::reference::wire::{MAX_FRAME_BYTES, Reply, Request};
use gradien_grader::reference::{Fault, FaultKind, Returned};
use gradien_sandbox::array::Value;
use gradien_sandbox::frame::{self, FrameError};
use std::collections::HashMap;
use std::io::{Read, Write};

use crate::evaluate;
use crate::script::Unit;

/// What outputs may take in one reply, leaving room for its frame.
const MAX_OUTPUT_BYTES: usize = MAX_FRAME_BYTES - (16 << 20);

/// Answers requests until the other side closes the pipe.
pub fn serve(reader: &mut impl Read, writer: &mut impl Write) -> Result<(), FrameError> {
    let mut units = HashMap::new();
    loop {
        let request = match frame::read_frame(reader, MAX_FRAME_BYTES) {
            Ok(request) => request,
            Err(FrameError::Closed) => return Ok(()),
            Err(error) => return Err(error),
        };
        let reply = answer(&mut units, request).unwrap_or_else(Reply::Refused);
        frame::write_frame(writer, &reply)?;
    }
}

fn answer(units: &mut HashMap<String, Unit>, request: Request) -> Result<Reply, Fault> {
    match request {
        Request::Compile { unit, files } => {
            // The old one goes first, also where the new one does not compile.
            units.remove(&unit);
            let compiled = Unit::compile(&files)?;
            let functions = compiled.functions.clone();
            units.insert(unit, compiled);
            Ok(Reply::Compiled { functions })
        }
        Request::Forget { unit } => {
            units.remove(&unit);
            Ok(Reply::Forgotten)
        }
        Request::Evaluate(evaluation) => {
            let unit = get_unit(units, &evaluation.unit)?;
            let (mut cases, batching) = evaluate::evaluate(unit, &evaluation)?;
            cap(&mut cases);
            Ok(Reply::Evaluated { cases, batching })
        }
        Request::Check {
            unit,
            function,
            cases,
            device,
        } => {
            let unit = get_unit(units, &unit)?;
            Ok(Reply::Checked {
                cases: evaluate::check(unit, &function, &cases, device)?,
            })
        }
    }
}

fn get_unit<'a>(units: &'a HashMap<String, Unit>, name: &str) -> Result<&'a Unit, Fault> {
    units
        .get(name)
        .ok_or_else(|| Fault::new(FaultKind::UnknownUnit, name))
}

/// Replaces the cases that no longer fit into the reply by a fault.
fn cap(cases: &mut [Result<Returned, Fault>]) {
    let mut total = 0usize;
    for case in cases {
        let Ok(returned) = case else { continue };
        let bytes: usize = returned
            .outputs
            .iter()
            .map(|named| match &named.value {
                Value::Array(array) => array.data.len() + 256,
                Value::Json(json) => json.to_string().len() + 256,
            })
            .sum();
        total = total.saturating_add(bytes);
        if total > MAX_OUTPUT_BYTES {
            let text = format!(
                "the outputs of all cases exceed {} MiB",
                MAX_OUTPUT_BYTES >> 20
            );
            *case = Err(Fault::new(FaultKind::TooLarge, text));
        }
    }
}
