//! The values of a flat layer as upright bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

use super::blocks::{draw_up, eighths};
use crate::ui::theme::Theme;

/// Lines of a band of bars, at least and at most, without its number.
const BAR_ROWS: (u16, u16) = (2, 20);
/// Columns of a unit, at most.
const WIDEST: usize = 10;

/// One bar per unit, in bands below each other, each band numbered at its left by its first unit. The longest bar is the value
/// farthest from 0; negative values have their own colour.
#[derive(Clone, Copy, Debug)]
pub struct UnitBars<'a> {
    values: &'a [f32],
    theme: &'a Theme,
    /// The unit under the cursor.
    pub cursor: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Bands {
    /// Columns of the numbers at the left.
    numbers: u16,
    /// Units in a band.
    units: usize,
    /// Columns of a unit.
    width: u16,
    /// Lines of a band with the empty one below it.
    rows: u16,
    gap: u16,
}

impl<'a> UnitBars<'a> {
    pub const fn new(values: &'a [f32], theme: &'a Theme) -> Self {
        Self {
            values,
            theme,
            cursor: None,
        }
    }

    /// How many units fit in a row; `None` if not all of `units` have room.
    pub fn columns(area: Rect, units: usize) -> Option<usize> {
        bands(area, units).map(|bands| bands.units)
    }

    /// Where each unit lies in `area`.
    pub fn places(&self, area: Rect) -> Vec<(usize, Rect)> {
        let units = self.values.len();
        let bands = bands(area, units);
        let place = |bands: &Bands, unit| (unit, bands.place(unit, area));
        bands.map_or(Vec::new(), |bands| {
            (0..units).map(|unit| place(&bands, unit)).collect()
        })
    }
}

impl Bands {
    fn place(&self, unit: usize, area: Rect) -> Rect {
        let (band, at) = ((unit / self.units) as u16, (unit % self.units) as u16);
        let left = area.x + self.numbers + at * self.width;
        let top = area.y + band * (self.rows + self.gap);
        Rect::new(left, top, self.width, self.rows)
    }
}

fn bands(area: Rect, units: usize) -> Option<Bands> {
    let numbers = units.saturating_sub(1).to_string().len() as u16 + 1;
    let room = area.width.checked_sub(numbers).filter(|room| *room > 0)?;
    if units == 0 || area.height < BAR_ROWS.0 {
        return None;
    }
    let width = (usize::from(room) / units).clamp(1, WIDEST) as u16;
    let fit = usize::from(room / width);
    // Multiples of ten if there are several bands, so that units are easy to count.
    let in_band = match units > fit {
        true if fit >= 10 => fit / 10 * 10,
        true => fit,
        false => units,
    };
    let count = units.div_ceil(in_band);
    let each = area.height / u16::try_from(count).ok()?;
    let gap = u16::from(each > BAR_ROWS.0);
    (each >= BAR_ROWS.0).then_some(Bands {
        numbers,
        units: in_band,
        width,
        rows: (each - gap).min(BAR_ROWS.1),
        gap,
    })
}

impl Widget for UnitBars<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let Some(bands) = bands(area, self.values.len()) else {
            return;
        };
        let most = self
            .values
            .iter()
            .filter(|value| value.is_finite())
            .fold(0.0f32, |most, value| most.max(value.abs()));
        for (unit, value) in self.values.iter().enumerate() {
            let place = bands.place(unit, area);
            let (left, top, bottom) = (place.x, place.y, place.bottom() - 1);
            if unit.is_multiple_of(bands.units) {
                let number = format!("{unit:>width$}", width = usize::from(bands.numbers) - 1);
                let width = bands.numbers.into();
                buffer.set_stringn(area.x, bottom, number, width, self.theme.dim);
            }
            // 0/0 is NaN, which shows nothing.
            let filled = eighths(f64::from(value.abs() / most), bands.rows);
            let is_here = self.cursor == Some(unit);
            let style = match (is_here, *value < 0.0) {
                (true, _) => self.theme.accent,
                (false, true) => self.theme.warning,
                (false, false) => self.theme.train,
            };
            // A free column between bars that are wide enough to spare one.
            let columns = bands.width - u16::from(bands.width > 2);
            let style = if filled == 0 { self.theme.dim } else { style };
            let column = Rect {
                width: columns,
                ..place
            };
            draw_up(filled.max(1), column, style, buffer);
            if is_here {
                let style = self.theme.accent.add_modifier(Modifier::REVERSED);
                for row in top..=bottom {
                    let cell = &mut buffer[(left, row)];
                    if cell.symbol() == " " || filled == 0 {
                        cell.set_style(style);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    #[test]
    fn bars_look_as_before() {
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let values: Vec<f32> = (0..25).map(|unit| (unit % 7) as f32 - 2.0).collect();
        let mut bars = UnitBars::new(&values, &theme);
        bars.cursor = Some(12);
        insta::assert_snapshot!("unit_bars", snapshot(&drawn(bars, 16, 9)));
    }

    #[test]
    fn all_units_have_room_or_none() {
        let area = Rect::new(0, 0, 44, 17);
        assert_eq!(UnitBars::columns(area, 10), Some(10));
        assert_eq!(UnitBars::columns(area, 128), Some(40));
        assert_eq!(UnitBars::columns(area, 1024), None);
    }

    proptest! {
        #[test]
        fn any_vector_fits_any_area(area in any_area(), units in 0usize..300, cursor in 0usize..300) {
            let theme = Theme::new(ColorDepth::Basic16, Background::Light);
            let mut values = vec![0.3; units];
            if let Some(first) = values.first_mut() {
                *first = f32::NAN;
            }
            let mut bars = UnitBars::new(&values, &theme);
            bars.cursor = Some(cursor);
            stays_inside(bars, area)?;
        }
    }
}
