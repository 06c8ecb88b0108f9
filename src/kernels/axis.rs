//! Which taps of a sliding window meet which pixels, along one axis. Taps that meet the zeros around the image are skipped, so
//! that nothing is multiplied by them and no image is copied to add zeros around it.

use std::ops::Range;

use crate::shape::Window;

/// A window that slides over one axis of an image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) window: Window,
    /// Pixels.
    pub(super) input: usize,
    /// The number of positions that are used, from the first on; at most all of the window's.
    pub(super) positions: usize,
}

/// Neighbouring positions of a window with the same taps inside the image.
#[derive(Debug, PartialEq)]
pub(super) struct Positions {
    pub(super) positions: Range<usize>,
    pub(super) taps: Range<usize>,
    /// The pixel under the first tap at the first position; one stride more for each position.
    pub(super) pixel: usize,
}

/// Pixels one stride apart that meet the same taps, each tap at a position of its own.
#[derive(Debug, PartialEq)]
pub(super) struct Pixels {
    /// The first pixel, and how many.
    pub(super) first: usize,
    pub(super) count: usize,
    /// Which of the phase's taps (see [`Axis::phase_taps`]).
    pub(super) taps: Range<usize>,
    /// The position at which the first tap meets the first pixel; one more for each tap and each pixel.
    pub(super) position: usize,
}

impl Axis {
    fn zeros(&self) -> usize {
        self.window.zeros(self.input).0
    }

    /// All positions.
    pub(super) fn classes(&self) -> Vec<Positions> {
        let (window, zeros) = (self.window, self.zeros());
        let mut all: Vec<Positions> = Vec::new();
        for position in 0..self.positions {
            let corner = position * window.stride;
            let taps = zeros.saturating_sub(corner)..window.size.min(self.input + zeros - corner);
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

    /// Pairs of a position and a tap inside the image.
    pub(super) fn products(&self) -> usize {
        let each = self.classes().into_iter();
        each.map(|class| class.positions.len() * class.taps.len())
            .sum()
    }

    /// The positions at which a tap lies inside the image, and the pixel under it at the first of them.
    pub(super) fn positions_of_tap(&self, tap: usize) -> (Range<usize>, usize) {
        let (stride, zeros) = (self.window.stride, self.zeros());
        let first = zeros.saturating_sub(tap).div_ceil(stride);
        let end = (self.input + zeros).saturating_sub(tap).div_ceil(stride);
        let end = end.min(self.positions).max(first);
        (first..end, (first * stride + tap).saturating_sub(zeros))
    }

    /// The taps that pixels `phase`, `phase + stride`, … meet, the last first: in the order of the positions.
    pub(super) fn phase_taps(&self, phase: usize) -> Vec<usize> {
        let window = self.window;
        let mut taps: Vec<usize> = ((phase + self.zeros()) % window.stride..window.size)
            .step_by(window.stride)
            .collect();
        taps.reverse();
        taps
    }

    /// The pixels `phase`, `phase + stride`, ….
    pub(super) fn pixels(&self, phase: usize) -> Vec<Pixels> {
        let (stride, zeros) = (self.window.stride, self.zeros());
        let taps = self.phase_taps(phase);
        let mut all: Vec<Pixels> = Vec::new();
        for pixel in (phase..self.input).step_by(stride) {
            // Tap t meets the pixel at position (pixel + zeros − t) / stride, an exact division.
            let inside = |tap: &usize| {
                pixel + zeros >= *tap && (pixel + zeros - tap) / stride < self.positions
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
                        .map_or(0, |tap| (pixel + zeros - tap) / stride),
                    taps: met,
                }),
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Padding;

    /// Every product of a window along an axis as (pixel, tap, position).
    fn products(axis: &Axis) -> Vec<(usize, usize, usize)> {
        let Axis { window, input, .. } = *axis;
        let zeros = window.zeros(input).0;
        let mut all = Vec::new();
        for position in 0..axis.positions {
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

    fn check(axis: &Axis) {
        let Axis { window, input, .. } = *axis;
        let (size, stride) = (window.size, window.stride);
        let expected = products(axis);
        let mut seen = [Vec::new(), Vec::new(), Vec::new()];
        for class in axis.classes() {
            for (i, position) in class.positions.enumerate() {
                for (j, tap) in class.taps.clone().enumerate() {
                    seen[0].push((class.pixel + i * stride + j, tap, position));
                }
            }
        }
        for tap in 0..size {
            let (range, pixel) = axis.positions_of_tap(tap);
            let places = range.enumerate().map(|(i, p)| (pixel + i * stride, tap, p));
            seen[1].extend(places);
        }
        for phase in 0..stride {
            let taps = axis.phase_taps(phase);
            for class in axis.pixels(phase) {
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
            assert_eq!(seen, expected, "{axis:?} over {input}");
        }
        assert_eq!(axis.products(), expected.len(), "{axis:?}");
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
                for left_out in 0..3 {
                    check(&Axis {
                        window,
                        input,
                        positions: window.positions(input).saturating_sub(left_out),
                    });
                }
            }
        }
    }
}
