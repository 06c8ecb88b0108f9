//! What the columns of a table are: the label, the pixels, and what is not used.

use csv::ByteRecord;

use super::super::arrays::rank_of_labels;
use super::super::parts::square;
use super::rows;
use crate::data::error::Problem;
use crate::shape::Shape;

/// The columns of a table.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    /// Columns in each row.
    pub count: usize,
    /// The column of labels; without it the images are to be predicted.
    pub label: Option<usize>,
    /// Columns of neither labels nor pixels.
    pub unused: Vec<usize>,
    pub shape: Shape,
    /// The headings; empty where the first line is a row.
    headings: Vec<String>,
    /// How they were understood, where that is not plain.
    pub notes: Vec<String>,
}

/// Headings of the numbers of rows.
const NUMBERS: [&str; 5] = ["", "unnamed: 0", "index", "id", "imageid"];

impl Columns {
    /// The columns of a table that begins with these rows, of which the first may be headings.
    pub fn of(rows: &[ByteRecord]) -> Result<Self, Problem> {
        let first = rows.first().ok_or(Problem::EmptySplit)?;
        let (headings, rows) = match are_headings(first) {
            true => (texts(first), &rows[1..]),
            false => (Vec::new(), rows),
        };
        let count = first.len();
        let ranks = headings.iter().enumerate();
        let ranks = ranks.filter_map(|(at, heading)| Some((rank_of_labels(heading)?, at)));
        let mut named: Vec<(usize, usize)> = ranks.collect();
        named.sort_unstable();
        let label = named.first().map(|&(_, at)| at);
        let is_number = |heading: &String| {
            let heading = heading.to_lowercase().replace(['_', '-'], "");
            NUMBERS.contains(&&*heading)
        };
        let numbers = headings.iter().enumerate();
        let numbers = numbers.filter_map(|(at, heading)| is_number(heading).then_some(at));
        let others = named.iter().skip(1).map(|&(_, at)| at);
        let mut unused: Vec<usize> = numbers.chain(others).collect();
        unused.sort_unstable();
        let mut columns = Self {
            count,
            label,
            unused,
            shape: Shape::new(0, 0, 0),
            headings,
            notes: Vec::new(),
        };
        if columns.label.is_none() && columns.shape_of_all_but(1).is_some() {
            columns.label = Some(columns.guessed(rows));
        }
        let labels = usize::from(columns.label.is_some());
        let (shape, note) = columns
            .shape_of_all_but(labels)
            .ok_or_else(|| Problem::CsvTable(columns.found()))?;
        columns.shape = shape;
        columns.notes.extend(note);
        if rows.iter().flatten().any(has_comma) {
            columns
                .notes
                .push("commas in numbers read as decimal points".to_owned());
        }
        Ok(columns)
    }

    /// Lines of headings.
    pub fn heading_lines(&self) -> usize {
        usize::from(!self.headings.is_empty())
    }

    /// A column, as named in errors: `14 (pixel12)`.
    pub fn name(&self, column: usize) -> String {
        let number = column + 1;
        match self
            .headings
            .get(column)
            .filter(|heading| !heading.is_empty())
        {
            Some(heading) => format!("{number} ({heading})"),
            None => number.to_string(),
        }
    }

    /// Names the columns that are neither labels nor pixels and have a heading.
    pub fn unused_names(&self) -> impl Iterator<Item = &str> {
        let names = self.unused.iter().filter_map(|&at| self.headings.get(at));
        names.map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The label of a table whose headings name none: the first column, or the last one where only that can be.
    fn guessed(&mut self, rows: &[ByteRecord]) -> usize {
        let used: Vec<usize> = (0..self.count)
            .filter(|at| !self.unused.contains(at))
            .collect();
        let (first, last) = (used[0], used[used.len() - 1]);
        let values = |column: usize| rows.iter().filter_map(move |row| row.get(column));
        let is_text = |column| values(column).any(|value| number(value).is_none());
        // Labels are most of the whole numbers between two of them; a pixel in a corner is black, or anything.
        let is_like_labels = |column| {
            let numbers: Option<Vec<f64>> = values(column).map(number).collect();
            let Some(mut numbers) = numbers.filter(|all| all.iter().all(|it| it.fract() == 0.0))
            else {
                return false;
            };
            numbers.sort_by(f64::total_cmp);
            numbers.dedup();
            let span = numbers.last().zip(numbers.first());
            let span = span.map_or(0.0, |(most, least)| most - least + 1.0);
            numbers.len() > 1 && 3.0 * numbers.len() as f64 > 2.0 * span
        };
        let is_last = match (is_text(first), is_text(last)) {
            (false, true) => true,
            (true, _) => false,
            _ => !is_like_labels(first) && is_like_labels(last),
        };
        if is_last {
            self.notes.push("labels are in the last column".to_owned());
        }
        if is_last { last } else { first }
    }

    /// The shape of the images where all columns but those that are not used and so many of labels are pixels, and a note where it
    /// was concluded from their number.
    fn shape_of_all_but(&self, labels: usize) -> Option<(Shape, Option<String>)> {
        let pixels = self.count.checked_sub(self.unused.len() + labels)?;
        let mut headings = self.headings.iter().enumerate().rev();
        let last = headings.find(|(at, _)| self.label != Some(*at) && !self.unused.contains(at));
        if let Some(shape) = last.and_then(|(_, heading)| place(heading))
            && shape
                .height
                .checked_mul(shape.width)?
                .checked_mul(shape.channels)?
                == pixels
        {
            return Some((shape, None));
        }
        if let Some(side) = square(pixels) {
            let note = format!("rows of {pixels} values, taken as {side}×{side}");
            return Some((Shape::new(side, side, 1), Some(note)));
        }
        let side = square(pixels / 3).filter(|_| pixels.is_multiple_of(3))?;
        let note = format!(
            "rows of {pixels} values, taken as {side}×{side} in colour, each pixel's three channels together"
        );
        Some((Shape::new(side, side, 3), Some(note)))
    }

    /// `5 columns (sepal_length, sepal_width and so on)`
    fn found(&self) -> String {
        let names = match &self.headings[..] {
            [first, second, _, ..] => format!(" ({first}, {second} and so on)"),
            [] => String::new(),
            few => format!(" ({})", few.join(", ")),
        };
        let columns = if self.count == 1 { "column" } else { "columns" };
        let short: String = names.chars().take(100).collect();
        format!("{} {columns}{short}", self.count)
    }
}

/// Whether a line is one of headings: more than one value is no number, or the numbers are those of columns.
fn are_headings(line: &ByteRecord) -> bool {
    let given = || {
        line.iter()
            .map(<[u8]>::trim_ascii)
            .filter(|value| !value.is_empty())
    };
    let numbers: Vec<f64> = given().filter_map(number).collect();
    let words = given().count() - numbers.len();
    let counts = numbers.len() > 2
        && (numbers[0] == 0.0 || numbers[0] == 1.0)
        && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0);
    words > 1 || counts
}

/// The shape whose last pixel has this heading: `28x28` for one channel, `32x32x3` for three.
fn place(heading: &str) -> Option<Shape> {
    let numbers = heading.trim().split('x').map(|number| number.parse().ok());
    match numbers.collect::<Option<Vec<usize>>>()?[..] {
        [height, width] => Some(Shape::new(height, width, 1)),
        [height, width, channels] => Some(Shape::new(height, width, channels)),
        _ => None,
    }
}

/// The heading of a pixel of images of this shape, which [`place`] reads.
pub(super) fn heading(shape: Shape, pixel: usize) -> String {
    let Shape {
        width, channels, ..
    } = shape;
    let (row, column) = (pixel / channels / width + 1, pixel / channels % width + 1);
    match channels {
        1 => format!("{row}x{column}"),
        _ => format!("{row}x{column}x{}", pixel % channels + 1),
    }
}

fn number(value: &[u8]) -> Option<f64> {
    rows::number(value).filter(|number: &f64| number.is_finite())
}

/// Whether it is a number with a decimal comma.
fn has_comma(value: &[u8]) -> bool {
    value.contains(&b',') && number(value).is_some()
}

fn texts(line: &ByteRecord) -> Vec<String> {
    let texts = line
        .iter()
        .map(|value| String::from_utf8_lossy(value.trim_ascii()));
    texts.map(|text| text.chars().take(40).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(first: &[&str], pixels: usize, last: &[&str]) -> ByteRecord {
        let pixels = (0..pixels).map(|_| "0".to_owned());
        let [first, last] =
            [first, last].map(|values| values.iter().map(|&value| value.to_owned()));
        first.chain(pixels).chain(last).collect()
    }

    fn headed(first: &[&str], pixels: impl Iterator<Item = String>, last: &[&str]) -> ByteRecord {
        let [first, last] =
            [first, last].map(|values| values.iter().map(|&value| value.to_owned()));
        first.chain(pixels).chain(last).collect()
    }

    /// The column of labels, the shape, and the number of lines of headings.
    fn found(rows: &[ByteRecord]) -> (Option<usize>, Shape, usize) {
        let columns = Columns::of(rows).unwrap();
        (columns.label, columns.shape, columns.heading_lines())
    }

    #[test]
    fn columns_are_understood_by_headings_or_by_their_values() {
        let grey = Shape::new(28, 28, 1);
        let pixels = || (0..784).map(|number| format!("pixel{number}"));
        let one = || row(&["5"], 784, &[]);
        assert_eq!(
            found(&[headed(&["label"], pixels(), &[]), one()]),
            (Some(0), grey, 1)
        );
        assert_eq!(
            found(&[headed(&[], pixels(), &["Class"]), one()]),
            (Some(784), grey, 1)
        );
        assert_eq!(
            found(&[headed(&["", "y"], pixels(), &[])]),
            (Some(1), grey, 1)
        );
        assert_eq!(
            found(&[headed(&["id"], pixels(), &["class_name", "label"])]),
            (Some(786), grey, 1)
        );
        assert_eq!(found(&[headed(&[], pixels(), &[])]), (None, grey, 1));
        assert_eq!(found(&[headed(&["Id"], pixels(), &[])]), (None, grey, 1));
        assert_eq!(
            found(&[headed(&["digit"], pixels(), &[])]),
            (Some(0), grey, 1)
        );
        // As pandas calls columns without names.
        let counted = || (0..784).map(|number| number.to_string());
        assert_eq!(
            found(&[headed(&[], counted(), &["label"])]),
            (Some(784), grey, 1)
        );
        assert_eq!(
            found(&[headed(&["label"], counted(), &[])]),
            (Some(0), grey, 1)
        );
        // Without headings.
        assert_eq!(found(&[one(), row(&["3"], 784, &[])]), (Some(0), grey, 0));
        assert_eq!(found(&[row(&["cat"], 784, &[])]), (Some(0), grey, 0));
        assert_eq!(found(&[row(&[], 784, &["cat"])]), (Some(784), grey, 0));
        assert_eq!(
            found(&[row(&[], 784, &["4"]), row(&[], 784, &["3"])]),
            (Some(784), grey, 0)
        );
        let photos = [row(&["9"], 783, &["1"]), row(&["200"], 783, &["0"])];
        assert_eq!(found(&photos), (Some(784), grey, 0));
        let either = [row(&["1"], 783, &["1"]), row(&["0"], 783, &["0"])];
        assert_eq!(found(&either), (Some(0), grey, 0));
        assert_eq!(
            found(&[row(&["5"], 64, &[])]),
            (Some(0), Shape::new(8, 8, 1), 0)
        );
        // Colour, and shapes that the headings tell.
        let color = Shape::new(28, 28, 3);
        assert_eq!(found(&[row(&["5"], 28 * 28 * 3, &[])]), (Some(0), color, 0));
        for shape in [Shape::new(3, 5, 1), Shape::new(2, 2, 3), grey] {
            let pixels = (0..shape.len()).map(|pixel| heading(shape, pixel));
            assert_eq!(
                found(&[headed(&["label"], pixels, &[])]),
                (Some(0), shape, 1)
            );
        }
    }

    #[test]
    fn other_tables_are_refused() {
        let refused = |row: ByteRecord| Columns::of(&[row]).unwrap_err().to_string();
        let iris = [
            "sepal_length",
            "sepal_width",
            "petal_length",
            "petal_width",
            "species",
        ];
        let error = refused(iris.iter().collect());
        assert!(
            error.contains("found 5 columns (sepal_length, sepal_width and so on); "),
            "{error}"
        );
        let error = refused(["5.1", "3.5", "setosa"].iter().collect());
        assert!(error.contains("found 3 columns; "), "{error}");
        let error = refused(["image"].iter().collect());
        assert!(error.contains("found 1 column; "), "{error}");
        let huge = format!("{}x{}x{}", usize::MAX, usize::MAX, 2);
        assert!(
            refused(["label", &huge].iter().collect()).contains("2 columns"),
            "{huge}"
        );
        assert!(matches!(Columns::of(&[]), Err(Problem::EmptySplit)));
    }
}
