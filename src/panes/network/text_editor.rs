//! The preset as text in a text area, checked after every key.

use std::sync::Arc;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, TextArea};

use super::draw::step_memory;
use crate::field::Kind;
use crate::lab::{Action, Edit, HasActions, Lab, Overlay, Scope};
use crate::layers::LayerKind;
use crate::network::NetworkSummary;
use crate::overlays::draw_question;
use crate::training::Preset;
use crate::ui::Key;
use crate::ui::format::{bytes, mark, short};
use crate::ui::panel::{dialog, paragraph};
use crate::ui::theme::Theme;
use crate::wording::counted;

/// Rows below the text.
const VERDICT_ROWS: u16 = 2;
/// Changes that can be undone.
const MOST_UNDO: usize = 10_000;

#[derive(Debug)]
pub struct NetworkText {
    area: TextArea<'static>,
    /// The preset that the text describes, or why it is invalid.
    pub reading: Result<Box<Reading>, TextFault>,
    /// The text that it was opened with.
    first: Vec<String>,
    /// Whether it is asking before the changes are discarded.
    pub asks: bool,
}

impl NetworkText {
    /// An editor of `text`; `typed`, if any, replaces it as an unsaved change.
    pub(super) fn new(text: &str, typed: Option<&str>) -> Self {
        let first: Vec<String> = text.lines().map(str::to_owned).collect();
        let layer = line_of_layer(&first, 0).unwrap_or(0);
        let mut area = TextArea::new(first.clone());
        area.set_max_histories(MOST_UNDO);
        area.set_tab_length(2);
        area.move_cursor(jump(layer, 0));
        if let Some(typed) = typed {
            area.select_all();
            area.insert_str(typed.lines().collect::<Vec<_>>().join("\n"));
            area.move_cursor(jump(0, 0));
        }
        Self {
            reading: read(area.lines()),
            first,
            area,
            asks: false,
        }
    }

    /// Whether the text differs from the one that it was opened with.
    pub fn is_changed(&self) -> bool {
        self.area.lines() != self.first
    }

    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Runs an operation of the text area that returns whether it changed the text.
    fn change(&mut self, change: impl FnOnce(&mut TextArea) -> bool) {
        if change(&mut self.area) {
            self.reading = read(self.area.lines());
        }
        // It would not be seen.
        self.area.cancel_selection();
    }

    fn take(&mut self, lab: &mut Lab) {
        let Ok(reading) = &self.reading else { return };
        let text = whole(self.lines());
        if text.trim_end() != lab.preset_text().trim_end() {
            let (preset, source) = (reading.preset.clone(), Some(Arc::from(text)));
            lab.record("edit the text".to_owned(), Scope::Preset, preset, source);
        }
        lab.close();
    }
}

impl HasActions for NetworkText {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        if self.asks {
            return answers();
        }
        let fault = self.reading.as_ref().err();
        vec![
            Action::of("text.take", Key::ctrl('s'), "apply and close")
                .help("apply the text to the network and close it")
                .does(Self::take)
                .or(KeyCode::F(2))
                .blocked_by(fault.map(|fault| fault.reason.clone())),
            Action::of("text.leave", KeyCode::Esc, "close")
                .help("close the text; asks first if it has changes")
                .does(|text: &mut Self, lab| match text.is_changed() {
                    true => text.asks = true,
                    false => lab.close(),
                }),
            Action::of("text.undo", Key::ctrl('u'), "undo")
                .help("undo the last change to the text")
                .does(|text: &mut Self, _| text.change(|area| area.undo())),
            Action::of("text.redo", Key::ctrl('r'), "redo")
                .help("redo the last undone change to the text")
                .does(|text: &mut Self, _| text.change(|area| area.redo())),
        ]
    }
}

/// The answers to the question before the changes are discarded.
fn answers() -> Vec<Action<NetworkText>> {
    vec![
        Action::of("text.forget", 'y', "discard them")
            .help("discard the changes and close the text")
            .does(|_, lab| lab.close()),
        Action::of("text.keep", 'n', "keep editing")
            .help("return to the text")
            .does(|text: &mut NetworkText, _| text.asks = false)
            .or(KeyCode::Esc),
    ]
}

impl Overlay for NetworkText {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        match edit {
            Edit::Paste(pasted) if !self.asks => {
                let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
                self.change(|area| area.insert_str(pasted));
                true
            }
            _ => false,
        }
    }

    fn is_typing(&self) -> bool {
        !self.asks
    }

    fn typed(&mut self, key: Key, lab: &mut Lab) {
        if self.asks {
            lab.refuse("y discards the changes, n or Esc returns to the text.");
        } else if key == Key::code(KeyCode::Enter) {
            // A new line begins below the one before.
            let line = &self.area.lines()[self.area.cursor().0];
            let indent: String = line.chars().take_while(|letter| *letter == ' ').collect();
            self.change(|area| area.insert_str(format!("\n{indent}")));
        } else {
            self.change(|area| area.input(key.event()));
        }
    }

    fn unsaved_text(&self) -> Option<&[String]> {
        self.is_changed().then_some(self.area.lines())
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        self.draw_text(lab, area, buffer, theme);
        if !self.asks {
            return;
        }
        let way = match self.reading {
            Ok(_) => "Ctrl-S in the text applies them.",
            Err(_) => "The text is not a valid network yet, so it cannot be applied.",
        };
        let text = format!("The changes to the text are not applied. {way}");
        let answers = [
            ("text.forget", Key::char('y'), "discard them"),
            ("text.keep", Key::char('n'), "keep editing"),
        ];
        let words = (
            "Discard the changes to the text?",
            text.as_str(),
            &answers[..],
        );
        draw_question(words, (58, 7), lab, area, buffer, theme);
    }
}

impl NetworkText {
    fn draw_text(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let title = format!("{}{} as text", mark(self.is_changed()), lab.title());
        let size = (area.width.min(100), area.height);
        let inner = dialog(&title, size, area, buffer, theme);
        let [top, _, below] =
            Layout::vertical([Fill(1), Length(1), Length(VERDICT_ROWS)]).areas(inner);

        // One that was not scrolled: it scrolls no further than its cursor needs.
        let mut editor = TextArea::new(self.lines().to_vec());
        let cursor = self.area.cursor();
        editor.move_cursor(jump(cursor.0, cursor.1));
        editor.set_style(theme.text);
        editor.set_line_number_style(theme.dim);
        editor.set_cursor_line_style(Style::new());
        editor.set_cursor_style(theme.text.add_modifier(Modifier::REVERSED));
        editor.render(top, buffer);

        let (line, verdict, style) = match &self.reading {
            Err(fault) => (fault.line, fault.reason.clone(), theme.error),
            Ok(reading) => match &reading.summary.problem {
                Some(problem) => (reading.misfit_line, problem.clone(), theme.warning),
                None => (None, praise(reading), theme.good),
            },
        };
        let first = (cursor.0 + 1).saturating_sub(usize::from(top.height));
        let shown = first..first + usize::from(top.height);
        // The text area numbers its lines, with a free column at either side.
        let numbers = self.lines().len().to_string().len() as u16 + 2;
        lab.spots.place(top, move |text: &mut Self, _, at| {
            let column = at.x.saturating_sub(top.x + numbers);
            let row = first + usize::from(at.y - top.y);
            text.area.move_cursor(jump(row, column.into()));
        });
        if let Some(line) = line.filter(|line| shown.contains(line)) {
            let y = top.y + (line - first) as u16;
            buffer.set_style(Rect::new(top.x, y, top.width, 1), style);
            let mark = Line::styled("▸", style);
            buffer.set_line(top.x, y, &mark, 1);
        }
        paragraph(&verdict, style, below, buffer);
    }
}

fn praise(
    Reading {
        preset, summary, ..
    }: &Reading,
) -> String {
    format!(
        "Valid: {}, {}, {} mult-adds per image, {} for a batch of {}",
        counted(summary.layers.len(), "layer"),
        counted(summary.parameters, "parameter"),
        short(summary.multiply_accumulates),
        bytes(step_memory(preset, summary)),
        preset.training.batch_size,
    )
}

fn jump(row: usize, column: usize) -> CursorMove {
    let place = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    CursorMove::Jump(place(row), place(column))
}

#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub preset: Preset,
    pub summary: NetworkSummary,
    /// The line, from 0, of the first layer that does not fit.
    pub misfit_line: Option<usize>,
}

/// Why a text is not a valid preset.
#[derive(Clone, Debug, PartialEq)]
pub struct TextFault {
    pub reason: String,
    /// Line number from 0.
    pub line: Option<usize>,
}

/// The lines joined as in a file.
fn whole(lines: &[String]) -> String {
    lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect()
}

fn read(lines: &[String]) -> Result<Box<Reading>, TextFault> {
    let preset = Preset::parse(&whole(lines), "the text").map_err(|error| TextFault {
        line: error.line.map(|line| line.saturating_sub(1)),
        reason: error.reason,
    })?;
    let summary = NetworkSummary::new(&preset.network());
    let misfit = summary.rows.iter().find(|row| row.problem.is_some());
    let misfit = misfit.map(|row| preset.network().item_of(row.line));
    Ok(Box::new(Reading {
        misfit_line: misfit.and_then(|index| line_of_layer(lines, index)),
        preset,
        summary,
    }))
}

/// The line of a layer or block, counted in their order in the text, if each has its own line, as the program writes them.
fn line_of_layer(lines: &[String], index: usize) -> Option<usize> {
    let is_item = |line: &str| {
        let named = line.trim_start().strip_prefix("- ");
        let name = named.map(|named| named.trim_start_matches("- "));
        let name = name.and_then(|name| name.split([':', ' ']).next());
        name.is_some_and(|name| LayerKind::named(name).is_some())
    };
    let start = lines.iter().position(|line| line.starts_with("layers:"))? + 1;
    let inside = |line: &String| line.is_empty() || line.starts_with([' ', '-', '#']);
    lines
        .iter()
        .enumerate()
        .skip(start)
        .take_while(|(_, line)| inside(line))
        .filter(|(_, line)| is_item(line))
        .map(|(position, _)| position)
        .nth(index)
}
