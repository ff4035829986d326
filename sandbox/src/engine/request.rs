//! What the guest is asked, as `sandbox/guest/README.md` describes it.

use crate::array::{Named, Value};
use crate::job::Job;
use serde_json::json;
use wasmtime::Result;

/// Of the job's own call, or, from 1 on, of one of those after it.
pub fn seed_of(job: &Job, turn: usize) -> u64 {
    turn.checked_sub(1)
        .map_or(job.seed, |further| job.again[further].seed)
}

fn arguments_of(job: &Job, turn: usize) -> &[Named] {
    match turn.checked_sub(1) {
        Some(further) => &job.again[further].args,
        None => job.call.as_ref().map_or(&[], |call| &call.args),
    }
}

/// The bytes of call `turn`: `u32` header length, JSON header, then the arrays, each at a multiple of 8. From the
/// second call on there are no modules: the guest has those of the first.
pub fn encode_request(job: &Job, turn: usize) -> Result<Vec<u8>> {
    let mut payload = Vec::new();
    let mut describe = |value: &Value| match value {
        Value::Json(json) => json!({"kind": "json", "json": json}),
        Value::Array(array) => {
            payload.resize(payload.len().next_multiple_of(8), 0);
            let offset = payload.len();
            payload.extend_from_slice(&array.data);
            json!({"kind": "array", "dtype": array.dtype.code(), "shape": array.shape, "offset": offset})
        }
    };
    let call = job.call.as_ref();
    let args: Vec<_> = arguments_of(job, turn)
        .iter()
        .map(|arg| json!({"name": arg.name, "value": describe(&arg.value)}))
        .collect();
    let header = json!({
        "seed": seed_of(job, turn),
        "modules": if turn == 0 { job.modules.as_slice() } else { &[] },
        "call": call.map(|call| json!({"module": call.module, "function": call.function})),
        "args": args,
        "max_output_bytes": job.limits.result_bytes,
    });
    let header = serde_json::to_vec(&header)?;
    let mut request = u32::try_from(header.len())?.to_le_bytes().to_vec();
    request.extend_from_slice(&header);
    request.extend_from_slice(&payload);
    Ok(request)
}
