//! What a preset's text says while it is edited, and what is wrong with it.

use crate::network::NetworkSummary;
use crate::training::Preset;

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

/// Lines as a file holds them.
pub(super) fn whole(lines: &[String]) -> String {
    lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect()
}

pub(super) fn read(lines: &[String]) -> Result<Box<Reading>, TextFault> {
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
pub(super) fn line_of_layer(lines: &[String], index: usize) -> Option<usize> {
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
