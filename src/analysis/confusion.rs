//! The confusion matrix.

/// Confusion matrix: counts of images by true and predicted class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionTable {
    classes: usize,
    /// `[true class × predicted class]`
    counts: Vec<u32>,
}

impl ConfusionTable {
    /// A matrix of zeros.
    pub fn new(classes: usize) -> Self {
        Self {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    /// Counts one image.
    pub fn add(&mut self, truth: usize, predicted: usize) {
        self.counts[truth * self.classes + predicted] += 1;
    }

    /// Number of classes: of rows, and of columns.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Images of class `truth` that were predicted as `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> u32 {
        self.counts[truth * self.classes + predicted]
    }

    /// Images whose true class is `truth`.
    pub fn row_total(&self, truth: usize) -> u32 {
        let start = truth * self.classes;
        self.counts[start..start + self.classes].iter().sum()
    }

    /// Images that were predicted as `predicted`.
    pub fn column_total(&self, predicted: usize) -> u32 {
        (0..self.classes)
            .map(|truth| self.count(truth, predicted))
            .sum()
    }

    /// Number of images.
    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// Share of images on the diagonal; `None` where there are no images.
    pub fn accuracy(&self) -> Option<f64> {
        let right: u32 = (0..self.classes)
            .map(|class| self.count(class, class))
            .sum();
        ratio(right, self.total())
    }

    /// Share of the images predicted as `class` that are of this class.
    pub fn precision(&self, class: usize) -> Option<f64> {
        ratio(self.count(class, class), self.column_total(class))
    }

    /// Share of the images of `class` that were predicted as this class.
    pub fn recall(&self, class: usize) -> Option<f64> {
        ratio(self.count(class, class), self.row_total(class))
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self, class: usize) -> Option<f64> {
        ratio(
            2 * self.count(class, class),
            self.row_total(class) + self.column_total(class),
        )
    }

    /// As CSV: a header of class names, then one row per true class.
    pub fn to_csv(&self, class_names: &[String]) -> String {
        let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
        let mut csv = String::from("true\\predicted");
        for name in class_names {
            csv.push(',');
            csv.push_str(&quoted(name));
        }
        for (truth, name) in class_names.iter().enumerate().take(self.classes) {
            csv.push('\n');
            csv.push_str(&quoted(name));
            for predicted in 0..self.classes {
                csv.push_str(&format!(",{}", self.count(truth, predicted)));
            }
        }
        csv.push('\n');
        csv
    }

    /// Reads the output of [`to_csv`](Self::to_csv); `None` for any other text.
    pub fn from_csv(csv: &str) -> Option<Self> {
        let rows: Vec<Vec<u32>> = csv
            .lines()
            .skip(1)
            .map(|line| {
                // Counts follow the last quote, which ends the class's name.
                let (_, counts) = line.rsplit_once('"')?;
                let counts = counts.strip_prefix(',')?.split(',');
                counts.map(|count| count.parse().ok()).collect()
            })
            .collect::<Option<_>>()?;
        let classes = rows.len();
        let is_square = classes > 0 && rows.iter().all(|row| row.len() == classes);
        is_square.then(|| Self {
            classes,
            counts: rows.concat(),
        })
    }
}

fn ratio(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two classes: 3 of 4 zeros right, 1 of 2 ones right.
    fn table() -> ConfusionTable {
        let mut table = ConfusionTable::new(2);
        for (truth, predicted) in [(0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (1, 0)] {
            table.add(truth, predicted);
        }
        table
    }

    #[test]
    fn figures_follow_from_the_counts() {
        let table = table();
        assert_eq!(table.accuracy(), Some(4.0 / 6.0));
        assert_eq!(table.precision(0), Some(0.75));
        assert_eq!(table.recall(1), Some(0.5));
        assert_eq!(table.f1(1), Some(0.5));
        assert_eq!(ConfusionTable::new(2).accuracy(), None);
    }

    #[test]
    fn csv_quotes_names() {
        let names = ["a,b".to_owned(), "c\"d".to_owned()];
        let csv = table().to_csv(&names);
        assert_eq!(
            csv,
            "true\\predicted,\"a,b\",\"c\"\"d\"\n\"a,b\",3,1\n\"c\"\"d\",1,1\n"
        );
        assert_eq!(ConfusionTable::from_csv(&csv), Some(table()));
        for damaged in ["", "a,b\n", &csv[..csv.len() - 3], &csv.replace('3', "x")] {
            assert_eq!(ConfusionTable::from_csv(damaged), None, "{damaged}");
        }
    }
}
