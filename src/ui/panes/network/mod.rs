//! Network: the table of layers, what they cost, and whether they fit the data.

mod table;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::Pane;
use crate::state::facts::{NetworkSummary, Preset};
use crate::state::{Lab, Message, PaneId, Part, PickerKind};
use crate::ui::action::Action;
use crate::ui::format::{count, short, wrap};
use crate::ui::keys::Key;
use crate::ui::panel::{footnote, lines, panel};
use crate::ui::theme::Theme;
use table::draw_table;

/// Columns from which the facts stand beside the table.
const WIDE: u16 = 118;

pub struct NetworkPane;

impl Pane for NetworkPane {
    fn id(&self) -> PaneId {
        PaneId::Network
    }

    fn title(&self) -> &'static str {
        "Network"
    }

    fn about(&self) -> &'static str {
        "the layers, their shapes and parameters"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        let fits = lab.chosen_set().is_some_and(|set| {
            set.shape == lab.preset.input && set.class_names.len() == lab.preset.classes
        });
        let nothing_to_fit = match lab.chosen_set() {
            None => Some("no data is loaded to fit the network to".to_owned()),
            Some(_) => fits.then(|| "the network's input and classes are the set's already".into()),
        };
        vec![
            Action::new(
                Key::char('p'),
                "choose a network",
                "choose among the networks of the program, with a preview of each",
                Message::Pick(PickerKind::Preset),
            )
            .or(Key::char('/')),
            Action::new(
                Key::code(KeyCode::Enter),
                "activations",
                "look at what the layer under the cursor makes of an image",
                Message::Enter,
            ),
            Action::moves("↑↓", "move", "go from layer to layer"),
            Action::new(
                Key::char('f'),
                "fit to the data",
                "give the network the image shape and the classes of the chosen set",
                Message::FitToData,
            )
            .blocked_by(nothing_to_fit),
        ]
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        if area.width >= WIDE {
            let [table, facts] =
                Layout::horizontal([Constraint::Fill(1), Constraint::Length(40)]).areas(area);
            draw_table_panel(lab, table, buffer, theme);
            let inner = panel("Facts", false, facts, buffer, theme);
            lines(facts_of(lab, inner.width, theme, true), inner, buffer);
        } else {
            let text = facts_of(lab, area.width.saturating_sub(4), theme, false);
            let height = (text.len() as u16 + 2).min(area.height / 2);
            let [table, facts] =
                Layout::vertical([Constraint::Fill(1), Constraint::Length(height)]).areas(area);
            draw_table_panel(lab, table, buffer, theme);
            let inner = panel("Facts", false, facts, buffer, theme);
            lines(text, inner, buffer);
        }
    }
}

fn draw_table_panel(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let summary = &lab.summary;
    let title = format!("{} · input {}", summary.name, summary.input);
    let inner = panel(&title, lab.has_focus(Part::Layers), area, buffer, theme);
    let shown = draw_table(
        &lab.preset.layers,
        summary,
        Some(lab.cursors.layer),
        inner,
        buffer,
        theme,
    );
    if shown.len() < summary.layers.len() {
        let text = format!(
            "layers {}–{} of {}",
            shown.start + 1,
            shown.end,
            summary.layers.len()
        );
        footnote(&text, area, buffer, theme.dim);
    }
}

/// Totals, what it is for, published figures, the recipe, and what does not fit.
fn facts_of(lab: &Lab, width: u16, theme: &Theme, tall: bool) -> Vec<Line<'static>> {
    let width = usize::from(width);
    let mut text = Vec::new();
    if let Some(misfit) = lab.misfit() {
        text.extend(
            wrap(&misfit, width)
                .into_iter()
                .map(|line| Line::styled(line, theme.error)),
        );
        if tall {
            text.push(Line::default());
        }
    }
    text.extend(totals(&lab.summary, width, theme, tall));
    if tall {
        text.push(Line::default());
    }
    text.extend(about_preset(&lab.preset, width, theme, tall));
    if tall {
        text.push(Line::default());
        text.extend(about_layer(lab, width, theme));
    }
    text
}

fn totals(summary: &NetworkSummary, width: usize, theme: &Theme, tall: bool) -> Vec<Line<'static>> {
    let figure = |name: &'static str, value: String| {
        vec![
            Span::styled(format!("{name} "), theme.dim),
            Span::styled(value, theme.text),
        ]
    };
    let figures = [
        figure("parameters", count(summary.parameters)),
        figure("trainable", count(summary.trainable)),
        figure("not trainable", count(summary.non_trainable)),
        figure("mult-adds an image", short(summary.multiply_accumulates)),
    ];
    if tall {
        return figures.into_iter().map(Line::from).collect();
    }
    let mut spans = Vec::new();
    for figure in figures {
        if !spans.is_empty() {
            spans.push(Span::raw("   "));
        }
        spans.extend(figure);
    }
    while Line::from(spans.clone()).width() > width {
        // A figure and the gap before it.
        spans.truncate(spans.len().saturating_sub(3));
    }
    vec![Line::from(spans)]
}

fn about_preset(preset: &Preset, width: usize, theme: &Theme, tall: bool) -> Vec<Line<'static>> {
    let mut text: Vec<Line> = wrap(&preset.description, width)
        .into_iter()
        .map(|line| Line::styled(line, theme.text))
        .collect();
    let recipe = &preset.training;
    let mut facts = format!(
        "{}, {} epochs, batch {}",
        recipe.optimizer.kind().name,
        count(recipe.epochs),
        recipe.batch_size
    );
    if recipe.augment.is_some() {
        facts += ", augmented";
    }
    if let Some(data) = &preset.data {
        facts += &format!(", on {data}");
    }
    let published = published(preset);
    if !tall
        && !published.is_empty()
        && facts.chars().count() + 3 + published.chars().count() <= width
    {
        text.push(Line::styled(format!("{facts} · {published}"), theme.dim));
        return text;
    }
    let dim = |facts: &str| {
        wrap(facts, width)
            .into_iter()
            .map(|line| Line::styled(line, theme.dim))
            .collect::<Vec<_>>()
    };
    text.extend(dim(&facts));
    text.extend(dim(&published));
    text
}

/// What others measured with the preset, in words.
fn published(preset: &Preset) -> String {
    let Some(expect) = preset.expect else {
        return String::new();
    };
    let accuracy = expect
        .best_val_accuracy
        .map(|accuracy| format!("accuracy {accuracy:.4}"));
    let loss = expect
        .lowest_val_loss
        .map(|loss| format!("lowest loss {loss:.4}"));
    let figures: Vec<_> = accuracy.into_iter().chain(loss).collect();
    if figures.is_empty() {
        return String::new();
    }
    format!("published {}", figures.join(", "))
}

/// The layer under the cursor in words.
fn about_layer(lab: &Lab, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let position = lab.cursors.layer;
    let (Some(spec), Some(layer)) = (
        lab.preset.layers.get(position),
        lab.summary.layers.get(position),
    ) else {
        return Vec::new();
    };
    let mut text = vec![Line::styled(layer.name.clone(), theme.title)];
    let dim = |line: String| Line::styled(line, theme.dim);
    text.extend(wrap(spec.kind().help, width).into_iter().map(dim));
    for (field, value) in spec.fields() {
        text.push(Line::from(vec![
            Span::styled(format!("{:<16}", field.name), theme.dim),
            Span::styled(value.to_string(), theme.text),
        ]));
    }
    if layer.receptive_field > 0 {
        text.push(Line::from(vec![
            Span::styled(format!("{:<16}", "sees"), theme.dim),
            Span::styled(format!("{0}×{0} pixels", layer.receptive_field), theme.text),
        ]));
    }
    text
}

/// A preset's facts and table, as the list of presets previews it.
pub fn draw_summary(
    preset: &Preset,
    summary: &NetworkSummary,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let mut text = about_preset(preset, usize::from(area.width), theme, true);
    text.extend(totals(summary, usize::from(area.width), theme, false));
    text.push(Line::default());
    let taken = lines(text, area, buffer);
    let table = Rect {
        y: area.y + taken,
        height: area.height - taken,
        ..area
    };
    if table.height > 1 {
        draw_table(&preset.layers, summary, None, table, buffer, theme);
    }
}
