//! Colours and styles of everything on the screen, for any terminal.

mod color_map;
mod depth;
mod series;
mod tables;
mod terminal_colors;

pub use color_map::{ColorMap, Paint};
pub use depth::ColorDepth;
pub use terminal_colors::{appearance, readable_on};

use ratatui::style::{Color, Modifier, Style};

/// The background of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Background {
    Dark,
    Light,
    /// Unknown: colours of medium lightness, readable on both.
    #[default]
    Unknown,
}

impl Background {
    /// Detects it from `COLORFGBG` (`15;0` is white on black), which rxvt, Konsole and some others set.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = variable("COLORFGBG").unwrap_or_default();
        match value.rsplit(';').next().map(str::parse::<u8>) {
            Some(Ok(0..=6 | 8)) => Self::Dark,
            Some(Ok(7 | 9..=15)) => Self::Light,
            _ => Self::Unknown,
        }
    }
}

/// One colour of the theme: one per background, and its name among the sixteen.
struct Tone([u32; 3], Color);

const ACCENT: Tone = Tone([0x4fc3d9, 0x00687a, 0x1692ab], Color::Cyan);
const QUIET: Tone = Tone([0x8d949e, 0x666c74, 0x7f8790], Color::DarkGray);
const ERROR: Tone = Tone([0xff7b72, 0xb3261e, 0xe5484d], Color::Red);
const GOOD: Tone = Tone([0x63d18b, 0x1a7f37, 0x2f9e44], Color::Green);
const WARNING: Tone = Tone([0xf2c14e, 0x8a5a00, 0xbf8700], Color::Yellow);
// Blue and orange differ for every kind of colour vision.
const TRAIN: Tone = Tone([0x6cb0ff, 0x1f5fbf, 0x3f8ae0], Color::LightBlue);
const VALIDATION: Tone = Tone([0xffa657, 0xb34700, 0xe36414], Color::Magenta);

fn style_of(tone: &Tone, depth: ColorDepth, background: Background) -> Style {
    let color = match depth {
        ColorDepth::None => return Style::new(),
        ColorDepth::Basic16 => tone.1,
        _ => terminal_colors::nearest(channels(tone.0[background as usize]), depth),
    };
    Style::new().fg(color)
}

fn channels(hex: u32) -> [u8; 3] {
    let [_, channels @ ..] = hex.to_be_bytes();
    channels
}

/// Named styles for everything that panes draw; each differs from plain text even without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    pub depth: ColorDepth,
    pub background: Background,
    /// Plain text, in the terminal's own colours.
    pub text: Style,
    /// Secondary text: units, axes, hints.
    pub dim: Style,
    /// Highlighted text: the chosen value, the running epoch.
    pub accent: Style,
    /// A key that can be pressed.
    pub key: Style,
    pub title: Style,
    pub error: Style,
    pub good: Style,
    pub warning: Style,
    /// The row or cell under the cursor.
    pub selected: Style,
    pub border: Style,
    pub focused_border: Style,
    /// Curves and figures of the training images.
    pub train: Style,
    /// Curves and figures of the validation images.
    pub validation: Style,
}

impl Theme {
    pub fn new(depth: ColorDepth, background: Background) -> Self {
        let plain = Style::new();
        let style = |tone: &Tone| style_of(tone, depth, background);
        let bold = |tone: &Tone| style(tone).add_modifier(Modifier::BOLD);
        let dim = match depth {
            ColorDepth::None => plain.add_modifier(Modifier::DIM),
            _ => style(&QUIET),
        };
        let selected = match (depth, style(&ACCENT).fg) {
            (ColorDepth::TrueColor | ColorDepth::Indexed256, Some(accent)) => {
                plain.bg(accent).fg(readable_on(accent))
            }
            _ => plain.add_modifier(Modifier::REVERSED),
        };
        Self {
            depth,
            background,
            text: plain,
            dim,
            accent: bold(&ACCENT),
            key: bold(&ACCENT),
            title: plain.add_modifier(Modifier::BOLD),
            error: bold(&ERROR),
            good: bold(&GOOD),
            warning: bold(&WARNING),
            selected: selected.add_modifier(Modifier::BOLD),
            border: dim,
            focused_border: bold(&ACCENT),
            train: style(&TRAIN),
            validation: style(&VALIDATION),
        }
    }

    /// Turns pixels into colours at this theme's depth.
    pub const fn paint(&self, map: ColorMap) -> Paint {
        Paint::new(map, self.depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [&Tone; 7] = [
        &ACCENT,
        &QUIET,
        &ERROR,
        &GOOD,
        &WARNING,
        &TRAIN,
        &VALIDATION,
    ];

    #[test]
    fn every_tone_reads_on_its_background() {
        let contrast = terminal_colors::contrast;
        for (index, tone) in TONES.into_iter().chain(series::TONES).enumerate() {
            let [dark, light, unknown] = tone.0.map(channels);
            assert!(contrast(dark, [0x1e; 3]) >= 4.5, "{index} dark");
            assert!(contrast(light, [0xff; 3]) >= 4.5, "{index} light");
            assert!(contrast(unknown, [0x00; 3]) >= 4.5, "{index} black");
            assert!(contrast(unknown, [0xff; 3]) >= 3.0, "{index} white");
        }
    }

    #[test]
    fn without_colour_styles_differ_by_modifiers_alone() {
        let theme = Theme::new(ColorDepth::None, Background::Unknown);
        for style in [
            theme.accent,
            theme.error,
            theme.selected,
            theme.dim,
            theme.key,
        ] {
            assert_eq!((style.fg, style.bg), (None, None));
            assert_ne!(style, theme.text);
        }
        assert_ne!(theme.border, theme.focused_border);
    }

    #[test]
    fn background_comes_from_the_last_field() {
        let detect = |value: &str| Background::detect(|_| Some(value.to_owned()));
        assert_eq!(detect("15;0"), Background::Dark);
        assert_eq!(detect("0;default;15"), Background::Light);
        assert_eq!(detect("0;7"), Background::Light);
        assert_eq!(detect("12;8"), Background::Dark);
        assert_eq!(detect(""), Background::Unknown);
        assert_eq!(detect("0;default"), Background::Unknown);
    }

    #[test]
    fn few_colours_stay_named() {
        let theme = Theme::new(ColorDepth::Basic16, Background::Dark);
        assert_eq!(theme.train.fg, Some(Color::LightBlue));
        let theme = Theme::new(ColorDepth::Indexed256, Background::Dark);
        assert!(matches!(theme.train.fg, Some(Color::Indexed(16..))));
    }
}
