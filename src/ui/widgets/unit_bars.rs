//! The values of a flat layer as upright bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::blocks::{draw_up, eighths};
use super::text::abbreviations;
use crate::ui::theme::Theme;
use crate::wording::decimals;

/// Lines of a band of bars, at least, without its number.
const BAR_ROWS: u16 = 2;
/// Lines of one band with room for the values below it.
const ROWS_WITH_VALUES: u16 = 16;
/// Columns of a unit, at most.
const WIDEST: usize = 24;

/// Columns of a bar from which a name below it is useful.
const LEAST_NAME: u16 = 5;

/// One bar per unit. Where all units have room in one band, each has its number below it, and its value and name if there is room; else they
/// are in bands below each other, each numbered at its left by its first unit. The longest bar is the value farthest from 0; negative
/// values have their own colour.
#[derive(Clone, Copy, Debug)]
pub struct UnitBars<'a> {
    values: &'a [f32],
    theme: &'a Theme,
    /// The unit under the cursor.
    pub cursor: Option<usize>,
    /// Names of the units, if they have any.
    pub names: &'a [String],
}

#[derive(Clone, Copy, Debug)]
struct Bands {
    /// Columns of the numbers at the left; 0 if each unit has its own.
    numbers: u16,
    /// Units in a band.
    units: usize,
    /// Columns of a unit.
    width: u16,
    /// Lines of a band with the empty one below it.
    rows: u16,
    gap: u16,
    /// Lines of numbers, values and names below the bars.
    labels: u16,
    has_values: bool,
}

impl<'a> UnitBars<'a> {
    pub const fn new(values: &'a [f32], theme: &'a Theme) -> Self {
        Self {
            values,
            theme,
            cursor: None,
            names: &[],
        }
    }

    /// How many units fit in a row; `None` if not all of `units` have room.
    pub fn columns(area: Rect, units: usize) -> Option<usize> {
        bands(area, units, false).map(|bands| bands.units)
    }

    /// Where each unit lies in `area`.
    pub fn places(&self, area: Rect) -> Vec<(usize, Rect)> {
        let units = self.values.len();
        let bands = bands(area, units, !self.names.is_empty());
        let place = |bands: &Bands, unit| {
            let bar = bands.place(unit, area);
            let height = bar.height + bands.labels;
            (unit, Rect { height, ..bar })
        };
        bands.map_or(Vec::new(), |bands| {
            (0..units).map(|unit| place(&bands, unit)).collect()
        })
    }
}

impl Bands {
    /// Columns of a bar: one is free between bars that are wide enough to spare it.
    fn columns(&self) -> u16 {
        self.width - u16::from(self.width > 2)
    }

    /// Where the bar of a unit has room.
    fn place(&self, unit: usize, area: Rect) -> Rect {
        let (band, at) = ((unit / self.units) as u16, (unit % self.units) as u16);
        let left = area.x + self.numbers + at * self.width;
        let top = area.y + band * (self.rows + self.gap);
        Rect::new(left, top, self.width, self.rows)
    }
}

fn bands(area: Rect, units: usize, has_names: bool) -> Option<Bands> {
    let number = units.saturating_sub(1).to_string().len() as u16 + 1;
    if units == 0 || area.height < BAR_ROWS {
        return None;
    }
    let width = (usize::from(area.width) / units).min(WIDEST) as u16;
    if width >= number && area.height > BAR_ROWS {
        let has_names = has_names && width > LEAST_NAME && area.height > BAR_ROWS + 1;
        let has_values = width > LEAST_NAME && area.height >= ROWS_WITH_VALUES;
        let labels = 1 + u16::from(has_names) + u16::from(has_values);
        return Some(Bands {
            numbers: 0,
            units,
            width,
            rows: area.height - labels,
            gap: 0,
            labels,
            has_values,
        });
    }
    let room = area.width.checked_sub(number).filter(|room| *room > 0)?;
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
    let gap = u16::from(each > BAR_ROWS);
    (each >= BAR_ROWS).then_some(Bands {
        numbers: number,
        units: in_band,
        width,
        rows: each - gap,
        gap,
        labels: 0,
        has_values: false,
    })
}

impl Widget for UnitBars<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let Some(bands) = bands(area, self.values.len(), !self.names.is_empty()) else {
            return;
        };
        let most = self
            .values
            .iter()
            .filter(|value| value.is_finite())
            .fold(0.0f32, |most, value| most.max(value.abs()));
        let short = abbreviations(self.names, bands.columns().into());
        for (unit, value) in self.values.iter().enumerate() {
            let place = bands.place(unit, area);
            let bar = Rect {
                width: bands.columns(),
                ..place
            };
            if bands.labels == 0 && unit.is_multiple_of(bands.units) {
                let number = format!("{unit:>width$}", width = usize::from(bands.numbers) - 1);
                let width = bands.numbers.into();
                buffer.set_stringn(area.x, bar.bottom() - 1, number, width, self.theme.dim);
            }
            // 0/0 is NaN, which shows nothing.
            let filled = eighths(f64::from(value.abs() / most), bands.rows);
            let is_here = self.cursor == Some(unit);
            if is_here {
                self.draw_cursor(bar, buffer);
            }
            let style = match (is_here, *value < 0.0) {
                (true, _) => self.theme.accent,
                (false, true) => self.theme.warning,
                (false, false) => self.theme.train,
            };
            let style = match filled {
                0 if !is_here => self.theme.dim,
                _ => style,
            };
            draw_up(filled.max(1), bar, style, buffer);
            let style = match is_here {
                true => self.theme.selected,
                false => self.theme.dim,
            };
            let name = short.get(unit).map_or("", String::as_str);
            let value = bands.has_values.then(|| figure(*value));
            let labels = [Some(unit.to_string()), value, Some(name.to_owned())];
            for (line, text) in (0..bands.labels).zip(labels.into_iter().flatten()) {
                let y = bar.bottom() + line;
                let room = usize::from(bar.width);
                buffer.set_string(bar.x, y, format!("{text:^room$}"), style);
            }
        }
    }
}

/// A value in five columns, as far as it can be.
fn figure(value: f32) -> String {
    let places = match value.abs() {
        0.0..10.0 => 2 + usize::from(value >= 0.0),
        10.0..100.0 => 1,
        _ => 0,
    };
    decimals(value, places)
}

impl UnitBars<'_> {
    /// A thin line over the height of a bar: unlike a bar, whatever the value is.
    fn draw_cursor(&self, bar: Rect, buffer: &mut Buffer) {
        let middle = Rect {
            x: bar.x + (bar.width.max(1) - 1) / 2,
            width: 1,
            ..bar
        };
        for position in middle.positions() {
            buffer[position]
                .set_symbol("┊")
                .set_style(self.theme.accent);
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
    fn each_class_has_its_number_and_the_cursor_is_no_bar() {
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let names: Vec<String> = ["Trouser", "Bag", "Ankle boot"].map(str::to_owned).into();
        let mut bars = UnitBars::new(&[0.0, 0.2, 1.0], &theme);
        bars.cursor = Some(0);
        let text = snapshot(&drawn(bars, 12, 6));
        let lines: Vec<&str> = text
            .lines()
            .take(6)
            .map(|line| line.trim_end_matches(['⏎', ' ']))
            .collect();
        assert_eq!(lines[5], " 0   1   2", "{text}");
        assert_eq!(lines[0], " ┊      ███", "{text}");
        bars.names = &names;
        let text = snapshot(&drawn(bars, 24, 6));
        let lines: Vec<&str> = text
            .lines()
            .take(6)
            .map(|line| line.trim_end_matches(['⏎', ' ']))
            .collect();
        assert_eq!(lines[4], "   0       1       2", "{text}");
        assert_eq!(lines[5], "Trouser   Bag   Ankle b", "{text}");
    }

    #[test]
    fn all_units_have_room_or_none() {
        let area = Rect::new(0, 0, 44, 17);
        assert_eq!(UnitBars::columns(area, 10), Some(10));
        assert_eq!(UnitBars::columns(area, 128), Some(40));
        assert_eq!(UnitBars::columns(area, 1024), None);
        // The same with names, which give way.
        for (width, height) in [(44, 3), (80, 3), (80, 4), (20, 3)] {
            let area = Rect::new(0, 0, width, height);
            let [with, without] = [true, false].map(|named| bands(area, 10, named));
            let units = |bands: Option<Bands>| bands.map(|bands| bands.units);
            assert_eq!(units(with), units(without));
        }
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
