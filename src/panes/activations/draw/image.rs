//! The image, its prediction, and the explanation.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::{Look, ShownMaps};
use super::Shown;
use crate::analysis::explain::{AGAINST, Explanation, FOR, overlay};
use crate::lab::Part;
use crate::shape::Shape;
use crate::ui::format::{fit, width_of, wrap};
use crate::ui::panel::{footnote, lines, panel};
use crate::ui::widgets::{PixelImage, draw_probabilities};
use crate::worker::Subject;

/// Rows from which the image stays large beside the whole text of an explanation.
const ROWS_FOR_WORDS: u16 = 34;

impl Shown<'_> {
    pub(super) fn draw_image(&self, area: Rect, buffer: &mut Buffer) {
        let (pane, lab, theme) = (self.pane, self.lab, self.theme);
        let focused = lab.has_focus(Part::Image);
        let inner = panel(&self.subject_title(), focused, area, buffer, theme);
        let Some((look, shown)) = pane.shown() else {
            return;
        };
        let words = self.explaining_words(inner);
        let classes = shown.maps.probabilities.len().min(10) as u16;
        let explanation = pane.why.of(look);
        let legend = explanation.map(|explanation| self.legend(explanation, inner.width.into()));
        let said = [shown.label.is_some(), legend.is_some()].map(u16::from);
        let label_rows = said[0] + said[1] + words.len() as u16;
        let below = classes + 1 + label_rows;
        let most = Size::new(inner.width, inner.height.saturating_sub(below).max(4));
        let height = PixelImage::size(shown.input, most).height;
        let gap = u16::from(inner.height > height + classes + label_rows);
        let rows = Layout::vertical([Length(height), Length(label_rows), Length(gap), Fill(1)]);
        let [picture, label, _, bars] = rows.areas(inner);
        let paint = theme.paint(lab.colors.images);
        if let Some(explanation) = explanation {
            let painted = overlay(&shown.pixels, shown.input, &explanation.heat);
            let shape = Shape::new(shown.input.height, shown.input.width, 3);
            PixelImage::new(&painted, shape, paint).render(picture, buffer);
            let name = explanation.method.kind().name.replace('_', " ");
            let note = format!("{name}: {}", lab.network_class_name(explanation.class));
            footnote(&note, area, buffer, theme.accent);
        } else {
            PixelImage::new(&shown.pixels, shown.input, paint).render(picture, buffer);
            if pane.why.method.is_some() {
                footnote("explaining …", area, buffer, theme.dim);
            }
        }
        let words = words.into_iter().map(|line| Line::styled(line, theme.dim));
        let truth = self.label_line(look, shown).into_iter();
        lines(truth.chain(legend).chain(words), label, buffer);
        // The network may know other classes than the image's set has.
        let truth = shown.label.and_then(|label| {
            let truth = lab.looked_class_name(usize::from(label));
            let names = lab.network_class_names();
            names.iter().position(|name| *name == truth)
        });
        let name = |class| lab.network_class_name(class);
        draw_probabilities(&shown.maps.probabilities, truth, name, bars, buffer, theme);
    }

    /// What the two colours of an explanation mean.
    fn legend(&self, explanation: &Explanation, width: usize) -> Line<'static> {
        let paint = self.theme.paint(self.lab.colors.images);
        // Without colours the picture shows how much red there is.
        let sign = |color: [u8; 3], shade: &'static str| match paint.rgb(color) {
            Some(color) => Span::styled(shade.replace(['█', '░'], "■"), Style::new().fg(color)),
            None => Span::raw(shade),
        };
        let orange = explanation.method.kind().orange;
        let against = match explanation.has_against() {
            true => vec![
                sign(AGAINST, "  ░ "),
                Span::styled("against", self.theme.dim),
            ],
            false => Vec::new(),
        };
        let taken = width_of(orange) + "■  ".chars().count() + Line::from(against.clone()).width();
        let name = self.lab.network_class_name(explanation.class);
        let name = fit(&name, width.saturating_sub(taken));
        let mut spans = vec![
            sign(FOR, "█ "),
            Span::styled(format!("{orange} {name}"), self.theme.dim),
        ];
        spans.extend(against);
        Line::from(spans)
    }

    fn label_line(&self, look: &Look, shown: &ShownMaps) -> Option<Line<'static>> {
        let truth = usize::from(shown.label?);
        let mut spans = vec![
            Span::styled("true ", self.theme.dim),
            Span::styled(self.lab.looked_class_name(truth), self.theme.title),
        ];
        // The chosen set need not be named.
        if let Subject::OfSet { dataset, .. } = &look.subject
            && self.lab.chosen_set().is_none_or(|set| set.name != *dataset)
        {
            spans.push(Span::styled(format!(" · {dataset}"), self.theme.dim));
        }
        Some(Line::from(spans))
    }

    /// The settings and the note of the explanation, or one line of settings if there is little room.
    fn explaining_words(&self, inner: Rect) -> Vec<String> {
        let why = &self.pane.why;
        let Some(method) = why.current() else {
            return Vec::new();
        };
        let width = usize::from(inner.width);
        let fields = method.fields().map(|(field, value)| {
            match (field.name, value.to_string().as_str()) {
                // The note names that layer.
                ("layer", "0") => "last convolution".to_owned(),
                (name, value) => format!("{name} {value}"),
            }
        });
        let settings = fields.collect::<Vec<_>>().join(" · ");
        if inner.height < ROWS_FOR_WORDS {
            let line = (!settings.is_empty()).then(|| fit(&settings, width));
            return line.into_iter().collect();
        }
        let mut words = wrap(&settings, width);
        let explanation = self.pane.shown().and_then(|(look, _)| why.of(look));
        if let Some(explanation) = explanation {
            words.extend(wrap(&explanation.note, width));
        }
        words.retain(|line| !line.is_empty());
        words
    }
}
