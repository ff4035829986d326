//! Values worked out by hand from the definitions, and the edges.

use super::*;

fn near(got: Option<f64>, expected: f64) {
    let got = got.expect("the metric is defined");
    assert!(
        (got - expected).abs() < 1e-12,
        "{got} instead of {expected}"
    );
}

fn truth() -> Truth {
    Truth::Classes {
        classes: 3,
        labels: vec![0, 0, 0, 1, 1, 2],
    }
}

#[test]
fn metrics_of_classes() {
    // Class 0: TP 2, FP 1, FN 1. Class 1: TP 1, FP 1, FN 1. Class 2: TP 1, FP 0, FN 0.
    let given = Predicted::Classes(vec![0, 0, 1, 0, 1, 2]);
    let (p, r) = ((2. / 3. + 0.5 + 1.) / 3., (2. / 3. + 0.5 + 1.) / 3.);
    let weighted = (3. * (2. / 3.) + 2. * 0.5 + 1.) / 6.;
    for (metric, expected) in [
        (Metric::Accuracy, 4. / 6.),
        (Metric::BalancedAccuracy, r),
        (Metric::PrecisionMacro, p),
        (Metric::PrecisionMicro, 4. / 6.),
        (Metric::PrecisionWeighted, weighted),
        (Metric::RecallMacro, r),
        (Metric::RecallMicro, 4. / 6.),
        (Metric::RecallWeighted, weighted),
        (Metric::F1Macro, p),
        (Metric::F1Micro, 4. / 6.),
        (Metric::F1Weighted, weighted),
        (Metric::Iou, (0.5 + 1. / 3. + 1.) / 3.),
    ] {
        near(measure(metric, &given, &truth()), expected);
    }
}

#[test]
fn a_class_that_is_never_given_counts_zero_and_one_that_is_nowhere_does_not_count() {
    let given = Predicted::Classes(vec![0; 6]);
    near(measure(Metric::RecallMacro, &given, &truth()), 1. / 3.);
    near(measure(Metric::PrecisionMacro, &given, &truth()), 0.5 / 3.);
    let of_four = Truth::Classes {
        classes: 4,
        labels: vec![0, 0, 0, 1, 1, 2],
    };
    near(measure(Metric::RecallMacro, &given, &of_four), 1. / 3.);
    // Only given, never right: counts for the macro mean, not for balanced accuracy.
    let given = Predicted::Classes(vec![0, 0, 0, 1, 1, 3]);
    near(measure(Metric::RecallMacro, &given, &of_four), 2. / 4.);
    near(measure(Metric::BalancedAccuracy, &given, &of_four), 2. / 3.);
}

#[test]
fn metrics_of_scores() {
    let truth = Truth::Classes {
        classes: 2,
        labels: vec![0, 0, 1, 1],
    };
    let second = [0.1, 0.4, 0.35, 0.8];
    let values: Vec<f64> = second.iter().flat_map(|p| [1.0 - p, *p]).collect();
    let given = Predicted::Scores { classes: 2, values };
    // Three of the four pairs are in order.
    near(measure(Metric::RocAuc, &given, &truth), 0.75);
    let loss = -(0.9f64.ln() + 0.6f64.ln() + 0.35f64.ln() + 0.8f64.ln()) / 4.;
    near(measure(Metric::LogLoss, &given, &truth), loss);
    near(measure(Metric::TopK(1), &given, &truth), 0.75);
    near(measure(Metric::TopK(2), &given, &truth), 1.0);
    let tied = Predicted::Scores {
        classes: 2,
        values: vec![0.5; 8],
    };
    near(measure(Metric::RocAuc, &tied, &truth), 0.5);
    // Of equals the later class is the higher.
    near(measure(Metric::TopK(1), &tied, &truth), 0.5);
    let one_class = Truth::Classes {
        classes: 2,
        labels: vec![1; 4],
    };
    assert_eq!(measure(Metric::RocAuc, &tied, &one_class), None);
}

#[test]
fn one_against_the_rest() {
    let truth = Truth::Classes {
        classes: 3,
        labels: vec![0, 1, 2, 2],
    };
    let values = vec![
        0.6, 0.2, 0.2, //
        0.3, 0.3, 0.4, //
        0.1, 0.5, 0.4, //
        0.2, 0.2, 0.6,
    ];
    let given = Predicted::Scores { classes: 3, values };
    // Class 0: all 3 pairs. Class 1: above two of three. Class 2: 3.5 of 4 pairs.
    let expected = (1.0 + 2. / 3. + 3.5 / 4.) / 3.;
    near(measure(Metric::RocAuc, &given, &truth), expected);
}

#[test]
fn metrics_of_numbers() {
    let truth = Truth::Values(vec![3.0, -0.5, 2.0, 7.0]);
    let given = Predicted::Values(vec![2.5, 0.0, 2.0, 8.0]);
    near(measure(Metric::Mse, &given, &truth), 0.375);
    near(measure(Metric::Rmse, &given, &truth), 0.375f64.sqrt());
    near(measure(Metric::Mae, &given, &truth), 0.5);
    let mape = (0.5 / 3.0 + 1.0 + 0.0 + 1.0 / 7.0) / 4.0;
    near(measure(Metric::Mape, &given, &truth), mape);
    near(measure(Metric::R2, &given, &truth), 1.0 - 1.5 / 29.1875);
    let flat = Truth::Values(vec![2.0; 4]);
    near(measure(Metric::R2, &given, &flat), 0.0);
    near(
        measure(Metric::R2, &Predicted::Values(vec![2.0; 4]), &flat),
        1.0,
    );
}

#[test]
fn what_is_not_defined_is_none() {
    let none = Predicted::Values(vec![]);
    assert_eq!(measure(Metric::Mse, &none, &Truth::Values(vec![])), None);
    let one = (Predicted::Values(vec![1.0]), Truth::Values(vec![1.0]));
    assert_eq!(measure(Metric::R2, &one.0, &one.1), None);
    let huge = Predicted::Values(vec![f64::MAX]);
    assert_eq!(
        measure(Metric::Mse, &huge, &Truth::Values(vec![-1.0])),
        None
    );
    assert_eq!(measure(Metric::Accuracy, &one.0, &one.1), None);
}
