//! Tables as publications print them: rules above, below and under the headings, numbers to the right.

mod draw;
mod tex;

use super::chart::Ground;
use super::scene::{Picture, Rgb};

/// Rows of short texts under headings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What it shows, and of what; above it, if not empty.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// Rows with an entry for each column.
    pub rows: Vec<Vec<Entry>>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Whether it holds numbers, which are aligned on the right.
    pub is_number: bool,
}

impl Column {
    /// A column of texts.
    pub fn text(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            is_number: false,
        }
    }

    /// A column of numbers.
    pub fn number(title: impl Into<String>) -> Self {
        Self {
            is_number: true,
            ..Self::text(title)
        }
    }
}

/// What is in one column of a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// One line.
    pub text: String,
    /// Whether it is bold.
    pub is_bold: bool,
    /// What it is coloured with, if anything.
    pub tint: Option<Tint>,
}

/// The colour behind an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tint {
    /// The number of its colour: [`Ground::color`].
    pub color: usize,
    /// How much of it, from 0 to 1.
    pub share: f32,
}

/// How much of a colour is behind a text at most, so that the text stands out.
const MOST_TINT: f32 = 0.55;

impl<T: Into<String>> From<T> for Entry {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

impl Entry {
    /// The same in bold, if it is to stand out.
    #[must_use]
    pub fn bold(self, is_bold: bool) -> Self {
        Self { is_bold, ..self }
    }

    /// The colour behind it on this ground; `None` if there is nothing to see of it.
    fn color(&self, ground: Ground) -> Option<Rgb> {
        let Tint { color, share } = self.tint.filter(|tint| tint.share > 0.0)?;
        let share = MOST_TINT * share.min(1.0);
        let (color, behind) = (ground.color(color), ground.background().unwrap_or([255; 3]));
        let mixed = |at: usize| {
            let [color, behind] = [color, behind].map(|color| f32::from(color[at]));
            (behind + share * (color - behind)).round() as u8
        };
        Some([0, 1, 2].map(mixed))
    }
}

impl Table {
    /// A table without rows.
    pub fn new(caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            caption: caption.into(),
            columns,
            rows: Vec::new(),
        }
    }

    /// The texts of headings and rows, for a terminal.
    pub fn texts(&self) -> Vec<Vec<String>> {
        let head = self.columns.iter().map(|column| column.title.clone());
        let rows = self.rows.iter();
        let rows = rows.map(|row| row.iter().map(|entry| entry.text.clone()).collect());
        std::iter::once(head.collect()).chain(rows).collect()
    }

    /// The table as a picture.
    pub fn picture(&self, ground: Ground) -> Picture {
        draw::draw(self, ground)
    }

    /// The table as a TeX document with the rules of booktabs.
    pub fn to_tex(&self) -> String {
        tex::to_tex(self)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::picture::svg::tests::check_xml;
    use crate::picture::{Shape, to_svg};

    /// Two classes that a network confuses.
    pub(in crate::picture) fn confusion() -> Table {
        let columns = vec![
            Column::text("true class"),
            Column::number("T-shirt/top"),
            Column::number("50 % & more"),
        ];
        let mut table = Table::new("Confusion matrix of 12 test images, by true class", columns);
        for (truth, counts) in [("T-shirt/top", [5, 1]), ("50 % & more", [0, 6])] {
            let entries = counts.into_iter().enumerate().map(|(predicted, count)| {
                let is_right = usize::from(truth.starts_with('5')) == predicted;
                Entry {
                    tint: Some(Tint {
                        color: usize::from(!is_right),
                        share: count as f32 / 6.0,
                    }),
                    ..Entry::from(count.to_string()).bold(is_right)
                }
            });
            let named = Entry::from(truth);
            table
                .rows
                .push(std::iter::once(named).chain(entries).collect());
        }
        table
    }

    #[test]
    fn a_table_is_as_wide_as_its_columns() {
        let table = confusion();
        let picture = table.picture(Ground::Light);
        check_xml(&to_svg(&picture));
        let rights = picture.shapes().iter().filter_map(|shape| match shape {
            Shape::Text(text) => Some(text.place[0] - text.lead() + text.width()),
            _ => None,
        });
        let [width, height] = picture.size();
        assert!(rights.fold(0.0, f32::max) <= width, "{width}");
        assert!((60.0..110.0).contains(&height), "{height}");
        assert_eq!(table.texts()[2], ["50 % & more", "0", "6"]);
        // Nothing at all is a picture too.
        check_xml(&to_svg(&Table::default().picture(Ground::Dark)));
    }

    #[test]
    fn tex_has_rules_alignment_and_tints() {
        let tex = confusion().to_tex();
        for part in [
            "\\usepackage{booktabs}",
            "\\begin{tabular}{lrr}\n\\toprule\n",
            "true class & T-shirt/top & 50 \\% \\& more \\\\\n\\midrule\n",
            "T-shirt/top & \\cellcolor[RGB]{",
            "}\\textbf{5} & ",
            "\\bottomrule\n\\end{tabular}",
            "Confusion matrix of 12 test images",
        ] {
            assert!(tex.contains(part), "{part}\n{tex}");
        }
        // Nothing is behind a zero.
        assert!(tex.contains("50 \\% \\& more & 0 & "), "{tex}");
    }
}
