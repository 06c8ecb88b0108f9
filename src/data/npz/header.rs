//! The header of an npy array: what its values are, their order and the array's shape.
//!
//! Format: numpy's NEP 1, versions 1 to 3. Read here and not by a library because the text comes from strangers: this reader
//! takes 10,000 bytes at most, as numpy does, nests nothing and multiplies nothing that could overflow.

use std::io::{self, Read};

const MAGIC: &[u8; 6] = b"\x93NUMPY";
const LONGEST: usize = 10_000;

/// What one value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// A byte that is 0 or 1.
    Bool,
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
    /// So many UTF-32 code units.
    Text(usize),
}

impl Element {
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Bool | Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
            Self::Text(letters) => 4 * letters,
        }
    }

    fn code(self) -> String {
        match self {
            Self::Bool => "|b1".into(),
            Self::U8 => "|u1".into(),
            Self::I8 => "|i1".into(),
            Self::U16 => "<u2".into(),
            Self::U32 => "<u4".into(),
            Self::U64 => "<u8".into(),
            Self::I16 => "<i2".into(),
            Self::I32 => "<i4".into(),
            Self::I64 => "<i8".into(),
            Self::F32 => "<f4".into(),
            Self::F64 => "<f8".into(),
            Self::Text(letters) => format!("<U{letters}"),
        }
    }
}

/// What a header says; nothing of it is checked against the data.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    pub element: Element,
    pub big_endian: bool,
    /// The first index runs fastest, where C's order has the last one do so.
    pub fortran: bool,
    pub shape: Vec<u64>,
}

/// Why a header cannot be used.
#[derive(Debug)]
pub(super) enum HeaderError {
    Read(io::Error),
    /// Not npy, or npy that numpy would not read either.
    Malformed(String),
    Objects,
    /// Values of a type that is no number.
    Type(String),
}

impl Header {
    pub(super) fn little_endian(element: Element, shape: &[usize]) -> Self {
        Self {
            element,
            big_endian: false,
            fortran: false,
            shape: shape.iter().map(|&length| length as u64).collect(),
        }
    }

    /// Number of values; nothing where the number does not fit.
    pub(super) fn values(&self) -> Option<u64> {
        self.shape
            .iter()
            .try_fold(1_u64, |values, &length| values.checked_mul(length))
    }

    /// The shape as numpy writes it: `(60000, 28, 28)`.
    pub(super) fn shape_text(&self) -> String {
        let lengths: Vec<String> = self.shape.iter().map(ToString::to_string).collect();
        match lengths.len() {
            1 => format!("({},)", lengths[0]),
            _ => format!("({})", lengths.join(", ")),
        }
    }

    /// Reads to the first byte of the values.
    pub(super) fn read(mut from: impl Read) -> Result<Self, HeaderError> {
        let short = |error: io::Error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                HeaderError::Malformed("the file ends inside its header".into())
            }
            _ => HeaderError::Read(error),
        };
        let mut start = [0; 8];
        from.read_exact(&mut start).map_err(short)?;
        if &start[..6] != MAGIC {
            return Err(HeaderError::Malformed(
                "it does not begin with \\x93NUMPY".into(),
            ));
        }
        let length = match start[6] {
            1 => {
                let mut bytes = [0; 2];
                from.read_exact(&mut bytes).map_err(short)?;
                usize::from(u16::from_le_bytes(bytes))
            }
            2 | 3 => {
                let mut bytes = [0; 4];
                from.read_exact(&mut bytes).map_err(short)?;
                u32::from_le_bytes(bytes) as usize
            }
            version => {
                return Err(HeaderError::Malformed(format!(
                    "its version is {version}, where 1 to 3 are known"
                )));
            }
        };
        if length > LONGEST {
            return Err(HeaderError::Malformed(format!(
                "its header is {length} bytes long, where {LONGEST} are the most"
            )));
        }
        let mut text = vec![0; length];
        from.read_exact(&mut text).map_err(short)?;
        Self::parse(&String::from_utf8_lossy(&text))
    }

    /// The bytes of this header, as long as numpy makes them: a multiple of 64.
    pub(super) fn write(&self) -> Vec<u8> {
        let order = if self.fortran { "True" } else { "False" };
        let text = format!(
            "{{'descr': '{}', 'fortran_order': {order}, 'shape': {}, }}",
            self.element.code(),
            self.shape_text()
        );
        let length = (10 + text.len() + 1).next_multiple_of(64) - 10;
        let mut bytes = MAGIC.to_vec();
        bytes.extend([1, 0]);
        bytes.extend((length as u16).to_le_bytes());
        bytes.extend(format!("{text:<0$}\n", length - 1).bytes());
        bytes
    }

    fn parse(text: &str) -> Result<Self, HeaderError> {
        let malformed = |what: &str| HeaderError::Malformed(format!("its header has {what}"));
        let mut tokens = Tokens(text);
        let (mut element, mut fortran, mut shape) = (None, None, None);
        tokens
            .expect("{")
            .ok_or_else(|| malformed("no dictionary"))?;
        while tokens.expect("}").is_none() {
            let key = tokens
                .string()
                .ok_or_else(|| malformed("a key that is no string"))?;
            tokens
                .expect(":")
                .ok_or_else(|| malformed("a key without a value"))?;
            match key {
                "descr" => match tokens.string() {
                    Some(code) => element = Some(parse_type(code)?),
                    None => return Err(HeaderError::Type("a record of several fields".into())),
                },
                "fortran_order" => {
                    let value = tokens.boolean();
                    fortran = Some(value.ok_or_else(|| malformed("no truth value for its order"))?);
                }
                "shape" => {
                    let value = tokens.lengths();
                    shape =
                        Some(value.ok_or_else(|| malformed("no tuple of lengths for its shape"))?);
                }
                _ => return Err(malformed("an unknown key")),
            }
            let _ = tokens.expect(",");
        }
        let (element, big_endian) = element.ok_or_else(|| malformed("no type of values"))?;
        Ok(Self {
            element,
            big_endian,
            fortran: fortran.ok_or_else(|| malformed("no order of values"))?,
            shape: shape.ok_or_else(|| malformed("no shape"))?,
        })
    }
}

/// The type that numpy writes as `<f4`, and whether it is big-endian.
fn parse_type(code: &str) -> Result<(Element, bool), HeaderError> {
    let unknown = || HeaderError::Type(format!("dtype {code}"));
    let (order, kind) = match code.split_at_checked(1) {
        Some((order @ ("<" | ">" | "|" | "="), kind)) => (order, kind),
        _ => ("<", code),
    };
    let element = match kind {
        "b1" => Element::Bool,
        "u1" => Element::U8,
        "u2" => Element::U16,
        "u4" => Element::U32,
        "u8" => Element::U64,
        "i1" => Element::I8,
        "i2" => Element::I16,
        "i4" => Element::I32,
        "i8" => Element::I64,
        "f4" => Element::F32,
        "f8" => Element::F64,
        _ if kind.starts_with('O') => return Err(HeaderError::Objects),
        _ => match kind.strip_prefix('U').map(str::parse) {
            Some(Ok(letters @ 0..=1000)) => Element::Text(letters),
            _ => return Err(unknown()),
        },
    };
    Ok((element, order == ">"))
}

/// The rest of the text.
struct Tokens<'a>(&'a str);

impl<'a> Tokens<'a> {
    fn expect(&mut self, mark: &str) -> Option<()> {
        self.0 = self.0.trim_start().strip_prefix(mark)?;
        Some(())
    }

    fn string(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        let quote = text
            .chars()
            .next()
            .filter(|letter| ['\'', '"'].contains(letter))?;
        let (string, rest) = text[1..].split_once(quote)?;
        self.0 = rest;
        Some(string)
    }

    fn boolean(&mut self) -> Option<bool> {
        match self.expect("True") {
            Some(()) => Some(true),
            None => self.expect("False").map(|()| false),
        }
    }

    fn lengths(&mut self) -> Option<Vec<u64>> {
        self.expect("(")?;
        let mut lengths = Vec::new();
        while self.expect(")").is_none() {
            let text = self.0.trim_start();
            let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
            lengths.push(text[..digits].parse().ok()?);
            // Python 2 marks long numbers.
            self.0 = text[digits..].trim_start_matches('L');
            let _ = self.expect(",");
        }
        Some(lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Result<Header, HeaderError> {
        Header::parse(text)
    }

    #[test]
    fn reads_what_numpy_writes() {
        let header =
            text("{'descr': '>f8', 'fortran_order': True, 'shape': (60000, 28, 28), }   \n")
                .unwrap();
        assert_eq!(header.element, Element::F64);
        assert!(header.big_endian && header.fortran);
        assert_eq!(header.shape, [60000, 28, 28]);
        let header =
            text("{\"shape\": (5L,), \"descr\":\"|u1\" , \"fortran_order\" : False}").unwrap();
        assert_eq!((header.element, header.shape), (Element::U8, vec![5]));
        assert_eq!(
            text("{'descr': '<U11', 'fortran_order': False, 'shape': ()}")
                .unwrap()
                .element,
            Element::Text(11)
        );
    }

    #[test]
    fn what_it_writes_it_reads() {
        for element in [Element::U8, Element::I64, Element::F32, Element::Text(7)] {
            let header = Header::little_endian(element, &[12, 28, 28, 1]);
            let bytes = header.write();
            assert_eq!(bytes.len() % 64, 0);
            assert_eq!(bytes.last(), Some(&b'\n'));
            assert_eq!(Header::read(&bytes[..]).unwrap(), header);
            for cut in 0..bytes.len() {
                assert!(matches!(
                    Header::read(&bytes[..cut]),
                    Err(HeaderError::Malformed(_))
                ));
            }
        }
    }

    #[test]
    fn refuses_what_is_no_array_of_numbers() {
        assert!(matches!(
            text("{'descr': '|O', 'fortran_order': False, 'shape': (3,)}"),
            Err(HeaderError::Objects)
        ));
        for other in [
            "'<c16'",
            "'<M8[s]'",
            "'|V4'",
            "'<f2'",
            "[('a', '<f4')]",
            "'<U99999999999'",
            "''",
            "'é'",
        ] {
            let header = format!("{{'descr': {other}, 'fortran_order': False, 'shape': (3,)}}");
            assert!(
                matches!(text(&header), Err(HeaderError::Type(_))),
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
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'more': ((((((((1))))))))}",
        ] {
            assert!(
                matches!(text(broken), Err(HeaderError::Malformed(_))),
                "{broken}"
            );
        }
        let huge = Header::little_endian(Element::F32, &[usize::MAX, 4]);
        assert_eq!(huge.values(), None);
    }

    #[test]
    fn refuses_endless_headers() {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([2, 0]);
        bytes.extend(u32::MAX.to_le_bytes());
        assert!(matches!(
            Header::read(&bytes[..]),
            Err(HeaderError::Malformed(_))
        ));
    }
}
