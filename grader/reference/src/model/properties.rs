//! The body of the fuzz target `weights` as property tests. `PROPTEST_CASES` says how
//! many.

use super::header;

#[path = "../../../fuzz/weights.rs"]
mod body;

use proptest::prelude::*;
use safetensors::tensor::{Dtype, TensorView, serialize};

fn file() -> Vec<u8> {
    let data: Vec<u8> = (0..24).collect();
    let view = |dtype, shape: &[usize], data| {
        TensorView::new(dtype, shape.to_vec(), data).expect("they agree")
    };
    let tensors = [
        ("0.weight", view(Dtype::F32, &[2, 2], &data[..16])),
        ("0.bias", view(Dtype::F16, &[2], &data[16..20])),
        (
            "1.num_batches_tracked",
            view(Dtype::BOOL, &[4], &data[20..]),
        ),
    ];
    serialize(tensors, None).expect("a file")
}

#[test]
fn a_valid_file_is_read() {
    let file = file();
    let (_, headers) = header::read_header(&file).expect("it is sound");
    let shapes: Vec<_> = headers.iter().map(|header| &header.shape[..]).collect();
    assert_eq!(shapes, [&[2][..], &[2, 2], &[4]]);
    body::weights(&file);
}

proptest! {
    #[test]
    fn any_file_is_answered(changes in prop::collection::vec((0usize..300, any::<u8>()), 0..4), cut in 0usize..40) {
        let mut bytes = file();
        let length = bytes.len();
        for (position, byte) in changes {
            bytes[position % length] = byte;
        }
        // Half of them stay whole.
        bytes.truncate(length - cut.saturating_sub(20));
        body::weights(&bytes);
    }

    #[test]
    fn any_header_is_answered(parts in prop::collection::vec(prop::sample::select(&[
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"dtype\":\"F32\"", "\"shape\":[2]",
        "\"data_offsets\":[0,8]", "\"__metadata__\"", "18446744073709551615", "-1",
    ][..]), 0..20)) {
        let text = parts.concat();
        let length = (text.len() as u64).to_le_bytes();
        body::weights(&[&length[..], text.as_bytes(), &[0; 8]].concat());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        body::weights(&bytes);
    }
}
