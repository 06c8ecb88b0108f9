//! The table of what differs between the marked runs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::beside::Beside;
use super::marks::stroke;
use crate::runs::{Difference, RunDigest, differences};
use crate::ui::format::{left, width_of};
use crate::ui::panel::{lines, sentences, tail};
use crate::ui::theme::Theme;

/// The fewest columns of a value.
const LEAST_VALUE: usize = 6;

/// What differs between the runs; a group's seeds do not count. A layer that only has other settings is one row of these settings.
pub(super) fn differing(beside: &[Beside<'_>]) -> Vec<Difference> {
    let digests: Vec<&RunDigest> = beside.iter().map(|one| one.digest).collect();
    let mut found: Vec<Difference> = Vec::new();
    for difference in differences(&digests) {
        let is_layer = difference.what == "layer";
        match found
            .last_mut()
            .filter(|last| is_layer && are_one(last, &difference))
        {
            Some(last) => {
                for (value, other) in last.values.iter_mut().zip(difference.values) {
                    *value = value.take().or(other);
                }
            }
            None => found.push(difference),
        }
    }
    if beside.iter().any(|one| one.is_group) {
        found.retain(|difference| difference.what != "seed");
    }
    found.into_iter().map(shortened).collect()
}

/// The kind of a layer in a line of a network file, and its settings.
fn kind_and_settings(layer: &str) -> (&str, &str) {
    let (kind, settings) = layer.split_once(": ").unwrap_or((layer, ""));
    (kind, settings.trim_matches(['{', '}']))
}

/// Whether two rows of layers are the same layer in different runs.
fn are_one(one: &Difference, other: &Difference) -> bool {
    let kinds = [one, other].map(|row| {
        let layer = row.values.iter().flatten().next();
        layer.map(|layer| kind_and_settings(layer).0)
    });
    let mut pairs = one.values.iter().zip(&other.values);
    one.what == "layer"
        && kinds[0] == kinds[1]
        && pairs.all(|(one, other)| one.is_none() || other.is_none())
}

/// A row of layers without the settings that all of them share.
fn shortened(difference: Difference) -> Difference {
    let layers: Vec<&String> = difference.values.iter().flatten().collect();
    let is_everywhere = layers.len() == difference.values.len();
    let Some((kind, first)) = layers.first().map(|layer| kind_and_settings(layer)) else {
        return difference;
    };
    if difference.what != "layer" || !is_everywhere {
        return difference;
    }
    let is_shared = |setting: &str| {
        let mut settings = layers.iter().map(|layer| kind_and_settings(layer).1);
        settings.all(|settings| settings.split(", ").any(|other| other == setting))
    };
    let shared: Vec<&str> = first
        .split(", ")
        .filter(|setting| is_shared(setting))
        .collect();
    let own = |layer: &String| {
        let settings = kind_and_settings(layer).1.split(", ");
        let own = settings.filter(|setting| !shared.contains(setting));
        own.collect::<Vec<_>>().join(", ")
    };
    let values: Vec<String> = layers.iter().map(|layer| own(layer)).collect();
    let mut what = kind.to_owned();
    // A single setting names the row.
    let setting = values[0].split_once(": ");
    let setting = setting.map(|(setting, _)| format!("{setting}: "));
    let only = setting.filter(|setting| {
        let mut values = values.iter();
        values.all(|value| value.starts_with(setting) && !value.contains(", "))
    });
    if let Some(setting) = &only {
        what = format!("{kind} {}", setting.trim_end_matches(": "));
    }
    let skipped = only.map_or(0, |setting| setting.len());
    let values = values.iter().map(|value| Some(value[skipped..].to_owned()));
    Difference {
        what,
        values: values.collect(),
    }
}

/// Draws a row for each difference, and a column for each run.
pub(super) fn draw_differences(
    beside: &[Beside<'_>],
    found: &[Difference],
    scroll: usize,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let nothing = match beside {
        [_] => "Mark another run with Space to see what differs.",
        _ => "Nothing differs.",
    };
    if found.is_empty() {
        let text = sentences([(nothing.to_owned(), theme.dim)], area.width.into());
        lines(text, area, buffer);
        return;
    }
    let room = usize::from(area.width);
    let names = found.iter().map(|difference| short_name(&difference.what));
    let names: Vec<&str> = names.collect();
    let widest = names.iter().map(|name| width_of(name)).max().unwrap_or(0);
    let name = widest.min(room / 3);
    let fits = (room - name) / (LEAST_VALUE + 2);
    let shown = beside.len().min(fits.max(1));
    let widths: Vec<usize> = (0..shown)
        .map(|run| {
            let values = found.iter().map(|row| text_of(row, run));
            let widest = values.map(|text| width_of(&text)).max().unwrap_or(0);
            widest.clamp(2, ((room - name) / shown).saturating_sub(2).max(2))
        })
        .collect();
    let mut head = vec![Span::raw(" ".repeat(name))];
    for (one, width) in beside.iter().zip(&widths) {
        let sample = stroke(one.number, theme).sample();
        let text = format!("  {sample:<width$}");
        head.push(Span::styled(text, theme.series(one.number)));
    }
    if shown < beside.len() {
        head.push(Span::styled("…", theme.dim));
    }
    let rows = found.iter().zip(&names).skip(scroll.min(found.len() - 1));
    let rows = rows.map(|(difference, what)| {
        let mut spans = vec![Span::styled(
            format!("{:<name$}", end_of(what, name)),
            theme.dim,
        )];
        for (run, width) in widths.iter().enumerate() {
            let text = left(&text_of(difference, run), *width);
            spans.push(Span::raw(format!("  {text}")));
        }
        Line::from(spans)
    });
    lines(std::iter::once(Line::from(head)).chain(rows), area, buffer);
}

/// A name whose end matters most.
fn end_of(name: &str, width: usize) -> String {
    match width_of(name) > width {
        true => format!("…{}", tail(name, width.saturating_sub(1))),
        false => name.to_owned(),
    }
}

/// A setting's path without what all share.
fn short_name(what: &str) -> &str {
    what.strip_prefix("training.").unwrap_or(what)
}

fn text_of(difference: &Difference, run: usize) -> String {
    let value = difference.values.get(run).cloned().flatten();
    value.unwrap_or_else(|| "–".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(values: &[&str]) -> Difference {
        let values = values.iter().map(|value| (*value).to_owned());
        Difference {
            what: "layer".to_owned(),
            values: values
                .map(|value| Some(value).filter(|value| value != "-"))
                .collect(),
        }
    }

    #[test]
    fn a_layer_with_other_settings_is_one_row_of_them() {
        let wide = layers(&["conv2d: {filters: 32, kernel: 3}", "-"]);
        let narrow = layers(&["-", "conv2d: {filters: 16, kernel: 3}"]);
        let dense = layers(&["-", "dense: {units: 16}"]);
        assert!(are_one(&wide, &narrow));
        assert!(!are_one(&wide, &dense) && !are_one(&wide, &wide));
        let both = layers(&[
            "conv2d: {filters: 32, kernel: 3}",
            "conv2d: {filters: 16, kernel: 3}",
        ]);
        let short = shortened(both);
        assert_eq!(short.what, "conv2d filters");
        assert_eq!(short.values[1].as_deref(), Some("16"));
        // A layer that not all have is told whole.
        assert_eq!(shortened(wide.clone()), wide);
    }
}
