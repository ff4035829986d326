//! Reads what a guest says. Every byte is the student's: lengths, offsets, shapes
//! and names are checked before they are used, and what does not fit is the
//! program's bad return, never a fault of ours.

use crate::array::{Array, DType, Value, count_elements};
use crate::job::{Container, Exception, Frame, Output, Phase, Status};
use serde::Deserialize;

/// What a header may take beside the results themselves: names, types, a traceback.
const MAX_HEADER_BYTES: u64 = 256 << 10;
/// Each array may be padded to a multiple of 8.
const MAX_PADDING_BYTES: u64 = 64 * 8;
const MAX_TEXT_CHARS: usize = 4_000;
const MAX_LIST: usize = 64;

#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Header {
    Ok {
        container: Container,
        outputs: Vec<OutputHeader>,
        keys: Option<Vec<String>>,
    },
    Exception {
        #[serde(rename = "type")]
        kind: String,
        message: String,
        phase: Phase,
        traceback: Vec<FrameHeader>,
    },
    MissingFunction {
        function: String,
        defined: Vec<String>,
    },
    BadReturn {
        reason: String,
        #[serde(rename = "type")]
        type_name: String,
        #[serde(default)]
        detail: String,
    },
}

#[derive(Deserialize)]
struct OutputHeader {
    value: ValueHeader,
}

#[derive(Deserialize)]
struct ValueHeader {
    kind: String,
    dtype: Option<String>,
    shape: Option<Vec<usize>>,
    offset: Option<usize>,
    json: Option<serde_json::Value>,
    #[serde(default)]
    pytype: String,
}

#[derive(Deserialize)]
struct FrameHeader {
    file: String,
    line: i64,
    function: String,
    text: String,
}

/// Status, container and outputs of a response.
pub struct Response {
    pub status: Status,
    pub container: Container,
    pub outputs: Vec<Output>,
}

impl Response {
    pub fn of_status(status: Status) -> Response {
        Response {
            status,
            container: Container::Single,
            outputs: Vec::new(),
        }
    }

    fn malformed(detail: &str) -> Response {
        Response::of_status(Status::BadReturn {
            reason: "malformed".into(),
            type_name: String::new(),
            detail: detail.into(),
        })
    }
}

/// `bytes` is the response as it lies in the guest's memory.
pub fn read_response(bytes: &[u8], max_result_bytes: u64) -> Response {
    let Some((prefix, rest)) = bytes.split_first_chunk::<4>() else {
        return Response::malformed("no header");
    };
    let length = u32::from_le_bytes(*prefix) as usize;
    let Some((header, payload)) = rest.split_at_checked(length) else {
        return Response::malformed("header cut short");
    };
    // JSON values lie in the header, arrays in the payload; both are results.
    if header.len() as u64 > max_result_bytes.saturating_add(MAX_HEADER_BYTES)
        || payload.len() as u64 > max_result_bytes.saturating_add(MAX_PADDING_BYTES)
    {
        return Response::of_status(Status::BadReturn {
            reason: "too_large".into(),
            type_name: String::new(),
            detail: String::new(),
        });
    }
    match serde_json::from_slice(header) {
        Ok(header) => read_header(header, payload),
        Err(_) => Response::malformed("header unreadable"),
    }
}

fn read_header(header: Header, payload: &[u8]) -> Response {
    match header {
        Header::Ok {
            container,
            outputs,
            keys,
        } => read_outputs(container, outputs, keys, payload)
            .unwrap_or_else(|| Response::malformed("outputs unreadable")),
        Header::Exception {
            kind,
            message,
            phase,
            traceback,
        } => {
            let frames = traceback.into_iter().take(MAX_LIST).map(|frame| Frame {
                file: cut(frame.file),
                line: u32::try_from(frame.line).unwrap_or(0),
                function: cut(frame.function),
                text: cut(frame.text),
            });
            let frames = frames.collect();
            let exception = Exception {
                kind: cut(kind),
                message: cut(message),
                phase,
                frames,
            };
            Response::of_status(Status::Exception(exception))
        }
        Header::MissingFunction { function, defined } => {
            let defined = defined.into_iter().take(MAX_LIST).map(cut).collect();
            Response::of_status(Status::MissingFunction {
                function: cut(function),
                defined,
            })
        }
        Header::BadReturn {
            reason,
            type_name,
            detail,
        } => {
            let (reason, type_name, detail) = (cut(reason), cut(type_name), cut(detail));
            Response::of_status(Status::BadReturn {
                reason,
                type_name,
                detail,
            })
        }
    }
}

fn read_outputs(
    container: Container,
    outputs: Vec<OutputHeader>,
    keys: Option<Vec<String>>,
    payload: &[u8],
) -> Option<Response> {
    if outputs.len() > MAX_LIST
        || keys
            .as_ref()
            .is_some_and(|keys| keys.len() != outputs.len())
    {
        return None;
    }
    if (container == Container::Dict) != keys.is_some() {
        return None;
    }
    let mut keys = keys.map(Vec::into_iter);
    // Arrays that overlap would make much of little.
    let mut left = payload.len();
    let outputs = outputs
        .into_iter()
        .map(|output| {
            let key = keys.as_mut().and_then(Iterator::next).map(cut);
            let type_name = cut(output.value.pytype.clone());
            Some(Output {
                key,
                value: read_value(output.value, payload, &mut left)?,
                type_name,
            })
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Response {
        status: Status::Ok,
        container,
        outputs,
    })
}

fn read_value(header: ValueHeader, payload: &[u8], left: &mut usize) -> Option<Value> {
    match header.kind.as_str() {
        "json" => Some(Value::Json(header.json.unwrap_or(serde_json::Value::Null))),
        "array" => {
            let dtype = DType::find_by_code(&header.dtype?)?;
            let (shape, offset) = (header.shape?, header.offset?);
            let length = count_elements(&shape)
                .ok()?
                .checked_mul(dtype.size_bytes())?;
            let bytes = payload.get(offset..offset.checked_add(length)?)?;
            *left = left.checked_sub(length)?;
            // NaNs and true have many bit patterns; only one leaves the guest.
            Array::new(dtype, shape, canonical(dtype, bytes))
                .ok()
                .map(Value::Array)
        }
        _ => None,
    }
}

fn canonical(dtype: DType, bytes: &[u8]) -> Vec<u8> {
    let mut data = bytes.to_vec();
    match dtype {
        DType::F64 => {
            for (chunk, value) in data.chunks_exact_mut(8).zip(bytes.chunks_exact(8)) {
                if f64::from_le_bytes(value.try_into().unwrap_or_default()).is_nan() {
                    chunk.copy_from_slice(&f64::NAN.to_le_bytes());
                }
            }
        }
        DType::F32 => {
            for (chunk, value) in data.chunks_exact_mut(4).zip(bytes.chunks_exact(4)) {
                if f32::from_le_bytes(value.try_into().unwrap_or_default()).is_nan() {
                    chunk.copy_from_slice(&f32::NAN.to_le_bytes());
                }
            }
        }
        DType::Bool => data
            .iter_mut()
            .for_each(|byte| *byte = u8::from(*byte != 0)),
        DType::I32 | DType::I64 | DType::U8 => {}
    }
    data
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MAX_TEXT_CHARS) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn response(header: &str, payload: &[u8]) -> Vec<u8> {
        [
            &(header.len() as u32).to_le_bytes(),
            header.as_bytes(),
            payload,
        ]
        .concat()
    }

    #[test]
    fn arrays_come_out_as_they_were_written() {
        let header = r#"{"status":"ok","container":"single","outputs":[{"value":
            {"kind":"array","dtype":"<f8","shape":[2],"offset":8,"pytype":"ndarray"}}]}"#;
        let payload = [0.0f64, 1.5, -2.5].map(f64::to_le_bytes).concat();
        let read = read_response(&response(header, &payload), 1000);
        assert_eq!(read.status, Status::Ok);
        let expected = Array::from_f64(&[2], &[1.5, -2.5]);
        assert_eq!(read.outputs[0].value, Value::Array(expected));
    }

    #[test]
    fn lies_are_bad_returns() {
        let array = |dtype: &str, shape: &str, offset: &str| {
            format!(
                r#"{{"status":"ok","container":"single","outputs":[{{"value":{{"kind":"array","dtype":"{dtype}","shape":{shape},"offset":{offset}}}}}]}}"#
            )
        };
        for header in [
            array("<f8", "[1099511627776]", "0"),
            array("<f8", "[2]", "8"),
            array("<f8", "[1]", "18446744073709551615"),
            array("<f8", "[-1]", "0"),
            array(">f8", "[1]", "0"),
            array("|O", "[1]", "0"),
            array("|b1", "[1]", "16"),
            r#"{"status":"ok","container":"dict","outputs":[]}"#.into(),
            r#"{"status":"ok","container":"single","outputs":[],"keys":["a"]}"#.into(),
            r#"{"status":"accepted"}"#.into(),
            "[".repeat(5000),
            "not json".into(),
        ] {
            let mut payload = vec![0; 15];
            payload.push(7);
            let read = read_response(&response(&header, &payload), 1000);
            assert!(
                matches!(&read.status, Status::BadReturn { reason, .. } if reason == "malformed"),
                "{header}: {:?}",
                read.status
            );
        }
        assert!(matches!(
            read_response(&[1, 0], 9).status,
            Status::BadReturn { .. }
        ));
        assert!(matches!(
            read_response(&[255; 4], 9).status,
            Status::BadReturn { .. }
        ));
    }

    #[test]
    fn overlapping_arrays_are_refused() {
        let value = r#"{"value":{"kind":"array","dtype":"<f8","shape":[2],"offset":0}}"#;
        let header =
            format!(r#"{{"status":"ok","container":"tuple","outputs":[{value},{value}]}}"#);
        let read = read_response(&response(&header, &[0; 16]), 1000);
        assert!(matches!(read.status, Status::BadReturn { .. }));
    }

    #[test]
    fn results_beyond_the_limit_are_too_large() {
        let header = r#"{"status":"ok","container":"single","outputs":[]}"#;
        let read = read_response(&response(header, &[0; 4000]), 1000);
        assert!(matches!(read.status, Status::BadReturn { reason, .. } if reason == "too_large"));
    }

    #[test]
    fn booleans_leave_in_one_form() {
        assert_eq!(canonical(DType::Bool, &[0, 1, 2, 255]), [0, 1, 1, 1]);
    }

    #[test]
    fn nans_leave_in_one_form() {
        let odd = f64::from_bits(f64::NAN.to_bits() | 0xdead);
        assert_eq!(
            canonical(DType::F64, &odd.to_le_bytes()),
            f64::NAN.to_le_bytes()
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_response(&bytes, 100);
        }

        #[test]
        fn damaged_headers_are_answered(position in 0usize..150, byte in any::<u8>()) {
            let header = r#"{"status":"ok","container":"dict","outputs":[{"value":{"kind":"array","dtype":"<f8","shape":[1],"offset":0}}],"keys":["k"]}"#;
            let mut bytes = response(header, &[0; 8]);
            let position = position % bytes.len();
            bytes[position] = byte;
            let read = read_response(&bytes, 100);
            for output in read.outputs {
                if let Value::Array(array) = output.value {
                    prop_assert!(array.check().is_ok());
                }
            }
        }
    }
}
