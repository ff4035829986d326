//! What must hold for any file of weights, shared by the fuzz target and the property
//! tests (grader/reference/src/model/properties.rs). A body of its own: the reader lies in
//! the program that links libtorch, and needs none of it.

use super::header::read_header;
use gradien_problems::Language;
use gradien_problems::architecture::{Architecture, NetworkInput, check_headers};

/// Each tensor has the bytes that its shape and type ask for, and all lie in the file.
pub fn weights(bytes: &[u8]) {
    let (file, headers) = match read_header(bytes) {
        Ok(read) => read,
        Err(fault) => {
            for language in Language::ALL {
                let text = fault.text(language);
                assert!(text.chars().count() < 1_000, "{text}");
            }
            return;
        }
    };
    assert_eq!(headers.len(), file.len());
    let range = bytes.as_ptr_range();
    let mut total = 0;
    for header in &headers {
        let view = file.tensor(&header.name).expect("it is listed");
        let count = header
            .shape
            .iter()
            .try_fold(1usize, |count, &length| count.checked_mul(length));
        let bits = count
            .expect("as many as there are bytes")
            .checked_mul(view.dtype().bitsize());
        assert_eq!(bits, Some(view.data().len() * 8), "{header:?}");
        let data = view.data().as_ptr_range();
        assert!(data.start == data.end || (range.start <= data.start && data.end <= range.end));
        total += view.data().len();
    }
    assert!(total <= bytes.len(), "much was made of little");
    let input = NetworkInput {
        shape: vec![2],
        ids: false,
    };
    let network = Architecture::read("layers = [{ kind = 'linear', out = 2 }]", input);
    let parameters = network.expect("a network").parameters();
    for fault in check_headers(&parameters, &headers) {
        for language in Language::ALL {
            // A shape may be long; a name is cut.
            assert!(fault.text(language).len() <= 2_000 + 2 * bytes.len());
        }
    }
}
