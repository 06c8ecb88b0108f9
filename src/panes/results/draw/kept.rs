//! The drawings that the person keeps, and how the network reads them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::lab::Lab;
use crate::panes::results::{JudgedImage, Pad};
use crate::ui::panel::{empty, footnote, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ImageGrid, Mark, Tile};

pub fn draw(pad: &Pad, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(kept) = pad.kept.answer() else {
        let inner = panel("Yours", false, area, buffer, theme);
        let advice = "The network looks at them.";
        return empty("Reading …", advice, inner, buffer, theme);
    };
    let is_right = |image: &&JudgedImage| image.judgement.predicted == image.judgement.label;
    let right = kept.images.iter().filter(is_right).count();
    let title = match kept.images.len() {
        0 => "Yours".to_owned(),
        all => format!("Yours: {right} of {all} right"),
    };
    let inner = panel(&title, false, area, buffer, theme);
    if kept.images.is_empty() {
        let advice = "t keeps the drawing with its class.";
        return empty("None are kept yet", advice, inner, buffer, theme);
    }
    // The wrong ones first: they are what there is to see.
    let mut images: Vec<_> = kept.images.iter().collect();
    images.sort_by_key(is_right);
    let tiles: Vec<Tile> = images
        .into_iter()
        .map(|image| {
            let judgement = &image.judgement;
            let (truth, predicted) = (judgement.label, judgement.predicted);
            let (mark, label) = match truth == predicted {
                true => (Mark::Right, lab.network_class_name(truth.into())),
                false => {
                    let wrong = lab.network_class_name(predicted.into());
                    (
                        Mark::Wrong,
                        format!("{}→{wrong}", lab.network_class_name(truth.into())),
                    )
                }
            };
            Tile::new(image.pixels.as_slice(), label).mark(mark)
        })
        .collect();
    ImageGrid::new(&tiles, kept.shape, theme)
        .map(lab.colors)
        .render(inner, buffer);
    footnote("v: nearest images", area, buffer, theme.dim);
}
