//! The image that is looked at, what the network takes it for, and why.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::{ActivationsPane, Look, ShownMaps};
use super::subject_title;
use crate::analysis::explain::overlay;
use crate::lab::{Lab, Part};
use crate::shape::Shape;
use crate::ui::format::{fit, wrap};
use crate::ui::panel::{footnote, lines, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::{PixelImage, draw_probabilities};
use crate::worker::Subject;

/// Rows with which the image stays large beside all that is said of an explanation.
const ROWS_FOR_WORDS: u16 = 34;

pub fn draw(pane: &ActivationsPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Image);
    let inner = panel(&subject_title(lab), focused, area, buffer, theme);
    let Some((look, shown)) = pane.shown() else {
        return;
    };
    let words = explaining_words(pane, lab, inner);
    let classes = shown.maps.probabilities.len().min(10) as u16;
    let label_rows = u16::from(shown.label.is_some()) + words.len() as u16;
    let below = classes + 1 + label_rows;
    let most = Size::new(inner.width, inner.height.saturating_sub(below).max(4));
    let size = PixelImage::size(shown.input, most);
    let [picture, label, _, bars] = Layout::vertical([
        Constraint::Length(size.height),
        Constraint::Length(label_rows),
        Constraint::Length(u16::from(inner.height > size.height + classes + label_rows)),
        Constraint::Fill(1),
    ])
    .areas(inner);
    let paint = theme.paint(lab.colors);
    match pane.why.of(look) {
        Some(explanation) => {
            let painted = overlay(&shown.pixels, shown.input, &explanation.heat);
            let shape = Shape::new(shown.input.height, shown.input.width, 3);
            PixelImage::new(&painted, shape, paint).render(picture, buffer);
            let name = explanation.method.kind().name.replace('_', " ");
            let note = format!("{name}: {}", lab.network_class_name(explanation.class));
            footnote(&note, area, buffer, theme.accent);
        }
        None => {
            PixelImage::new(&shown.pixels, shown.input, paint).render(picture, buffer);
            if pane.why.method.is_some() {
                footnote("explaining …", area, buffer, theme.dim);
            }
        }
    }
    lines(
        label_line(lab, look, shown, theme)
            .into_iter()
            .chain(words.into_iter().map(|line| Line::styled(line, theme.dim))),
        label,
        buffer,
    );
    draw_probabilities(
        &shown.maps.probabilities,
        // The network may know other classes than the image's set has.
        shown.label.and_then(|label| {
            let truth = lab.looked_class_name(usize::from(label));
            let names = lab.network_class_names();
            names.iter().position(|name| *name == truth)
        }),
        |class| lab.network_class_name(class),
        bars,
        buffer,
        theme,
    );
}

fn label_line(lab: &Lab, look: &Look, shown: &ShownMaps, theme: &Theme) -> Option<Line<'static>> {
    let truth = usize::from(shown.label?);
    let mut spans = vec![
        Span::styled("true ", theme.dim),
        Span::styled(lab.looked_class_name(truth), theme.title),
    ];
    // Of the chosen set it need not be said.
    if let Subject::OfSet { dataset, .. } = &look.subject
        && lab.chosen_set().is_none_or(|set| set.name != *dataset)
    {
        spans.push(Span::styled(format!(" · {dataset}"), theme.dim));
    }
    Some(Line::from(spans))
}

/// What the colours mean and by which settings the image is explained: all of it where there is room, else a line of the settings.
fn explaining_words(pane: &ActivationsPane, lab: &Lab, inner: Rect) -> Vec<String> {
    let Some(method) = pane.why.current() else {
        return Vec::new();
    };
    let width = usize::from(inner.width);
    let fields: Vec<String> = method
        .fields()
        .map(
            |(field, value)| match (field.name, value.to_string().as_str()) {
                // Which layer that is, is in the note.
                ("layer", "0") => "its last convolution".to_owned(),
                (name, value) => format!("{name} {value}"),
            },
        )
        .collect();
    let settings = fields.join(" · ");
    if inner.height < ROWS_FOR_WORDS {
        let line = (!settings.is_empty()).then(|| fit(&settings, width));
        return line.into_iter().collect();
    }
    let mut words = wrap(&settings, width);
    words.retain(|line| !line.is_empty());
    let explanation = pane.shown().and_then(|(look, _)| pane.why.of(look));
    if let Some(explanation) = explanation {
        let name = lab.network_class_name(explanation.class);
        let colours = format!("orange speaks for {name}, blue against it");
        words.extend(wrap(&colours, width));
        words.extend(wrap(&explanation.note, width));
        words.retain(|line| !line.is_empty());
    }
    words
}
