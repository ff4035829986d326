//! Metrics of predicted classes, all from the confusion matrix.
//!
//! Sources: scikit-learn `accuracy_score`, `balanced_accuracy_score`,
//! `precision_score`, `recall_score`, `f1_score`, `jaccard_score`, with
//! `zero_division=0` and without `labels`: averages run over the classes that
//! stand in the truth or in the predictions.

/// Rows of each right class that were given each class.
pub struct Confusion {
    classes: usize,
    /// Right × given, C order.
    counts: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// The mean over classes.
    Macro,
    /// From the sums over classes.
    Micro,
    /// The mean over classes weighted by their rows in the truth.
    Weighted,
}

/// Of one class: true positives, false positives, false negatives.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    hit: usize,
    false_alarm: usize,
    missed: usize,
}

impl Counts {
    fn precision(self) -> f64 {
        ratio(self.hit, self.hit + self.false_alarm)
    }

    fn recall(self) -> f64 {
        ratio(self.hit, self.hit + self.missed)
    }

    /// 2·TP / (2·TP + FP + FN).
    fn f1(self) -> f64 {
        ratio(2 * self.hit, 2 * self.hit + self.false_alarm + self.missed)
    }

    /// TP / (TP + FP + FN): the Jaccard index, intersection over union.
    fn iou(self) -> f64 {
        ratio(self.hit, self.hit + self.false_alarm + self.missed)
    }
}

/// 0 of 0 is 0, as with scikit-learn's `zero_division=0`.
fn ratio(part: usize, whole: usize) -> f64 {
    match whole {
        0 => 0.0,
        _ => part as f64 / whole as f64,
    }
}

impl Confusion {
    /// # Panics
    /// If a label is not below `classes`, or the lengths differ.
    pub fn new(classes: usize, right: &[usize], given: &[usize]) -> Confusion {
        assert_eq!(right.len(), given.len(), "one prediction for each row");
        let mut counts = vec![0; classes * classes];
        for (&right, &given) in right.iter().zip(given) {
            assert!(right < classes && given < classes, "a class of the list");
            counts[right * classes + given] += 1;
        }
        Confusion { classes, counts }
    }

    fn at(&self, right: usize, given: usize) -> usize {
        self.counts[right * self.classes + given]
    }

    /// Of each class that occurs on either side.
    fn of_classes(&self) -> Vec<Counts> {
        (0..self.classes)
            .map(|class| Counts {
                hit: self.at(class, class),
                false_alarm: (0..self.classes)
                    .filter(|&other| other != class)
                    .map(|other| self.at(other, class))
                    .sum(),
                missed: (0..self.classes)
                    .filter(|&other| other != class)
                    .map(|other| self.at(class, other))
                    .sum(),
            })
            .filter(|counts| counts.hit + counts.false_alarm + counts.missed > 0)
            .collect()
    }

    fn average(&self, average: Average, of: fn(Counts) -> f64) -> f64 {
        let classes = self.of_classes();
        match average {
            Average::Macro => {
                classes.iter().map(|&c| of(c)).sum::<f64>() / (classes.len() as f64).max(1.0)
            }
            Average::Micro => of(classes.iter().fold(Counts::default(), |sum, c| Counts {
                hit: sum.hit + c.hit,
                false_alarm: sum.false_alarm + c.false_alarm,
                missed: sum.missed + c.missed,
            })),
            Average::Weighted => {
                let rows = |c: &Counts| (c.hit + c.missed) as f64;
                let total: f64 = classes.iter().map(rows).sum();
                classes.iter().map(|c| rows(c) * of(*c)).sum::<f64>() / total.max(1.0)
            }
        }
    }

    /// Right rows of all rows.
    pub fn accuracy(&self) -> f64 {
        let hits: usize = (0..self.classes).map(|class| self.at(class, class)).sum();
        ratio(hits, self.counts.iter().sum())
    }

    /// The mean recall of the classes in the truth; those that are only predicted
    /// do not count. `None` without rows.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        let classes = self.of_classes();
        let recalls: Vec<f64> = classes
            .iter()
            .filter(|counts| counts.hit + counts.missed > 0)
            .map(|counts| counts.recall())
            .collect();
        (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
    }

    pub fn precision(&self, average: Average) -> f64 {
        self.average(average, Counts::precision)
    }

    pub fn recall(&self, average: Average) -> f64 {
        self.average(average, Counts::recall)
    }

    pub fn f1(&self, average: Average) -> f64 {
        self.average(average, Counts::f1)
    }

    pub fn iou(&self, average: Average) -> f64 {
        self.average(average, Counts::iou)
    }
}
