//! Frames between processes: `u32` little-endian length, then MessagePack with named
//! fields. One format for every pipe of the project.
//!
//! The reader takes nothing on trust: the length is compared with the caller's cap
//! before anything is allocated, memory grows only as bytes arrive, and bytes left
//! over after the value are an error.

use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};

#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side closed the pipe between two frames.
    #[error("the other side closed the connection")]
    Closed,
    #[error("cannot read or write a frame")]
    Io(#[from] io::Error),
    #[error("frame of {length} bytes exceeds the cap of {max_bytes}")]
    TooLarge { length: u64, max_bytes: usize },
    #[error("cannot encode a frame")]
    Encode(#[source] rmp_serde::encode::Error),
    #[error("cannot decode a frame")]
    Decode(#[source] rmp_serde::decode::Error),
    #[error("{0} bytes are left over after the value of a frame")]
    TrailingBytes(usize),
}

/// Writes one frame and flushes.
pub fn write_frame<T: Serialize + ?Sized>(
    writer: &mut impl Write,
    value: &T,
) -> Result<(), FrameError> {
    writer.write_all(&encode_frame(value)?)?;
    writer.flush()?;
    Ok(())
}

/// The bytes of one frame, length included.
pub fn encode_frame<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, FrameError> {
    let mut bytes = vec![0; 4];
    rmp_serde::encode::write_named(&mut bytes, value).map_err(FrameError::Encode)?;
    let length = bytes.len() - 4;
    let prefix = u32::try_from(length).map_err(|_| FrameError::TooLarge {
        length: length as u64,
        max_bytes: u32::MAX as usize,
    })?;
    bytes[..4].copy_from_slice(&prefix.to_le_bytes());
    Ok(bytes)
}

/// Reads one frame of at most `max_bytes`. [`FrameError::Closed`] where the pipe ends
/// before the first byte of a frame.
pub fn read_frame<T: DeserializeOwned>(
    reader: &mut impl Read,
    max_bytes: usize,
) -> Result<T, FrameError> {
    let mut prefix = [0; 4];
    let mut filled = 0;
    while filled < prefix.len() {
        match reader.read(&mut prefix[filled..]) {
            Ok(0) if filled == 0 => return Err(FrameError::Closed),
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let length = check_length(prefix, max_bytes)?;
    let mut body = Vec::new();
    reader.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    decode_body(&body)
}

/// The length that a prefix announces, compared with the cap.
pub fn check_length(prefix: [u8; 4], max_bytes: usize) -> Result<usize, FrameError> {
    let length = u32::from_le_bytes(prefix);
    match usize::try_from(length) {
        Ok(length) if length <= max_bytes => Ok(length),
        _ => Err(FrameError::TooLarge {
            length: length.into(),
            max_bytes,
        }),
    }
}

/// Decodes the bytes after the prefix.
pub fn decode_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, FrameError> {
    let mut rest = body;
    let value =
        T::deserialize(&mut rmp_serde::Deserializer::new(&mut rest)).map_err(FrameError::Decode)?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(FrameError::TrailingBytes(rest.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::{Array, Named, Value};
    use crate::job::{Job, Outcome};
    use proptest::prelude::*;

    #[test]
    fn values_survive() {
        let named = Named {
            name: "x".into(),
            value: Value::Array(Array::from_f64(&[2], &[1.0, f64::NAN])),
        };
        let json = Named {
            name: "tokens".into(),
            value: Value::Json(serde_json::json!({"a": [1, -2.5, null, "é"], "b": u64::MAX})),
        };
        let mut pipe = Vec::new();
        write_frame(&mut pipe, &named).unwrap();
        write_frame(&mut pipe, &json).unwrap();
        let mut reader = pipe.as_slice();
        let back: Named = read_frame(&mut reader, 1000).unwrap();
        let Value::Array(array) = back.value else {
            panic!("an array was sent");
        };
        assert!(array.to_f64_vec()[1].is_nan());
        assert_eq!(read_frame::<Named>(&mut reader, 1000).unwrap(), json);
        assert!(matches!(
            read_frame::<Named>(&mut reader, 1000),
            Err(FrameError::Closed)
        ));
    }

    #[test]
    fn lengths_are_capped_before_reading() {
        let mut reader: &[u8] = &[0xff, 0xff, 0xff, 0xff, 0];
        assert!(matches!(
            read_frame::<u8>(&mut reader, 1 << 20),
            Err(FrameError::TooLarge { .. })
        ));
        assert_eq!(reader, [0], "the body was not touched");
    }

    #[test]
    fn cut_and_padded_frames_are_errors() {
        let whole = encode_frame(&vec![1u32, 2, 3]).unwrap();
        for cut in 1..whole.len() {
            assert!(matches!(
                read_frame::<Vec<u32>>(&mut &whole[..cut], 100),
                Err(FrameError::Io(_))
            ));
        }
        let mut padded = whole.clone();
        padded.push(0);
        padded[0] += 1;
        assert!(matches!(
            read_frame::<Vec<u32>>(&mut padded.as_slice(), 100),
            Err(FrameError::TrailingBytes(1))
        ));
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_stack_overflow() {
        let mut body = vec![0x91; 1 << 20];
        body.push(0xc0);
        assert!(decode_body::<serde_json::Value>(&body).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read_frame::<Outcome>(&mut bytes.as_slice(), 300);
            let _ = read_frame::<Job>(&mut bytes.as_slice(), 300);
            let _ = decode_body::<Job>(&bytes);
        }

        #[test]
        fn damaged_frames_are_answered(position in 0usize..400, value in any::<u8>()) {
            let outcome = Outcome {
                stdout: vec![7; 50],
                outputs: vec![crate::job::Output {
                    key: None,
                    value: Array::from_f64(&[2], &[1.0, 2.0]).into(),
                    type_name: "ndarray".into(),
                }],
                ..Outcome::of_status(crate::job::Status::OutOfFuel)
            };
            let mut bytes = encode_frame(&outcome).unwrap();
            let position = position % bytes.len();
            bytes[position] = value;
            if let Ok(back) = read_frame::<Outcome>(&mut bytes.as_slice(), 4096) {
                for output in back.outputs {
                    if let Value::Array(array) = output.value {
                        prop_assert!(array.check().is_ok());
                    }
                }
            }
        }
    }
}
