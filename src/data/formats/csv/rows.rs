//! The rows of a table as pixels and labels.

use std::str::FromStr;

use csv::{ByteRecord, ReaderBuilder};

use super::super::labels::{Labels, Places};
use super::columns::Columns;
use super::text::Block;
use crate::data::error::Problem;
use crate::data::split::Pixels;

/// The values of some rows.
pub(super) struct Rows {
    /// Bytes where all are whole numbers from 0 to 255 and written as such, else floats; as numpy and pandas would have them.
    pub pixels: Pixels,
    /// The different labels as they are written, and the one of each row among them.
    texts: Places<Vec<u8>>,
    labels: Vec<u16>,
}

/// A reader of the lines in `bytes`.
pub(super) fn records(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 16)
        .from_reader(bytes)
}

/// Whether a line says nothing, as spreadsheets leave them at the end.
pub(super) fn is_blank(row: &ByteRecord) -> bool {
    row.iter().all(|value| value.trim_ascii().is_empty())
}

impl Rows {
    pub fn none() -> Self {
        Self {
            pixels: Pixels::U8(Vec::new()),
            texts: Places::default(),
            labels: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// The rows in `block`, without its first lines of headings.
    pub fn of(
        block: &Block,
        columns: &Columns,
        delimiter: u8,
        headings: usize,
    ) -> Result<Self, Problem> {
        let mut rows = Self::none();
        let mut reader = records(&block.bytes, delimiter);
        let mut row = ByteRecord::new();
        let mut skipped = 0;
        let damaged = |_| Problem::NotCsv("a file that cannot be read as CSV");
        while reader.read_byte_record(&mut row).map_err(damaged)? {
            if is_blank(&row) {
                continue;
            }
            if skipped < headings {
                skipped += 1;
                continue;
            }
            let before = row
                .position()
                .map_or(0, |position| position.line() as usize - 1);
            rows.push(&row, columns, block.line + before)?;
        }
        Ok(rows)
    }

    fn push(&mut self, row: &ByteRecord, columns: &Columns, line: usize) -> Result<(), Problem> {
        if row.len() != columns.count {
            let (expected, found) = (columns.count, row.len());
            return Err(Problem::CsvRow {
                line,
                expected,
                found,
            });
        }
        let pixels = || {
            let values = row.iter().enumerate();
            values.filter(|(at, _)| Some(*at) != columns.label && !columns.unused.contains(at))
        };
        let wrong = |column: usize, expected, found: &[u8]| {
            let found = match found.trim_ascii() {
                [] => "nothing".to_owned(),
                found => format!("`{}`", text(&found[..found.len().min(40)])),
            };
            Problem::CsvValue {
                line,
                column: columns.name(column),
                expected,
                found,
            }
        };
        if let Pixels::U8(values) = &mut self.pixels {
            let before = values.len();
            values.extend(pixels().map_while(|(_, value)| byte(value)));
            if values.len() - before < columns.shape.len() {
                values.truncate(before);
                self.make_floats();
            }
        }
        if let Pixels::F32(values) = &mut self.pixels {
            for (at, value) in pixels() {
                let number = float(value).ok_or_else(|| wrong(at, "a number", value))?;
                values.push(number);
            }
        }
        let label = match columns.label {
            Some(at) => row.get(at).unwrap_or_default().trim_ascii(),
            None => b"0",
        };
        if label.is_empty() {
            return Err(wrong(columns.label.unwrap_or(0), "a label", label));
        }
        self.labels.push(self.texts.place(label)?);
        Ok(())
    }

    pub fn is_float(&self) -> bool {
        matches!(self.pixels, Pixels::F32(_))
    }

    /// Makes floats of bytes.
    pub fn make_floats(&mut self) {
        if let Pixels::U8(values) = &self.pixels {
            let values = values.iter().map(|&value| f32::from(value));
            self.pixels = Pixels::F32(values.collect());
        }
    }

    /// Appends the rows that follow.
    pub fn append(&mut self, mut next: Self) -> Result<(), Problem> {
        if self.is_float() || next.is_float() {
            self.make_floats();
            next.make_floats();
        }
        match (&mut self.pixels, next.pixels) {
            (Pixels::U8(values), Pixels::U8(next)) => values.extend(next),
            (Pixels::F32(values), Pixels::F32(next)) => values.extend(next),
            _ => unreachable!("both are bytes or both are floats"),
        }
        let places = next.texts.values.iter();
        let places = places.map(|text| self.texts.place(text));
        let places: Vec<u16> = places.collect::<Result<_, _>>()?;
        let labels = next.labels.iter();
        self.labels
            .extend(labels.map(|&label| places[usize::from(label)]));
        Ok(())
    }

    /// The pixels, and the labels: whole numbers where all are numbers, else texts.
    pub fn into_parts(self) -> Result<(Pixels, Labels), Problem> {
        let texts: Vec<String> = self.texts.values.iter().map(|value| text(value)).collect();
        let numbers = texts.iter().map(|text| number(text.as_bytes()));
        let numbers: Option<Vec<f64>> = numbers.collect();
        let Some(numbers) = numbers else {
            return Ok((self.pixels, Labels::Texts(texts, self.labels)));
        };
        let of_row = |&label: &u16| numbers[usize::from(label)];
        let labels: Vec<f64> = self.labels.iter().map(of_row).collect();
        Ok((self.pixels, Labels::whole_numbers(&labels)?))
    }
}

/// A whole number from 0 to 255 without a point.
fn byte(value: &[u8]) -> Option<u8> {
    digits(value).or_else(|| {
        let trimmed = value.trim_ascii();
        (trimmed.len() < value.len()).then(|| digits(trimmed))?
    })
}

fn digits(value: &[u8]) -> Option<u8> {
    let digit = |byte: u8| Some(byte.wrapping_sub(b'0')).filter(|digit| *digit < 10);
    match *value {
        [ones] => digit(ones),
        [tens, ones] => Some(10 * digit(tens)? + digit(ones)?),
        [hundreds, tens, ones] => {
            let rest = 10 * digit(tens)? + digit(ones)?;
            digit(hundreds)?.checked_mul(100)?.checked_add(rest)
        }
        _ => None,
    }
}

/// A number with a decimal point, or with a decimal comma as in many countries.
pub(super) fn number<T: FromStr>(value: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(value.trim_ascii()).ok()?;
    let with_comma = || text.replacen(',', ".", 1).parse().ok();
    text.parse().ok().or_else(with_comma)
}

fn float(value: &[u8]) -> Option<f32> {
    number(value).filter(|number: &f32| number.is_finite())
}

/// A text in UTF-8, or else in Latin-1.
fn text(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().map(|&byte| char::from(byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_whole_numbers_from_0_to_255() {
        for (value, expected) in [
            ("0", Some(0)),
            ("07", Some(7)),
            ("255", Some(255)),
            (" 16\t", Some(16)),
            (" 5", Some(5)),
            ("256", None),
            ("999", None),
            ("1000", None),
            ("0255", None),
            ("-1", None),
            ("1.0", None),
            ("", None),
            (" ", None),
            ("a", None),
            ("1e1", None),
        ] {
            assert_eq!(byte(value.as_bytes()), expected, "{value:?}");
        }
    }

    #[test]
    fn floats_are_finite() {
        assert_eq!(float(b" -1.5e-3 "), Some(-1.5e-3));
        assert_eq!(float(b"-1,5e-3"), Some(-1.5e-3));
        for none in [
            "nan",
            "inf",
            "-infinity",
            "1e99",
            "",
            "0x1",
            "1,5,0",
            "1.5,0",
            ",",
        ] {
            assert_eq!(float(none.as_bytes()), None, "{none}");
        }
    }
}
