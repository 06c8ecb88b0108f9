//! The header of an npy array: the type of its values, their order and the array's shape. npyz reads it, after checks that it is harmless.
//!
//! A header is an untrusted Python literal. npyz accepts any length, needs time that doubles with each level of brackets, and
//! multiplies lengths without checking for overflow; so it only gets headers of at most 10,000 bytes (numpy's own limit) with one
//! dictionary, one tuple and lengths whose product fits.

use std::io::{self, Read};

use npyz::{Endianness, NpyHeader, Order, TypeChar, TypeStr};

use super::super::source::corrupt;
use crate::data::error::Problem;

const MAGIC: &[u8; 6] = b"\x93NUMPY";
const LONGEST: usize = 10_000;

/// The type of one value: a number of this many bytes, a boolean of one byte, or a text of UTF-32 code units or of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub kind: TypeChar,
    pub bytes: usize,
}

impl Element {
    fn of(found: &TypeStr) -> Option<Self> {
        let (kind, size) = (found.type_char(), found.size_field() as usize);
        let bytes = match (kind, size) {
            (TypeChar::Bool, 1) | (TypeChar::Float, 4 | 8) => size,
            (TypeChar::Uint | TypeChar::Int, 1 | 2 | 4 | 8) => size,
            (TypeChar::UnicodeStr, 0..=1000) => 4 * size,
            (TypeChar::ByteStr, 0..=4000) => size,
            _ => return None,
        };
        Some(Self { kind, bytes })
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self.kind, TypeChar::UnicodeStr | TypeChar::ByteStr)
    }
}

/// A parsed header; not checked against the data.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    pub element: Element,
    pub big_endian: bool,
    /// Fortran order: the first index runs fastest, instead of the last as in C order.
    pub fortran: bool,
    pub shape: Vec<u64>,
}

/// A shape as numpy writes it: `(60000, 28, 28)`.
pub(super) fn shape_text(shape: &[u64]) -> String {
    let lengths: Vec<String> = shape.iter().map(ToString::to_string).collect();
    match lengths.len() {
        1 => format!("({},)", lengths[0]),
        _ => format!("({})", lengths.join(", ")),
    }
}

impl Header {
    /// Number of values.
    pub(super) fn values(&self) -> u64 {
        self.shape.iter().product()
    }

    /// The shape as lengths in memory.
    pub(super) fn lengths(&self) -> Vec<usize> {
        self.shape.iter().map(|&length| length as usize).collect()
    }

    /// Reads to the first byte of the values, of which `most` bytes can follow.
    pub(super) fn read(mut from: impl Read, most: u64) -> Result<Self, Problem> {
        let mut next = |bytes: &mut [u8]| {
            from.read_exact(bytes).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => {
                    Problem::NotNpy("the file ends inside its header".into())
                }
                _ => corrupt(0, &error),
            })
        };
        let malformed = |reason| Err(Problem::NotNpy(reason));
        let (mut start, mut length) = ([0; 8], [0; 4]);
        next(&mut start)?;
        if !start.starts_with(MAGIC) {
            return malformed("it does not begin with \\x93NUMPY".into());
        }
        match start[6] {
            1 => next(&mut length[..2])?,
            2 | 3 => next(&mut length)?,
            version => {
                return malformed(format!("its version is {version}, supported are 1 to 3"));
            }
        }
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST {
            return malformed(format!(
                "its header is {length} bytes long, above the limit of {LONGEST}"
            ));
        }
        let mut text = vec![0; length];
        next(&mut text)?;
        Self::parse(&String::from_utf8_lossy(&text), most)
    }

    fn parse(text: &str, most: u64) -> Result<Self, Problem> {
        let malformed = || {
            Problem::NotNpy(
                "its header is not the dictionary of descr, fortran_order and shape that numpy writes".into(),
            )
        };
        // Strings of one kind of quotes and without escapes: every second part is one.
        let quotes = ['\'', '"'].map(|quote| text.contains(quote));
        if quotes == [true; 2] || ["\\", "'''", "\"\"\""].iter().any(|odd| text.contains(odd)) {
            return Err(malformed());
        }
        let parts = text.trim_end().split(['\'', '"']);
        let mut parts: Vec<String> = parts.map(str::to_owned).collect();
        let descr = parts.iter().position(|part| part == "descr");
        let descr = descr.ok_or_else(malformed)?;
        let [value, code, ..] = &parts[descr + 1..] else {
            return Err(malformed());
        };
        if value
            .trim()
            .strip_prefix(':')
            .is_some_and(|value| !value.is_empty())
        {
            return Err(no_number("a record of several fields".into()));
        }
        // Three keys and the type.
        if parts.len() != 2 * 4 + 1 {
            return Err(malformed());
        }
        let (element, plain) = parse_type(code)?;
        let big_endian = plain.endianness() == Endianness::Big;
        parts[descr + 2] = plain.to_string();
        for outside in parts.iter_mut().step_by(2) {
            // Python 2 marks long numbers.
            *outside = outside.replace('L', "");
        }
        let outside: String = parts.iter().step_by(2).map(String::as_str).collect();
        let is_plain =
            |letter: char| letter.is_ascii_alphanumeric() || " \t{}():,".contains(letter);
        let opening = outside.matches(['{', '(']).count();
        if opening > 2 || !outside.chars().all(is_plain) {
            return Err(malformed());
        }
        let numbers = outside.split(|letter: char| !letter.is_ascii_alphanumeric());
        let numbers = numbers.filter(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        let lengths: Result<Vec<u64>, _> = numbers.map(str::parse).collect();
        let lengths = lengths.map_err(|_| malformed())?;
        // Also where one of them is 0: npyz multiplies from either end.
        let values = lengths
            .iter()
            .try_fold(1_u64, |values, &length| values.checked_mul(length.max(1)));
        if values.is_none() {
            return Err(Problem::Truncated {
                promised: promised(&lengths),
                expected: u64::MAX,
                found: most,
            });
        }
        let text = parts.join("'");
        let mut bytes = MAGIC.to_vec();
        bytes.extend([3, 0]);
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend(text.bytes());
        let header = NpyHeader::from_reader(&bytes[..]).map_err(|_| malformed())?;
        Ok(Self {
            element,
            big_endian,
            fortran: header.order() == Order::Fortran,
            shape: header.shape().to_vec(),
        })
    }
}

/// The type that numpy writes as `<f4`. A missing or unspecific byte order, `|` or `=`, means little-endian, as on nearly all machines.
fn parse_type(code: &str) -> Result<(Element, TypeStr), Problem> {
    let kind = code.trim_start_matches(['<', '>', '|', '=']);
    let order = if code.starts_with('>') { '>' } else { '<' };
    if kind.starts_with('O') {
        return Err(Problem::Objects);
    }
    let plain = format!("{order}{kind}").parse().ok();
    plain
        .and_then(|plain| Some((Element::of(&plain)?, plain)))
        .ok_or_else(|| no_number(format!("dtype {code}")))
}

fn no_number(found: String) -> Problem {
    let expected = "whole numbers, float32 or float64";
    Problem::ElementType { expected, found }
}

/// The data that a header of this shape declares.
pub(super) fn promised(shape: &[u64]) -> String {
    format!("an array of shape {}", shape_text(shape))
}

#[cfg(test)]
mod tests {
    use npyz::{DType, WriteOptions, WriterBuilder};

    use super::*;

    fn text(text: &str) -> Result<Header, Problem> {
        Header::parse(text, 7)
    }

    fn element(kind: TypeChar, bytes: usize) -> Element {
        Element { kind, bytes }
    }

    #[test]
    fn reads_what_numpy_writes() {
        let header =
            text("{'descr': '>f8', 'fortran_order': True, 'shape': (60000, 28, 28), }   \n")
                .unwrap();
        assert_eq!(header.element, element(TypeChar::Float, 8));
        assert!(header.big_endian && header.fortran);
        assert_eq!(header.shape, [60000, 28, 28]);
        let header =
            text("{\"shape\": (5L,), \"descr\":\"|u1\" , \"fortran_order\" : False}").unwrap();
        assert_eq!(
            (header.element, header.shape),
            (element(TypeChar::Uint, 1), vec![5])
        );
        assert_eq!(
            text("{'descr': '<U11', 'fortran_order': False, 'shape': ()}")
                .unwrap()
                .element,
            element(TypeChar::UnicodeStr, 44)
        );
        assert_eq!(
            text("{'descr': '|S3', 'fortran_order': False, 'shape': (120,)}")
                .unwrap()
                .element,
            element(TypeChar::ByteStr, 3)
        );
    }

    #[test]
    fn a_byte_order_that_says_nothing_is_little_endian() {
        for (code, expected) in [
            ("f4", element(TypeChar::Float, 4)),
            ("=i8", element(TypeChar::Int, 8)),
            ("|u2", element(TypeChar::Uint, 2)),
        ] {
            let header = format!("{{'descr': '{code}', 'fortran_order': False, 'shape': (3,)}}");
            let header = text(&header).unwrap();
            assert_eq!((header.element, header.big_endian), (expected, false));
        }
    }

    #[test]
    fn reads_what_npyz_writes_and_no_part_of_it() {
        for code in ["|u1", "<i8", ">f4", "<U7"] {
            let mut bytes = Vec::new();
            WriteOptions::new_header_only()
                .dtype(DType::new_scalar(code.parse().unwrap()))
                .shape(&[12, 28, 28, 1])
                .writer(&mut bytes)
                .write_header_only()
                .unwrap();
            let header = Header::read(&bytes[..], 7).unwrap();
            assert_eq!(header.shape, [12, 28, 28, 1]);
            assert_eq!(header.big_endian, code == ">f4");
            for cut in 0..bytes.len() {
                assert!(matches!(
                    Header::read(&bytes[..cut], 7),
                    Err(Problem::NotNpy(_))
                ));
            }
        }
    }

    #[test]
    fn refuses_what_is_no_array_of_numbers() {
        assert!(matches!(
            text("{'descr': '|O', 'fortran_order': False, 'shape': (3,)}"),
            Err(Problem::Objects)
        ));
        for other in [
            "'<c16'",
            "'<M8[s]'",
            "'|V4'",
            "'<f2'",
            "[('a', '<f4')]",
            "'<U99999999999'",
            "'|S99999999999'",
            "''",
            "'é'",
        ] {
            let header = format!("{{'descr': {other}, 'fortran_order': False, 'shape': (3,)}}");
            assert!(
                matches!(text(&header), Err(Problem::ElementType { .. })),
                "{other}"
            );
        }
        for broken in [
            "",
            "{",
            "{}",
            "{'descr'}",
            "{'descr': '<f4'",
            "{'descr': '<f4', 'shape': (3,)}",
            "{'descr': '<f4', 'fortran_order': 1, 'shape': (3,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (0xffff,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1+1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1e9,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'shape': (4,)}",
            "{'descr': '<f4', 'fortran_order': False, 'order': False}",
            "{'a': '<f4', 'fortran_order': False, 'shape': 'descr'}",
            "{'''descr''': '<f4', 'fortran_order': False, 'shape': (3,)}",
            "{'descr': '<f4', 'fortran_order': False, \"shape\": (3,)}",
            "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (3,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'more': ((((((((1))))))))}",
        ] {
            assert!(matches!(text(broken), Err(Problem::NotNpy(_))), "{broken}");
        }
        for endless in ["(18446744073709551615, 4)", "(0, 4294967296, 4294967296)"] {
            let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {endless}}}");
            assert!(
                matches!(text(&header), Err(Problem::Truncated { .. })),
                "{endless}"
            );
        }
    }

    /// npyz alone would take until the end of days for these.
    #[test]
    fn refuses_deep_headers_at_once() {
        for (open, close) in [("[", "]"), ("{1:", "}"), ("(", ",)")] {
            let (open, close) = (open.repeat(60), close.repeat(60));
            for deep in [
                format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {open}1{close}}}"),
                format!("{{'descr': '<f4', 'fortran_order': {open}1{close}, 'shape': (3,)}}"),
                format!("{{'descr': {open}1{close}, 'fortran_order': False, 'shape': (3,)}}"),
                format!("{open}{{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}}{close}"),
                format!("{{'descr': '''<f'4''', 'fortran_order': {open}1{close}, 'shape': (3,)}}"),
                format!("{{'descr': '\"', \"'\": {open}1{close}, 'shape': (3,)}}"),
            ] {
                assert!(text(&deep).is_err(), "{deep}");
            }
        }
    }

    #[test]
    fn refuses_endless_headers() {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([2, 0]);
        bytes.extend(u32::MAX.to_le_bytes());
        assert!(matches!(
            Header::read(&bytes[..], 7),
            Err(Problem::NotNpy(_))
        ));
    }
}
