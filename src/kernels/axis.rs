//! Which taps of a sliding window meet which pixels, along one axis. Taps that meet the zeros around the image are left out, so
//! that nobody multiplies by them and no image is copied to put zeros around it.

use std::ops::Range;

use crate::shape::Window;

/// Neighbouring positions of a window with the same taps inside the image.
#[derive(Debug, PartialEq)]
pub(super) struct Positions {
    pub(super) positions: Range<usize>,
    pub(super) taps: Range<usize>,
    /// The pixel under the first tap at the first position; one stride more for each position.
    pub(super) pixel: usize,
}

/// The positions of a window over `input` pixels.
pub(super) fn positions(window: Window, input: usize) -> Vec<Positions> {
    let zeros = window.zeros(input).0;
    let mut all: Vec<Positions> = Vec::new();
    for position in 0..window.positions(input) {
        let corner = position * window.stride;
        let taps = zeros.saturating_sub(corner)..window.size.min(input + zeros - corner);
        match all.last_mut().filter(|last| last.taps == taps) {
            Some(last) => last.positions.end += 1,
            None => all.push(Positions {
                pixel: corner + taps.start - zeros,
                positions: position..position + 1,
                taps,
            }),
        }
    }
    all
}

/// The positions at which a tap lies inside the image of `input` pixels, and the pixel under it at the first of them.
pub(super) fn positions_of_tap(window: Window, input: usize, tap: usize) -> (Range<usize>, usize) {
    let zeros = window.zeros(input).0;
    let first = zeros.saturating_sub(tap).div_ceil(window.stride);
    let end = (input + zeros).saturating_sub(tap).div_ceil(window.stride);
    let end = end.min(window.positions(input)).max(first);
    (
        first..end,
        (first * window.stride + tap).saturating_sub(zeros),
    )
}

/// Pixels one stride apart that meet the same taps, each tap at a position of its own.
#[derive(Debug, PartialEq)]
pub(super) struct Pixels {
    /// The first pixel, and how many.
    pub(super) first: usize,
    pub(super) count: usize,
    /// Which of the phase's taps (see [`phase_taps`]).
    pub(super) taps: Range<usize>,
    /// The position at which the first tap meets the first pixel; one more for each tap and each pixel.
    pub(super) position: usize,
}

/// The taps that pixels `phase`, `phase + stride`, … meet, the last first: in the order of the positions.
pub(super) fn phase_taps(window: Window, input: usize, phase: usize) -> Vec<usize> {
    let zeros = window.zeros(input).0;
    let mut taps: Vec<usize> = ((phase + zeros) % window.stride..window.size)
        .step_by(window.stride)
        .collect();
    taps.reverse();
    taps
}

/// The pixels `phase`, `phase + stride`, … of an axis of `input` pixels.
pub(super) fn pixels(window: Window, input: usize, phase: usize) -> Vec<Pixels> {
    let zeros = window.zeros(input).0;
    let taps = phase_taps(window, input, phase);
    let positions = window.positions(input);
    let mut all: Vec<Pixels> = Vec::new();
    for pixel in (phase..input).step_by(window.stride) {
        // Tap t meets the pixel at position (pixel + zeros − t) / stride, an exact division.
        let inside = |tap: &usize| {
            pixel + zeros >= *tap && (pixel + zeros - tap) / window.stride < positions
        };
        let first = taps.iter().position(inside).unwrap_or(0);
        let met = first..first + taps.iter().filter(|tap| inside(tap)).count();
        match all.last_mut().filter(|last| last.taps == met) {
            Some(last) => last.count += 1,
            None => all.push(Pixels {
                first: pixel,
                count: 1,
                position: taps
                    .get(first)
                    .filter(|_| !met.is_empty())
                    .map_or(0, |tap| (pixel + zeros - tap) / window.stride),
                taps: met,
            }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Padding;

    /// Every product of a window along an axis as (pixel, tap, position).
    fn products(window: Window, input: usize) -> Vec<(usize, usize, usize)> {
        let zeros = window.zeros(input).0;
        let mut all = Vec::new();
        for position in 0..window.positions(input) {
            for tap in 0..window.size {
                let place = position * window.stride + tap;
                if place >= zeros && place - zeros < input {
                    all.push((place - zeros, tap, position));
                }
            }
        }
        all.sort_unstable();
        all
    }

    #[test]
    fn all_three_views_of_a_window_list_the_same_products() {
        for (size, stride, input) in
            (1..6).flat_map(|k| (1..5).flat_map(move |s| (1..12).map(move |n| (k, s, n))))
        {
            for padding in [Padding::Same, Padding::Valid] {
                let window = Window {
                    size,
                    stride,
                    padding,
                };
                let expected = products(window, input);
                let mut seen = [Vec::new(), Vec::new(), Vec::new()];
                for class in positions(window, input) {
                    for (i, position) in class.positions.enumerate() {
                        for (j, tap) in class.taps.clone().enumerate() {
                            seen[0].push((class.pixel + i * stride + j, tap, position));
                        }
                    }
                }
                for tap in 0..size {
                    let (range, pixel) = positions_of_tap(window, input, tap);
                    let places = range.enumerate().map(|(i, p)| (pixel + i * stride, tap, p));
                    seen[1].extend(places);
                }
                for phase in 0..stride {
                    let taps = phase_taps(window, input, phase);
                    for class in pixels(window, input, phase) {
                        for i in 0..class.count {
                            for (j, tap) in class.taps.clone().enumerate() {
                                let pixel = class.first + i * stride;
                                seen[2].push((pixel, taps[tap], class.position + i + j));
                            }
                        }
                    }
                }
                for mut seen in seen {
                    seen.sort_unstable();
                    assert_eq!(seen, expected, "{window:?} over {input}");
                }
            }
        }
    }
}
