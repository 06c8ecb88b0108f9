//! What each setting does: a sentence and a drawn interval for each value, then interactions, chance, and what more trials would do.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::{SweepPage, SweepView};
use super::{curves, parallel};
use crate::lab::Lab;
use crate::statistics::{Effects, Estimate};
use crate::sweep::{Findings, Measure};
use crate::ui::format::{width_of, wrap};
use crate::ui::panel::{empty, lines, wrapped};
use crate::ui::theme::{Background, ColorDepth, Theme};
use crate::ui::widgets::Span95;

/// The fewest columns of a drawn interval.
const LEAST_PLOT: usize = 18;
/// From so many columns on the settings are beside the rest.
const WIDE: usize = 140;
/// Between both.
const GAP: u16 = 4;
/// Columns of a dialog's frame, and about how many rows there are around the effects.
const FRAME: usize = 4;
const AROUND: usize = 12;
/// Before the sentence on a value.
const INDENT: usize = 2;
/// Rows from which parallel coordinates have room below, and curves too.
const LEAST_BELOW: u16 = 14;
const LEAST_BOTH: u16 = 32;

pub(super) fn draw(
    page: &SweepPage,
    sweep: &SweepView,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let findings = match &sweep.findings {
        Ok(findings) => findings,
        Err(why) => {
            let advice = format!("{why}. Tab shows the trials.");
            return empty("No effects yet", &advice, area, buffer, theme);
        }
    };
    let width = usize::from(area.width);
    let (left, right) = columns(findings, sweep.by, width, theme);
    let rows = left.len().max(right.len()) as u16;
    let (effects, rest) = match area.height.saturating_sub(rows + 1) >= LEAST_BELOW {
        true => {
            let [effects, rest] = Layout::vertical([Length(rows), Fill(1)])
                .spacing(1)
                .areas(area);
            (effects, Some(rest))
        }
        false => (area, None),
    };
    let hidden = usize::from(rows).saturating_sub(effects.height.into());
    let scroll = page.scroll.min(hidden);
    if right.is_empty() {
        lines(left.into_iter().skip(scroll), effects, buffer);
    } else {
        let halves = Layout::horizontal([Fill(1), Fill(1)]).spacing(GAP);
        let [one, other] = halves.areas(effects);
        lines(left.into_iter().skip(scroll), one, buffer);
        lines(right.into_iter().skip(scroll), other, buffer);
    }
    if scroll < hidden {
        let more = Line::styled("… ↓", theme.dim);
        let x = effects.right().saturating_sub(more.width() as u16);
        let y = effects.bottom().saturating_sub(1);
        buffer.set_line(x, y, &more, more.width() as u16);
    }
    let Some(rest) = rest else { return };
    if sweep.varied.paths().is_empty() {
        return curves::draw(page, sweep, rest, buffer, theme);
    }
    if rest.height < LEAST_BOTH {
        return parallel::draw(page, sweep, rest, buffer, theme);
    }
    let halves = Layout::vertical([Fill(1), Fill(1)]).spacing(1);
    let [above, under] = halves.areas(rest);
    parallel::draw(page, sweep, above, buffer, theme);
    curves::draw(page, sweep, under, buffer, theme);
}

impl SweepPage {
    /// About how many lines of the effects have no room.
    pub(in super::super) fn hidden_effects(&self, lab: &Lab) -> usize {
        let findings = self
            .sweep
            .as_ref()
            .and_then(|sweep| sweep.findings.as_ref().ok());
        // Only the number of lines matters.
        let theme = Theme::new(ColorDepth::None, Background::Unknown);
        let rows = findings.map_or(0, |findings| {
            let width = usize::from(lab.columns).saturating_sub(FRAME);
            let (left, right) = columns(findings, self.by, width, &theme);
            left.len().max(right.len())
        });
        rows.saturating_sub(usize::from(lab.rows).saturating_sub(AROUND))
    }
}

/// What each setting does, and the rest: below that, or beside it where there is room.
fn columns(
    findings: &Findings,
    by: Measure,
    width: usize,
    theme: &Theme,
) -> (Vec<Line<'static>>, Vec<Line<'static>>) {
    if width >= WIDE {
        let width = (width - usize::from(GAP)) / 2;
        let rest = rest(findings, width, theme);
        return (factors(findings, by, width, theme), rest);
    }
    let mut all = factors(findings, by, width, theme);
    if !all.is_empty() {
        all.push(Line::default());
    }
    all.extend(rest(findings, width, theme));
    (all, Vec::new())
}

/// Interactions, chance, and what more trials would do.
fn rest(findings: &Findings, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut text: Vec<Line> = Vec::new();
    let sections = findings.sections();
    for section in sections.iter().skip(findings.effects.factors.len()) {
        if !text.is_empty() {
            text.push(Line::default());
        }
        text.extend(wrapped(&section.title, width, theme.title));
        for line in &section.lines {
            let rows = wrap(line, width.saturating_sub(INDENT)).into_iter();
            text.extend(rows.map(|row| Line::raw(format!("{:INDENT$}{row}", ""))));
        }
    }
    text
}

/// Each setting with its verdict, and each of its values with a drawn interval.
fn factors(findings: &Findings, by: Measure, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let effects = &findings.effects;
    let sections = findings.sections();
    let sections = || sections.iter().zip(&effects.factors);
    let widest =
        sections().flat_map(|(section, _)| section.lines.iter().map(|line| width_of(line)));
    let words = (widest.max().unwrap_or(0) + INDENT).min(width.saturating_sub(LEAST_PLOT + 2));
    let plot = width.saturating_sub(words + 2);
    let scale = Scale::of(effects).filter(|_| plot >= LEAST_PLOT);
    let mut text: Vec<Line> = Vec::new();
    for (section, factor) in sections() {
        let style = if factor.matters {
            theme.title
        } else {
            theme.text
        };
        text.extend(wrapped(&section.title, width, style));
        for (place, line) in section.lines.iter().enumerate() {
            let effect = factor.levels.get(place).and_then(|level| level.effect);
            let drawn = effect.zip(scale.as_ref());
            let room = if drawn.is_some() { words } else { width };
            for (row, words) in wrap(line, room - INDENT).into_iter().enumerate() {
                let mut spans = vec![Span::styled(format!("{:INDENT$}{words}", ""), theme.text)];
                if let (Some((effect, scale)), 0) = (drawn, row) {
                    let gap = room + 2 - INDENT - width_of(&words);
                    spans.push(Span::raw(" ".repeat(gap)));
                    spans.extend(scale.interval(&effect, by, plot, theme));
                }
                text.push(Line::from(spans));
            }
        }
    }
    if let Some(scale) = &scale {
        let axis = scale.axis(findings, plot);
        text.push(Line::styled(
            format!("{:1$}{axis}", "", words + 2),
            theme.dim,
        ));
    }
    text
}

/// The values that all intervals are drawn over: from the smallest end to the largest, with 0.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// `None` if there is no effect.
    fn of(effects: &Effects) -> Option<Self> {
        let levels = effects.factors.iter().flat_map(|factor| &factor.levels);
        let ends = levels.filter_map(|level| level.effect).flat_map(|effect| {
            let interval = effect.uncertainty.map(|known| known.interval);
            let ends = interval.map_or([effect.difference; 2], |known| [known.low, known.high]);
            ends.into_iter()
        });
        let ends: Vec<f64> = ends.filter(|end| end.is_finite()).collect();
        let low = ends.iter().copied().fold(0.0, f64::min);
        let high = ends.iter().copied().fold(0.0, f64::max);
        (!ends.is_empty() && high > low).then_some(Self { low, high })
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    /// An effect drawn over so many columns: green if it is surely for the better, red if for the worse.
    fn interval(
        &self,
        effect: &Estimate,
        by: Measure,
        columns: usize,
        theme: &Theme,
    ) -> Vec<Span<'static>> {
        let interval = effect.uncertainty.map(|known| known.interval);
        let is_better = (effect.difference > 0.0) == by.is_higher_better();
        let style: Style = match interval {
            Some(interval) if !interval.contains(0.0) && is_better => theme.good,
            Some(interval) if !interval.contains(0.0) => theme.error,
            _ => theme.text,
        };
        Span95 {
            estimate: self.share(effect.difference),
            interval: interval.map(|known| [known.low, known.high].map(|end| self.share(end))),
            zero: self.share(0.0),
        }
        .spans(columns, style, theme)
    }

    /// The ends and 0 below the intervals.
    fn axis(&self, findings: &Findings, columns: usize) -> String {
        let text = |value: f64| match value < 0.0 {
            true => format!("−{}", findings.unit().text(-value)),
            false => format!("+{}", findings.unit().text(value)),
        };
        let zero = Span95::column(self.share(0.0), columns);
        let mut row = vec![' '; columns];
        let mut put = |text: &str, at: usize| {
            let at = at.min(columns.saturating_sub(text.chars().count()));
            let width = text.chars().count();
            if row[at.saturating_sub(1)..(at + width + 1).min(columns)]
                .iter()
                .all(|cell| *cell == ' ')
            {
                for (cell, letter) in row[at..].iter_mut().zip(text.chars()) {
                    *cell = letter;
                }
            }
        };
        put("0", zero);
        if self.low < 0.0 {
            put(&text(self.low), 0);
        }
        if self.high > 0.0 {
            put(&text(self.high), columns);
        }
        row.into_iter().collect::<String>().trim_end().to_owned()
    }
}
