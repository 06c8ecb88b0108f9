//! The preset as text while it is edited.

use crate::network::NetworkSummary;
use crate::training::Preset;

/// Lines, and row and column of the cursor.
type Draft = (Vec<String>, (usize, usize));

/// The preset as text while it is edited.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkText {
    pub lines: Vec<String>,
    /// Row and column, in characters.
    pub cursor: (usize, usize),
    /// The preset that the text says, or why it says none.
    pub reading: Result<Box<Reading>, TextFault>,
    /// What it began with.
    first: Vec<String>,
    past: Vec<Draft>,
    future: Vec<Draft>,
}

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub preset: Preset,
    pub summary: NetworkSummary,
    /// The line, from 0, of the first layer that does not fit.
    pub misfit_line: Option<usize>,
}

/// Why a text says no preset.
#[derive(Clone, Debug, PartialEq)]
pub struct TextFault {
    pub reason: String,
    /// From 0.
    pub line: Option<usize>,
}

impl NetworkText {
    pub(in crate::state) fn new(text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let first_layer = line_of_layer(&lines, 0).unwrap_or(0);
        Self {
            reading: read(&lines),
            first: lines.clone(),
            lines,
            cursor: (first_layer, 0),
            past: Vec::new(),
            future: Vec::new(),
        }
    }

    /// Whether it says anything else than what it began with.
    pub fn is_changed(&self) -> bool {
        self.lines != self.first
    }

    /// As a file holds it.
    pub fn text(&self) -> String {
        whole(&self.lines)
    }

    pub(in crate::state) fn type_in(&mut self, lines: Vec<String>, cursor: (usize, usize)) {
        if lines != self.lines {
            let old = std::mem::replace(&mut self.lines, lines);
            self.past.push((old, self.cursor));
            self.future.clear();
            self.reading = read(&self.lines);
        }
        self.cursor = cursor;
    }

    pub(in crate::state) fn undo(&mut self) {
        if let Some(draft) = self.past.pop() {
            let now = self.replace(draft);
            self.future.push(now);
        }
    }

    pub(in crate::state) fn redo(&mut self) {
        if let Some(draft) = self.future.pop() {
            let now = self.replace(draft);
            self.past.push(now);
        }
    }

    fn replace(&mut self, (lines, cursor): Draft) -> Draft {
        let old = std::mem::replace(&mut self.lines, lines);
        self.reading = read(&self.lines);
        (old, std::mem::replace(&mut self.cursor, cursor))
    }
}

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
    let misfit = summary
        .layers
        .iter()
        .position(|layer| layer.problem.is_some());
    Ok(Box::new(Reading {
        misfit_line: misfit.and_then(|index| line_of_layer(lines, index)),
        preset,
        summary,
    }))
}

/// The line of a layer, where each stands on a line of its own as the program writes them.
fn line_of_layer(lines: &[String], index: usize) -> Option<usize> {
    let is_item = |line: &str| line.trim_start().starts_with("- ");
    let indent = |line: &str| line.len() - line.trim_start().len();
    let start = lines.iter().position(|line| line.starts_with("layers:"))? + 1;
    let first = lines[start..].iter().find(|line| is_item(line))?;
    let inside = |line: &String| line.is_empty() || line.starts_with([' ', '-', '#']);
    lines
        .iter()
        .enumerate()
        .skip(start)
        .take_while(|(_, line)| inside(line))
        .filter(|(_, line)| is_item(line) && indent(line) == indent(first))
        .map(|(position, _)| position)
        .nth(index)
}
