use super::*;

/// A file of version 1.0, its header padded as NumPy pads it.
pub fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let padding = 64 - (10 + header.len() + 1) % 64;
    let header = format!("{header}{}\n", " ".repeat(padding));
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), data].concat()
}

pub fn dict(dtype: &str, fortran: bool, shape: &str) -> String {
    let fortran = if fortran { "True" } else { "False" };
    format!("{{'descr': {dtype}, 'fortran_order': {fortran}, 'shape': {shape}, }}")
}

fn of(dtype: &str, fortran: bool, shape: &str, data: &[u8]) -> Result<Numbers, FileFault> {
    read(&npy(&dict(dtype, fortran, shape), data), "x", "NPY")
}

#[test]
fn every_order_and_type_gives_the_same_numbers() {
    let all = |values: &[i16], big: bool| -> Vec<u8> {
        let bytes = values.iter().flat_map(|v| match big {
            true => v.to_be_bytes(),
            false => v.to_le_bytes(),
        });
        bytes.collect()
    };
    let expected = Numbers {
        shape: vec![2, 3],
        values: vec![-1.0, 2.0, 3.0, 4.0, 5.0, 600.0],
    };
    let rows = all(&[-1, 2, 3, 4, 5, 600], false);
    assert_eq!(of("'<i2'", false, "(2, 3)", &rows), Ok(expected.clone()));
    let columns = all(&[-1, 4, 2, 5, 3, 600], true);
    assert_eq!(of("'>i2'", true, "(2, 3)", &columns), Ok(expected));
    for (dtype, data, value) in [
        ("'<f8'", &1.5f64.to_le_bytes()[..], 1.5),
        ("'>f4'", &1.5f32.to_be_bytes(), 1.5),
        ("'<f2'", &0x3e00u16.to_le_bytes(), 1.5),
        ("'|b1'", &[1], 1.0),
        ("'|u1'", &[255], 255.0),
        ("'|i1'", &[255], -1.0),
        ("'<u8'", &u64::MAX.to_le_bytes(), u64::MAX as f64),
    ] {
        let read = of(dtype, false, "()", data).unwrap();
        assert_eq!((read.values, read.shape), (vec![value], vec![]), "{dtype}");
    }
    assert_eq!(of("'<f8'", true, "(0, 3)", &[]).unwrap().shape, [0, 3]);
}

#[test]
fn what_is_no_array_of_numbers_is_named() {
    use FileFault::*;
    let eight = &[0; 8];
    assert!(matches!(
        of("'|O'", false, "(1,)", eight),
        Err(Objects { .. })
    ));
    for dtype in [
        "'<c16'",
        "'<U5'",
        "'<M8[ns]'",
        "[('a', '<f4'), ('b', '<f4', (2,))]",
    ] {
        let read = of(dtype, false, "(1,)", eight);
        assert!(
            matches!(read, Err(UnsupportedType { .. })),
            "{dtype} {read:?}"
        );
    }
    for shape in [
        "(-1,)",
        "(2,)",
        "(18446744073709551616,)",
        "(4294967296, 4294967296, 4294967296)",
        "(0, 99999999999999)",
        "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)",
    ] {
        let read = of("'<f8'", false, shape, eight);
        assert!(matches!(read, Err(BadShape { .. })), "{shape} {read:?}");
    }
    let good = dict("'<f8'", false, "(1,)");
    for header in [
        "",
        "{}",
        "{'descr': '<f8', 'fortran_order': False}",
        &good.replace("False", "0"),
        &good.replace("'shape'", "'shape': (1,), 'shape'"),
        &good.replace("(1,)", "(1, ((((((()))))))"),
        &good.replace("(1,)", "__import__('os')"),
        &format!("{good} + 1"),
        &format!("{good}{}", " ".repeat(20_000)),
    ] {
        let read = read(&npy(header, eight), "x", "NPY");
        assert!(matches!(read, Err(NotArrays { .. })), "{header} {read:?}");
    }
    let whole = npy(&good, eight);
    for cut in 0..whole.len() {
        assert!(read(&whole[..cut], "x", "NPY").is_err(), "{cut}");
    }
    assert!(read(&whole, "x", "NPY").is_ok());
}
