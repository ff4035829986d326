//! The header of a safetensors file: foreign bytes, read with distrust. No tensor is
//! made here, so the fuzz target reads it without libtorch.

use gradien_grader::model::wire::MAX_HEADER_BYTES;
use gradien_problems::architecture::{TensorHeader, WeightFault};
use safetensors::SafeTensors;

/// The file, whose offsets, sizes and types agree with its bytes, and what it says of
/// its tensors in the order of their names.
pub fn read_header(bytes: &[u8]) -> Result<(SafeTensors<'_>, Vec<TensorHeader>), WeightFault> {
    let file = parse(bytes)?;
    let tensors = file.tensors();
    let mut headers: Vec<TensorHeader> = tensors
        .iter()
        .map(|(name, view)| TensorHeader {
            name: name.clone(),
            dtype: format!("{:?}", view.dtype()),
            shape: view.shape().to_vec(),
        })
        .collect();
    // The crate keeps them in the order of a hash table.
    headers.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((file, headers))
}

fn parse(bytes: &[u8]) -> Result<SafeTensors<'_>, WeightFault> {
    let unreadable = |pickled: bool, detail: &str| WeightFault::Unreadable {
        pickled,
        detail: detail.to_owned(),
    };
    // What torch.save writes: a zip, before 1.6 a bare pickle (protocols 2 to 5).
    let is_pickle = matches!(bytes, [0x80, 2..=5, ..]);
    if bytes.starts_with(b"PK\x03\x04") || is_pickle {
        return Err(unreadable(true, ""));
    }
    let length = bytes
        .first_chunk::<8>()
        .map(|first| u64::from_le_bytes(*first));
    match length {
        None => return Err(unreadable(false, "it is shorter than a header")),
        Some(length) if length > MAX_HEADER_BYTES => {
            let detail = format!("its header claims {length} bytes; at most {MAX_HEADER_BYTES}");
            return Err(unreadable(false, &detail));
        }
        Some(_) => {}
    }
    SafeTensors::deserialize(bytes).map_err(|error| unreadable(false, &error.to_string()))
}
