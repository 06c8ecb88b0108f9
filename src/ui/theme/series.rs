//! The colours of several curves in one chart.

use super::{Theme, Tone, style_of};
use ratatui::style::{Color, Style};

/// Okabe and Ito's colours, which differ for every kind of colour vision (<https://jfly.uni-koeln.de/color/>), each changed
/// until it reads on its background and differs from the others among 256 colours too.
pub(super) const TONES: &[Tone; Theme::SERIES] = &[
    Tone([0xe69f00, 0x9c6b00, 0xc48700], Color::Yellow),
    Tone([0x56b4e9, 0x387ba0, 0x499bc9], Color::Cyan),
    Tone([0xcc79a7, 0xa25f84, 0xcb78a6], Color::Magenta),
    Tone([0x0d9f74, 0x008560, 0x009e73], Color::Green),
    Tone([0xd76e3f, 0xc43c1e, 0xd55e00], Color::Red),
    Tone([0x648fbe, 0x0072b2, 0x377cb6], Color::LightBlue),
    Tone([0xf0e442, 0x7d761e, 0x9e9528], Color::LightYellow),
    Tone([0x999999, 0x747474, 0x939393], Color::DarkGray),
];

impl Theme {
    /// The number of different colours of curves.
    pub const SERIES: usize = 8;

    /// The style of a curve by its number; after [`SERIES`](Self::SERIES) the colours repeat.
    pub fn series(&self, number: usize) -> Style {
        style_of(&TONES[number % Self::SERIES], self.depth, self.background)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use std::collections::HashSet;

    #[test]
    fn curves_differ_in_colour_wherever_there_are_colours() {
        for depth in [
            ColorDepth::TrueColor,
            ColorDepth::Indexed256,
            ColorDepth::Basic16,
        ] {
            for background in [Background::Dark, Background::Light, Background::Unknown] {
                let theme = Theme::new(depth, background);
                let colors: HashSet<_> = (0..Theme::SERIES).map(|n| theme.series(n).fg).collect();
                assert_eq!(colors.len(), Theme::SERIES, "{depth:?} {background:?}");
                assert_eq!(theme.series(1), theme.series(1 + Theme::SERIES));
            }
        }
        let plain = Theme::new(ColorDepth::None, Background::Dark);
        assert_eq!(plain.series(3), Style::new());
    }
}
