//! The appearance of terminal colours, and the nearest one to a colour.

use ratatui::style::Color;

use super::ColorDepth;

/// The sixteen colours of ANSI in order, as xterm shows them (a terminal's user may have chosen others).
const BASIC: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// The levels of each channel in xterm's 6×6×6 cube, which starts at index 16.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The colour nearest to `rgb` that a terminal of this depth has; `Reset` without colours.
pub(super) fn nearest(rgb: [u8; 3], depth: ColorDepth) -> Color {
    let [red, green, blue] = rgb;
    match depth {
        ColorDepth::TrueColor => Color::Rgb(red, green, blue),
        // Never one of the first sixteen, whose looks are the user's.
        ColorDepth::Indexed256 => nearest_of(rgb, (16..=255).map(Color::Indexed)),
        ColorDepth::Basic16 => nearest_of(rgb, BASIC.into_iter().map(|(color, _)| color)),
        ColorDepth::None => Color::Reset,
    }
}

fn nearest_of(rgb: [u8; 3], colors: impl Iterator<Item = Color>) -> Color {
    colors
        .filter_map(|color| appearance(color).map(|looks| (distance(rgb, looks), color)))
        .min_by_key(|(distance, _)| *distance)
        .map_or(Color::Reset, |(_, color)| color)
}

/// Squared distance, with perceptual weights of the channels ("redmean", <https://www.compuphase.com/cmetric.htm>).
fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(a[channel].abs_diff(b[channel])));
    let mean = (u32::from(a[0]) + u32::from(b[0])) / 2;
    (512 + mean) * red * red + 1024 * green * green + (767 - mean) * blue * blue
}

/// For each colour of a table, the perceptually nearest of xterm's 256. This keeps a colour map monotonic, which the faster
/// `nearest` does not.
pub(super) fn nearest_to_the_eye(table: &[[u8; 3]; 256]) -> [Color; 256] {
    let candidates: Vec<(Color, [f64; 3])> = (16..=255)
        .map(Color::Indexed)
        .filter_map(|color| appearance(color).map(|rgb| (color, oklab(rgb))))
        .collect();
    table.map(|rgb| {
        let wanted = oklab(rgb);
        let off = |found: &[f64; 3]| -> f64 {
            (0..3)
                .map(|axis| (found[axis] - wanted[axis]).powi(2))
                .sum()
        };
        candidates
            .iter()
            .min_by(|(_, one), (_, other)| off(one).total_cmp(&off(other)))
            .map_or(Color::Reset, |(color, _)| *color)
    })
}

/// Oklab, perceptually uniform lightness and two axes of hue: Björn Ottosson, <https://bottosson.github.io/posts/oklab>.
fn oklab(rgb: [u8; 3]) -> [f64; 3] {
    let [red, green, blue] = rgb.map(linear);
    let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
    let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
    let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
    [
        0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
        1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
        0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
    ]
}

/// Linear light of an sRGB value: IEC 61966-2-1.
fn linear(value: u8) -> f64 {
    let value = f64::from(value) / 255.0;
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// The RGB value of a colour; `None` for the terminal's default foreground and background.
pub fn appearance(color: Color) -> Option<[u8; 3]> {
    match color {
        Color::Reset => None,
        Color::Rgb(red, green, blue) => Some([red, green, blue]),
        Color::Indexed(index @ 16..232) => {
            let index = usize::from(index) - 16;
            Some([CUBE[index / 36], CUBE[index / 6 % 6], CUBE[index % 6]])
        }
        Color::Indexed(index @ 232..) => Some([8 + 10 * (index - 232); 3]),
        Color::Indexed(index) => Some(BASIC[usize::from(index)].1),
        named => BASIC
            .into_iter()
            .find(|(color, _)| *color == named)
            .map(|(_, rgb)| rgb),
    }
}

/// Relative luminance in [0, 1]: WCAG 2.
pub(super) fn luminance(rgb: [u8; 3]) -> f64 {
    let [red, green, blue] = rgb.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Contrast between two colours, 1 to 21: WCAG 2.
pub(super) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Black or white, whichever has more contrast on `background`; the default foreground if that is unknown.
pub fn readable_on(background: Color) -> Color {
    let Some(rgb) = appearance(background) else {
        return Color::Reset;
    };
    let is_black = contrast(rgb, [0; 3]) >= contrast(rgb, [255; 3]);
    match (background, is_black) {
        (Color::Rgb(..), true) => Color::Rgb(0, 0, 0),
        (Color::Rgb(..), false) => Color::Rgb(255, 255, 255),
        (Color::Indexed(_), true) => Color::Indexed(16),
        (Color::Indexed(_), false) => Color::Indexed(231),
        (_, true) => Color::Black,
        (_, false) => Color::White,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_that_the_terminal_has_are_nearest_to_themselves() {
        for index in 16..=255 {
            let rgb = appearance(Color::Indexed(index)).unwrap();
            let found = nearest(rgb, ColorDepth::Indexed256);
            assert_eq!(appearance(found), Some(rgb), "{index}");
        }
        for (color, rgb) in BASIC {
            assert_eq!(nearest(rgb, ColorDepth::Basic16), color);
        }
    }

    proptest! {
        /// The cube's colour with every channel rounded does not look nearer.
        #[test]
        fn indexed_colours_stay_near(rgb in any::<[u8; 3]>()) {
            let found = appearance(nearest(rgb, ColorDepth::Indexed256)).unwrap();
            let rounded = rgb.map(|value| {
                CUBE.into_iter().min_by_key(|step| step.abs_diff(value)).unwrap()
            });
            prop_assert!(distance(rgb, found) <= distance(rgb, rounded), "{rgb:?} {found:?}");
        }

        /// Greys of the ramp lie 10 apart, the brightest 17 below white.
        #[test]
        fn indexed_greys_stay_near(grey in any::<u8>()) {
            let found = appearance(nearest([grey; 3], ColorDepth::Indexed256)).unwrap();
            prop_assert!(found[0].abs_diff(grey) <= 9 && found == [found[0]; 3], "{found:?}");
        }
    }

    #[test]
    fn contrast_of_black_and_white_is_the_largest() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        assert_eq!(readable_on(Color::Reset), Color::Reset);
        assert_eq!(readable_on(Color::Indexed(231)), Color::Indexed(16));
        assert_eq!(readable_on(Color::Blue), Color::White);
    }
}
