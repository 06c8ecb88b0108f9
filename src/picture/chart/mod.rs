//! Line charts as publications want them.

pub(super) mod curves;
mod draw;
pub(super) mod frame;
pub(super) mod legend;

use super::scene::{Picture, Rgb};

/// Curves over a common x axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Above the plot, if not empty.
    pub title: String,
    /// Below the x axis, if not empty.
    pub x_label: String,
    /// Beside the y axis, if not empty.
    pub y_label: String,
    /// The curves, the first at the bottom.
    pub series: Vec<Series>,
    /// Whether equal distances on the y axis are equal ratios; values of 0 and less are gaps.
    pub is_logarithmic: bool,
    /// The least and the largest value that y can have: the axis does not go beyond them.
    pub y_limits: [f64; 2],
    /// Width and height in points without the legend, which adds to the height; at least 200 × 120, and higher if the labels need it.
    pub size: [f32; 2],
    /// What the chart is drawn on.
    pub ground: Ground,
}

impl Default for Chart {
    fn default() -> Self {
        Self {
            title: String::new(),
            x_label: String::new(),
            y_label: String::new(),
            series: Vec::new(),
            is_logarithmic: false,
            y_limits: [f64::NEG_INFINITY, f64::INFINITY],
            size: [420.0, 280.0],
            ground: Ground::Light,
        }
    }
}

/// One curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Its name in the legend; without one it is not listed.
    pub name: String,
    /// The number of its colour: [`Ground::color`].
    pub color: usize,
    /// How its line is broken.
    pub pattern: Pattern,
    /// `[x, y]` in their order along the curve; it is interrupted where one of them is not finite.
    pub points: Vec<[f64; 2]>,
    /// `[x, low, high]`: a band around the curve, interrupted in the same way; empty for none.
    pub band: Vec<[f64; 3]>,
}

impl Series {
    /// The curve with this index among others: its colour and pattern differ from those of the 41 before it.
    pub fn new(index: usize, name: impl Into<String>, points: Vec<[f64; 2]>) -> Self {
        let pattern = Pattern::ALL[index / COLORS % Pattern::ALL.len()];
        Self {
            name: name.into(),
            color: index % COLORS,
            pattern,
            points,
            band: Vec::new(),
        }
    }
}

/// How a line is broken, for readers who do not see its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pattern {
    /// ──────
    #[default]
    Solid,
    /// ── ── ──
    Dashed,
    /// · · · ·
    Dotted,
    /// ── · ──
    DashDotted,
    /// ─── ───
    LongDashed,
    /// ── · · ──
    DashDotDotted,
}

impl Pattern {
    /// All patterns in the order in which series take them.
    pub const ALL: [Self; 6] = [
        Self::Solid,
        Self::Dashed,
        Self::Dotted,
        Self::DashDotted,
        Self::LongDashed,
        Self::DashDotDotted,
    ];

    /// Lengths of dashes and gaps in turn, in points; none for a solid line.
    pub const fn dashes(self) -> &'static [f32] {
        match self {
            Self::Solid => &[],
            Self::Dashed => &[5.0, 2.5],
            Self::Dotted => &[1.5, 2.0],
            Self::DashDotted => &[6.0, 2.0, 1.5, 2.0],
            Self::LongDashed => &[10.0, 3.0],
            Self::DashDotDotted => &[6.0, 2.0, 1.5, 2.0, 1.5, 2.0],
        }
    }
}

/// What a chart is drawn on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// White, for paper.
    #[default]
    Light,
    /// Nearly black, for slides.
    Dark,
    /// Nothing: what lies behind shows through. The ink is a grey that is legible on white and on black.
    Transparent,
}

/// The number of colours of a palette.
const COLORS: usize = 7;

/// By Masataka Okabe and Kei Ito, "Color Universal Design", 2008, <https://jfly.uni-koeln.de/color/>: distinct with every kind of colour
/// vision. Without its yellow, which white paper swallows, and its black, which is the ink.
const ON_LIGHT: [Rgb; COLORS] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [230, 159, 0],
    [86, 180, 233],
    [90, 90, 90],
];
/// The same with the dark blue and the grey lighter.
const ON_DARK: [Rgb; COLORS] = [
    [86, 180, 233],
    [230, 120, 30],
    [0, 180, 130],
    [220, 140, 185],
    [240, 228, 66],
    [60, 140, 210],
    [190, 190, 190],
];

impl Ground {
    /// The colour with this number: from a palette of seven that is safe for colour-blind eyes, over and over.
    pub const fn color(self, number: usize) -> Rgb {
        match self {
            Self::Dark => ON_DARK[number % COLORS],
            Self::Light | Self::Transparent => ON_LIGHT[number % COLORS],
        }
    }

    /// Its own colour; `None` for nothing.
    pub const fn background(self) -> Option<Rgb> {
        match self {
            Self::Light => Some([255; 3]),
            Self::Dark => Some([17, 19, 24]),
            Self::Transparent => None,
        }
    }

    /// The colour of text and axes.
    pub const fn ink(self) -> Rgb {
        match self {
            Self::Light => [26; 3],
            Self::Dark => [225; 3],
            Self::Transparent => [119; 3],
        }
    }

    /// The colour of the lines from tick to tick.
    pub(in crate::picture) const fn grid(self) -> Rgb {
        match self {
            Self::Light => [226; 3],
            Self::Dark => [46, 49, 56],
            Self::Transparent => [160; 3],
        }
    }
}

impl Chart {
    /// The chart as a picture: the plot with title, axes and labels, and below them the legend, which covers nothing.
    pub fn picture(&self) -> Picture {
        draw::draw(self)
    }

    /// Whether a value has a place on the y axis.
    pub(super) fn has_place(&self, y: f64) -> bool {
        y.is_finite() && (!self.is_logarithmic || y > 0.0)
    }

    /// Why nothing is drawn; `None` if something is.
    pub(super) fn why_empty(&self) -> Option<&'static str> {
        let ys = |series: &Series| {
            let points = series.points.iter().map(|[x, y]| [*x, *y]);
            let bands = series.band.iter().map(|[x, _, high]| [*x, *high]);
            points.chain(bands).collect::<Vec<_>>()
        };
        let mut finite = self
            .series
            .iter()
            .flat_map(ys)
            .filter(|point| point.iter().all(|value| value.is_finite()))
            .peekable();
        if finite.peek().is_none() {
            return Some("There are no values to draw.");
        }
        match finite.any(|[_, y]| self.has_place(y)) {
            true => None,
            false => Some("No value is above 0, as a logarithmic axis needs."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_look_different_for_as_long_as_can_be() {
        let looks: Vec<_> = (0..COLORS * Pattern::ALL.len())
            .map(|index| Series::new(index, "", Vec::new()))
            .map(|series| (series.color, series.pattern))
            .collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[..index].contains(look), "{index}");
        }
        assert_eq!(looks.len(), 42);
    }

    /// Relative luminance by WCAG 2.1.
    fn luminance(color: Rgb) -> f64 {
        let linear = |value: u8| match f64::from(value) / 255.0 {
            value if value <= 0.040_45 => value / 12.92,
            value => ((value + 0.055) / 1.055).powf(2.4),
        };
        let [red, green, blue] = color.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn ink_and_curves_stand_out_from_their_ground() {
        for (ground, backgrounds) in [
            (Ground::Light, vec![[255; 3]]),
            (Ground::Dark, vec![[17, 19, 24]]),
            (Ground::Transparent, vec![[255; 3], [0; 3]]),
        ] {
            for background in backgrounds {
                assert!(contrast(ground.ink(), background) > 4.4, "{ground:?}");
                for number in 0..COLORS {
                    let found = contrast(ground.color(number), background);
                    assert!(found > 2.0, "{ground:?} {number}: {found}");
                }
            }
        }
    }

    #[test]
    fn a_chart_without_values_says_why() {
        let with = |points: &[[f64; 2]], is_logarithmic| {
            let chart = Chart {
                series: vec![Series::new(0, "loss", points.to_vec())],
                is_logarithmic,
                ..Chart::default()
            };
            chart.why_empty()
        };
        assert_eq!(with(&[], false), Some("There are no values to draw."));
        assert_eq!(
            with(&[[1.0, f64::NAN], [f64::NAN, 1.0]], false),
            Some("There are no values to draw.")
        );
        assert_eq!(
            with(&[[1.0, 0.0]], true),
            Some("No value is above 0, as a logarithmic axis needs.")
        );
        assert_eq!(with(&[[1.0, 0.0], [2.0, 1.0]], true), None);
        assert_eq!(with(&[[1.0, 0.0]], false), None);
    }
}
