//! From a value to a colour.

use std::fmt;
use std::sync::LazyLock;

use ratatui::style::Color;

use super::tables::{BLUES, CIVIDIS, Table, VIRIDIS};
use super::{ColorDepth, terminal_colors};

/// A map of values 0 to 255 to colours of monotonic lightness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorMap {
    /// Violet to yellow; dark is little.
    #[default]
    Viridis,
    /// Black to white in equal steps of lightness (CIE L*).
    Grey,
    /// Blue to yellow, with or without colour blindness; dark is little.
    Cividis,
    /// White to dark blue: light is little.
    Blues,
}

type Colors = [Color; 256];

impl ColorMap {
    pub const ALL: [Self; 4] = [Self::Viridis, Self::Grey, Self::Cividis, Self::Blues];

    /// The next map for pictures; `Blues` is for counts.
    pub const fn next(self) -> Self {
        match self {
            Self::Viridis => Self::Grey,
            Self::Grey => Self::Cividis,
            Self::Cividis | Self::Blues => Self::Viridis,
        }
    }

    /// The colours of all values on a terminal of this depth: exact, or the nearest of xterm's 256, or a few of the sixteen that get
    /// steadily lighter (or darker) as the map does; `None` without colours.
    fn colors(self, depth: ColorDepth) -> Option<&'static Colors> {
        static COLORS: LazyLock<Box<[[Colors; 3]; 4]>> = LazyLock::new(|| {
            Box::new(ColorMap::ALL.map(|map| {
                let table = map.table();
                [
                    table.map(|rgb| terminal_colors::nearest(rgb, ColorDepth::TrueColor)),
                    terminal_colors::nearest_to_the_eye(&table),
                    map.basic(),
                ]
            }))
        });
        let depth = match depth {
            ColorDepth::TrueColor => 0,
            ColorDepth::Indexed256 => 1,
            ColorDepth::Basic16 => 2,
            ColorDepth::None => return None,
        };
        Some(&COLORS[self as usize][depth])
    }

    fn table(self) -> Table {
        match self {
            Self::Viridis => VIRIDIS,
            Self::Cividis => CIVIDIS,
            Self::Blues => BLUES,
            Self::Grey => std::array::from_fn(|value| [grey(value as f64 / 255.0); 3]),
        }
    }

    fn basic(self) -> Colors {
        let ramp = self.ramp();
        std::array::from_fn(|value| ramp[value * ramp.len() / 256])
    }

    /// The map in the sixteen ANSI colours.
    fn ramp(self) -> &'static [Color] {
        use Color::{
            Black, Blue, Cyan, DarkGray, Gray, Green, LightBlue, LightCyan, LightGreen,
            LightYellow, White, Yellow,
        };
        match self {
            Self::Viridis => &[Blue, Cyan, Green, LightGreen, LightYellow],
            Self::Grey => &[Black, DarkGray, Gray, White],
            Self::Cividis => &[Blue, DarkGray, Gray, Yellow, LightYellow],
            Self::Blues => &[White, LightCyan, Cyan, LightBlue, Blue],
        }
    }
}

/// `viridis`, `grey`, `cividis`, `blues`.
impl fmt::Display for ColorMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Viridis => "viridis",
            Self::Grey => "grey",
            Self::Cividis => "cividis",
            Self::Blues => "blues",
        })
    }
}

/// The sRGB value whose lightness L* is 100 times `share`: CIE 1976, IEC 61966-2-1.
fn grey(share: f64) -> u8 {
    let lightness = 100.0 * share;
    let luminance = if lightness > 8.0 {
        ((lightness + 16.0) / 116.0).powi(3)
    } else {
        lightness / 903.3
    };
    let encoded = if luminance <= 0.003_130_8 {
        12.92 * luminance
    } else {
        1.055 * luminance.powf(1.0 / 2.4) - 0.055
    };
    (255.0 * encoded).round() as u8
}

/// Steps from one of the sixteen colours to the next.
const MIXTURES: usize = 4;

/// Turns pixels into colours: a map for grey values and the terminal's depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    map: ColorMap,
    depth: ColorDepth,
}

impl Paint {
    pub const fn new(map: ColorMap, depth: ColorDepth) -> Self {
        Self { map, depth }
    }

    /// The colour of a single value; `None` if the terminal has no colours and a glyph of `shade` is drawn instead.
    pub fn value(self, value: u8) -> Option<Color> {
        self.map
            .colors(self.depth)
            .map(|colors| colors[usize::from(value)])
    }

    /// With sixteen colours: the two colours of the map around a value, the nearer first, and the block that mixes them,
    /// so that values with the same nearest colour look different.
    pub fn mixed(self, value: u8) -> Option<(Color, Color, &'static str)> {
        if self.depth != ColorDepth::Basic16 {
            return None;
        }
        let ramp = self.map.ramp();
        let steps = MIXTURES * (ramp.len() - 1);
        let step = (usize::from(value) * steps + 127) / 255;
        let at = step / MIXTURES;
        let (near, other, ink) = match step % MIXTURES {
            0 => (at, at, " "),
            1 => (at, at + 1, "░"),
            2 => (at, at + 1, "▒"),
            _ => (at + 1, at, "░"),
        };
        Some((ramp[near], ramp[other], ink))
    }

    /// The colour of a pixel of three channels, else of its first; `None` as above.
    pub fn pixel(self, pixel: &[u8]) -> Option<Color> {
        match *pixel {
            [red, green, blue] => self.rgb([red, green, blue]),
            _ => self.value(pixel[0]),
        }
    }

    /// The nearest colour to an RGB pixel; `None` as above.
    pub fn rgb(self, rgb: [u8; 3]) -> Option<Color> {
        (self.depth != ColorDepth::None).then(|| terminal_colors::nearest(rgb, self.depth))
    }

    /// The block whose ink covers about as much of the cell as `value` is of 255: one of ` ░▒▓█`.
    pub const fn shade(value: u8) -> &'static str {
        match value {
            0..32 => " ",
            32..96 => "░",
            96..160 => "▒",
            160..224 => "▓",
            224.. => "█",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPTHS: [ColorDepth; 2] = [ColorDepth::TrueColor, ColorDepth::Indexed256];

    fn color(map: ColorMap, value: u8, depth: ColorDepth) -> Option<Color> {
        Paint::new(map, depth).value(value)
    }

    /// Lightness L* of what the terminal shows.
    fn lightness(map: ColorMap, value: u8, depth: ColorDepth) -> f64 {
        let rgb = terminal_colors::appearance(color(map, value, depth).unwrap()).unwrap();
        let luminance = terminal_colors::luminance(rgb);
        if luminance > 0.008_856 {
            116.0 * luminance.cbrt() - 16.0
        } else {
            903.3 * luminance
        }
    }

    /// The nearest of 256 colours may step back, but by less than an eye notices beside another hue.
    #[test]
    fn lightness_changes_one_way() {
        for map in ColorMap::ALL {
            for (depth, slack) in DEPTHS.into_iter().zip([0.3, 6.0]) {
                for value in 1..=255 {
                    let mut step = lightness(map, value, depth) - lightness(map, value - 1, depth);
                    if map == ColorMap::Blues {
                        step = -step;
                    }
                    assert!(step > -slack, "{map} {depth:?} {value}: {step}");
                }
                let reach = lightness(map, 255, depth) - lightness(map, 0, depth);
                assert!(reach.abs() > 65.0, "{map} {depth:?}: {reach}");
            }
        }
    }

    #[test]
    fn grey_is_even_in_lightness() {
        for value in 0..=255 {
            let expected = f64::from(value) / 2.55;
            let found = lightness(ColorMap::Grey, value, ColorDepth::TrueColor);
            assert!((found - expected).abs() < 0.4, "{value}: {found}");
        }
    }

    #[test]
    fn few_colours_are_used_evenly_and_none_is_none() {
        for map in ColorMap::ALL {
            let mut seen = map.basic().to_vec();
            seen.dedup();
            assert!((4..=6).contains(&seen.len()), "{map}: {seen:?}");
            assert_eq!(color(map, 128, ColorDepth::None), None);
        }
    }

    #[test]
    fn colours_are_the_published_ones() {
        assert_eq!(
            color(ColorMap::Viridis, 255, ColorDepth::TrueColor),
            Some(Color::Rgb(0xfd, 0xe7, 0x25))
        );
        assert_eq!(
            color(ColorMap::Grey, 255, ColorDepth::Indexed256),
            Some(Color::Indexed(231))
        );
    }

    #[test]
    fn shades_run_from_nothing_to_full() {
        let shades: String = [0, 64, 128, 192, 255].map(Paint::shade).concat();
        assert_eq!(shades, " ░▒▓█");
    }
}
