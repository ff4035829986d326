use super::*;

fn spec(names: &[&str], kind: OutputKind) -> Vec<OutputSpec> {
    names
        .iter()
        .map(|name| OutputSpec {
            name: name.parse().unwrap(),
            kind,
            shape: None,
        })
        .collect()
}

fn output(array: Array) -> Output {
    Output {
        key: None,
        value: array.into(),
        type_name: "ndarray".into(),
    }
}

fn said(got: Array, expected: Array, kind: OutputKind) -> Option<Message> {
    let (specs, tolerance) = (spec(&["y"], kind), Tolerance::default());
    compare(
        &specs,
        tolerance,
        job::Container::Single,
        &[output(got)],
        &[expected],
    )
    .err()
    .map(|difference| difference.message)
}

#[test]
fn the_first_check_that_fails_speaks() {
    let expected = || Array::from_f64(&[2], &[1.0, 2.0]);
    let float = OutputKind::Float;
    assert_eq!(said(expected(), expected(), float), None);
    assert_eq!(
        said(Array::from_f32(&[2], &[1.0, 2.0]), expected(), float),
        None
    );
    assert!(matches!(
        said(Array::from_i64(&[1], &[1]), expected(), float),
        Some(Message::WrongShape { .. })
    ));
    assert!(matches!(
        said(Array::from_i64(&[2], &[1, 2]), expected(), float),
        Some(Message::WrongKind { .. })
    ));
    assert!(matches!(
        said(Array::from_f64(&[2], &[f64::NAN, 9.0]), expected(), float),
        Some(Message::NotFinite { .. })
    ));
    assert!(matches!(
        said(Array::from_f64(&[2], &[1.0, 2.001]), expected(), float),
        Some(Message::LessPrecise { wrong: 1, .. })
    ));
    let Some(Message::WrongValues {
        wrong,
        total,
        place,
        got,
        expected,
        ..
    }) = said(Array::from_f64(&[2], &[1.5, 9.0]), expected(), float)
    else {
        panic!("wrong values are wrong")
    };
    assert_eq!(
        (wrong, total, &*place, &*got, &*expected),
        (2, 2, "[1]", "9.0", "2.0")
    );
}

#[test]
fn values_that_only_lost_precision_say_how() {
    let right = [0.123_456_789_012, -2.345_678_901_234, 12.0];
    let expected = || Array::from_f64(&[3], &right);
    let strict = Tolerance {
        rtol: 1e-12,
        atol: 1e-12,
    };
    let cause = |got: Array| {
        let specs = spec(&["y"], OutputKind::Float);
        let single = job::Container::Single;
        let compared = compare(&specs, strict, single, &[output(got)], &[expected()]);
        match compared.unwrap_err().message {
            Message::LessPrecise { cause, .. } => Some(cause),
            _ => None,
        }
    };
    let rounded = |decimals: i32| {
        let unit = 10f64.powi(decimals);
        Array::from_f64(&[3], &right.map(|x| (x * unit).round() / unit))
    };
    for decimals in [2, 3, 8] {
        let decimals_u32 = decimals as u32;
        assert_eq!(
            cause(rounded(decimals)),
            Some(Some(PrecisionLoss::Rounded {
                decimals: decimals_u32
            }))
        );
    }
    let float32 = right.map(|x| x as f32);
    let float32_loss = Some(Some(PrecisionLoss::Float32));
    assert_eq!(cause(Array::from_f32(&[3], &float32)), float32_loss);
    let widened = float32.map(f64::from);
    assert_eq!(cause(Array::from_f64(&[3], &widened)), float32_loss);
    // Cut to whole numbers, or off by a tenth: a mistake.
    assert_eq!(cause(rounded(0)), None);
    let off = right.map(|x| x * 1.1);
    assert_eq!(cause(Array::from_f64(&[3], &off)), None);
    assert_eq!(cause(Array::from_f64(&[3], &[0.0; 3])), None);
    // As near as float32, but in another way.
    let near = right.map(|x| x * (1.0 + 3e-11));
    assert_eq!(cause(Array::from_f64(&[3], &near)), Some(None));
}

#[test]
fn integers_are_exact_and_infinities_match_themselves() {
    let integer = OutputKind::Integer;
    let five = || Array::from_i64(&[1], &[5]);
    assert_eq!(said(Array::from_i32(&[1], &[5]), five(), integer), None);
    assert!(matches!(
        said(Array::from_i64(&[1], &[6]), five(), integer),
        Some(Message::WrongValues { .. })
    ));
    let inf = || Array::from_f64(&[1], &[f64::INFINITY]);
    assert_eq!(said(inf(), inf(), OutputKind::Float), None);
    let minus = Array::from_f64(&[1], &[f64::NEG_INFINITY]);
    assert!(said(minus, inf(), OutputKind::Float).is_some());
    let nan = || Array::from_f64(&[1], &[f64::NAN]);
    assert!(said(nan(), nan(), OutputKind::Float).is_some());
}

#[test]
fn tuples_go_by_position_and_dictionaries_by_name() {
    let specs = spec(&["h", "c"], OutputKind::Float);
    let (one, two) = (Array::from_f64(&[1], &[1.0]), Array::from_f64(&[1], &[2.0]));
    let expected = [one.clone(), two.clone()];
    let named = |key: &str, array: &Array| Output {
        key: Some(key.into()),
        value: array.clone().into(),
        type_name: "ndarray".into(),
    };
    let check = |container, outputs: &[Output]| {
        compare(&specs, Tolerance::default(), container, outputs, &expected)
    };
    assert_eq!(
        check(
            job::Container::Tuple,
            &[output(one.clone()), output(two.clone())]
        ),
        Ok(())
    );
    assert_eq!(
        check(job::Container::Dict, &[named("c", &two), named("h", &one)]),
        Ok(())
    );
    for (container, outputs) in [
        (job::Container::Single, vec![output(one.clone())]),
        (job::Container::Tuple, vec![output(one.clone())]),
        (
            job::Container::Dict,
            vec![named("c", &two), named("x", &one)],
        ),
    ] {
        let difference = check(container, &outputs).unwrap_err();
        assert!(matches!(difference.message, Message::WrongContainer { .. }));
    }
    let swapped = check(job::Container::Tuple, &[output(one.clone()), output(one)]).unwrap_err();
    assert_eq!(
        swapped.worst,
        Some(Worst {
            output: 1,
            flat_index: 0
        })
    );
}
