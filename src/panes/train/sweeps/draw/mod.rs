//! How the page of a sweep looks.

mod curves;
mod effects;
mod parallel;
mod trials;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Shows, SweepPage, SweepView};
use crate::lab::Lab;
use crate::ui::panel::{below, dialog, empty, lines, sentences};
use crate::ui::theme::Theme;

/// Rows that a caption may take at most: enough for 80 columns.
const CAPTION: u16 = 4;

pub(super) fn draw(page: &SweepPage, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let name = page.sweep.as_ref().map_or_else(
        || "Sweep".to_owned(),
        |sweep| format!("Sweep {}", sweep.title()),
    );
    let title = format!("{name} · {}", page.shows.title());
    let inner = dialog(&title, (area.width, area.height), area, buffer, theme);
    let Some(sweep) = &page.sweep else {
        let (headline, advice) = match page.watch.failure() {
            Some(why) => ("Reading failed", why),
            None => ("Reading the sweep …", ""),
        };
        return empty(headline, advice, inner, buffer, theme);
    };
    let taken = lines([views(page.shows, theme)], inner, buffer);
    let head = head(page, sweep, inner.width, theme);
    let room = Rect {
        height: below(inner, taken).height.min(CAPTION),
        ..below(inner, taken)
    };
    let taken = taken + lines(head, room, buffer);
    let body = below(inner, taken + 1);
    match page.shows {
        Shows::Effects => effects::draw(page, sweep, body, buffer, theme),
        Shows::Trials => trials::draw(page, sweep, lab, body, buffer, theme),
        Shows::Parallel => parallel::draw(page, sweep, body, buffer, theme),
        Shows::Curves => curves::draw(page, sweep, body, buffer, theme),
    }
}

/// The views beside each other, the shown one highlighted.
fn views(shown: Shows, theme: &Theme) -> Line<'static> {
    let mut spans = Vec::new();
    for view in Shows::ALL {
        let style = if view == shown {
            theme.accent
        } else {
            theme.dim
        };
        spans.push(Span::styled(view.title(), style));
        spans.push(Span::raw("   "));
    }
    Line::from(spans)
}

/// How far the sweep is, and what its figures are.
fn head(page: &SweepPage, sweep: &SweepView, width: u16, theme: &Theme) -> Vec<Line<'static>> {
    let stands = (sweep.stands.clone(), theme.text);
    let is_idle = !sweep.is_running && sweep.left > 0;
    let trouble = sweep.trouble.as_ref().map(|trouble| {
        let text = format!("It ended: {trouble}");
        (text, theme.error)
    });
    let idle = (is_idle && trouble.is_none()).then(|| {
        let text = "No process runs it: r resumes it.".to_owned();
        (text, theme.warning)
    });
    let caption = match (page.shows, &sweep.findings) {
        (Shows::Effects, Ok(findings)) => findings.caption(),
        (Shows::Parallel, _) => format!("{}; the better, the brighter", sweep.caption()),
        (Shows::Curves, _) => format!(
            "figures after each epoch, on {}; below, those of the latest epoch or of the cursor's",
            sweep.images
        ),
        _ => sweep.caption(),
    };
    let by = sweep.trained_by.clone().map(|words| (words, theme.text));
    let told = [stands].into_iter().chain(by).chain(trouble).chain(idle);
    sentences(told.chain([(caption, theme.dim)]), width.into())
}
