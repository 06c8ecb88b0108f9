//! The arithmetic of one value: its window, weights, products, sum and bias, as numbers.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::super::ActivationsPane;
use crate::analysis::{Arithmetic, Origin, Term};
use crate::lab::Lab;
use crate::ui::format::{count, wrap};
use crate::ui::panel::{empty, footnote, lines, panel, window as in_sight};
use crate::ui::theme::Theme;

/// Columns of the list of channels.
const CHANNELS: u16 = 26;
/// One of the numbers of a product.
type Figure = fn(&Term) -> f32;

/// Columns of a number in a square.
const NUMBER: usize = 8;

pub fn draw(pane: &ActivationsPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let origin = match pane.origin.answer() {
        None => {
            let inner = panel("Arithmetic", true, area, buffer, theme);
            return empty(
                "Looking …",
                "The products come at once.",
                inner,
                buffer,
                theme,
            );
        }
        Some(Err(reason)) => {
            let inner = panel("Arithmetic", true, area, buffer, theme);
            let advice = format!("{reason}. Esc leads back.");
            return empty(
                "No single sum makes this value",
                &advice,
                inner,
                buffer,
                theme,
            );
        }
        Some(Ok(origin)) => origin,
    };
    let arithmetic = &origin.arithmetic;
    let place = arithmetic.place;
    let name = layer_name(lab, arithmetic.layer);
    let is_flat = arithmetic.window.height * arithmetic.window.width == 1;
    let title = match is_flat {
        true => format!(
            "{name} · unit {} · the largest products first",
            place.channel
        ),
        false => format!(
            "{name} · filter {} · row {}, column {}",
            place.channel, place.row, place.column
        ),
    };
    let inner = panel(&title, true, area, buffer, theme);
    let summary = summary(lab, origin, usize::from(inner.width), theme);
    let [upper, _, lower] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(summary.len() as u16),
    ])
    .areas(inner);
    lines(summary, lower, buffer);
    let window = arithmetic.window;
    if is_flat {
        draw_list(pane.product, arithmetic, upper, buffer, theme);
    } else {
        draw_squares(pane.product, arithmetic, upper, buffer, theme);
    }
    let note = format!(
        "{} products · window {window}",
        count(arithmetic.terms.len())
    );
    footnote(&note, area, buffer, theme.dim);
}

fn layer_name(lab: &Lab, layer: usize) -> String {
    let layer = lab.summary.layers.get(layer);
    layer.map_or(String::new(), |layer| layer.name.clone())
}

/// `products + bias = sum`, and what the layers since then made of it.
fn summary(lab: &Lab, origin: &Origin, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let Arithmetic {
        terms,
        bias,
        sum,
        output,
        ..
    } = &origin.arithmetic;
    let mut text = vec![Line::from(vec![
        Span::styled(format!("Σ of {} products ", count(terms.len())), theme.dim),
        Span::styled(format!("{:.5}", sum - bias), theme.text),
        Span::styled(" + bias ", theme.dim),
        Span::styled(format!("{bias:.5}"), theme.text),
        Span::styled(" = ", theme.dim),
        Span::styled(format!("{sum:.5}"), theme.accent),
        Span::styled(
            if (output - sum).abs() > 1e-6 + 1e-5 * sum.abs() {
                format!(", and after its activation {output:.5}")
            } else {
                String::new()
            },
            theme.text,
        ),
    ])];
    if origin.steps.len() > 1 {
        let steps: Vec<String> = origin
            .steps
            .iter()
            .map(|step| format!("{} {:.5}", layer_name(lab, step.layer), step.value))
            .collect();
        let way = format!("From there: {}.", steps.join(" → "));
        let way = wrap(&way, width).into_iter().take(3);
        text.extend(way.map(|line| Line::styled(line, theme.text)));
    }
    text
}

/// Input channels with their parts of the sum, and three squares of the one under the cursor.
fn draw_squares(
    cursor: usize,
    arithmetic: &Arithmetic,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let window = arithmetic.window;
    let at = cursor.min(window.channels.saturating_sub(1));
    let terms = |channel: usize| -> Vec<&Term> {
        let of_channel = arithmetic.terms.iter().skip(channel);
        of_channel.step_by(window.channels).collect()
    };
    let [list, _, squares] = Layout::horizontal([
        Constraint::Length(CHANNELS),
        Constraint::Length(2),
        Constraint::Fill(1),
    ])
    .areas(area);
    let parts: Vec<f32> = (0..window.channels)
        .map(|channel| terms(channel).iter().map(|term| term.product).sum())
        .collect();
    let heading = Line::styled("input channel   its part", theme.dim);
    let rows = usize::from(list.height).saturating_sub(1);
    let entries = in_sight(at, window.channels, rows).map(|channel| {
        let style = if channel == at {
            theme.selected
        } else {
            theme.text
        };
        Line::styled(format!(" {channel:<12} {:>10.5} ", parts[channel]), style)
    });
    lines(std::iter::once(heading).chain(entries), list, buffer);
    let blocks: [(&str, Figure); 3] = [
        ("values of the window", |term| term.value),
        ("× weights", |term| term.weight),
        ("= products", |term| term.product),
    ];
    let block_width = (window.width * NUMBER + 2) as u16;
    let is_row = block_width * 3 <= squares.width;
    let chosen = terms(at);
    for (number, (title, figure)) in (0u16..).zip(blocks) {
        let (x, y) = if is_row {
            (number * block_width, 0)
        } else {
            (0, number * (window.height as u16 + 2))
        };
        let block = Rect::new(
            squares.x + x,
            squares.y + y,
            squares.width.saturating_sub(x),
            squares.height.saturating_sub(y),
        );
        let rows = chosen.chunks(window.width.max(1)).map(|row| {
            let numbers = row.iter().map(|term| {
                let style = if term.place.is_none() {
                    theme.dim
                } else {
                    theme.text
                };
                Span::styled(format!("{:>NUMBER$.4}", figure(term)), style)
            });
            Line::from(numbers.collect::<Vec<_>>())
        });
        let heading = Line::styled(format!("  {title}"), theme.title);
        lines(std::iter::once(heading).chain(rows), block, buffer);
    }
}

/// The products of a dense layer, one a line, the largest first.
fn draw_list(at: usize, arithmetic: &Arithmetic, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let heading = Line::styled(
        format!(
            " {:<10}{:>12}   {:>12}   {:>12}",
            "input", "value", "× weight", "= product"
        ),
        theme.dim,
    );
    let rows = usize::from(area.height).saturating_sub(1);
    let size = |number: usize| arithmetic.terms[number].product.abs();
    let mut order: Vec<usize> = (0..arithmetic.terms.len()).collect();
    order.sort_by(|one, other| size(*other).total_cmp(&size(*one)));
    let entries = in_sight(at, order.len(), rows).map(|line| {
        let number = order[line];
        let term = &arithmetic.terms[number];
        let style = match (line == at, term.product == 0.0) {
            (true, _) => theme.selected,
            (false, true) => theme.dim,
            (false, false) => theme.text,
        };
        let text = format!(
            " {number:<10}{:>12.5}   {:>12.5}   {:>12.5} ",
            term.value, term.weight, term.product
        );
        Line::styled(text, style)
    });
    lines(std::iter::once(heading).chain(entries), area, buffer);
}
