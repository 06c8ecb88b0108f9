//! The numbers in an array's bytes, and their order.

use npyz::TypeChar;

use super::header::Header;

macro_rules! convert {
    ($from:ty, $header:expr, $bytes:expr, $out:expr) => {{
        let values = $bytes.chunks_exact(size_of::<$from>());
        for (value, out) in values.zip($out.iter_mut()) {
            let value = value
                .try_into()
                .expect("a chunk has the bytes of one value");
            *out = if $header.big_endian {
                <$from>::from_be_bytes(value) as _
            } else {
                <$from>::from_le_bytes(value) as _
            };
        }
    }};
}

macro_rules! convert_any {
    ($header:expr, $bytes:expr, $out:expr) => {
        match ($header.element.kind, $header.element.bytes) {
            (TypeChar::Float, 4) => convert!(f32, $header, $bytes, $out),
            (TypeChar::Float, _) => convert!(f64, $header, $bytes, $out),
            (TypeChar::Int, 1) => convert!(i8, $header, $bytes, $out),
            (TypeChar::Int, 2) => convert!(i16, $header, $bytes, $out),
            (TypeChar::Int, 4) => convert!(i32, $header, $bytes, $out),
            (TypeChar::Int, _) => convert!(i64, $header, $bytes, $out),
            (TypeChar::UnicodeStr, _) | (_, 4) => convert!(u32, $header, $bytes, $out),
            (_, 1) => convert!(u8, $header, $bytes, $out),
            (_, 2) => convert!(u16, $header, $bytes, $out),
            _ => convert!(u64, $header, $bytes, $out),
        }
    };
}

/// The values in `bytes` → `out`; a text's letters are its values.
pub(super) fn to_f32(header: &Header, bytes: &[u8], out: &mut [f32]) {
    convert_any!(header, bytes, out);
}

/// As [`to_f32`], exact for every whole number up to 2⁵³.
pub(super) fn to_f64(header: &Header, bytes: &[u8], out: &mut [f64]) {
    convert_any!(header, bytes, out);
}

/// Values of an array of `shape` in Fortran's order → in C's order, `[shape[0], rest]`.
pub(super) fn from_fortran<T: Copy + Default>(shape: &[usize], values: &[T]) -> Vec<T> {
    let (images, rest) = match shape {
        [images, rest @ ..] => (*images, rest),
        [] => return values.to_vec(),
    };
    let length: usize = rest.iter().product();
    // Where in Fortran's order the values of image 0 are, in C's order of their indices.
    let places: Vec<usize> = (0..length)
        .map(|place| {
            let (mut place, mut lengths) = (place, length);
            let (mut offset, mut stride) = (0, images);
            for &axis in rest {
                lengths /= axis;
                offset += place / lengths * stride;
                place %= lengths;
                stride *= axis;
            }
            offset
        })
        .collect();
    let mut out = vec![T::default(); values.len()];
    // A few images at a time, so that what is read together is used together.
    for first in (0..images).step_by(16) {
        let last = (first + 16).min(images);
        for (place, &offset) in places.iter().enumerate() {
            for image in first..last {
                out[image * length + place] = values[offset + image];
            }
        }
    }
    out
}
